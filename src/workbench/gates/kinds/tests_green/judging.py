"""The test run of a source is green for exactly this commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.benchmarks.judge import ASSERTED, ahead_of
from workbench.benchmarks.measurements import Measurement
from workbench.checklists.model import Fact
from workbench.gates.bound import NOT_MEASURED, RUNNING, Bound, of_things
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.tests_green import KIND as ASKED
from workbench.gates.kinds.tests_green import TestsGreenConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import QUARANTINED, READINGS
from workbench.gates.of_commit import could_not_ask, not_of_candidate, not_whole
from workbench.gates.quarantine import ApprovedQuarantine
from workbench.gates.turn import ANYBODY, CANNOT_TELL, Turn
from workbench.gates.unproven import as_risk
from workbench.model.commits import same_commit
from workbench.model.dates import end_text
from workbench.model.steps import Job, Step
from workbench.model.times import day_text, parse_duration
from workbench.sources.reading import ALL_FAILING


class TestsGreen(Kind[TestsGreenConfig]):
    __test__ = False  # no test class, whatever its name begins with

    asked = ASKED
    fact = "tests_green"

    def needs(self, asks: TestsGreenConfig) -> Iterable[Need[Any]]:
        return (READINGS, QUARANTINED)

    def title(self, asks: TestsGreenConfig, facts: Facts) -> str:
        for_what = facts.candidate.commit[:7] if facts.candidate else "this commit"
        several = len(set(_sources(facts))) > 1
        return f"Tests green for {for_what}{f', {_name(asks.source, facts)}' if several else ''}"

    def parts(self, asks: TestsGreenConfig, facts: Facts) -> Iterable[Part]:
        fact = _fact(asks.source, facts, asks.max_age)
        reading = _reading(asks.source, facts)
        aside = _set_aside(reading, asks.source, facts) if fact.holds else ()
        part = Part(
            key=f"tests/{asks.source}",
            title=self.title(asks, facts),
            state=State.MET if fact.holds else State.NOT_MET,
            why=f"{fact.why}; {_aside_words(aside, facts)}" if aside else fact.why,
            weight=Weight.RISK if aside else Weight.BLOCKS,
            quarantined=bool(aside),
            about=f"benchmark/tests/{asks.source}",
            step=fact.step,
            unasked=bool(reading and facts.candidate and could_not_ask(reading, facts.now)),
            turn=None if fact.holds else _turn(reading, facts),
            bound=None if fact.holds else _bound(reading, facts),
        )
        yield as_risk(part, facts.definitions.unproven(asks.source))

    def moments(self, asks: TestsGreenConfig, facts: Facts) -> Iterable[datetime]:
        reading = _reading(asks.source, facts)
        return (reading.measured_at + parse_duration(asks.max_age),) if reading and asks.max_age else ()

    def only_time(self, asks: TestsGreenConfig, facts: Facts) -> bool:
        return _fact(asks.source, facts).holds

    def answer(self, asked: Sequence[TestsGreenConfig], facts: Facts) -> Fact:
        runs = [_fact(each.source, facts, each.max_age) for each in asked]
        if not runs:
            return Fact(False, "no gate asks for tests", open=True)
        return next((run for run in runs if not run.holds), runs[0])

    def tests(self, asks: TestsGreenConfig) -> Iterable[str]:
        return (asks.source,)

    def pins(self, asks: TestsGreenConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        reading = _reading(asks.source, facts)
        green = reading is not None and _fact(asks.source, facts, asks.max_age).holds
        return {f"tests/{asks.source}": [reading.ref]} if reading and green else {}


def _sources(facts: Facts) -> Iterable[str]:
    """The sources of all test runs that gates of the project ask for."""
    for gate in facts.project.gates:
        for requirement in gate.requires:
            if isinstance(requirement.config, TestsGreenConfig):
                yield requirement.config.source


def _name(source: str, facts: Facts) -> str:
    """What people call a source: its title, or its key."""
    found = facts.definitions.source(source)
    return found.title if found and found.title else source


def _reading(source: str, facts: Facts) -> Measurement | None:
    return facts(READINGS).get((f"tests/{source}", "tests"))


def _fact(source: str, facts: Facts, max_age: str | None = None) -> Fact:
    """Whether the test run of a source is green for the candidate, and in words."""
    reading = _reading(source, facts)
    wrong = _not_green(reading, facts, max_age)
    if wrong is None:
        return Fact(True, _green_words(reading, facts))
    step = _step(source, reading, facts)
    if wrong == ASSERTED and facts.candidate is not None:
        step = Step(Job.NAME_COMMIT, facts.candidate.commit[:7])
    return Fact(False, wrong, step, part=f"tests/{source}")


def _green_words(reading: Measurement | None, facts: Facts) -> str:
    """What passed; of a report that names no commit also when it was made, for that is all that ties it to this build."""
    words = (reading.why if reading else "") or "all green"
    if reading is None or reading.facts.get("commit_known") != "asserted":
        return words
    return f"{words}; commit asserted, report of {day_text(reading.measured_at, facts.zone)}"


def _step(source: str, reading: Measurement | None, facts: Facts) -> Step:
    """What helps: without a candidate there is nothing to ask for, and some things no fetch can bring."""
    if facts.candidate is None:
        return Step(Job.PROPOSE_CANDIDATE)
    field = reading.facts.get("edit") if reading and reading.state == "missing" else None
    if place := facts.definitions.mark("source", source, str(field)) if field else None:
        return Step(Job.EDIT_DEFINITIONS, f"{place} {source}")
    return Step(Job.PROPOSE_BUILD, f"tests/{source}") if _red(reading, facts) else Step(Job.FETCH, source)


def _red(reading: Measurement | None, facts: Facts) -> bool:
    """Whether the tests ran on this very build and are red: the next fetch would say the same."""
    if reading is None or reading.state != "ok" or reading.value in (None, 1) or ahead_of(facts.now, reading):
        return False
    build = facts.candidate.commit if facts.candidate else ""
    replayed = reading.mark == "replayed" and not facts.demonstration
    return not replayed and (not reading.build or same_commit(reading.build, build))


def _turn(reading: Measurement | None, facts: Facts) -> Turn:
    """Nobody knows when a run ends that is still going on; all else is for whoever reads it."""
    running = reading is not None and reading.state == "missing" and reading.facts.get("running")
    return CANNOT_TELL if running and facts.candidate else ANYBODY


def _bound(reading: Measurement | None, facts: Facts) -> Bound:
    """The tests that failed on this build; where they did not run on it, that nothing was measured."""
    if reading is not None and _red(reading, facts):
        failed = sum(_number(reading.facts.get(name)) for name in ("failed", "errors", "unclear"))
        named = failing_tests(reading)
        if failed or named:
            return of_things(named, "failing test", count=failed, stands="red")
        return of_things([reading.why], "failing run", stands="red")
    if reading is not None and reading.state == "ok" and reading.value == 1:
        return Bound(stands="green, but it does not count")
    return Bound(stands=RUNNING if reading and reading.facts.get("running") else NOT_MEASURED)


def _number(fact: object) -> int:
    return fact if isinstance(fact, int) and not isinstance(fact, bool) else 0


def _not_green(reading: Measurement | None, facts: Facts, max_age: str | None) -> str | None:
    none = "no test run fetched for this candidate" if reading is None else "no test run for this commit"
    if wrong := not_of_candidate(reading, facts, max_age, none=none, did="ran on"):
        return wrong
    assert reading is not None  # or it would say nothing about the candidate
    source = reading.subject.removeprefix("tests/")
    if reading.value != 1 and not _set_aside(reading, source, facts):
        return "; ".join(filter(None, (reading.why or "not green", reading.partial)))
    return not_whole(reading)


def _set_aside(reading: Measurement | None, source: str, facts: Facts) -> tuple[ApprovedQuarantine, ...]:
    """The quarantines of all tests that failed; nothing where one that failed is not quarantined."""
    named = failing_tests(reading) if reading is not None and reading.value == 0 else ()
    found = [facts(QUARANTINED).get(f"test/{source}/{name}") for name in named]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _aside_words(aside: Sequence[ApprovedQuarantine], facts: Facts) -> str:
    told = (f"{one.title} (until {end_text(one.until, facts.zone)})" for one in aside)
    return f"all that failed is quarantined: {', '.join(told)}"


def failing_tests(reading: Measurement) -> tuple[str, ...]:
    """The tests that failed, where the source names every one of them and nothing else is red."""
    named = reading.facts.get(ALL_FAILING)
    return msgspec.json.decode(str(named), type=tuple[str, ...]) if named else ()


KIND = TestsGreen()
