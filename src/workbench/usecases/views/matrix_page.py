"""Flows by dimensions with how each flow stands in the gate, what is not covered of it, and what the candidate touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Dimension
from workbench.flows.coverage import gaps
from workbench.flows.model import Flow
from workbench.flows.paths import Touch
from workbench.gates.chance import Chance, chance_of
from workbench.gates.reach import REACH, UNMEASURED
from workbench.model.text import number_of
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.benchmark import headline, mark_of, override_of
from workbench.usecases.views.flows import TIER_WORDS
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.matrix import NO_FLOW, FlowLine, dimension_word, flow_lines, unmeasured
from workbench.usecases.views.standing import in_doubt_words

Marked = tuple[Judged, Mark]
ALL = "*"  # stands for every dimension


class RollUp(msgspec.Struct, frozen=True):
    """How the blocking benchmarks of a flow stand together: the worst of them, and how many."""

    mark: Mark
    words: str


class MatrixRow(msgspec.Struct, frozen=True):
    """A flow: its squares by dimension, its roll-up, and whether the candidate touches it."""

    line: FlowLine
    tier: str
    gate: RollUp
    touched: RollUp | None


class MatrixPage(msgspec.Struct, frozen=True):
    """Every flow of the inventory and of the benchmarks, the most important tier first.

    ``tiers`` says how the benchmarks of the flows of each tier stand, by the tier in words; "" is
    what belongs to no flow of the inventory.
    """

    rows: tuple[MatrixRow, ...]
    marked: tuple[Marked, ...]
    tiers: Mapping[str, str]
    chance: Chance

    def of(self, flow: str, dimension: Dimension | str | None = ALL) -> list[Marked]:
        """The benchmarks of a square, or of a whole flow."""
        return [
            (item, mark)
            for item, mark in self.marked
            if (item.resolved.benchmark.flow or NO_FLOW) == flow
            and dimension in (ALL, item.resolved.benchmark.dimension)
        ]


def read_matrix(context: Context, found: Evaluation) -> MatrixPage:
    """What the record and the files give; asks the record which flows the candidate touches."""
    marked = tuple((item, mark_of(item, override_of(found, item.key))) for item in found.judged)
    lines = flow_lines(marked, found.flows, found.cannot_tell)
    lines += [_without(flow) for flow in unmeasured(lines, found.flows)]
    touched, left = found.facts(REACH).touched, found.facts(UNMEASURED)
    tiers = list(TIER_WORDS.values())
    own: dict[str, list[Marked]] = {}
    for item, mark in marked:
        own.setdefault(item.resolved.benchmark.flow or NO_FLOW, []).append((item, mark))
    rows = [_row(line, own.get(line.key, ()), found.flows, touched, left) for line in lines]
    rows.sort(key=lambda row: tiers.index(row.tier) if row.tier in tiers else len(tiers))
    below: dict[str, list[Marked]] = {}
    for row in rows:
        below.setdefault(row.tier, []).extend(own.get(row.line.key, ()))
    notes = {tier: _together_words(items, tier) for tier, items in below.items()}
    return MatrixPage(tuple(rows), marked, notes, chance_of(found.judged))


def _together_words(own: Sequence[Marked], tier: str) -> str:
    """``4 of 6 blocking pass, 1 excepted · 2 advisory``, of what stands below a heading."""
    blocking = [(item, mark) for item, mark in own if item.blocking]
    excepted = sum(mark is Mark.EXCEPTED for _, mark in blocking)
    through = sum(item.through and mark is not Mark.EXCEPTED for item, mark in blocking)
    aside = f", {excepted} excepted" if excepted else ""
    passing = f"{through} of {len(blocking)} blocking pass{aside}" if blocking else ""
    advisory = len(own) - len(blocking)
    counted = "counted as critical" if own and not tier else ""
    return " · ".join(filter(None, (counted, passing, f"{advisory} advisory" if advisory else "")))


def _without(flow: Flow) -> FlowLine:
    return FlowLine(flow.key, flow.name, {}, gaps=tuple(gap.words for gap in gaps(flow, ())))


def _row(
    line: FlowLine,
    own: Sequence[Marked],
    flows: Mapping[str, Flow],
    touched: Mapping[str, Touch],
    left: Mapping[str, Touch],
) -> MatrixRow:
    flow = flows.get(line.key)
    touch = None
    if line.key in left:
        touch = RollUp(Mark.WARNS, "touched, not measured")
    elif line.key in touched:
        touch = RollUp(Mark.DONE, f"touched: {number_of(touched[line.key].files, 'file')}")
    return MatrixRow(line, TIER_WORDS[flow.tier] if flow else "", roll_up(own), touch)


def roll_up(own: Sequence[Marked]) -> RollUp:
    """The worst of the blocking ones; every one of them has to be through, whatever the tier."""
    blocking = [mark for item, mark in own if item.blocking]
    for mark, one, several in _TOGETHER:
        if count := blocking.count(mark):
            return RollUp(mark, f"{count} {one if count == 1 else several}")
    if blocking:
        return RollUp(Mark.DONE, "passes")
    return RollUp(Mark.NOT_APPLICABLE, "advisory" if own else "none")


# What the blocking benchmarks of a flow may come to, the worst first.
_TOGETHER = (
    (Mark.BLOCKS, "blocks", "block"),
    (Mark.EXCEPTED, "excepted", "excepted"),
    (Mark.LEARNING, "not known", "not known"),
    (Mark.WARNS, "warns", "warn"),
)


def summary(found: MatrixPage) -> list[Phrase]:
    """How the flows stand together, in one line."""
    flows = [row for row in found.rows if row.line.key != NO_FLOW]
    marks = [row.gate.mark for row in flows]
    blocked, silent = marks.count(Mark.BLOCKS), sum(not row.line.squares for row in flows)
    left = sum(row.touched is not None and row.touched.mark is Mark.WARNS for row in flows)
    parts = [Phrase(number_of(len(flows), "flow"))]
    parts += [Phrase(f"{Mark.BLOCKS.symbol} {blocked} blocked", Mark.BLOCKS)] if blocked else []
    parts += [Phrase(f"{silent} without a benchmark", Mark.WARNS)] if silent else []
    parts += [Phrase(f"{left} touched by this candidate, not measured", Mark.WARNS)] if left else []
    checks = number_of(found.chance.checks, "statistical check")
    by_chance = f"{checks}: up to {found.chance.expected:.2g} by chance"
    return [*parts, Phrase(by_chance, aside=True)] if found.chance.checks else parts


def square_title(row: MatrixRow, dimension: Dimension | str | None) -> str:
    """``Checkout, latency``; of a whole flow its name."""
    if dimension == ALL:
        return row.line.title
    named = dimension if isinstance(dimension, Dimension) else None
    return f"{row.line.title}, {dimension_word(named)}"


def square_facts(
    page: MatrixPage, row: MatrixRow, dimension: Dimension | str | None, found: Evaluation, zone: tzinfo
) -> list[Fact]:
    """The benchmarks of a square with their verdicts, and what else is to be known of the flow."""
    facts = [
        Fact(item.title, headline(item, override_of(found, item.key), zone), mark)
        for item, mark in page.of(row.line.key, dimension)
    ]
    if not facts:
        facts.append(Fact("Benchmarks", "none here"))
    if row.line.gaps:
        facts.append(Fact("Not covered", "; ".join(row.line.gaps), Mark.WARNS))
    if words := in_doubt_words(row.line.in_doubt):
        facts.append(Fact("In doubt", words.partition(": ")[2], Mark.WARNS))
    if row.touched is not None:
        facts.append(Fact("Candidate", row.touched.words, row.touched.mark))
    return facts
