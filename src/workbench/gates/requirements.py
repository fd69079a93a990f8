"""How each kind of requirement is evaluated against the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import cast

import msgspec

from workbench.benchmarks.judge import REPLAYED, Judged, ahead_of
from workbench.benchmarks.measurements import Measurement
from workbench.checklists.model import Fact, ItemState, ItemView
from workbench.criteria import Verdict
from workbench.definitions.shapes import FreezeWindow, Requirement, Severity
from workbench.flows.model import Flow
from workbench.gates import clearing
from workbench.gates.kinds import (
    BenchmarksConfig,
    ChecklistConfig,
    DifferencesDecidedConfig,
    InventoryConfig,
    ParityReviewedConfig,
    TestsGreenConfig,
)
from workbench.gates.model import Fix, Freeze, Override, Part, RequirementState, State, Weight
from workbench.model.commits import same_commit
from workbench.model.times import age_text, day_text, parse_duration, parse_moment, zone_of
from workbench.parity.model import (
    DECISION_WORDS,
    SEVERITY_RANK,
    Difference,
    Review,
    expired,
    review_due,
    undecided,
)
from workbench.releases.model import Candidate, Release


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that requirements look at, read at one instant from one state of the record."""

    now: datetime
    timezone: str
    release_id: str
    release: Release
    candidate_id: str | None
    candidate: Candidate | None
    judged: tuple[Judged, ...]
    tests: Mapping[str, Measurement]
    checklists: Mapping[str, tuple[ItemView, ...]]
    checklist_titles: Mapping[str, str]
    flows: Mapping[str, Flow]
    differences: tuple[tuple[str, Difference], ...]
    difference_count: int
    undecided_count: int
    review: Review | None
    changed_since_review: int
    freeze: Freeze | None
    change_freezes: tuple[FreezeWindow, ...]
    overrides: tuple[Override, ...]
    demonstration: bool = False
    pinned: frozenset[str] = frozenset()

    @property
    def zone(self) -> tzinfo:
        """The project's zone, in which days are told."""
        return zone_of(self.timezone)

    def override_in_force(self, part: str) -> Override | None:
        """The latest override of a part that has not ended."""
        live = [item for item in self.overrides if item.part == part and item.until > self.now]
        return live[-1] if live else None


def requirement_state(requirement: Requirement, facts: Facts) -> RequirementState:
    """The state of one requirement, overrides applied to its parts one by one."""
    parts = tuple(_PARTS[requirement.kind](requirement, facts))
    if facts.overrides:
        parts = tuple(_overridden(part, facts) for part in parts)
    state, title = _together(parts), _title(requirement, facts)
    return RequirementState(
        key=requirement.key,
        kind=requirement.kind,
        title=title,
        state=state,
        why=_why(parts, state, title if requirement.kind in _LISTS else None),
        fix=next((part.fix.command for part in parts if part.state is State.NOT_MET), ""),
        parts=parts,
    )


def _title(requirement: Requirement, facts: Facts) -> str:
    return requirement.title or _TITLES[requirement.kind](requirement, facts)


def _overridden(part: Part, facts: Facts) -> Part:
    if part.state is not State.NOT_MET:
        return part
    last = facts.override_in_force(part.key)
    if last is None:
        return part
    why = f"overridden until {day_text(last.until, facts.zone)}: {last.reason}"
    return msgspec.structs.replace(
        part, state=State.OVERRIDDEN, why=why, until=last.until, weight=Weight.WORRIES
    )


def _together(parts: tuple[Part, ...]) -> State:
    states = {part.state for part in parts}
    for state in (State.NOT_MET, State.OVERRIDDEN, State.MET):
        if state in states:
            return state
    return State.NOT_APPLICABLE


def _why(parts: tuple[Part, ...], state: State, listed_under: str | None) -> str:
    """Why in one line; ``listed_under`` is the title of a list, whose parts have to be named."""
    if not parts:
        return "nothing to judge"
    if len(parts) == 1:
        only = parts[0]
        unnamed = listed_under is None or only.title == listed_under
        return only.why if unnamed else f"{only.title}: {only.why}"
    if state is State.MET:
        return f"all {len(parts)} met"
    chosen = [part for part in parts if part.state is state]
    named = "; ".join(f"{part.title}: {part.why}" for part in chosen[:3])
    more = f"; and {len(chosen) - 3} more" if len(chosen) > 3 else ""
    word = {State.NOT_MET: "not met", State.OVERRIDDEN: "overridden"}.get(state, "not applicable")
    return f"{len(chosen)} of {len(parts)} {word}: {named}{more}"


def _benchmarks(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    config = cast(BenchmarksConfig, requirement.config)
    every = config == BenchmarksConfig()
    for judged in facts.judged:
        if judged.blocking and (every or benchmark_fits(config, judged)):
            yield benchmark_part(judged, facts)


def benchmark_fits(config: BenchmarksConfig, judged: Judged) -> bool:
    """Whether a requirement speaks of this benchmark."""
    benchmark = judged.resolved.benchmark
    return (
        config.flow in (None, benchmark.flow)
        and config.benchmark in (None, benchmark.key)
        and config.dimension in (None, benchmark.dimension)
        and config.tier in (None, judged.resolved.tier)
        and (config.tag is None or config.tag in benchmark.tags)
    )


def benchmark_part(judged: Judged, facts: Facts) -> Part:
    """A blocking benchmark as a line of a gate."""
    key, verdict, through = judged.key, judged.verdict, judged.through
    passes = verdict is Verdict.PASS
    return Part(
        key=f"benchmark/{key}",
        title=judged.title,
        state=State.MET if through else State.NOT_MET,
        why="passes" if passes else judged.why,
        fix=Fix("benchmarks", key, clearing.benchmark(judged, facts.candidate)),
        weight=Weight.WORRIES if through and not passes else Weight.BLOCKS,
    )


def _tests_green(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    config = cast(TestsGreenConfig, requirement.config)
    fact = tests_fact(config.source, facts, config.max_age)
    yield Part(
        key=f"tests/{config.source}",
        title=f"Tests green for {_commit(facts)}",
        state=State.MET if fact.holds else State.NOT_MET,
        why=fact.why,
        fix=Fix("benchmarks", f"tests/{config.source}", fact.command),
    )


def _commit(facts: Facts) -> str:
    return facts.candidate.commit[:7] if facts.candidate else "this commit"


def tests_fact(source: str, facts: Facts, max_age: str | None = None) -> Fact:
    """Whether the test run of a source is green for the candidate, and in words."""
    reading = facts.tests.get(source)
    wrong = _not_green(reading, facts, max_age)
    words = wrong or (reading.why if reading else "") or "all green"
    return Fact(wrong is None, words, clearing.tests(source, facts.candidate))


def _not_green(reading: Measurement | None, facts: Facts, max_age: str | None) -> str | None:
    if facts.candidate is None:
        return "the release has no candidate yet"
    if reading is None:
        return "no test run fetched for this candidate"
    if error := tests_error(reading, facts.now):
        return error
    if reading.state != "ok" or reading.value is None:
        return reading.why or "no test run for this commit"
    if reading.mark == "replayed" and not facts.demonstration:
        return REPLAYED
    if reading.build and not same_commit(reading.build, facts.candidate.commit):
        return f"ran on commit {reading.build[:7]}"
    age = facts.now - reading.measured_at
    if max_age and age > parse_duration(max_age) and reading.subject not in facts.pinned:
        return f"too old: {age_text(age)}, at most {age_text(parse_duration(max_age))}"
    if reading.partial:
        return f"the answer is incomplete: {reading.partial}"
    return None if reading.value == 1 else reading.why or "not green"


def tests_error(reading: Measurement, now: datetime) -> str | None:
    """CRITERIA 3: why a test run is an error: its source could not be asked, or it lies in the future."""
    if reading.state == "error":
        return reading.why or "could not be asked"
    return ahead_of(now, reading) if reading.state == "ok" else None


def _checklist(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    config = cast(ChecklistConfig, requirement.config)
    for view in facts.checklists.get(config.checklist, ()):
        yield _item_part(view)


def _item_part(view: ItemView) -> Part:
    row = f"{view.checklist}/{view.item.key}"
    state = State.NOT_MET
    if view.state is ItemState.NOT_APPLICABLE:
        state = State.NOT_APPLICABLE
    elif view.state is ItemState.DONE:
        state = State.MET
    failed = view.state is ItemState.FAILED
    return Part(
        key=f"item/{row}",
        title=view.item.title,
        state=state,
        why=f"failed: {view.why}" if failed else view.why,
        fix=Fix("checklists", row, clearing.item(view)),
        weight=Weight.BLOCKS if failed else Weight.TO_DO,
    )


def _parity_reviewed(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    config = cast(ParityReviewedConfig, requirement.config)
    due = review_due(facts.review, parse_duration(config.within), facts.now)
    why = due or "looked over for this release"
    if due is None and facts.changed_since_review:
        why += f"; {facts.changed_since_review} changed since"
    yield Part(
        key="parity/reviewed",
        title="Parity map looked over",
        state=State.NOT_MET if due else State.MET,
        why=why,
        fix=Fix("parity", None, clearing.LOOK_OVER),
        weight=Weight.TO_DO,
    )


def _differences_decided(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    config = cast(DifferencesDecidedConfig, requirement.config)
    rank = SEVERITY_RANK[config.at_least]
    chosen = [(i, d) for i, d in facts.differences if SEVERITY_RANK[d.severity] >= rank]
    yield from (difference_part(ident, difference, facts) for ident, difference in chosen)
    if not chosen:
        yield Part(
            key="parity/differences",
            title=_title(requirement, facts),
            state=State.MET,
            why=_no_grave(config.at_least, facts),
            fix=Fix("parity"),
        )


def _no_grave(severity: Severity, facts: Facts) -> str:
    if not facts.difference_count:
        return "the parity map is empty"
    return f"none of {facts.difference_count} differences is {severity.value}"


def difference_part(ident: str, difference: Difference, facts: Facts) -> Part:
    """A difference as a line of a gate."""
    now, zone = facts.now, facts.zone
    open_ = undecided(difference, now)
    flows = ", ".join(difference.flows) or "no flow named"
    why = f"undecided, {difference.severity.value}: {flows}"
    if expired(difference, now) and difference.until:
        why = f"its decision ended on {day_text(difference.until, zone)}: decide again"
    elif not open_:
        why = DECISION_WORDS[difference.decision]
        if difference.until:
            why += f" until {day_text(difference.until, zone)}"
    return Part(
        key=f"difference/{ident}",
        title=difference.title,
        state=State.NOT_MET if open_ else State.MET,
        why=why,
        fix=Fix("parity", ident, clearing.difference(ident)),
        weight=Weight.WORRIES if not open_ and difference.until else Weight.BLOCKS,
        until=difference.until if not open_ else None,
    )


def _not_frozen(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    frozen = facts.freeze
    yield Part(
        key="freeze",
        title="Not frozen",
        state=State.NOT_MET if frozen else State.MET,
        why=f"frozen by {frozen.by}: {frozen.reason}" if frozen else "not frozen",
        fix=Fix("readiness", None, clearing.LIFT_FREEZE),
    )


def _outside_change_freeze(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    window = next((w for w in facts.change_freezes if _inside(w, facts)), None)
    yield Part(
        key="change-freeze",
        title="Outside change-freeze dates",
        state=State.NOT_MET if window else State.MET,
        why=f"change freeze until {window.last}: {window.reason}" if window else "no change freeze today",
        fix=Fix("readiness", None, clearing.PASS_CHANGE_FREEZE),
    )


def _inside(window: FreezeWindow, facts: Facts) -> bool:
    zone = facts.zone
    today = facts.now.astimezone(zone).date()
    first = parse_moment(window.first, zone).astimezone(zone).date()
    last = parse_moment(window.last, zone).astimezone(zone).date()
    return first <= today <= last


def _inventory(requirement: Requirement, facts: Facts) -> Iterable[Part]:
    config = cast(InventoryConfig, requirement.config)
    core = [flow for flow in facts.flows.values() if flow.core]
    yield _inventory_part(
        "listed",
        f"{config.flows} flows listed",
        len(facts.flows) >= config.flows,
        f"{len(facts.flows)} listed",
        clearing.LIST_FLOW,
    )
    if config.core:
        yield _inventory_part(
            "core",
            f"{config.core} core flows marked",
            len(core) >= config.core,
            f"{len(core)} marked",
            clearing.MARK_CORE,
        )
    for flow in core:
        if not flow.owner:
            title, command = f"{flow.name} has an owner", clearing.owner(flow.key)
            yield _inventory_part(flow.key, title, False, "no owner", command, flow.key)


def _flows(count: int) -> str:
    return "1 flow" if count == 1 else f"{count} flows"


def _inventory_part(key: str, title: str, met: bool, why: str, command: str, row: str | None = None) -> Part:
    return Part(
        key=f"inventory/{key}",
        title=title,
        state=State.MET if met else State.NOT_MET,
        why=why,
        fix=Fix("flows", row, command),
        weight=Weight.TO_DO,
    )


_PARTS: dict[str, Callable[[Requirement, Facts], Iterable[Part]]] = {
    "benchmarks": _benchmarks,
    "tests_green": _tests_green,
    "checklist": _checklist,
    "parity_reviewed": _parity_reviewed,
    "differences_decided": _differences_decided,
    "not_frozen": _not_frozen,
    "outside_change_freeze": _outside_change_freeze,
    "inventory": _inventory,
}


# Kinds that list things; a part of another kind is the requirement itself.
_LISTS = {"benchmarks", "checklist", "differences_decided", "inventory"}


def _benchmarks_title(requirement: Requirement, facts: Facts) -> str:
    config = cast(BenchmarksConfig, requirement.config)
    about = config.flow or config.benchmark or config.tag or config.tier or config.dimension
    return f"Benchmarks through ({about})" if about else "Benchmarks through"


def _checklist_title(requirement: Requirement, facts: Facts) -> str:
    key = cast(ChecklistConfig, requirement.config).checklist
    return f"{facts.checklist_titles.get(key, key)} complete"


_TITLES: dict[str, Callable[[Requirement, Facts], str]] = {
    "benchmarks": _benchmarks_title,
    "tests_green": lambda requirement, facts: f"Tests green for {_commit(facts)}",
    "checklist": _checklist_title,
    "parity_reviewed": lambda requirement, facts: "Parity map looked over",
    "differences_decided": lambda requirement, facts: (
        f"No {cast(DifferencesDecidedConfig, requirement.config).at_least.value} difference undecided"
    ),
    "not_frozen": lambda requirement, facts: "Not frozen",
    "outside_change_freeze": lambda requirement, facts: "Outside change-freeze dates",
    "inventory": lambda requirement, facts: "Flow inventory filled",
}
