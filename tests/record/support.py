"""People, entity kinds and a clock that the tests of the record share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from workbench.record import Author, Change, Column, EntityKind, FanOut

ADA = Author("ada", "git config", "ada")
BOB = Author("bob", "asserted by --as", "root")
START = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


class Ticking:
    """A clock's hand: one second further each time it is looked at."""

    def __init__(self, start: datetime = START) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def tags(id: str, value: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    return [(tag, number) for number, tag in enumerate(value.get("tags", ()))]


DIFFERENCE = EntityKind(
    "difference",
    columns=(
        Column("title"),
        Column("rank", "INTEGER"),
        Column("share", "REAL"),
        Column("labels", path="tags"),
    ),
    fan_out=(FanOut("difference_tag", (("tag", "TEXT"), ("place", "INTEGER")), tags, (("tag",),)),),
    judged=True,
)
NOTE = EntityKind("note", judged=True)
KINDS = (DIFFERENCE, NOTE)


def difference(title: str = "fewer rows", **fields: Any) -> dict[str, Any]:
    return {"title": title, "rank": 3, "share": "0.54", "tags": ["data", "size"]} | fields


def add(id: str = "d1", **fields: Any) -> Change:
    return Change("difference", id, "added", difference(**fields))


def edit(base: str, id: str = "d1", **fields: Any) -> Change:
    return Change("difference", id, "edited", difference(**fields), base)


def raw(path: Path) -> sqlite3.Connection:
    """A connection that knows nothing of the record's rules."""
    return sqlite3.connect(path, isolation_level=None)
