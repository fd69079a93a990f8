"""PM-1 to PM-4: differences, and what was decided about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

import msgspec

from workbench.definitions.shapes import Category as Category
from workbench.definitions.shapes import Severity
from workbench.model.canonical import digest, plain
from workbench.model.cells import short_text
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.model.times import to_text
from workbench.parity.bounds import why_not_up_to
from workbench.parity.decisions import LEFT_AS_IT_IS, NEEDED, Decision, lacks, needed
from workbench.parity.facts import TOGETHER, applies, changes_in_words, digest_of_facts, within
from workbench.parity.rating import Frequency, Harm, ThirdParty
from workbench.record import (
    Change,
    Column,
    Condition,
    EntityKind,
    Record,
    Stored,
    imported_rows,
    title_from,
)

SEVERITY_RANK = {Severity.HIGH: 2, Severity.MEDIUM: 1, Severity.LOW: 0}


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """PM-2: one row of the parity map.

    Its severity is ``frequency``, how often the affected path runs, times ``harm``, how badly it can
    fail, as far as somebody has said both (:mod:`workbench.parity.rating`).  ``environment`` is the key
    of the one that it is in, the project's staging unless said.
    ``until`` is when a decision ends, ``decided_on`` the digest of the facts that it was made on.
    Where these have changed since (:mod:`workbench.parity.facts`) the decision does not apply; one
    that says ``up_to`` which distance it holds covers any values within that.
    ``one_was_enough`` stands with decisions of the first format: accepting a high difference
    needed no second person then.  ``statement`` is the digest of what was said on accepting one.
    ``severity_written`` is what a table says where that could not be read: the difference counts as
    high until somebody judges it.
    ``probe`` is the key of the probe that watches it, ``path`` where in what that probe compares it
    stands; the runs of that probe keep both values true (:mod:`workbench.parity.seen`).  ``gap`` is
    how far apart that probe counted them to be, where it can.
    """

    title: str
    staging: str = ""
    production: str = ""
    category: Category = Category.UNSORTED
    severity: Severity = Severity.MEDIUM
    severity_written: str = ""
    frequency: Frequency = Frequency.UNKNOWN
    harm: Harm = Harm.UNKNOWN
    region: str = ""
    environment: str = ""
    impact: str = ""
    flows: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    third_party: ThirdParty = ThirdParty.NONE
    decision: Decision = Decision.UNDECIDED
    reason: str = ""
    mitigation: str = ""
    owner: str | None = None
    until: datetime | None = None
    up_to: str = ""
    review_by: datetime | None = None
    closing_cost: str = ""
    failure_cost: str = ""
    probe: str = ""
    path: str = ""
    gap: Decimal | None = None
    found_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_on: str | None = None
    one_was_enough: bool = False
    statement: str = ""


_UNDECIDED = Decision.UNDECIDED.value
_HIGH = Severity.HIGH.value


def _lifted(version: int, value: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say what a decision was made on: it counts for the facts beside it."""
    if version > 1:
        return value
    if value.get("decision", _UNDECIDED) == _UNDECIDED:
        return value
    return value | {"decided_on": digest_of_facts(value), "one_was_enough": True}


def _as_it_applies(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A value as lists are read from it: undecided where its decision does not apply."""
    if value.get("decision", _UNDECIDED) == _UNDECIDED:
        return value
    if applies(value) and not _falls_short(value):
        return value
    return {**value, "decision": _UNDECIDED}


def _falls_short(value: Mapping[str, Any]) -> bool:
    """Whether a high difference's decision lacks something (see :func:`lacks`)."""
    if value.get("severity") != _HIGH:
        return False
    get = value.get
    return bool(
        needed(
            Decision(value["decision"]),
            high=True,
            reason=get("reason") or "",
            mitigation=get("mitigation") or "",
            owner=get("owner") or "",
            ends=get("until") is not None,
        )
    )


_RANK = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
ORDER = f"{_RANK}, decision <> 'undecided', title"

ENTITIES = (
    EntityKind(
        "difference",
        Difference,
        version=5,
        lift=_lifted,
        columns_from=_as_it_applies,
        together=(TOGETHER,),
        columns=(
            Column("title"),
            Column("severity"),
            Column("decision"),
            Column("category"),
            Column("until"),
            Column("found_at"),
            Column("flows"),
            Column("probe"),
            Column("benchmarks"),
            Column("environment"),
        ),
        # The order of the map, and beside it all that it is filtered by: lists are read from it alone.
        indexes=(
            f"{ORDER}, severity, decision, until, category, flows, benchmarks, environment",
            "probe",
        ),
        thing="difference",
        title=title_from("title"),
        verbs={"closed": "removed from the map:"},
        judged=True,
        picked_by=("severity", "decision"),
        excerpt=True,
    ),
    imported_rows("difference", named_by="title"),
)

# What fits the differences that nobody has decided as they stand; whether a decision has ended is not asked.
NOT_DECIDED = "decision = 'undecided'"
EARLIER = 1000  # so many entries of a difference are looked through for what was decided on
NAMED = 3  # so many differences are named where several are meant


def all_differences(record: Record, limit: int | None = None) -> list[tuple[Stored, Difference]]:
    """The map: high and undecided first, then by title."""
    rows = record.all("difference", order=ORDER, limit=limit)
    return [(row, row.decode(Difference)) for row in rows]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which differences are wanted; a decision that has ended, or does not apply, counts as undecided.

    ``text`` stands anywhere in what a difference says, in whatever case.
    """

    severity: Severity | None = None
    decision: Decision | None = None
    category: Category | None = None
    flow: str | None = None
    found_after: datetime | None = None
    text: str = ""

    def terms(self, now: datetime) -> tuple[str, tuple[Any, ...]]:
        """The same as a condition over the projected table, with its arguments."""
        found: list[tuple[str, Any]] = []
        if self.severity is not None:
            found.append(("severity = ?", self.severity.value))
        if self.category is not None:
            found.append(("category = ?", self.category.value))
        if self.decision is Decision.UNDECIDED:
            found.append(("(decision = 'undecided' OR until <= ?)", to_text(now)))
        elif self.decision is not None:
            found.append(("decision = ?", self.decision.value))
            found.append(("(until IS NULL OR until > ?)", to_text(now)))
        if self.found_after is not None:
            found.append(("found_at > ?", to_text(self.found_after)))
        if self.flow is not None:
            found.append(
                ("flows <> '[]' AND EXISTS (SELECT 1 FROM json_each(flows) f WHERE f.value = ?)", self.flow)
            )
        return " AND ".join(term for term, _ in found), tuple(argument for _, argument in found)


def page(
    record: Record, wanted: Wanted, now: datetime, limit: int | None = None, offset: int = 0
) -> tuple[int, list[tuple[Stored, Difference]]]:
    """How many differences are wanted, and some of them in the map's order.

    What they cost does not grow with the map, unless a text is looked for.
    """
    where, args = wanted.terms(now)
    if wanted.text:
        rows = record.all("difference", where, args, ORDER)
        found = [(row, value) for row in rows if _mentions(value := row.decode(Difference), wanted.text)]
        return len(found), found[offset:] if limit is None else found[offset : offset + limit]
    condition = f"WHERE {where} " if where else ""
    some = f"seq IN (SELECT seq FROM e_difference {condition}ORDER BY {ORDER} LIMIT ? OFFSET ?)"
    rows = record.all("difference", some, (*args, -1 if limit is None else limit, offset), ORDER)
    return record.count("difference", where, args), [(row, row.decode(Difference)) for row in rows]


def _mentions(value: Difference, text: str) -> bool:
    said = (value.title, value.staging, value.production, value.impact, value.reason, value.mitigation)
    return any(text.lower() in each.lower() for each in (*said, *value.flows))


def kept_by(record: Record, probe: str) -> list[tuple[Stored, Difference]]:
    """The differences that are linked to a probe."""
    return [(row, row.decode(Difference)) for row in record.all("difference", "probe = ?", (probe,))]


def watched_by_any(record: Record) -> list[tuple[Stored, Difference]]:
    """The differences that are linked to a probe, whichever it is."""
    return [(row, row.decode(Difference)) for row in record.all("difference", "probe > ''")]


def as_severe_as(severity: Severity) -> Condition:
    """What fits the differences of this severity or a higher one."""
    levels = tuple(s.value for s, rank in SEVERITY_RANK.items() if rank >= SEVERITY_RANK[severity])
    return f"severity IN ({', '.join('?' * len(levels))})", levels


def at_least(record: Record, severity: Severity) -> list[tuple[Stored, Difference]]:
    """The differences of this severity or a higher one."""
    rows = record.all("difference", *as_severe_as(severity), f"{_RANK}, title")
    return [(row, row.decode(Difference)) for row in rows]


def short_id(ident: str) -> str:
    """The end of an id, which tells differences apart and is short enough to type."""
    return ident[-12:]


def find(record: Record, ref: str) -> tuple[Stored, Difference]:
    """The difference with that id (or its beginning or end), title, ``title (region)``, or part of a title."""
    attempts: tuple[Callable[[], Sequence[Stored]], ...] = (
        lambda: _some(record, "id = ?", ref),
        lambda: _some(record, _TITLED, ref),
        lambda: _in_region(record, ref),
        lambda: _some(record, "substr(id, 1, length(?1)) = ?1 OR substr(id, -length(?1)) = ?1", ref),
        lambda: _some(record, "instr(lower(title), lower(?))", ref),
    )
    for attempt in attempts:
        rows = attempt()
        if len(rows) == 1:
            return rows[0], rows[0].decode(Difference)
        if rows:
            raise UsageError(f"“{ref}” matches several differences", hint=_told_apart(rows))
    raise UsageError(f"there is no difference “{ref}”", hint="workbench parity list shows them")


_TITLED = "lower(title) = lower(?)"


def _some(record: Record, where: str, argument: str) -> Sequence[Stored]:
    return record.all("difference", where, (argument,), limit=NAMED + 1)


def _in_region(record: Record, ref: str) -> Sequence[Stored]:
    """What ``title (region)`` names; with nothing between the brackets the one that holds everywhere."""
    title, bracket, region = ref.rpartition(" (")
    if not bracket or not region.endswith(")"):
        return ()
    rows = record.all("difference", _TITLED, (title,))
    return [row for row in rows if row.decode(Difference).region == region[:-1]]


def _told_apart(rows: Sequence[Stored]) -> str:
    """Some differences by id and title: titles alone may be the same."""
    named = [f"{short_id(row.id)} ({row.decode(Difference).title})" for row in rows[:NAMED]]
    return "; ".join(named) + (" …" if len(rows) > NAMED else "")


def expired(difference: Difference, now: datetime) -> bool:
    """Whether a decision has ended, so that the difference is undecided again."""
    return ended(difference.decision, difference.until, now)


def ended(decision: Decision, until: datetime | None, now: datetime) -> bool:
    """Whether a decision that holds until then has ended."""
    return until is not None and until <= now and decision is not Decision.UNDECIDED


def overtaken(difference: Difference) -> bool:
    """Whether a decision was made on other facts than stand now, so that the difference is undecided again."""
    if difference.decision is Decision.UNDECIDED:
        return False
    return not applies(_fields(difference))


def _fields(difference: Difference) -> dict[str, Any]:
    return msgspec.structs.asdict(difference)


def falls_short(difference: Difference) -> str:
    """What the decision about a high difference lacks: ``a reason and an end``; "" where it lacks nothing."""
    if difference.severity is not Severity.HIGH:
        return ""
    return " and ".join(NEEDED[name] for name in needed(difference.decision, **_stands(difference)))


def undecided(difference: Difference, now: datetime) -> bool:
    """Whether somebody must still decide."""
    if difference.decision is Decision.UNDECIDED or expired(difference, now):
        return True
    return overtaken(difference) or bool(falls_short(difference))


def left_as_they_are(record: Record, now: datetime) -> list[tuple[Stored, Difference]]:
    """The high differences that are accepted, or said not to matter, as far as one person can say so."""
    marks = ", ".join("?" * len(LEFT_AS_IT_IS))
    arguments = (_HIGH, *(decision.value for decision in LEFT_AS_IT_IS))
    rows = record.all("difference", f"severity = ? AND decision IN ({marks})", arguments)
    found = [(row, row.decode(Difference)) for row in rows]
    return [(row, value) for row, value in found if not undecided(value, now)]


def digest_of_decision(ident: str, difference: Difference) -> str:
    """What tells one decision about a difference from every other one."""
    names = ["decision", "decided_on", "decided_at", "decided_by", "reason", "mitigation", "until"]
    if difference.up_to:  # decisions that do not say it keep the digest that they had
        names.append("up_to")
    return digest(plain({"id": ident, **{name: getattr(difference, name) for name in names}}))


def decided_now(difference: Difference) -> Difference:
    """The same, its decision made on the facts that stand in it."""
    if difference.decision is not Decision.UNDECIDED:
        on = digest_of_facts(_fields(difference))
        return msgspec.structs.replace(difference, decided_on=on, one_was_enough=False)
    if difference.decided_on is None and not difference.one_was_enough:
        return difference
    return msgspec.structs.replace(difference, decided_on=None, one_was_enough=False)


def changed_since_decided(record: Record, ident: str, difference: Difference) -> str:
    """Which facts changed after a decision that was overtaken: ``production was 2, is now 4``.

    Read from the ledger; empty where the difference is not overtaken, or the record (one made of
    an excerpt, say) does not hold what it was decided on.
    """
    if not overtaken(difference):
        return ""
    for entry in record.history("difference", ident, limit=EARLIER):
        if entry.value is None or not within(entry.value):
            continue
        if digest_of_facts(entry.value) == difference.decided_on:
            return changes_in_words(entry.value, _fields(difference))
    return ""


def new_difference(difference: Difference, now: datetime, ident: str = "") -> Change:
    """The change that adds a difference, under a new id: it needs no more than what differs."""
    if not difference.title.strip():
        raise UsageError("say what differs", hint="for example: load balancer")
    value = decided_now(difference)
    if value.found_at is None:
        value = msgspec.structs.replace(value, found_at=now)
    checked(value)
    return Change("difference", ident or new_id(now), "found", value)


def edited(stored: Stored, difference: Difference) -> Change:
    """The change that edits a difference's fields; a decision stays what it was made on.

    ``UsageError`` where it makes less of a high difference: that is a decision, with what one needs.
    """
    if not difference.title.strip():
        raise UsageError("say what differs", hint="for example: load balancer")
    before = stored.decode(Difference)
    if difference.severity is not before.severity:
        if before.severity is Severity.HIGH and not before.severity_written:
            raise UsageError(
                f"“{short_text(before.title)}” is high severity; lowering it to {difference.severity.value} is a decision",
                hint=f"workbench parity decide {short_id(stored.id)} --irrelevant --reason WHY --until DATE",
            )
        if difference.severity_written == before.severity_written:
            difference = msgspec.structs.replace(difference, severity_written="")
    if difference.decision is not before.decision:
        checked(difference)
    sides = ("staging", "production")
    if any(getattr(difference, side) != getattr(before, side) for side in sides):
        difference = msgspec.structs.replace(difference, gap=None)  # it was counted of other values
    return Change("difference", stored.id, "edited", difference, stored.base)


def decide(
    stored: Stored,
    difference: Difference,
    decision: Decision,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    mitigation: str = "",
    owner: str = "",
    until: datetime | None = None,
    up_to: str = "",
    statement: str = "",
) -> Change:
    """The change that decides about a difference."""
    value = msgspec.structs.replace(
        difference,
        decision=decision,
        reason=reason,
        mitigation=mitigation or difference.mitigation,
        owner=owner or difference.owner,
        until=until,
        up_to=up_to.strip() if decision is not Decision.UNDECIDED else "",
        decided_by=by,
        decided_at=at,
        statement=statement,
    )
    value = decided_now(value)
    checked(value)
    if until is not None and until <= at:
        raise UsageError("the end date of a decision must be in the future", hint="give a later date")
    return Change("difference", stored.id, "decided", plain(value), stored.base, reason or None)


class _Stands(TypedDict):
    high: bool
    reason: str
    mitigation: str
    owner: str
    ends: bool


def _stands(value: Difference) -> _Stands:
    """What a difference says for its decision, as :func:`needed` and :func:`lacks` ask."""
    return {
        "high": value.severity is Severity.HIGH,
        "reason": value.reason,
        "mitigation": value.mitigation,
        "owner": value.owner or "",
        "ends": value.until is not None,
    }


def checked(difference: Difference) -> None:
    """``UsageError`` where a difference's decision lacks something."""
    if difference.decision is Decision.UNDECIDED:
        return
    for error in lacks(difference.decision, **_stands(difference)).values():
        raise error
    if (beyond := not_up_to(difference, difference.up_to)) is not None:
        raise beyond


def not_up_to(difference: Difference, up_to: str) -> UsageError | None:
    """Why a decision about a difference cannot hold up to that; ``None`` where it can."""
    if not up_to.strip():
        return None
    return why_not_up_to(up_to, difference.staging, difference.production, difference.gap)


def lacking(difference: Difference, now: datetime) -> dict[str, UsageError]:
    """What a difference's decision lacks, by field; an end that has come already is none."""
    if difference.decision is Decision.UNDECIDED:
        return {}
    found = lacks(difference.decision, **_stands(difference))
    if difference.until is not None and difference.until <= now:
        found["until"] = UsageError("the end of a decision lies in the future", hint="give a later date")
    if (beyond := not_up_to(difference, difference.up_to)) is not None:
        found["up_to"] = beyond
    return found


def removed(stored: Stored, reason: str) -> Change:
    """The change that removes a difference from the map: it exists no more.

    ``NotAllowed`` for a high one that nobody decided to close: taking it off would decide about it.
    """
    value = stored.decode(Difference)
    if value.severity is Severity.HIGH and not value.severity_written:
        if value.decision is not Decision.CLOSE or falls_short(value) or overtaken(value):
            raise NotAllowed(
                f"“{short_text(value.title)}” is high severity, and no one has decided to close it",
                hint=f"workbench parity decide {short_id(stored.id)} --close --owner PERSON --until DATE",
            )
        reason = readable_reason(reason, "removing a high-severity difference")
    return Change("difference", stored.id, "closed", None, stored.base, reason)
