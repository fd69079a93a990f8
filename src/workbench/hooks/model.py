"""What is kept of a hook that was called: on what, about what, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.definitions.hooks import HookEvent
from workbench.model.canonical import plain
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One hook that was called; ``words`` say what came of it."""

    hook: str
    worked: bool
    words: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """People were told, or could not be told, of something that had happened.

    ``about`` names it as ``noun/id``; ``release`` is the id of the release that it belongs to, "" for none.
    """

    event: HookEvent
    about: str
    title: str
    at: datetime
    by: str
    release: str = ""
    told: tuple[Told, ...] = ()

    @property
    def heard(self) -> bool:
        """Whether at least one hook worked."""
        return any(one.worked for one in self.told)


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"of “{value.get('title', '')}”"


ENTITIES = (
    EntityKind(
        "notice",
        Notice,
        columns=(Column("about"), Column("event")),
        thing="people",
        title=_title,
        verbs={"told": "told", "not_told": "could not tell"},
        judged=True,
        excerpt=True,
        # A call that was made cannot be taken back.
        stays=lambda value: True,
    ),
)


def notices(record: Record, about: str | None = None) -> list[tuple[Stored, Notice]]:
    """All notices, or those about one thing, the newest first."""
    where = ("about = ?", (about,)) if about else ("", ())
    found = [(row, row.decode(Notice)) for row in record.all("notice", *where)]
    return sorted(found, key=lambda pair: (pair[1].at, pair[0].made), reverse=True)


def notice_change(ident: str, value: Notice) -> Change:
    """The change that notes who was told."""
    return Change("notice", ident, "told" if value.heard else "not_told", plain(value))
