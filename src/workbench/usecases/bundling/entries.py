"""The entries of a bundle, read: which of them concern its release, and which statements and evidence they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.times import from_text
from workbench.record.incoming import MISTAKES, Bad, read_line
from workbench.record.ledger import NO_VALUE
from workbench.usecases.bundling.names import NotIntact

# What people say of a release: all entries of these stand in its bundle.
SAID = (
    "release",
    "candidate",
    "signoff",
    "dismissal",
    "opening",
    "override",
    "approval",
    "shipment",
    "break_glass",
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: its digest, what it is of, when it was recorded, and its value; ``purged`` where that is gone."""

    digest: str
    entity: str
    id: str
    base: str | None
    actor: str
    recorded_at: datetime
    value: Mapping[str, Any]
    blobs: tuple[str, ...] = ()
    purged: bool = False

    def text(self, field: str) -> str:
        """A text of the value; "" where it has none."""
        found = self.value.get(field)
        return found if isinstance(found, str) else ""

    @property
    def release(self) -> str:
        """The id of the release that it is about, where it is about one."""
        return self.id if self.entity == "release" else self.text("release")


def read_entries(lines: Iterable[bytes]) -> tuple[Entry, ...]:
    """The entries of a pack; ``NotIntact`` names the first that is none."""
    return tuple(_read(number, line) for number, line in enumerate(lines, 1))


def _read(number: int, line: bytes) -> Entry:
    try:
        came = read_line(line)
        body = came.body
        value = {} if body.value is NO_VALUE else msgspec.json.decode(body.value, type=dict[str, Any])
    except (Bad, *MISTAKES) as error:
        raise NotIntact(f"not intact: entry {number} of the record cannot be read: {error}") from None
    return Entry(
        digest=came.digest,
        entity=body.entity,
        id=body.id,
        base=body.base,
        actor=body.actor,
        recorded_at=from_text(body.recorded_at),
        value=value,
        blobs=tuple(body.blobs or ()),
        purged=not came.data,
    )


def statements_of(entries: Iterable[Entry], release: str) -> dict[str, Entry]:
    """The statements about a release, by digest, each with the first entry that names it."""
    return {digest: each[0] for digest, each in entries_naming(entries, release).items()}


def entries_naming(entries: Iterable[Entry], release: str) -> dict[str, tuple[Entry, ...]]:
    """The statements about a release, by digest, each with all entries that name it."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.release == release and (digest := entry.text("statement")):
            found.setdefault(digest, []).append(entry)
    return {digest: tuple(each) for digest, each in found.items()}


def signatures_of(entries: Iterable[Entry], said: Mapping[str, Entry]) -> dict[str, tuple[str, ...]]:
    """The signatures of keys over statements, by digest: an answer's own first, then those that were added."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        statement, signature = entry.text("statement"), entry.text("signature")
        if statement in said and signature:
            found.setdefault(statement, {})[signature] = None
    return {statement: tuple(each) for statement, each in found.items()}


def signature_paths(statement: str, signatures: Iterable[str]) -> dict[str, str]:
    """Where the signatures over a statement stand in a bundle, each with its digest."""
    return {
        f"statements/{statement}.json.sig"
        if number == 1
        else f"statements/{statement}.json.{number}.sig": digest
        for number, digest in enumerate(signatures, 1)
    }


def evidence_named(entry: Entry) -> Iterator[str]:
    """The digests of the documents that an entry of what people said names."""
    for field in ("statement", "shown", "basis", "report", "definitions", "original"):
        if digest := entry.text(field):
            yield digest
