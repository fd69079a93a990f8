"""The questions that requirements and screens put to the record, each told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.definitions.shapes import Person, Severity
from workbench.flows import model as flows
from workbench.flows.model import Flow
from workbench.gates import agreed, purges, quarantine
from workbench.gates import model as gates
from workbench.gates.approvals import Approval, Proposal, What, able, said, standing
from workbench.gates.facts import Facts, Need
from workbench.gates.model import Freeze
from workbench.gates.overrides import ApprovedOverride, Overrides, in_force, judged
from workbench.gates.quarantine import ApprovedQuarantine, Quarantines
from workbench.investigations import model as investigations
from workbench.investigations.model import Investigation
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.parity.decisions import Decision
from workbench.parity.model import SEVERITY_RANK, Difference
from workbench.parity.reviews import Review
from workbench.parity.touching import Doubts
from workbench.record import Record, Stored
from workbench.releases.model import Outcome

Readings = Mapping[tuple[str, str], Measurement]


def _flows(facts: Facts) -> Mapping[str, Flow]:
    return {flow.key: flow for _, flow in flows.all_flows(facts.record)}


def _review(facts: Facts) -> Review | None:
    found = reviews.last_review(facts.record, facts.held.id)
    return found[1] if found else None


def _changed(facts: Facts) -> int:
    found = reviews.last_review(facts.record, facts.held.id)
    return reviews.changed_since(facts.record, found)


def _freezes(facts: Facts) -> Mapping[str, Freeze]:
    ended = facts.ended_at
    found = gates.freezes(facts.record) if ended is None else gates.freezes_then(facts.record, ended)
    return {row.id: value for row, value in found}


def _overrides(facts: Facts) -> Overrides:
    open_ = facts.release.outcome is Outcome.OPEN
    return judged(facts.record, facts.held.id, facts.project.people, open=open_)


def _quarantined(facts: Facts) -> Mapping[str, ApprovedQuarantine]:
    return in_force(facts(QUARANTINES), facts.now)


# The latest answer to each subject and role for this candidate.
READINGS: Need[Readings] = Need(
    ("batch", "invalidation"),
    lambda facts: measurements.latest(facts.record, facts.held.candidate_id, facts.ended_at),
)
FLOWS = Need(("flow",), _flows)
REVIEW = Need(("parity_review",), _review)
CHANGED_SINCE_REVIEW = Need(("parity_review", "difference"), _changed)
DIFFERENCE_COUNT = Need(("difference",), lambda facts: facts.record.count("difference"))
UNDECIDED_COUNT = Need(("difference",), lambda facts: facts.record.count("difference", parity.NOT_DECIDED))
# The freezes in force by id, the earliest first; of a release that has ended those of that moment.
FREEZES: Need[Mapping[str, Freeze]] = Need(("freeze",), _freezes)
_LET_PAST: Need[Overrides] = Need(("override", "approval", "release"), _overrides)
# The overrides of the release that count, ended ones too.
OVERRIDES: Need[tuple[ApprovedOverride, ...]] = Need(
    _LET_PAST.entities, lambda facts: facts(_LET_PAST).approved
)
# Of each part the latest override that has not ended.
IN_FORCE: Need[Mapping[str, ApprovedOverride]] = Need(
    OVERRIDES.entities, lambda facts: in_force(facts(OVERRIDES), facts.now)
)
# Of each part the latest override that nobody has approved, ended ones left out.
ASKED_FOR: Need[Mapping[str, Proposal]] = Need(
    _LET_PAST.entities,
    lambda facts: {
        item.part: item for item in facts(_LET_PAST).waiting if item.until and item.until > facts.now
    },
)

_SET_ASIDE: Need[Quarantines] = Need(
    ("quarantine", "approval"),
    lambda facts: quarantine.judged(facts.record, facts.project.people, facts.now),
)
# The quarantines that count, ended ones too.
QUARANTINES: Need[tuple[ApprovedQuarantine, ...]] = Need(
    _SET_ASIDE.entities, lambda facts: facts(_SET_ASIDE).approved
)
# Of each check that is quarantined now the quarantine, by the key of its line.
QUARANTINED: Need[Mapping[str, ApprovedQuarantine]] = Need(_SET_ASIDE.entities, _quarantined)
# Of each check the latest quarantine that nobody has approved, ended ones left out.
TO_QUARANTINE: Need[Mapping[str, Proposal]] = Need(
    _SET_ASIDE.entities,
    lambda facts: {
        item.part: item for item in facts(_SET_ASIDE).waiting if item.until and item.until > facts.now
    },
)

# The phases and pinned baselines that nobody has approved, by id.
TO_AGREE: Need[Mapping[str, Proposal]] = Need(
    ("phase", "baseline", "approval"),
    lambda facts: agreed.waiting(facts.record, facts.project.people, facts.now),
)


# What is being investigated, by id, the latest first.
INVESTIGATIONS: Need[Mapping[str, Investigation]] = Need(
    ("investigation",),
    lambda facts: {
        row.id: value
        for row, value in investigations.all_investigations(facts.record, only_open=True)
        if value.opened_at is None or value.opened_at <= facts.now
    },
)


class Differences(Need[Sequence[tuple[str, Difference]]]):
    """The differences of a severity or a higher one, by id."""

    __slots__ = ("at_least",)

    def __init__(self, at_least: Severity) -> None:
        super().__init__(("difference",), self._answer)
        self.at_least = at_least

    def _answer(self, facts: Facts) -> Sequence[tuple[str, Difference]]:
        return tuple((stored.id, value) for stored, value in parity.at_least(facts.record, self.at_least))


def left_by_one(record: Record, people: Sequence[Person], now: datetime) -> Mapping[str, Proposal]:
    """The high differences that one person leaves as they are and no second one has approved, by id."""
    found = {
        row.id: (row, value)
        for row, value in parity.left_as_they_are(record, now)
        if not value.one_was_enough or value.decision is not Decision.ACCEPT
    }
    decided = {ident: parity.digest_of_decision(ident, value) for ident, (_, value) in found.items()}
    heard = said(record, decided.values(), "decided")
    waits = ((ident, _waits(people, *pair, decided[ident], heard)) for ident, pair in found.items())
    return {ident: proposal for ident, proposal in waits if proposal is not None}


def _waits(
    people: Sequence[Person],
    row: Stored,
    value: Difference,
    decided: str,
    heard: Mapping[str, Sequence[Approval]],
) -> Proposal | None:
    by = value.decided_by or row.actor
    may = able(people, by)
    stands = standing(decided, may, heard)
    if stands.approved is not None:
        return None
    return Proposal(
        what=What.DIFFERENCE, ref=row.id, subject=row.base, decided=decided, part=f"difference/{row.id}", title=value.title, by=by,
        at=value.decided_at or row.recorded_at, words=value.reason, until=value.until, able=may,
        rejected=stands.rejected, no_matter=value.decision is Decision.IRRELEVANT,
    )  # fmt: skip


LEFT_BY_ONE: Need[Mapping[str, Proposal]] = Need(
    ("difference", "approval"),
    lambda facts: left_by_one(facts.record, facts.project.people, facts.now),
)


def _doubts(facts: Facts) -> Doubts:
    staging = facts.definitions.staging
    waiting = facts(LEFT_BY_ONE).keys()
    return Doubts(facts.record, facts.now, waiting, staging.key if staging else "")


# What staging cannot tell about each benchmark: the undecided and accepted differences that touch it.
DOUBTS: Need[Doubts] = Need(LEFT_BY_ONE.entities, _doubts)
# What should go out of the record once a second person has approved it, by id.
PURGES: Need[Mapping[str, Proposal]] = Need(
    ("purge_proposal", "approval"), lambda facts: purges.waiting(facts.record, facts.project.people)
)
# The same severity is the same question.
DIFFERENCES = {severity: Differences(severity) for severity in Severity}


class Overtaken(Need[Mapping[str, str]]):
    """Those of them whose decision was made on other facts, by id: what has changed since, in words."""

    __slots__ = ("_at_least",)

    def __init__(self, at_least: Severity) -> None:
        super().__init__(("difference",), self._answer)
        self._at_least = at_least

    def _answer(self, facts: Facts) -> Mapping[str, str]:
        return {
            ident: parity.changed_since_decided(facts.record, ident, value)
            for ident, value in facts(DIFFERENCES[self._at_least])
            if parity.overtaken(value)
        }


OVERTAKEN = {severity: Overtaken(severity) for severity in Severity}


def widest(needs: Iterable[Need[Any]]) -> Differences:
    """The differences that are to be told beside a judgement: the high ones, and what any need asks for."""
    asked = [need.at_least for need in needs if isinstance(need, Differences)]
    return DIFFERENCES[min([Severity.HIGH, *asked], key=SEVERITY_RANK.__getitem__)]
