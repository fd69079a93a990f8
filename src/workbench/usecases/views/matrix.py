"""Flows by dimensions, each square the worst of its benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Dimension, Tier
from workbench.flows.coverage import gaps
from workbench.flows.model import Flow
from workbench.parity.touching import NO_DOUBT, Doubt
from workbench.usecases.views.benchmark import WORST
from workbench.usecases.views.marks import Mark

DIMENSION_WORDS = {
    Dimension.DATA_FIDELITY: "data",
    Dimension.SERVICE_PARITY: "services",
    Dimension.FLOW_COMPLETENESS: "completeness",
    Dimension.LATENCY_CONSISTENCY: "latency",
    Dimension.ERROR_HANDLING: "errors",
}
NO_FLOW = ""
_TIERS = tuple(Tier)  # the most important first


class Square(msgspec.Struct, frozen=True):
    """The worst mark among ``of`` benchmarks, and how many of them bear it; ``first`` is one of those."""

    mark: Mark
    bearing: int
    of: int
    first: str

    @property
    def words(self) -> str:
        """A number beside the mark."""
        return str(self.of) if self.bearing == self.of else f"{self.bearing} of {self.of}"


class FlowLine(msgspec.Struct, frozen=True):
    """A flow with its squares by dimension; ``None`` stands for benchmarks without a dimension.

    ``in_doubt`` counts the undecided and accepted differences that touch it: what its benchmarks cannot tell.
    ``gaps`` says what is not covered of it (FI-5).
    """

    key: str
    title: str
    squares: Mapping[Dimension | None, Square]
    in_doubt: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def worst(self) -> int:
        """The place of its worst mark in :data:`WORST`."""
        return min((WORST.index(square.mark) for square in self.squares.values()), default=len(WORST))


def flow_lines(
    judged: Iterable[tuple[Judged, Mark]],
    flows: Mapping[str, Flow],
    cannot_tell: Callable[[Judged], Doubt] = lambda item: NO_DOUBT,
) -> list[FlowLine]:
    """A line for each flow that has benchmarks: by tier, then in the order of the files.

    ``cannot_tell`` gives the differences that put a benchmark in doubt.
    """
    doubts: dict[str, int] = {}
    grouped: dict[str, dict[Dimension | None, list[tuple[Judged, Mark]]]] = {}
    tiers: dict[str, int] = {}
    for item, mark in judged:
        benchmark = item.resolved.benchmark
        key = benchmark.flow or NO_FLOW
        tiers.setdefault(key, _TIERS.index(item.resolved.tier) if benchmark.flow else len(_TIERS))
        grouped.setdefault(key, {}).setdefault(benchmark.dimension, []).append((item, mark))
        doubts[key] = max(doubts.get(key, 0), cannot_tell(item).count)
    return [
        FlowLine(
            key,
            title_of(key, flows),
            {name: _square(items) for name, items in grouped[key].items()},
            doubts[key],
            _gaps(flows.get(key), grouped[key]),
        )
        for key in sorted(grouped, key=tiers.__getitem__)
    ]


def _gaps(
    flow: Flow | None, own: Mapping[Dimension | None, Sequence[tuple[Judged, Mark]]]
) -> tuple[str, ...]:
    if flow is None:
        return ()
    benchmarks = (item.resolved.benchmark for items in own.values() for item, _ in items)
    return tuple(gap.words for gap in gaps(flow, benchmarks))


def unmeasured(lines: Iterable[FlowLine], flows: Mapping[str, Flow]) -> list[Flow]:
    """FI-5: the flows that have no line, because they have no benchmark."""
    measured = {line.key for line in lines}
    return [flow for key, flow in flows.items() if key not in measured]


def dimension_squares(judged: Iterable[tuple[Judged, Mark]]) -> dict[Dimension | None, Square]:
    """The worst of each dimension over all flows, in the order of the dimensions; ``None`` has what has none."""
    grouped: dict[Dimension | None, list[tuple[Judged, Mark]]] = {}
    for item, mark in judged:
        grouped.setdefault(item.resolved.benchmark.dimension, []).append((item, mark))
    order = [name for name in (*Dimension, None) if name in grouped]
    return {name: _square(grouped[name]) for name in order}


def dimension_word(dimension: Dimension | None) -> str:
    """What a dimension is called, everywhere."""
    return DIMENSION_WORDS[dimension] if dimension else "other"


def title_of(key: str, flows: Mapping[str, Flow]) -> str:
    """The name of a flow; environments have benchmarks of their own."""
    if key == NO_FLOW:
        return "No flow"
    return flows[key].name if key in flows else key


def _square(items: Sequence[tuple[Judged, Mark]]) -> Square:
    worst = min((mark for _, mark in items), key=WORST.index)
    bearing = [item.key for item, mark in items if mark is worst]
    return Square(worst, len(bearing), len(items), bearing[0])
