"""What is said of a flow wherever it appears: its steps, what is not covered, and who agreed to its limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from workbench.definitions.shapes import Benchmark
from workbench.flows.coverage import gaps
from workbench.flows.fields import FIELDS
from workbench.flows.model import Flow
from workbench.flows.steps import Reality, Step, untimed
from workbench.model.noun_fields import field_of
from workbench.usecases.views.marks import Fact, Mark


def step_facts(steps: Sequence[Step]) -> list[Fact]:
    """The steps: in a line where they say nothing but what they do, else each with its service and how it runs."""
    if not any(step.service or step.runs or step.instruments is not None for step in steps):
        return [Fact("Steps", " → ".join(step.operation for step in steps))] if steps else []
    return [
        Fact("" if number else "Steps", f"{number + 1}  {_step_line(step)}", _step_mark(step))
        for number, step in enumerate(steps)
    ]


def _step_line(step: Step) -> str:
    """``charge the card · payment · sandboxed in staging · traces``."""
    runs = [f"{how.value} in {where}" for where, how in sorted(step.runs.items())]
    recorded = ", ".join(step.instruments) if step.instruments else ""
    nothing = "not instrumented" if step.instruments == () else ""
    return " · ".join(filter(None, (step.operation, step.service, *runs, recorded, nothing)))


def _step_mark(step: Step) -> Mark | None:
    unreal = {Reality.MOCKED, Reality.SKIPPED} & set(step.runs.values())
    return Mark.WARNS if unreal else None


def untimed_words(steps: Sequence[Step]) -> str:
    """Which steps cannot be timed, and why; nothing where each can."""
    names = untimed(steps)
    if not names:
        return ""
    said = [step for step in steps if step.instruments is not None]
    if not said:
        return "step by step: no step says that it is traced"
    return f"{', '.join(names)}: not traced"


def agreed_words(flow: Flow | None, benchmark: Benchmark | None, zone: tzinfo) -> str:
    """Who agreed to the limits and when: of a benchmark as its file says it, or else as its flow does."""
    if benchmark is not None and benchmark.agreed is not None:
        return f"by {benchmark.agreed.by}, on {benchmark.agreed.on}"
    if flow is None or flow.agreed_by is None:
        return ""
    day = field_of(FIELDS, "agreed_on").tell(flow.agreed_on, zone)
    return f"by {flow.agreed_by}, on {day}" if day else f"by {flow.agreed_by}; nobody has said when"


def not_covered_words(flow: Flow | None, benchmarks: Iterable[Benchmark]) -> str:
    """FI-5: what is not covered of a flow, in a line; nothing where all is."""
    return "; ".join(gap.words for gap in gaps(flow, benchmarks)) if flow is not None else ""
