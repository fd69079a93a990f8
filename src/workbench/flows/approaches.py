"""SRC-1: by which approach a flow is best measured, from what is known of it and what a team answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.definitions.shapes import Tier
from workbench.flows.model import Complexity, Flow, Measuring, Stability
from workbench.flows.steps import untimed

MANY_SERVICES = 4


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What a team answers; ``None`` where nobody has."""

    tracing: bool | None = None
    """Do traces pass from service to service?"""
    steady_traffic: bool | None = None
    """Does staging have steady traffic?"""
    routing: bool | None = None
    """Can a share of the traffic be sent to a new version, and switched off by a flag?"""
    strict_compliance: bool | None = None
    """Do strict rules forbid it to run two versions on real traffic?"""
    operations: bool | None = None
    """Is there somebody to run and watch it?"""


class Strengths(msgspec.Struct, frozen=True, kw_only=True):
    """What an approach takes and gives."""

    set_up: str
    coverage: str
    realism: str
    upkeep: str
    finds: str
    not_for: str


STRENGTHS = {
    Measuring.SYNTHETIC: Strengths(
        set_up="low to medium", coverage="narrow", realism="low", upkeep="high",
        finds="regressions in known scenarios", not_for="dynamic flows",
    ),
    Measuring.MONITORING: Strengths(
        set_up="medium to high", coverage="broad", realism="medium", upkeep="medium",
        finds="anomalies", not_for="staging with little traffic",
    ),
    Measuring.CANARY: Strengths(
        set_up="high", coverage="very broad", realism="high", upkeep="low",
        finds="subtle regressions", not_for="strict compliance, or few people to operate it",
    ),
}  # fmt: skip


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """An approach for a flow: what speaks for it, what against, and what it needs that is not there.

    ``unknown`` is that part of what it ``lacks`` of which nobody has said whether it is there.
    """

    approach: Measuring
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """How well it fits: a reason for it against a reason against it."""
        return len(self.pros) - len(self.cons)

    @property
    def possible(self) -> bool:
        return not self.lacks


def known_answers(flow: Flow, given: Answers) -> Answers:
    """The answers, with what the flow's steps say themselves where nobody has answered."""
    steps = flow.every_step
    if given.tracing is None and any(step.instruments is not None for step in steps):
        return msgspec.structs.replace(given, tracing=not untimed(steps))
    return given


def advise(flow: Flow, given: Answers) -> list[Advice]:
    """Each approach with its reasons, the one that is recommended first.

    One that needs what is not there, or what nobody has said to be there, is never recommended; synthetic
    transactions need nothing, so that there always is one.
    """
    answers = known_answers(flow, given)
    found = [_synthetic(flow), _monitoring(flow, answers), _canary(flow, answers)]
    return sorted(found, key=lambda one: (not one.possible, -one.points))


def beside(advice: Sequence[Advice]) -> list[Advice]:
    """What goes along with the recommended approach: hybrids are normal."""
    return [one for one in advice[1:] if one.possible and one.points > 0]


def _synthetic(flow: Flow) -> Advice:
    pros, cons = ["needs the least to begin with"], []
    if flow.complexity is Complexity.LOW and flow.stability is Stability.STABLE:
        pros.append("the flow is simple and stable")
    if flow.tier is Tier.CRITICAL:
        pros.append("quick answers for a critical flow")
    if flow.stability is Stability.CHANGING:
        cons.append("the flow changes: its scripts would age at once")
    if flow.complexity is Complexity.HIGH:
        cons.append("the flow is complex: scripts see little of it")
    return Advice(approach=Measuring.SYNTHETIC, pros=tuple(pros), cons=tuple(cons))


def _monitoring(flow: Flow, answers: Answers) -> Advice:
    pros, cons = ["sees all traffic that there is"], []
    if flow.complexity in (Complexity.MEDIUM, Complexity.HIGH):
        pros.append("the flow has more paths than anybody scripts")
    if len(flow.services) >= MANY_SERVICES:
        pros.append(f"{len(flow.services)} services work together in it")
    if flow.stability is Stability.FLAKY:
        cons.append("the flow is flaky: its anomalies would not mean much")
    needs = {
        "traces that pass from service to service": answers.tracing,
        "steady traffic in staging": answers.steady_traffic,
    }
    return _advice(Measuring.MONITORING, pros, cons, needs)


def _canary(flow: Flow, answers: Answers) -> Advice:
    pros, cons = ["finds subtle regressions"], []
    if flow.stability is Stability.CHANGING:
        pros.append("the flow changes: each version is compared with the one before")
    if flow.tier is Tier.CRITICAL and flow.complexity is Complexity.HIGH:
        pros.append("what is critical and complex is risky")
    if answers.strict_compliance:
        cons.append("strict rules speak against two versions side by side")
    needs = {
        "routing of a share of the traffic": answers.routing,
        "somebody to run and watch it": answers.operations,
    }
    return _advice(Measuring.CANARY, pros, cons, needs)


def _advice(
    approach: Measuring, pros: Sequence[str], cons: Sequence[str], needs: Mapping[str, bool | None]
) -> Advice:
    return Advice(
        approach=approach,
        pros=tuple(pros),
        cons=tuple(cons),
        lacks=tuple(what for what, there in needs.items() if not there),
        unknown=tuple(what for what, there in needs.items() if there is None),
    )
