"""What a release's kinds of change ask to be measured, and what was measured of it on the candidate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.kinds import KINDS
from workbench.definitions.shapes import Benchmark, Dimension
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kinds.changes_measured import ChangesMeasuredConfig
from workbench.gates.kinds.tests_green import TestsGreenConfig
from workbench.gates.needs import READINGS
from workbench.gates.probed import look
from workbench.gates.reach import measured_on
from workbench.model.changes import CHANGES, NO_KIND, WAYS, ChangeMeasure
from workbench.model.commits import same_commit


class Measured(StrEnum):
    """Whether something was measured on the candidate."""

    YES = "measured"
    NO_VALUE = "no value"  # something measures it, and has no value for this candidate
    NOTHING = "nothing measures it"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a kind of change asks to be measured.

    ``by`` names what measures it, ``benchmark`` the key of the first benchmark among that.
    """

    change: str
    measure: ChangeMeasure
    words: str
    state: Measured
    by: tuple[str, ...] = ()
    benchmark: str = ""

    @property
    def why(self) -> str:
        """Its state in words, with what measures it."""
        if self.state is Measured.NOTHING:
            return "nothing measures it"
        named = ", ".join(self.by)
        return named if self.state is Measured.YES else f"{named}: no value on this candidate"


def _asked(facts: Facts) -> tuple[Asked, ...]:
    changes = [change for change in facts.release.changes if change in CHANGES]
    if not changes:
        return ()
    answering = _Answering(facts)
    return tuple(answering.of(change, measure) for change in changes for measure in CHANGES[change].measures)


# What the kinds of change of the release ask for, in their order.
ASKED: Need[tuple[Asked, ...]] = Need(("release", "probe_run", *JUDGED.entities), _asked)


def names_kinds(facts: Facts) -> bool:
    """Whether somebody said which kinds of change the release carries; ``none`` is an answer."""
    return bool(facts.release.changes)


def carries_none(facts: Facts) -> bool:
    """Whether the release carries none of the kinds."""
    return facts.release.changes == (NO_KIND,)


class _Answering:
    """What of the project measures what, and whether it did on the candidate."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._benchmarks: dict[str, list[Judged]] = {}
        for item in facts(JUDGED):
            for name in measures_of(item.resolved.benchmark):
                self._benchmarks.setdefault(name, []).append(item)

    def of(self, change: str, measure: ChangeMeasure) -> Asked:
        """How one measure stands."""
        found = [*self._by_benchmarks(measure), *self._by_probes(measure), *self._by_tests(measure)]
        done = tuple(name for name, measured in found if measured)
        benchmark = next((item.key for item in self._benchmarks.get(measure, ())), "")
        state = Measured.YES if done else Measured.NO_VALUE if found else Measured.NOTHING
        by = done or tuple(name for name, _ in found)
        return Asked(
            change=change, measure=measure, words=WAYS[measure].words, state=state, by=by, benchmark=benchmark
        )

    def _by_benchmarks(self, measure: ChangeMeasure) -> Iterator[tuple[str, bool]]:
        for item in self._benchmarks.get(measure, ()):
            yield item.title, measured_on(item, self._facts.held.candidate_id)

    def _by_probes(self, measure: ChangeMeasure) -> Iterator[tuple[str, bool]]:
        for probe in self._facts.project.probes:
            if probe.kind in WAYS[measure].probes:
                found = look(probe, self._facts, None)
                yield found.title, found.run is not None and not found.wrong

    def _by_tests(self, measure: ChangeMeasure) -> Iterator[tuple[str, bool]]:
        for source in dict.fromkeys(_sources(measure, self._facts)):
            found = self._facts.definitions.source(source)
            yield (found.title if found and found.title else source), _ran(source, self._facts)


def measures_of(benchmark: Benchmark) -> tuple[str, ...]:
    """What a benchmark measures of kinds of change: what it says, what its kind says, or its dimension."""
    kind = KINDS.get(benchmark.kind) if benchmark.kind else None
    by_kind = kind.measures if kind is not None else ()
    latency = benchmark.dimension is Dimension.LATENCY_CONSISTENCY
    return tuple(dict.fromkeys((*benchmark.measures, *by_kind, *(("latency",) if latency else ()))))


def _sources(measure: ChangeMeasure, facts: Facts) -> Iterable[str]:
    """The sources whose test runs are a measure."""
    configs = [item.config for gate in facts.project.gates for item in gate.requires]
    named = [
        getattr(config, measure.value) for config in configs if isinstance(config, ChangesMeasuredConfig)
        if measure in (ChangeMeasure.INTEGRATION_TESTS, ChangeMeasure.CONTRACT_TESTS)
    ]  # fmt: skip
    found = [name for name in named if name]
    if not found and measure is ChangeMeasure.INTEGRATION_TESTS:
        return [config.source for config in configs if isinstance(config, TestsGreenConfig)]
    return found


def _ran(source: str, facts: Facts) -> bool:
    """Whether the tests of a source ran on the candidate, green or red."""
    reading = facts(READINGS).get((f"tests/{source}", "tests"))
    if reading is None or reading.state != "ok" or facts.candidate is None:
        return False
    return not reading.build or same_commit(reading.build, facts.candidate.commit)


def by_change(found: Iterable[Asked]) -> Mapping[str, tuple[Asked, ...]]:
    """The same, by kind of change."""
    grouped: dict[str, list[Asked]] = {}
    for item in found:
        grouped.setdefault(item.change, []).append(item)
    return {key: tuple(items) for key, items in grouped.items()}
