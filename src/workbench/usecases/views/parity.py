"""The parity map: how each difference stands, in marks and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import msgspec

from workbench.definitions.shapes import Gate, Project, Severity
from workbench.gates.approvals import Proposal, What
from workbench.gates.evaluate import needs
from workbench.gates.model import State, Weight
from workbench.gates.needs import Differences, left_by_one
from workbench.model.dates import end_text
from workbench.model.noun_fields import others
from workbench.model.text import number_of
from workbench.model.times import day_text, in_zone, relative_text
from workbench.parity import decisions, priority
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference, Wanted, expired, falls_short, overtaken
from workbench.parity.words import decision_of as decision_of
from workbench.parity.words import decision_words as decision_words
from workbench.parity.words import short_decision
from workbench.record import Stored
from workbench.releases.model import last_release
from workbench.usecases.context import Context
from workbench.usecases.flow_names import wanted_flows
from workbench.usecases.parity_map import Detail, Line, ParityMap
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.pattern import OF_DIFFERENCES, row_of_marks, trend
from workbench.usecases.watching import Watch

if TYPE_CHECKING:  # judging costs 28 ms before it begins
    from workbench.usecases.evaluate import Evaluation

_MARKS = {
    Decision.UNDECIDED: Mark.OPEN,
    Decision.CLOSE: Mark.UNDER_WAY,
    Decision.MITIGATE: Mark.DONE,
    Decision.ACCEPT: Mark.EXCEPTED,
    Decision.IRRELEVANT: Mark.NOT_APPLICABLE,
}
SEVERAL = "two versions"
CHOOSE = "two versions: choose one"
_PLACES = {decision: place for place, decision in enumerate(Decision)}
Who = Callable[[str], str]
_DIFFERENCE = "difference/"  # begins what a part is about


class Standing(msgspec.Struct, frozen=True):
    """What the gates make of differences: the ids that block, those let past by an override, and
    what one person has accepted and a second one has not approved."""

    release: str | None = None
    version: str = ""
    blocking: frozenset[str] = frozenset()
    overridden: frozenset[str] = frozenset()
    waiting: Mapping[str, Proposal] = {}


def gate_of_differences(project: Project) -> Gate | None:
    """The first gate that asks about differences."""
    return next(
        (gate for gate in project.gates if any(isinstance(need, Differences) for need in needs([gate]))), None
    )


def standing(found: Evaluation | None) -> Standing:
    """How the differences stand in the release in hand."""
    if found is None:
        return Standing()
    parts = [part for gate in found.gates for part in gate.parts if part.about.startswith(_DIFFERENCE)]
    unmet = [part for part in parts if part.state is State.NOT_MET and part.weight is Weight.BLOCKS]
    let_past = [part for part in parts if part.state is State.OVERRIDDEN]
    return Standing(
        found.held.id,
        found.held.release.version,
        frozenset(part.about.removeprefix(_DIFFERENCE) for part in unmet),
        frozenset(part.about.removeprefix(_DIFFERENCE) for part in let_past),
        {item.ref: item for item in found.proposals if item.what is What.DIFFERENCE},
    )


def mark_of(ident: str, severity: Severity, decision: Decision, again: bool, stand: Standing) -> Mark:
    """The sign of a difference, ``✗`` only when it blocks the release in hand.

    ``again`` says that it is undecided again: its decision has ended, or was made on other values.
    """
    if ident in stand.blocking:
        return Mark.BLOCKS
    if ident in stand.overridden:
        return Mark.EXCEPTED
    if again or (decision is Decision.UNDECIDED and severity is Severity.HIGH):
        return Mark.WARNS
    return _MARKS[decision]


def marks_of(context: Context, shown: Sequence[tuple[Stored, Difference]]) -> list[Mark]:
    """The signs of some differences, as the map shows them; without a release nothing is blocked."""
    from workbench.usecases.evaluate import evaluate

    stand = standing(evaluate(context) if context.record.count("release") else None)
    now = context.now

    def again(stored: Stored, item: Difference) -> bool:
        overdue = item.decision is not Decision.UNDECIDED and parity.undecided(item, now)
        return stored.contested or overdue

    return [
        mark_of(stored.id, item.severity, item.decision, again(stored, item), stand) for stored, item in shown
    ]


def line_mark(line: Line, stand: Standing) -> Mark:
    """The sign of a line of the map."""
    return mark_of(line.id, line.severity, line.decision, line.again, stand)


def line_decision(line: Line, stand: Standing, zone: tzinfo) -> str:
    """What was decided about a line of the map, shortly."""
    if line.id in stand.overridden:
        return "overridden"
    if line.id in stand.waiting:
        waits = stand.waiting[line.id]
        return "rejected" if waits.rejected else f"waiting for {waits.able.words}"
    if line.contested:
        return SEVERAL
    end = end_text(line.until, zone) if line.until else ""
    return short_decision(line.decision, end, line.ended, line.overtaken, line.lacks)


def urgency(line: Line) -> float:
    """What sorts by decision: what is open first, then by decision, then what ends first."""
    if line.open:
        return -1.0 if line.again else 0.0
    end = line.until.timestamp() if line.until else 9e9
    return _PLACES[line.decision] + end / 1e10


# --- the map as a list -------------------------------------------------------------------


def read_list(
    context: Context, wanted: Wanted, limit: int, *, new: bool = False
) -> tuple[int, list[tuple[Stored, Difference]]]:
    """How many differences are wanted, and the first of them in full, the most severe first.

    ``new`` wants what was found after the last release went out: everything, before there is one.
    ``UsageError`` where ``wanted`` names a flow that nothing knows.
    """
    if new and (last := last_release(context.record)) is not None:
        wanted = msgspec.structs.replace(wanted, found_after=last[1])
    if wanted.flow is not None:
        (flow,) = wanted_flows(context, [wanted.flow])
        wanted = msgspec.structs.replace(wanted, flow=flow)
    return parity.page(context.record, wanted, context.now, limit)


def waiting(context: Context) -> dict[str, str]:
    """What one person leaves as it is and a second one has not approved, in words, by the difference's id."""
    project = context.definitions.project
    found = left_by_one(context.record, project.people, context.now)
    return {
        ident: f"{item.name} {'rejected by a second person' if item.rejected else f'waiting for approval by {item.able.words}'}"
        for ident, item in found.items()
    }


def holds(value: Difference, now: datetime) -> Decision:
    """The decision that holds: none where it has ended."""
    return Decision.UNDECIDED if parity.undecided(value, now) else value.decision


def decisions_that_hold(
    chosen: Sequence[tuple[Stored, Difference]], now: datetime, zone: tzinfo
) -> dict[str, str]:
    """The decisions that hold about some differences, in words by id: what a new decision would replace."""
    return {
        stored.id: decision_of(value, now, zone)
        for stored, value in chosen
        if holds(value, now) is not Decision.UNDECIDED
    }


def waits_for_second(value: Difference, decision: Decision) -> bool:
    """Whether deciding so about a difference needs a second person's approval."""
    return decisions.needs_second_person(value.severity, decision)


def has_ended(value: Difference, now: datetime) -> bool:
    """Whether its decision has ended."""
    return expired(value, now)


def changes_since_decided(context: Context, stored: Stored, value: Difference) -> str:
    """Which facts changed after its decision, in words; empty where the decision applies."""
    return parity.changed_since_decided(context.record, stored.id, value)


def short_id(ident: str) -> str:
    """The end of an id, which tells differences apart and is short enough to type."""
    return parity.short_id(ident)


def weight(line: Line) -> tuple[int, float]:
    """How much a line weighs of 16, and a share of 1 that grows with what closing it costs: both sort by priority."""
    days = priority.working_days(line.said.closing_cost) if line.said.closing_cost else None
    return priority.points(line.said), 0.99 if days is None else min(float(days), 900) / 1000


def gravity(severity: Severity) -> int:
    """What sorts by severity: the most severe first."""
    return -parity.SEVERITY_RANK[severity]


# --- the map summed up -------------------------------------------------------------------


def summary(found: ParityMap, stand: Standing) -> list[Phrase]:
    """How the map stands, in one line."""
    count = len(found.lines)
    if not count:
        return [Phrase("The parity map is empty")]
    phrases = [Phrase(number_of(count, "difference"))]
    if found.high_open:
        sign = Mark.BLOCKS if stand.blocking else Mark.WARNS
        phrases.append(Phrase(f"{sign.symbol} {found.high_open:,} high undecided", sign))
    else:
        phrases.append(Phrase(f"{Mark.DONE.symbol} no high one undecided", Mark.DONE))
    if found.newer and (found.newer != found.new or found.reviewed):
        phrases.append(Phrase(f"{found.newer:,} new since {found.released}"))
    return [*phrases, *_review(found, stand)]


def proposed_words(count: int) -> str:
    """How much probes propose for the map."""
    return f"{Mark.WARNS.symbol} {number_of(count, 'proposal')}"


def _review(found: ParityMap, stand: Standing) -> list[Phrase]:
    if found.review is None:
        return [Phrase("not reviewed yet", Mark.WARNS)]
    when = relative_text(found.review.at, found.now)
    count = " and ".join(
        f"{count:,} {word}" for count, word in ((found.new, "new"), (found.changed, "changed")) if count
    )
    since = "" if found.reviewed else f" since {found.reviewed_for}"
    news = Phrase(count + since) if count else Phrase("nothing new", aside=True)
    done = stand.release is None or found.reviewed
    state = Phrase(f"reviewed {when}", aside=True) if done else Phrase("not reviewed", Mark.WARNS)
    return [news, state] if count else [state, news]  # what comes last is left out where there is no room


# --- one difference ----------------------------------------------------------------------


def about(detail: Detail, who: Who) -> str:
    """What kind of difference it is, where, and when it was found."""
    value = detail.difference
    found = f"found {relative_text(value.found_at, detail.now)}" if value.found_at else "found"
    parts = [value.severity.value, value.category.value, value.region, f"{found} by {who(detail.found_by)}"]
    return " · ".join(part for part in parts if part)


# What the heading, the first line and the lines by hand tell of a difference.
_TOLD = frozenset(
    ("title", "category", "severity", "region", "impact", "decision", "until", "up_to", "reason", "mitigation", "staging",
     "production", "flows", "owner", "closing_cost", "failure_cost", "frequency", "harm",
     "third_party", "review_by", "probe", "path")
)  # fmt: skip


def facts(detail: Detail, stand: Standing, zone: tzinfo, who: Who) -> list[Fact]:
    """Everything that the record knows about a difference, what matters most first."""
    value = detail.difference
    again = parity.undecided(value, detail.now) and value.decision is not Decision.UNDECIDED
    mark = mark_of(detail.stored.id, value.severity, value.decision, again, stand)
    said = _decided(detail, zone, who)
    if detail.stored.id in stand.waiting:
        said += f"; {stand.waiting[detail.stored.id].why}"
    if detail.stored.id in stand.blocking:
        said += f"; blocks {stand.version}"
    elif detail.stored.id in stand.overridden:
        said += f"; overridden for {stand.version}"
    more = (
        ("Reason", value.reason),
        ("Mitigation", value.mitigation),
        ("Values", _values(value)),
        *((_watched(detail, zone)) if detail.watch else ()),
        ("Touches", ", ".join(detail.flow_names)),
        ("Owner", who(value.owner) if value.owner else ""),
    )
    later = (
        ("Next review", moment_words(value.review_by, detail.now, zone) if value.review_by else ""),
        *others(FIELDS, _TOLD, value, zone),
        ("Evidence", str(detail.evidence) if detail.evidence else ""),
    )
    first = [Fact(label, text) for label, text in more if text]
    rest = [Fact(label, text) for label, text in later if text]
    return [Fact("Decision", said, mark), *first, *detail.weighed, *rest]


def _watched(detail: Detail, zone: tzinfo) -> list[tuple[str, str]]:
    """Which probe watches a difference, where, and what its last runs saw of it."""
    watch = detail.watch
    if watch is None:
        return []
    probe = watch.title or f"{watch.probe}, which the project's files do not name any more"
    return [
        ("Watched by", f"{probe}, at {watch.path}" if watch.path else probe),
        ("Seen", seen_words(watch, detail.now, zone)),
    ]


def seen_words(watch: Watch, now: datetime, zone: tzinfo) -> str:
    """What the last runs of a probe saw at a path: a row of marks, and what it says."""
    if watch.noise:
        return "left out as noise: production gave two different answers there"
    marks = row_of_marks(watch.beats)
    return f"{marks} {trend(watch.beats, now, zone, OF_DIFFERENCES)}".strip()


def _values(value: Difference) -> str:
    sides = ((value.staging, "staging"), (value.production, "production"))
    return ", ".join(f"{text} in {where}" for text, where in sides if text)


def _decided(detail: Detail, zone: tzinfo, who: Who) -> str:
    value, now = detail.difference, detail.now
    end = moment_words(value.until, now, zone) if value.until else ""
    said = decision_words(
        value.decision,
        end,
        expired(value, now),
        overtaken(value),
        detail.changes,
        falls_short(value),
        value.up_to,
    )
    if value.decided_by and value.decided_at and not parity.undecided(value, now):
        said += f"; {who(value.decided_by)} decided {relative_text(value.decided_at, now)}"
    return said


def moment_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A day, its year when it is another one, and how far off it is."""
    local = in_zone(at, zone)
    year = "" if local.year == in_zone(now, zone).year else f" {local.year}"
    return f"{day_text(at, zone)}{year}, {relative_text(at, now)}"
