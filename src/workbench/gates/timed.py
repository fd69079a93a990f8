"""FI-1: a step of a flow that is not traced cannot be timed by itself, and what claims to time it says so."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.flows.model import Flow
from workbench.gates.facts import Facts
from workbench.gates.needs import FLOWS


def marked(facts: Facts, judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """The verdicts, each with a remark where it times a step that nobody says is traced."""
    judged = tuple(judged)
    if not any(item.resolved.benchmark.step for item in judged):
        return judged
    flows = facts(FLOWS)
    return tuple(_marked(item, flows.get(item.resolved.benchmark.flow or "")) for item in judged)


def _marked(item: Judged, flow: Flow | None) -> Judged:
    words = cannot_be_timed(flow, item.resolved.benchmark.step or "")
    if not words:
        return item
    if item.verdict is Verdict.MISSING:
        outcome = msgspec.structs.replace(item.outcome, reason=f"{words}; {item.outcome.reason}")
        return msgspec.structs.replace(item, outcome=outcome)
    return msgspec.structs.replace(item, remarks=(*item.remarks, words))


def cannot_be_timed(flow: Flow | None, name: str) -> str:
    """Why a step cannot be timed by itself, in words; "" where it can, or where its flow is not known here."""
    if not name or flow is None:
        return ""
    wanted = name.casefold()
    steps = [one for one in flow.every_step if wanted in (one.operation.casefold(), one.service.casefold())]
    if not steps:
        return f"cannot be timed: the flow has no step “{name}”"
    if any(step.timed for step in steps):
        return ""
    return f"cannot be timed: nobody says that {name} is traced"
