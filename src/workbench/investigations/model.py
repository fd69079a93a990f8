"""An environment's score that falls under its limit opens an investigation: owner, finding, and what it ended in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.probes.scores import limit_text, score_text
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles, first_that
from workbench.record.naming import choose


class Ending(StrEnum):
    """What an investigation ended in."""

    OPEN = "open"
    DIFFERENCE = "difference"  # a row of the parity map
    REFRESH = "refresh"  # of the data
    LIMIT = "limit"  # another one, because this one asked for the wrong thing


class Investigation(msgspec.Struct, frozen=True, kw_only=True):
    """One score that fell, and what was found out about it.

    ``probe``, ``score`` and ``run`` name what it was opened by; all are empty where a person opened
    it, and of a benchmark of the environment ``score`` is its key.  ``value`` is the score then and ``limit`` what it fell under, both in ``unit`` (a share from 0
    to 1 where that is empty).  ``outcome`` is the id of the difference, or words on the refresh or the limit.
    """

    title: str
    environment: str = ""
    region: str = ""
    probe: str = ""
    score: str = ""
    run: str = ""
    value: Decimal | None = None
    limit: Decimal | None = None
    unit: str = ""
    opened_at: datetime | None = None
    owner: str | None = None
    finding: str = ""
    ended: Ending = Ending.OPEN
    outcome: str = ""
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def open(self) -> bool:
        return self.ended is Ending.OPEN


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return str(value.get("title", ""))


ENTITIES = (
    EntityKind(
        "investigation",
        Investigation,
        columns=(Column("title"), Column("probe"), Column("score"), Column("ended"), Column("opened_at")),
        thing="investigation:",
        many="investigations",
        title=_title,
        judged=True,
        excerpt=True,
        together=(("ended", "outcome", "ended_at", "ended_by"),),
        # At one desk of several it may be open still: then it is.
        stricter=first_that(lambda value: value.get("ended", Ending.OPEN.value) == Ending.OPEN.value),
    ),
)
_OPEN = "ended = 'open'"


def all_investigations(record: Record, *, only_open: bool = False) -> list[tuple[Stored, Investigation]]:
    """Those that are open before those that ended, each the latest first."""
    rows = record.all(
        "investigation", _OPEN if only_open else "", (), f"{_OPEN} DESC, opened_at DESC, id DESC"
    )
    return [(row, row.decode(Investigation)) for row in rows]


def open_of(record: Record) -> dict[tuple[str, str], Investigation]:
    """The open ones that a score has opened, by probe and score."""
    found = all_investigations(record, only_open=True)
    return {(value.probe, value.score): value for _, value in found if value.probe}


def find(record: Record, ref: str) -> tuple[Stored, Investigation]:
    """The investigation with that id (or the end of one), or with these words in its title; open ones come first."""
    return choose(
        all_investigations(record),
        ref,
        "investigation",
        title=lambda value: value.title,
        first=lambda value: value.open,
        hint="workbench investigation list --all shows them",
    )


def fell(value: Investigation) -> str:
    """What a score was when it fell, and under what: ``87.5 %, limit 90 %``; "" where a person opened it."""
    if value.value is None or value.limit is None:
        return ""
    return f"{score_text(value.value, value.unit, value.limit)}, limit {limit_text(value.limit, value.unit)}"


def opened(value: Investigation, at: datetime, ident: str = "") -> Change:
    """The change that opens an investigation."""
    if not value.title.strip():
        raise UsageError("say what is investigated", hint="for example: data consistency of staging")
    value = msgspec.structs.replace(value, opened_at=value.opened_at or at)
    return Change("investigation", ident or new_id(at), "opened", value)


def edited(stored: Stored, value: Investigation) -> Change:
    """The change that names an owner, or says what was found."""
    if not value.title.strip():
        raise UsageError("say what is investigated", hint="for example: data consistency of staging")
    return Change("investigation", stored.id, "edited", value, stored.base)


def closed(
    stored: Stored, value: Investigation, ending: Ending, outcome: str, finding: str, *, by: str, at: datetime
) -> Change:
    """The change that ends an investigation: with a finding, and what came of it.

    ``NotAllowed`` for one that has ended; ``UsageError`` without a finding or an outcome.
    """
    if not value.open:
        raise NotAllowed(f"“{value.title}” has ended already, in a {value.ended.value}")
    words = readable_reason(finding or value.finding, "ending an investigation")
    if ending is Ending.OPEN or not outcome.strip():
        raise UsageError(
            "what did it end in?", hint="--difference REF, --refresh WHICH or --limit WHAT: one of them"
        )
    ended = msgspec.structs.replace(
        value, finding=words, ended=ending, outcome=outcome.strip(), ended_at=at, ended_by=by
    )
    return Change("investigation", stored.id, "ended", ended, stored.base, words)
