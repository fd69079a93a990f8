"""GT-5: an overridden part, with its reason and its end, once a second person has approved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.approvals import Able, Proposal, Standing, What, able, said, standing
from workbench.gates.bound import Bound, beyond
from workbench.gates.fixed_questions import Answers, answered
from workbench.gates.model import Part, State, part_title
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, strictest


class OverrideKind(StrEnum):
    """What an override covers."""

    REQUIREMENT = "requirement"


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was seen of the part when its override was proposed; ``value`` with its unit, ``bound`` exactly."""

    state: State
    why: str
    value: str = ""
    bound: Bound | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An exception that somebody asks for: an override, a quarantine.

    ``part`` is the key of a line in a gate, and ``asked`` who was asked to approve it, "" for anybody else.
    """

    part: str
    title: str
    reason: str
    author: str
    at: datetime
    until: datetime
    asked: str = ""


class Override(Asked, frozen=True, kw_only=True):
    """A part that somebody wants to override.

    ``candidate`` is the id of the build that was looked at.  ``typed_approver`` stands in overrides of the first
    format, in which the author wrote down who agreed.
    """

    release: str
    candidate: str = ""
    kind: OverrideKind = OverrideKind.REQUIREMENT
    bound: Bound | None = None
    seen: Seen | None = None
    answers: Answers | None = None
    statement: str = ""
    typed_approver: str = ""
    lifted: bool = False


class ApprovedOverride(msgspec.Struct, frozen=True, kw_only=True):
    """An override that counts: who wanted it, and who approved it.  ``done`` is what was done, in a word.

    One without a ``bound`` is of before overrides were bound: it lets its line past however it stands.
    ``candidate`` is the id of the build that it was proposed on, "" where nobody kept that.
    """

    done: ClassVar[str] = "overridden"
    part: str
    title: str
    reason: str
    author: str
    approver: str
    at: datetime
    until: datetime
    bound: Bound | None = None
    seen: Seen | None = None
    answers: Answers | None = None
    candidate: str = ""


ApprovedT = TypeVar("ApprovedT", bound=ApprovedOverride)


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """The overrides of a release that nobody has lifted: those that count, ended ones too, and those that wait."""

    approved: tuple[ApprovedOverride, ...] = ()
    waiting: tuple[Proposal, ...] = ()


def _lift(version: int, value: dict[str, Any]) -> dict[str, Any]:
    """The first format names an approver who need not have acted."""
    typed = value.get("approver", "")
    kept = {name: item for name, item in value.items() if name != "approver"}
    return {**kept, "asked": typed, "typed_approver": typed}


ENTITIES = (
    EntityKind(
        "override",
        Override,
        version=2,
        columns=(Column("release"), Column("part"), Column("until")),
        lift=_lift,
        title=part_title,
        judged=True,
        excerpt=True,
        stricter=strictest(lambda value: int(value is None or bool(value.get("lifted")))),
    ),
)


def overrides(record: Record, release: str) -> list[tuple[Stored, Override]]:
    """The overrides of a release that nobody has lifted, the oldest first."""
    found = [(row, row.decode(Override)) for row in record.all("override", "release = ?", (release,))]
    return sorted((pair for pair in found if not pair[1].lifted), key=lambda pair: (pair[1].at, pair[0].made))


def judged(record: Record, release: str, people: Sequence[Person], *, open: bool) -> Overrides:
    """Which overrides of a release count.

    An approver whom the author typed counts only for a release that is not ``open`` any more:
    it was shipped when nothing else was asked.
    """
    found = overrides(record, release)
    heard = said(record, (row.base for row, _ in found))
    approved, waiting = [], []
    for row, value in found:
        may = able(people, value.author, asked=value.asked)
        stands = standing(row.base, may, heard)
        who = stands.approved.person if stands.approved else "" if open else value.typed_approver
        if who and stands.rejected is None:
            approved.append(_approved(value, who))
        else:
            waiting.append(awaited(What.OVERRIDE, row, value, may, stands))
    return Overrides(approved=tuple(approved), waiting=tuple(waiting))


def let_past_then(record: Record, release: str, people: Sequence[Person], at: datetime) -> tuple[str, ...]:
    """The ids of the overrides that counted for a release when it went out."""
    found = [(row, value) for row, value in overrides(record, release) if value.at <= at < value.until]
    heard = said(record, (row.base for row, _ in found)) if found else {}
    stands = (
        (row, value, standing(row.base, able(people, value.author, asked=value.asked), heard))
        for row, value in found
    )
    return tuple(
        row.id
        for row, value, one in stands
        if (one.approved or value.typed_approver) and one.rejected is None
    )


def awaited(what: What, row: Stored, value: Asked, may: Able, stands: Standing) -> Proposal:
    """The exception that somebody asked for, as it waits for a second person."""
    return Proposal(
        what=what, ref=row.id, subject=row.base, part=value.part, title=value.title, by=value.author, at=value.at,
        words=value.reason, until=value.until, able=may, rejected=stands.rejected,
        bound=value.bound if isinstance(value, Override) else None,
        answers=value.answers if isinstance(value, Override) else None,
    )  # fmt: skip


def _approved(value: Override, approver: str) -> ApprovedOverride:
    return ApprovedOverride(
        part=value.part,
        title=value.title,
        reason=value.reason,
        author=value.author,
        approver=approver,
        at=value.at,
        until=value.until,
        bound=value.bound,
        seen=value.seen,
        answers=value.answers,
        candidate=value.candidate,
    )


def exceeded(override: ApprovedOverride, part: Part) -> str:
    """Why an override does not cover a line as it stands, naming both values; "" where it does."""
    return beyond(override.bound, part.bound) if override.bound is not None else ""


def in_force(found: tuple[ApprovedT, ...], now: datetime) -> Mapping[str, ApprovedT]:
    """Of each part the latest exception that has not ended."""
    return {item.part: item for item in found if item.until > now}


def checked_reason(value: Asked, called: str) -> str:
    """The reason of an exception; ``called`` is ``an override``.

    Raises ``NotAllowed`` or ``UsageError`` for one that its author would approve, or that has ended already.
    """
    words = readable_reason(value.reason, called)
    if value.asked == value.author:
        noun = called.partition(" ")[2]
        raise NotAllowed(f"you cannot approve your own {noun}", hint="name someone else with --approver")
    if value.until <= value.at:
        raise UsageError(f"the end of {called} must be in the future", hint="give a later date")
    return words


def proposed(value: Override, part: Part) -> Change:
    """The change that proposes to override one part; ``NotAllowed`` or ``UsageError`` says why not."""
    words = checked_reason(value, "an override")
    if part.state is not State.NOT_MET:
        raise UsageError(f"{part.title} does not block, so there is nothing to override")
    said = answered(value.answers, "an override")
    if part.bound is not None and part.bound.unmeasured:
        words = _says_unmeasured(words, part.bound)
    value = msgspec.structs.replace(value, reason=words, answers=said)
    return Change("override", new_id(value.at), "proposed to override", plain(value), None, words)


def _says_unmeasured(words: str, bound: Bound) -> str:
    """The reason with what the override is given for, so that no reader takes it for a judged value."""
    return words if words.startswith(f"{bound.stands}: ") else f"{bound.stands}: {words}"


def lift_override(stored: Stored, reason: str) -> Change:
    """The change that lifts an override."""
    value = msgspec.structs.replace(stored.decode(Override), lifted=True)
    return Change("override", stored.id, "lifted", plain(value), stored.base, reason)
