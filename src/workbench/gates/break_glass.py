"""GT-12: one person lets a release out past its gates, at night or under a freeze; another one looks at it soon after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.approvals import Approval, Proposal, What, able, said, standing
from workbench.gates.facts import Facts, Need
from workbench.gates.model import Part, State
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed
from workbench.model.reasons import readable_reason
from workbench.model.steps import Job, Step
from workbench.model.times import moment_text
from workbench.model.working_days import end_of_working_day
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles
from workbench.releases.model import Outcome, ReleaseKind

LATEST = timedelta(hours=24)  # it may be entered so long after it was done
WORKING_DAYS = 2  # in which somebody else reviews it


class Skipped(msgspec.Struct, frozen=True):
    """A line of a gate that was open: its key, the gate, its title, and why it was not met."""

    part: str
    gate: str
    title: str
    why: str


class BreakGlass(msgspec.Struct, frozen=True, kw_only=True):
    """A release that one person let out past its gates.

    ``at`` is when it was done, ``said_at`` when it was entered; ``due`` is by when somebody else has to have
    reviewed it.  ``skipped`` is every line that was open then, freezes among them.
    """

    release: str
    version: str
    candidate: str = ""
    commit: str = ""
    at: datetime
    said_at: datetime
    by: str
    reason: str
    skipped: tuple[Skipped, ...] = ()
    due: datetime
    statement: str = ""

    @property
    def part(self) -> str:
        """What names its review."""
        return f"break-glass/{self.version}"


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"for {value.get('version', '')}"


ENTITIES = (
    EntityKind(
        "break_glass",
        BreakGlass,
        speaks=True,
        columns=(Column("release"),),
        thing="the glass",
        title=_title,
        verbs={"broke": "broke"},
        judged=True,
        excerpt=True,
        # Two desks that let a release out at once have two of these, of which nothing is mixed.
        together=(BreakGlass.__struct_fields__,),
    ),
)


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A break-glass with its review: ``review`` is somebody else's word on it, ``None`` while nobody has given one."""

    ident: str
    value: BreakGlass
    waits: Proposal
    review: Approval | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether nobody has reviewed it although it is due."""
        return self.review is None and self.value.due < now


def new_break_glass(value: BreakGlass, zone: tzinfo, existing: Stored | None) -> Change:
    """The change that enters it; ``NotAllowed`` for what was done too long ago, or is yet to be done."""
    words = readable_reason(value.reason, "break-glass")
    if value.at > value.said_at:
        raise NotAllowed("what was let out went out in the past", hint="leave --at out for now")
    if value.said_at - value.at > LATEST:
        raise NotAllowed(
            f"break-glass is entered within {LATEST // timedelta(hours=1)} h, and that was {moment_text(value.at, zone)}",
            hint="workbench release shipped --at TIME --reason WHY records a release that went out earlier",
        )
    due = end_of_working_day(value.said_at, WORKING_DAYS, zone)
    value = msgspec.structs.replace(value, reason=words, due=due)
    base = existing.base if existing else None
    return Change("break_glass", value.release, "broke", plain(value), base, words)


def all_break_glass(record: Record, people: Sequence[Person]) -> list[Reviewed]:
    """Every break-glass with its review, the newest first."""
    found = [(row, row.decode(BreakGlass)) for row in record.all("break_glass")]
    heard = said(record, (row.base for row, _ in found))
    both = (_reviewed(row, value, people, heard) for row, value in found)
    return sorted(both, key=lambda one: (one.value.said_at, one.ident), reverse=True)


def _reviewed(
    row: Stored, value: BreakGlass, people: Sequence[Person], heard: Mapping[str, Sequence[Approval]]
) -> Reviewed:
    may = able(people, value.by)
    stands = standing(row.base, may, heard)
    waits = Proposal(
        what=What.BREAK_GLASS, ref=row.id, subject=row.base, title=f"break-glass for {value.version}", by=value.by,
        at=value.said_at, words=value.reason, able=may, part=value.part, until=value.due,
    )  # fmt: skip
    return Reviewed(ident=row.id, value=value, waits=waits, review=stands.rejected or stands.approved)


BREAK_GLASS: Need[Sequence[Reviewed]] = Need(
    ("break_glass", "approval"),
    lambda facts: tuple(
        one for one in all_break_glass(facts.record, facts.project.people) if one.value.said_at <= facts.now
    ),
)
# What waits for somebody's review, by id.
TO_REVIEW: Need[Mapping[str, Proposal]] = Need(
    BREAK_GLASS.entities,
    lambda facts: {one.ident: one.waits for one in facts(BREAK_GLASS) if one.review is None},
)


def overdue_parts(facts: Facts) -> Iterator[Part]:
    """What holds the next regular release: a line for each break-glass that nobody has reviewed in time."""
    release = facts.release
    if release.kind is not ReleaseKind.REGULAR or release.outcome is not Outcome.OPEN:
        return
    for one in facts(BREAK_GLASS):
        if one.overdue(facts.now):
            due = moment_text(one.value.due, facts.zone)
            yield Part(
                key=one.value.part,
                title=f"Break-glass for {one.value.version} reviewed",
                state=State.NOT_MET,
                why=f"review overdue since {due}, by {one.waits.able.words}",
                about=f"break_glass/{one.ident}",
                step=Step(Job.APPROVE, one.value.part),
                proposal=one.ident,
                turn=one.waits.able.turn,
            )
