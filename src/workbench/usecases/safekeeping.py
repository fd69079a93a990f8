"""Verifying, copying, undoing, and the excerpt for machines that have no record."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import RecordError, UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import from_text, shown_in_every_zone, to_text
from workbench.record import Author, Change, Head, Record, Report, copies, heads
from workbench.record.copies import Copied
from workbench.releases import model as releases
from workbench.usecases import nouns, soundness
from workbench.usecases.context import Context
from workbench.usecases.opening import with_record
from workbench.usecases.project import NoDataFolder, Options, read_definitions

EXCERPT = "workbench.excerpt.1"
BACKUPS = "backups"


def verify(context: Context) -> Report:
    """Is the record intact?  Compared with every end of its ledger that is known outside of it."""
    notes: list[str] = []
    problem = None
    noted: list[Head] = []
    try:
        noted += _noted(context, notes)
    except RecordError as error:
        problem = f"{error.what} ({error.where})"
    noted += _signed(context, notes)
    if behind := _clock_behind(context):
        notes.append(behind)
    copied = _copies(context)
    found = context.record.verify(noted)
    if found.ok and problem is None and (other := context.record.not_of(copied)):
        problem = (
            f"the copy {other[-1].path} was made of this record at entry {other[-1].seq}, which is not in it "
            "like that: its tail was cut, this is an older copy, or one that went on by itself"
        )
    if problem is not None and found.ok:
        found = msgspec.structs.replace(found, ok=False, problem=problem)
    return msgspec.structs.replace(
        found, ends_compared=len(noted) + len(copied), notes=(*found.notes, *notes)
    )


def _clock_behind(context: Context) -> str:
    try:
        return soundness.clock_behind(context)
    except RecordError:
        return ""  # the date is damaged, and the report says more of it


def _noted(context: Context, notes: list[str]) -> tuple[Head, ...]:
    try:
        return heads.known(context.data_folder, context.record.info.record_id)
    except (heads.EndsNotReadable, NoDataFolder) as error:
        notes.append(f"{error.what} ({error.where})" if error.where else error.what)
        return ()


def _copies(context: Context) -> list[Copied]:
    try:
        return copies.copied(context.data_folder / BACKUPS, context.record.info.record_id)
    except NoDataFolder:
        return []


def _signed(context: Context, notes: list[str]) -> Iterator[Head]:
    """Heads that left the house in excerpts beside the project."""
    for path in sorted(context.root.glob("*.excerpt.jsonl")):
        try:
            record, head = _excerpt_head(path)
        except (OSError, msgspec.MsgspecError, ValueError, LookupError, TypeError, RecursionError):
            notes.append(f"{safe_text(path.name)} cannot be read as an excerpt: nothing was compared with it")
            continue
        if record == context.record.info.record_id:
            yield head


def _excerpt_head(path: Path) -> tuple[str, Head]:
    with path.open("rb") as file:
        first = msgspec.json.decode(file.readline(1_000_000))
    return first["record"], msgspec.convert(first["head"], Head)


def backup(context: Context, to: Path | None = None) -> Path:
    """A safe copy: at ``to``, or in the user's data folder, where the newest 20 stay."""
    if to is None:
        return context.record.backup_into(context.data_folder / BACKUPS)
    return context.record.backup(to)


def excerpt(context: Context) -> bytes:
    """The text that CI and a second machine judge from: the same record gives the same bytes.

    JSON lines: a header with the ledger's head, then each entity's present value.
    """
    soundness.check_record(context, everything=True)
    held = releases.find(context.record, context.release)
    head = context.record.head
    info = context.record.info
    lines = [
        encode(
            {
                "schema": EXCERPT,
                "project": context.definitions.project.project,
                "record": info.record_id,
                "release": held.release.version,
                "demonstration": to_text(info.demonstration) if info.demonstration else None,
                "head": {"seq": head.seq, "digest": head.digest, "chain": head.chain},
                "definitions": context.definitions.digest,
            }
        )
    ]
    documents: set[str] = set()
    # In the ledger's order: what came before what decides, for example, what a review has seen.
    kept = [
        (stored, kind)
        for kind in context.record.kinds
        if kind.excerpt
        for stored in context.record.all(kind.name)
    ]
    for stored, kind in sorted(kept, key=lambda pair: pair[0].seq):
        value = stored.decode(dict)
        lines.append(encode({"entity": kind.name, "id": stored.id, "base": stored.base, "value": value}))
        documents.update(value[field] for field in kind.documents)
    for digest in sorted(documents):
        blob = context.record.blob(digest)
        if blob is not None:
            lines.append(encode({"document": msgspec.json.decode(blob.data), "digest": digest}))
    return b"\n".join(lines) + b"\n"


def from_excerpt(options: Options, path: Path) -> Context:
    """A context that judges from an excerpt: a throw-away record filled from it."""
    import tempfile

    from workbench.model.times import Clock

    root, definitions = read_definitions(options)
    header, entries = _read_excerpt(path)
    if header.get("project") != definitions.project.project:
        raise UsageError(
            f"this excerpt is of project {header.get('project')}, not {definitions.project.project}",
            where=str(path),
        )
    release = header.get("release")
    if options.release is None and isinstance(release, str):
        options = msgspec.structs.replace(options, release=release)
    author = Author(actor="excerpt", identity="read from an excerpt", os_user="")
    folder = tempfile.TemporaryDirectory(prefix="workbench-excerpt-")
    record = Record.create(
        Path(folder.name) / "record.db",
        nouns.NOUNS,
        project=definitions.project.project,
        author=author,
        clock=Clock(),
        demonstration=header.get("demonstration"),
    )
    weakref.finalize(record, folder.cleanup)
    try:
        _fill(record, entries, author)
    except (
        WorkbenchError,
        msgspec.ValidationError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
    ):
        record.close()
        raise UsageError(
            f"{path} holds something that cannot be read",
            hint="was it cut, edited, or made by a newer workbench? make it again with workbench excerpt",
        ) from None
    return msgspec.structs.replace(with_record(root, definitions, record, options), excerpt=True)


def _fill(record: Record, entries: list[dict[str, Any]], author: Author) -> None:
    """Commit an excerpt's entries and read each one back as what it has to be."""
    from workbench.model.times import Clock
    from workbench.record import Blob

    about = {kind.name: kind.about for kind in record.kinds if kind.about}
    rows = [entry for entry in entries if "entity" in entry]
    changes = [Change(e["entity"], e["id"], "excerpt", e["value"]) for e in rows if e["entity"] not in about]
    blobs = [Blob.of(encode(e["document"]), "application/json") for e in entries if "document" in e]
    if not changes:
        raise ValueError("nothing to judge")
    record.commit(changes, author=author, clock=Clock(), blobs=blobs)
    if said := _said_about(record, rows, about):
        record.commit(said, author=author, clock=Clock())
    for kind in record.kinds:
        for stored in record.all(kind.name):
            stored.decode(kind.shape)
        if kind.read_back is not None:
            kind.read_back(record)


def _said_about(record: Record, rows: list[dict[str, Any]], about: Mapping[str, str]) -> list[Change]:
    """What names an entry by its digest, with the digest that this entry has in ``record``."""
    others = (row for row in rows if row["entity"] not in about)
    found = {row.get("base"): record.get(row["entity"], row["id"]) for row in others}
    changes = []
    for row in rows:
        field = about.get(row["entity"], "")
        if field:
            meant = found.get(row["value"][field])
            value = {**row["value"], field: meant.base} if meant else row["value"]
            changes.append(Change(row["entity"], row["id"], "excerpt", value))
    return changes


def _read_excerpt(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        lines = path.read_bytes().splitlines()
        header = msgspec.json.decode(lines[0])
        entries = [msgspec.json.decode(line) for line in lines[1:] if line.strip()]
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", hint="workbench excerpt makes one"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, IndexError, RecursionError):
        raise UsageError(f"{path} is no excerpt", hint="workbench excerpt --output FILE makes one") from None
    if not isinstance(header, dict) or header.get("schema") != EXCERPT:
        raise UsageError(
            f"{path} is no excerpt of this version", hint="workbench excerpt --output FILE makes one"
        )
    if header.get("demonstration") is not None:
        header["demonstration"] = _moment(header["demonstration"], path)
    held = {kind.name for kind in nouns.NOUNS if kind.excerpt}
    for entry in entries:
        if not isinstance(entry, dict) or not ("document" in entry or entry.get("entity") in held):
            raise UsageError(f"{path} holds something unknown", hint="was it made by a newer workbench?")
    return header, entries


def _moment(text: object, path: Path) -> datetime:
    try:
        return shown_in_every_zone(from_text(str(text)), str(text))
    except (ValueError, UsageError):
        raise UsageError(f"{path} names a moment that is none: {text}") from None
