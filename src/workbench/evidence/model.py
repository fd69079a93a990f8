"""Attachments: what somebody put beside something as evidence of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.record import Blob, Change, Column, EntityKind, Record, Stored, Titles


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence attached to something: a link (copied or link only), a file, or a note.

    ``subject`` is ``answer:<id>``, ``benchmark:<key>``, ``difference:<id>`` or ``incident:<id>``; ``digest`` names the stored copy;
    ``candidate`` is the build that it speaks of, where it speaks of one.
    """

    subject: str
    kind: str
    title: str
    by: str
    at: datetime
    link: str | None = None
    digest: str | None = None
    candidate: str | None = None


class Evidence(msgspec.Struct, frozen=True):
    """A piece of evidence that is about to be recorded: the change that attaches it, the bytes to
    keep with it, and its address where it is a link."""

    change: Change
    blobs: tuple[Blob, ...] = ()
    link: str | None = None


def _attached_to(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("subject", "")).partition(":")[2]
    words = key.split("/")
    thing = titles("item", "/".join(words[-2:])) if len(words) > 1 else titles("benchmark", key)
    return f"{value.get('title', '')}" + (f" to {thing}" if thing else "")


ENTITIES = (
    EntityKind(
        "attachment",
        Attachment,
        columns=(Column("subject"),),
        thing="evidence",
        many="pieces of evidence",
        title=_attached_to,
        judged=True,
        excerpt=True,
        raw=lambda value: filter(None, (value.get("digest"),)),
    ),
)


def attachments(record: Record, prefix: str) -> dict[str, list[Attachment]]:
    """Attachments by subject, for all subjects that begin with ``prefix``; the earlier first."""
    found: dict[str, list[tuple[Stored, Attachment]]] = {}
    escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    for row in record.all("attachment", "subject LIKE ? ESCAPE '\\'", (escaped + "%",)):
        value = row.decode(Attachment)
        found.setdefault(value.subject, []).append((row, value))
    return {
        subject: [value for _, value in sorted(pieces, key=lambda pair: (pair[1].at, pair[0].made))]
        for subject, pieces in found.items()
    }


def attachment_change(attachment: Attachment, ident: str = "") -> Change:
    """The change that attaches a piece of evidence, under a new id."""
    if not attachment.title.strip():
        raise UsageError("evidence needs a title, a link or a file")
    return Change("attachment", ident or new_id(attachment.at), "attached", plain(attachment))
