"""The flow inventory in words and marks: table rows, the summary line, the detail of one flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Benchmark, Dimension, Tier
from workbench.flows.model import STAGES, Flow, Stage, all_flows, gaps
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, override_of
from workbench.usecases.views.benchmark import WORST, headline, mark_of

DIMENSIONS = {
    Dimension.DATA_FIDELITY: ("Data", "Data fidelity"),
    Dimension.SERVICE_PARITY: ("Serv", "Service parity"),
    Dimension.FLOW_COMPLETENESS: ("Flow", "Flow completeness"),
    Dimension.LATENCY_CONSISTENCY: ("Time", "Latency consistency"),
    Dimension.ERROR_HANDLING: ("Err", "Error handling"),
}
TIERS = {Tier.CRITICAL: "critical", Tier.IMPORTANT: "important", Tier.BEST_EFFORT: "best effort"}
COLUMNS = (
    Column("name", "Flow", flex=1, least=24, most=60),
    Column("tier", "Tier", least=9, most=11),
    Column("stage", "Stage", least=8, most=8),
    Column("core", "Core", most=4, least=4, drop=2),
    *(Column(each.value, short, align="center") for each, (short, _) in DIMENSIONS.items()),
    Column("owner", "Owner", most=14, least=5, drop=3),
    Column("gaps", "Not covered", flex=3, least=20, most=120, drop=4),
)
SORTABLE = ("name", "tier", "stage", "owner", "gaps")
_TIER_ORDER = {tier: place for place, tier in enumerate((Tier.CRITICAL, Tier.IMPORTANT, Tier.BEST_EFFORT))}
Marks = Mapping[tuple[str, Dimension | None], Mark]


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """The flows as they are now, by key, and what is not covered of each."""

    flows: Mapping[str, Flow]
    gaps: Mapping[str, tuple[str, ...]]


def read_rows(
    context: Context, found: Evaluation | None, who: Callable[[str], str]
) -> tuple[Inventory, list[Row]]:
    """The inventory and its table rows; a job for the desk."""
    flows = {flow.key: flow for _, flow in all_flows(context.record)}
    measured: dict[str, list[Benchmark]] = {}
    for benchmark in context.definitions.project.benchmarks:
        measured.setdefault(benchmark.flow or "", []).append(benchmark)
    missing = {key: tuple(gaps(flow, measured.get(key, ()))) for key, flow in flows.items()}
    marks = worst_marks(found)
    rows = [_row(flow, missing[key], marks, who) for key, flow in flows.items()]
    return Inventory(flows=flows, gaps=missing), rows


def worst_marks(found: Evaluation | None) -> Marks:
    """The worst mark of each flow's benchmarks, by dimension and (under ``None``) in all."""
    worst: dict[tuple[str, Dimension | None], Mark] = {}
    for judged in found.facts.judged if found else ():
        benchmark = judged.resolved.benchmark
        mark = _mark(judged, found)
        for dimension in {benchmark.dimension, None}:
            place = (benchmark.flow or "", dimension)
            worst[place] = _worse(mark, worst.get(place))
    return worst


def _mark(judged: Judged, found: Evaluation | None) -> Mark:
    return mark_of(judged, override_of(found, judged.key) if found else None)


def _worse(one: Mark, other: Mark | None) -> Mark:
    return one if other is None or WORST.index(one) < WORST.index(other) else other


def _row(flow: Flow, missing: tuple[str, ...], marks: Marks, who: Callable[[str], str]) -> Row:
    return Row(
        flow.key,
        (
            Cell(flow.name, Role.STRONG if flow.core else Role.TEXT),
            Cell(TIERS[flow.tier], order=_TIER_ORDER[flow.tier]),
            Cell(flow.stage.value, order=-STAGES.index(flow.stage)),
            Cell("core" if flow.core else ""),
            *(_mark_cell(marks.get((flow.key, dimension))) for dimension in DIMENSIONS),
            Cell(who(flow.owner), Role.MUTED) if flow.owner else Cell("nobody", Role.MUTED),
            Cell("; ".join(missing), Role.MUTED),
        ),
        marks.get((flow.key, None), Mark.OPEN),
    )


def _mark_cell(mark: Mark | None) -> Cell:
    return Cell(mark.symbol, role_of(mark)) if mark else Cell()


def summary(found: Inventory) -> list[Piece]:
    """How the inventory stands, in one line."""
    flows = found.flows.values()
    if not flows:
        return [Piece("The inventory is empty", Role.STRONG)]
    count = len(found.flows)
    parts = [Piece("1 flow" if count == 1 else f"{count:,} flows", Role.STRONG)]
    parts.append(Piece(f"{sum(flow.core for flow in flows)} core"))
    enforced = sum(flow.stage is Stage.ENFORCED for flow in flows)
    parts.append(Piece(f"{enforced} enforced"))
    bare = sum(bool(missing) for missing in found.gaps.values())
    if bare:
        parts.append(Piece(f"{bare} not fully covered", Role.WARNING))
    ownerless = sum(not flow.owner for flow in flows)
    if ownerless:
        parts.append(Piece(f"{ownerless} without an owner", Role.WARNING))
    return parts


# --- the detail --------------------------------------------------------------------------


def meta(flow: Flow, who: Callable[[str], str]) -> str:
    """How much the flow matters and whose it is."""
    parts = [TIERS[flow.tier], "core" if flow.core else "", flow.stage.value]
    parts.append(who(flow.owner) if flow.owner else "nobody looks after it")
    return " · ".join(part for part in parts if part)


def blocks(flow: Flow, missing: Iterable[str], found: Evaluation | None, zone: tzinfo) -> list[Block]:
    """What is not covered, the benchmarks by dimension, then what the flow is."""
    said: list[Block] = [Pair("Not covered", text, Mark.WARNS) for text in missing]
    said += _benchmark_pairs(flow, found, zone)
    others = (
        ("Begins when", flow.trigger),
        ("Ends with", flow.outcome),
        ("Services", ", ".join(flow.services)),
        ("Steps", " → ".join(flow.steps)),
        ("Tests", flow.staging_tests),
        ("If it fails", f"five minutes cost {flow.failure_cost}" if flow.failure_cost else ""),
        ("Key", flow.key),
    )
    return [*said, *(Pair(label, text) for label, text in others if text)]


def _benchmark_pairs(flow: Flow, found: Evaluation | None, zone: tzinfo) -> list[Block]:
    """One line for each benchmark, its dimension named once."""
    pairs: list[Block] = []
    if found is None:
        return pairs
    own = [judged for judged in found.facts.judged if judged.resolved.benchmark.flow == flow.key]
    for dimension in (*DIMENSIONS, None):
        label = DIMENSIONS[dimension][1] if dimension else "Others"
        for judged in own:
            if judged.resolved.benchmark.dimension is dimension:
                override = override_of(found, judged.key)
                text = f"{judged.title}: {headline(judged, override, zone)}"
                pairs.append(Pair(label, text, mark_of(judged, override)))
                label = ""
    return pairs
