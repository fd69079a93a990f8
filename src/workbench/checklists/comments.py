"""Comments on the items of a checklist: what people say about one, without answering it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.record import Change, Column, EntityKind, Record, Titles


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said about an item; ``subject`` is ``answer:RELEASE/CHECKLIST/ITEM``."""

    subject: str
    text: str
    by: str
    at: datetime


def _item(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = "/".join(str(value.get("subject", "")).split("/")[-2:])
    return titles("item", key) or key


ENTITIES = (
    EntityKind(
        "comment",
        Comment,
        columns=(Column("subject"),),
        thing="item",
        title=_item,
        verbs={"commented": "commented on"},
    ),
)


def comments(record: Record, subject: str) -> tuple[Comment, ...]:
    """What was said about one item, the earlier first."""
    rows = [(row, row.decode(Comment)) for row in record.all("comment", "subject = ?", (subject,))]
    return tuple(value for _, value in sorted(rows, key=lambda pair: (pair[1].at, pair[0].made)))


def comment_change(comment: Comment, ident: str) -> Change:
    """The change that adds a comment; ``UsageError`` where nothing is said."""
    if not comment.text.strip():
        raise UsageError("a comment needs words", hint="what is to be said about the item?")
    return Change("comment", ident, "commented", plain(comment))
