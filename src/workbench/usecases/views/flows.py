"""The flow inventory: what is not covered of each flow, and how its benchmarks stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Dimension, Tier
from workbench.flows.candidates import all_at_once
from workbench.flows.coverage import gaps, uncovered
from workbench.flows.fields import FIELDS
from workbench.flows.model import Flow, Stage, TriggerKind, all_flows, next_stage
from workbench.model.noun_fields import others
from workbench.model.text import number_of
from workbench.record import Stored
from workbench.usecases.adoption import advice_lines, advise_on, read_candidates, why_words
from workbench.usecases.context import Context
from workbench.usecases.views.benchmark import WORST, headline, mark_of, override_of
from workbench.usecases.views.flow_words import agreed_words, step_facts, untimed_words
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.matrix import dimension_word
from workbench.usecases.views.past import Past, read_past

if TYPE_CHECKING:  # what judges costs every list 28 ms
    from workbench.usecases.evaluate import Evaluation

TIER_WORDS = {Tier.CRITICAL: "critical", Tier.IMPORTANT: "important", Tier.BEST_EFFORT: "best effort"}
Marks = Mapping[tuple[str, Dimension | None], Mark]
Who = Callable[[str], str]


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """The flows as they are now, critical ones first, their rows in the record and gaps; all by key."""

    flows: Mapping[str, Flow] = {}
    stored: Mapping[str, Stored] = {}
    gaps: Mapping[str, tuple[str, ...]] = {}
    warning: str = ""


# More flows than this take long enough to read that the first ones are wanted before.
LONG = 5_000


def is_long(context: Context) -> bool:
    """Whether the inventory takes long to read."""
    return context.record.count("flow") > LONG


def read_inventory(context: Context, most: int | None = None) -> Inventory:
    """The inventory and its gaps; or its first flows."""
    rows = all_flows(context.record, most)
    missing = uncovered((flow for _, flow in rows), context.definitions.project.benchmarks)
    said = {item.flow: tuple(gap.words for gap in item.gaps) for item in missing}
    return Inventory(
        flows={flow.key: flow for _, flow in rows},
        stored={flow.key: stored for stored, flow in rows},
        warning=all_at_once((flow for _, flow in rows), context.definitions.project.benchmarks)
        if most is None
        else "",
        gaps={flow.key: said.get(flow.key, ()) for _, flow in rows},
    )


def worst_marks(found: Evaluation | None) -> Marks:
    """The worst mark of each flow's benchmarks, by dimension and (under ``None``) in all."""
    worst: dict[tuple[str, Dimension | None], Mark] = {}
    for judged in found.judged if found else ():
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


def following_stage(flow: Flow) -> Stage:
    """The adoption stage after this one; the last stays."""
    return next_stage(flow)


def summary(found: Inventory) -> list[Phrase]:
    """How the inventory stands, in one line."""
    flows = found.flows.values()
    if not flows:
        return [Phrase("The inventory is empty")]
    phrases = [
        Phrase(number_of(len(flows), "flow")),
        Phrase(f"{sum(flow.core for flow in flows)} core"),
        Phrase(f"{sum(flow.stage is Stage.ENFORCED for flow in flows)} enforced"),
    ]
    lacking = (
        (sum(bool(missing) for missing in found.gaps.values()), "not fully covered"),
        (sum(not flow.owner for flow in flows), "without an owner"),
    )
    if found.warning:
        phrases.append(Phrase("everything at once", Mark.WARNS))
    return [*phrases, *(Phrase(f"{count} {words}", Mark.WARNS) for count, words in lacking if count)]


class FlowPage(msgspec.Struct, frozen=True):
    """A flow in full: what is not covered of it, how it could be taken under watch, and what was done to it, last first."""

    flow: Flow
    gaps: tuple[str, ...]
    adoption: tuple[Fact, ...]
    past: tuple[Past, ...]


def read_page(context: Context, key: str) -> FlowPage | None:
    """A flow in full; ``None`` when the inventory does not have it."""
    rows = context.record.all("flow", "key = ?", (key,), limit=1)
    if not rows:
        return None
    flow = rows[0].decode(Flow)
    missing = tuple(gap.words for gap in gaps(flow, context.definitions.project.benchmarks))
    return FlowPage(flow, missing, tuple(_adoption(context, flow)), read_past(context, "flow", rows[0].id))


def _adoption(context: Context, flow: Flow) -> Iterator[Fact]:
    """FI-2 and SRC-1: where a flow stands among those to take next, and how it is best measured."""
    found = read_candidates(context)
    for place, one in enumerate(found.ranked, 1):
        if one.flow.key == flow.key:
            chosen = ", one to begin with" if flow.key in found.chosen else ""
            yield Fact("To take next", f"number {place} of {len(found.ranked)}{chosen}\n{why_words(one)}")
    if not flow.approach:
        best, *others = advice_lines(advise_on(flow))
        yield Fact("Measure it by", best)
        yield from (Fact("", line) for line in others)


# --- one flow ----------------------------------------------------------------------------


def about(flow: Flow, who: Who) -> str:
    """How much the flow matters and whose it is."""
    parts = [TIER_WORDS[flow.tier], "core" if flow.core else "", flow.stage.value]
    parts.append(who(flow.owner) if flow.owner else "unassigned")
    return " · ".join(part for part in parts if part)


# What the heading and the lines by hand tell of a flow.
_TOLD = frozenset(
    ("key", "name", "tier", "core", "stage", "owner", "services", "trigger", "outcome", "steps", "mocked_steps",
     "staging_tests", "failure_cost", "trigger_kind", "agreed_by", "agreed_on")
)  # fmt: skip


def facts(flow: Flow, missing: Iterable[str], found: Evaluation | None, zone: tzinfo) -> list[Fact]:
    """What is not covered, the benchmarks by dimension, then what the flow is."""
    said = [Fact("Not covered", text, Mark.WARNS) for text in missing]
    said += _benchmarks(flow, found, zone)
    steps = flow.every_step
    more = (
        ("Begins when", _begins(flow)),
        ("Ends with", flow.outcome),
        ("Runs through", ", ".join(flow.services)),
        ("Tests", flow.staging_tests),
        ("Limits agreed", agreed_words(flow, None, zone)),
        ("If it fails", f"five minutes cost {flow.failure_cost}" if flow.failure_cost else ""),
        *others(FIELDS, _TOLD, flow, zone),
        ("Key", flow.key),
    )
    told = [*said, *(Fact(label, text) for label, text in more if text), *step_facts(steps)]
    return [*told, Fact("Cannot be timed", late)] if (late := untimed_words(steps)) else told


def _begins(flow: Flow) -> str:
    kind = "" if flow.trigger_kind is TriggerKind.UNKNOWN else flow.trigger_kind.value.replace("_", " ")
    return f"{flow.trigger} ({kind})" if flow.trigger and kind else flow.trigger or kind


def _benchmarks(flow: Flow, found: Evaluation | None, zone: tzinfo) -> list[Fact]:
    """One line for each benchmark, its dimension named once."""
    if found is None:
        return []
    lines: list[Fact] = []
    own = [judged for judged in found.judged if judged.resolved.benchmark.flow == flow.key]
    for dimension in (*Dimension, None):
        label = dimension_word(dimension).capitalize()
        for judged in own:
            if judged.resolved.benchmark.dimension is dimension:
                override = override_of(found, judged.key)
                text = f"{judged.title}: {headline(judged, override, zone)}"
                lines.append(Fact(label, text, mark_of(judged, override)))
                label = ""
    return lines
