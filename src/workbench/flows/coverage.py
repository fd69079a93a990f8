"""FI-5: what is not covered of a flow; it is said wherever the flow appears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from workbench.definitions.shapes import Benchmark
from workbench.flows.model import Flow
from workbench.flows.steps import STAGING, Reality, running

NO_BENCHMARK = "no benchmark"
NO_TEST = "no test in staging"


class Gap(msgspec.Struct, frozen=True):
    """One thing that is not covered: ``mocked in qa``, and the steps that it is said of, if it is of steps."""

    what: str
    steps: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """``mocked: charge the card``."""
        return f"{self.what}: {', '.join(self.steps)}" if self.steps else self.what


class Uncovered(msgspec.Struct, frozen=True, kw_only=True):
    """A flow of which something is not covered."""

    flow: str
    name: str
    gaps: tuple[Gap, ...]


def gaps(flow: Flow, benchmarks: Iterable[Benchmark]) -> tuple[Gap, ...]:
    """What is not covered of a flow, given the benchmarks of the project or its own."""
    found = []
    if not any(benchmark.flow == flow.key for benchmark in benchmarks):
        found.append(Gap(NO_BENCHMARK))
    if not has_test(flow):
        found.append(Gap(NO_TEST))
    if flow.mocked_steps or any("[" in line for line in flow.steps):  # of very many flows most say neither
        steps = flow.every_step
        for how in (Reality.MOCKED, Reality.SKIPPED):
            for where, names in sorted(running(steps, how).items()):
                there = "" if where == STAGING else f" in {where}"
                found.append(Gap(f"{how.value}{there}", tuple(names)))
    return tuple(found)


def has_test(flow: Flow) -> bool:
    """Whether something tests the flow in staging today."""
    return bool(flow.staging_tests) and flow.staging_tests.strip().lower() != "none"


def uncovered(flows: Iterable[Flow], benchmarks: Iterable[Benchmark]) -> tuple[Uncovered, ...]:
    """The flows of which something is not covered, in their order."""
    measured: dict[str, list[Benchmark]] = {}
    for benchmark in benchmarks:
        measured.setdefault(benchmark.flow or "", []).append(benchmark)
    found = ((flow, gaps(flow, measured.get(flow.key, ()))) for flow in flows)
    return tuple(Uncovered(flow=flow.key, name=flow.name, gaps=missing) for flow, missing in found if missing)


def by_gap(found: Sequence[Uncovered]) -> Mapping[str, list[str]]:
    """What is not covered, each with the names of its flows and, in brackets, the steps."""
    named: dict[str, list[str]] = {NO_BENCHMARK: [], NO_TEST: []}
    for item in found:
        for gap in item.gaps:
            steps = f" ({', '.join(gap.steps)})" if gap.steps else ""
            named.setdefault(gap.what, []).append(f"{item.name}{steps}")
    return {what: names for what, names in named.items() if names}
