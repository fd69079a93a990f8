"""FI-2: which flows to begin with: those that are worth it and hold still, each with the reasons."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workbench.definitions.shapes import Benchmark, FailureCosts, Tier
from workbench.flows.coverage import has_test
from workbench.flows.model import Complexity, Flow, Stability, Stage
from workbench.flows.tiers import Cost, cost_of

FIRST = 3  # flows to begin with
_TIER = {Tier.CRITICAL: 3, Tier.IMPORTANT: 2, Tier.BEST_EFFORT: 1}
_COST = {Cost.HIGH: 2, Cost.MEDIUM: 1, Cost.LOW: 0}
_COMPLEXITY = {Complexity.LOW: 2, Complexity.MEDIUM: 1, Complexity.HIGH: 0}
_WAITS = {
    Stability.CHANGING: "it is under major change: what is learnt of it now is soon wrong",
    Stability.FLAKY: "it is known to be flaky: its alarms would mean nothing",
}


class Reason(msgspec.Struct, frozen=True):
    """What speaks for a flow, and how many points that is worth."""

    words: str
    points: int


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that is not under watch yet.

    ``reasons`` are what its points come from; ``unknown`` what nobody has said of it; ``waits`` why
    it should not be chosen yet.
    """

    flow: Flow
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...] = ()
    waits: str = ""

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def ranked(flows: Iterable[Flow], costs: FailureCosts | None) -> list[Ranked]:
    """The flows that are listed or selected, the best to take next first; those that should wait stand last."""
    found = [_ranked(flow, costs) for flow in flows if flow.stage in (Stage.LISTED, Stage.SELECTED)]
    return sorted(found, key=lambda one: (bool(one.waits), -one.points, one.flow.name, one.flow.key))


def _ranked(flow: Flow, costs: FailureCosts | None) -> Ranked:
    reasons = [Reason(flow.tier.value.replace("_", " "), _TIER[flow.tier])]
    unknown = []
    if flow.core:
        reasons.append(Reason("a core flow", 1))
    cost = cost_of(flow.failure_cost, costs)
    if cost is None:
        said = bool(flow.failure_cost)
        unknown.append("what counts as dear (failure_costs:)" if said else "how dear its failure is")
    elif _COST[cost]:
        reasons.append(
            Reason(f"its failure costs {'much' if cost is Cost.HIGH else 'something'}", _COST[cost])
        )
    if flow.complexity is Complexity.UNKNOWN:
        unknown.append("how complex it is")
    elif points := _COMPLEXITY[flow.complexity]:
        reasons.append(Reason("simple" if points > 1 else "not too complex", points))
    if flow.stability is Stability.STABLE:
        reasons.append(Reason("stable", 2))
    elif flow.stability is Stability.UNKNOWN:
        unknown.append("whether it is stable")
    if has_test(flow):
        reasons.append(Reason("tested in staging already", 1))
    return Ranked(
        flow=flow, reasons=tuple(reasons), unknown=tuple(unknown), waits=_WAITS.get(flow.stability, "")
    )


def all_at_once(flows: Iterable[Flow], benchmarks: Iterable[Benchmark]) -> str:
    """A warning where a team measures everything before anything was learnt; "" otherwise."""
    measured = {benchmark.flow for benchmark in benchmarks}
    found = list(flows)
    watched = [flow for flow in found if flow.key in measured]
    if len(watched) <= FIRST or any(flow.stage is Stage.ENFORCED for flow in found):
        return ""
    share = f"all {len(found)}" if len(watched) == len(found) else f"{len(watched)} of {len(found)}"
    return (
        f"{share} flows have benchmarks, and none is enforced yet: begin with two or three, "
        "and widen once their false alarms are known"
    )
