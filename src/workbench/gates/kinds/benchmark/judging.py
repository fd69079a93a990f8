"""One benchmark passes, whether it is blocking elsewhere or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.benchmark import KIND as ASKED
from workbench.gates.kinds.benchmark import BenchmarkConfig
from workbench.gates.kinds.benchmarks import BenchmarksConfig
from workbench.gates.kinds.benchmarks.judging import KIND as BENCHMARKS
from workbench.gates.kinds.benchmarks.judging import part_of
from workbench.gates.model import Part
from workbench.gates.needs import QUARANTINED
from workbench.gates.reach import REACH
from workbench.gates.unproven import as_risk


class OneBenchmark(Kind[BenchmarkConfig]):
    """Who names it in a gate wants it to pass there, also where it is advisory elsewhere."""

    asked = ASKED
    flaky = True

    def needs(self, asks: BenchmarkConfig) -> Iterable[Need[Any]]:
        return (JUDGED, QUARANTINED, REACH)

    def title(self, asks: BenchmarkConfig, facts: Facts) -> str:
        found = facts.definitions.benchmark(asks.benchmark)
        return found.title if found else asks.benchmark

    def parts(self, asks: BenchmarkConfig, facts: Facts) -> Iterable[Part]:
        for judged in self.verdicts(asks, facts):
            yield as_risk(part_of(judged, facts, facts(REACH).touched), judged.resolved.unproven)

    def nothing(self, asks: BenchmarkConfig, facts: Facts) -> str:
        return f"there is no benchmark “{asks.benchmark}”"

    def only_time(self, asks: BenchmarkConfig, facts: Facts) -> bool:
        return any(judged.verdict is Verdict.STALE for judged in self.verdicts(asks, facts))

    def verdicts(self, asks: BenchmarkConfig, facts: Facts) -> Sequence[Judged]:
        return [judged for judged in facts(JUDGED) if judged.key == asks.benchmark]

    def pins(self, asks: BenchmarkConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        return BENCHMARKS.pins(BenchmarksConfig(benchmark=asks.benchmark), facts)

    def rests(self, asks: BenchmarkConfig, facts: Facts) -> Iterable[Rest]:
        return BENCHMARKS.rests(BenchmarksConfig(benchmark=asks.benchmark), facts)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        return BENCHMARKS.change(old, new, since)


KIND = OneBenchmark()
