"""FI-4: the flows that traces show: what begins them, their steps in order, and how each ran where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from workbench.model.text import number_of, safe_text
from workbench.sources.traces.model import ENVIRONMENT, Span, Spans
from workbench.sources.traces.naming import fits, peer
from workbench.sources.traces.trees import Node, Trace, topmost, traces_of, walk

Reality = Literal["real", "mocked", "skipped"]
Shape = Literal["api_orchestration", "event_pipeline", "synchronous_chain", "batch", "unknown"]
Trigger = Literal["user_action", "event", "schedule", "unknown"]

MOST = 200  # flows that are proposed at once
MOST_STEPS = 100  # of one flow
_ENOUGH = 3  # runs in which a step was to be expected, before its absence says something
_HEALTH = re.compile(
    r"(?:^|[/\s])(?:health|healthz|ready|readyz|readiness|live|livez|liveness|metrics|ping)/?$", re.I
)
_VARIES = re.compile(
    r"(?<=/)(?:[0-9]+|[0-9a-f]{8,}(?:-[0-9a-f]{4}){0,3}(?:-[0-9a-f]{12})?)(?=[/?\s]|$)", re.I
)
_TIMED = re.compile(r"\b(?:cron|timer|nightly|hourly|daily|scheduled?|job)\b", re.I)


class SeenStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step: whose, what, how it ran in each environment that is known, and in how many runs it was seen."""

    service: str
    operation: str
    runs: Mapping[str, Reality] = {}
    seen: int = 0

    @property
    def line(self) -> str:
        """``orders: POST /orders``."""
        return f"{self.service}: {self.operation}" if self.service else self.operation


class SeenFlow(msgspec.Struct, frozen=True, kw_only=True):
    """A flow as its traces show it; the first of its ``steps`` begins it.

    ``ran`` says how often in each environment, "" where the traces do not say which.
    """

    steps: tuple[SeenStep, ...]
    ran: Mapping[str, int]
    shape: Shape = "unknown"
    trigger: Trigger = "unknown"

    @property
    def begins(self) -> SeenStep:
        """What begins it."""
        return self.steps[0]

    @property
    def services(self) -> tuple[str, ...]:
        """Everybody who takes part, in the order of the steps."""
        return tuple(dict.fromkeys(step.service for step in self.steps if step.service))


class SeenFlows(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in traces: the flows that ran most first, and what should be known of them."""

    flows: tuple[SeenFlow, ...] = ()
    notes: tuple[str, ...] = ()


class _Found(msgspec.Struct):
    """One run: its steps with whether a stub answered, and where it ran."""

    environment: str
    steps: dict[tuple[str, str], bool]
    whole: bool
    begin: Span
    fans_out: bool
    messages: int
    calls: int


def flows_of(spans: Spans, called: Mapping[str, str], stubs: Mapping[str, str] | None) -> SeenFlows:
    """The flows in some spans.

    ``called`` leads from what traces call an environment to its key; ``stubs`` are the attributes of a stub's spans.
    """
    traces = traces_of(spans.spans)
    taken = _taken(traces)
    grouped: dict[tuple[str, str], list[_Found]] = {}
    headless = health = 0
    for trace in traces:
        headless += not trace.roots
        for root in trace.roots:
            if _HEALTH.search(root.span.name):
                health += 1
                continue
            found = _run(trace, root, taken, stubs or {})
            grouped.setdefault((root.span.service, _operation(root.span)), []).append(found)
    flows = sorted(
        (_flow(runs, called) for runs in grouped.values()), key=lambda flow: -sum(flow.ran.values())
    )
    notes = [*spans.notes]
    if spans.partial:
        notes.append(spans.partial)
    if headless:
        notes.append(f"{number_of(headless, 'trace')} whose beginning is missing were left out")
    if health:
        notes.append(f"{number_of(health, 'health check')} were left out")
    unknown = sorted({name for flow in flows for name in flow.ran if name and name not in called.values()})
    if unknown:
        notes.append(
            f"the project has no environment {', '.join(unknown[:5])}: write under environments of the source what its traces call yours"
        )
    if long := [flow for flow in flows if len(flow.steps) > MOST_STEPS]:
        notes.append(
            f"{number_of(len(long), 'flow')} with more than {MOST_STEPS} steps, of which the first are shown"
        )
        flows = [msgspec.structs.replace(flow, steps=flow.steps[:MOST_STEPS]) for flow in flows]
    if len(flows) > MOST:
        notes.append(f"{len(flows) - MOST:,} more, which ran less often, are not shown")
    if stubs is None:
        notes.append("nothing says how a stub is recognised, so whether a step is real is not known")
        flows = [_without_reality(flow) for flow in flows]
    return SeenFlows(flows=tuple(flows[:MOST]), notes=tuple(notes))


# --- one run ------------------------------------------------------------------------------------


def _taken(traces: Iterable[Trace]) -> frozenset[tuple[str, str]]:
    """What is sent or asked, by whom and how it is called, and is taken by a service that leaves spans."""
    return frozenset(
        (node.span.service, _operation(node.span))
        for trace in traces
        for top in trace.tops
        for node in walk(top)
        if node.span.kind in ("client", "producer") and _is_answered(node)
    )


def _enters(span: Span, caller: Span) -> bool:
    """Whether a span begins what a service does for whoever called it; not every program says the kind of its spans."""
    return span.kind in ("server", "consumer") or span.service != caller.service


def _is_answered(node: Node) -> bool:
    return any(_enters(child.span, node.span) for child in node.children)


def _run(trace: Trace, root: Node, taken: frozenset[tuple[str, str]], stubs: Mapping[str, str]) -> _Found:
    steps: dict[tuple[str, str], bool] = {}
    environment, messages, calls, fans_out = "", 0, 0, False
    callers: dict[int, Span] = {}
    for node in walk(root):
        span = node.span
        for child in node.children:
            callers.setdefault(id(child), span)
        environment = environment or safe_text(span.first_of(ENVIRONMENT), 60)
        step = _step(node, callers.get(id(node)), taken)
        if step is not None:
            steps[step] = steps.get(step, False) or _is_stub(span, stubs)
        messages += span.kind == "consumer"
        calls += node is not root and span.kind != "consumer" and _enters(span, callers[id(node)])
        fans_out = fans_out or len(set(_called_by(node))) > 1
    return _Found(environment, steps, not trace.orphans, root.span, fans_out, messages, calls)


def _step(node: Node, caller: Span | None, taken: frozenset[tuple[str, str]]) -> tuple[str, str] | None:
    """The step that a span is: the first of all, the entry into a service, or a call of one that leaves no spans."""
    span = node.span
    if caller is None or _enters(span, caller):
        return span.service, _operation(span)
    if span.kind not in ("client", "producer") or _is_answered(node):
        return None
    if span.kind == "producer" and (span.service, _operation(span)) in taken:
        return None  # sent, and nobody was there to take it
    named = peer(span)
    return (named, _operation(span)) if named else None


def _called_by(node: Node) -> Iterator[str]:
    """The services that a span calls, below what it does itself."""
    for one in topmost(node.children, lambda span: span.service != node.span.service):
        yield one.span.service


def _operation(span: Span) -> str:
    """What a span does, with ``*`` for numbers and ids in a path."""
    return _VARIES.sub("*", span.name).strip() or "?"


def _is_stub(span: Span, stubs: Mapping[str, str]) -> bool:
    return any((said := span.says(name)) is not None and fits(value, said) for name, value in stubs.items())


# --- all runs of a flow ---------------------------------------------------------------------------


def _flow(runs: Sequence[_Found], called: Mapping[str, str]) -> SeenFlow:
    order: list[tuple[str, str]] = []
    for run in sorted(runs, key=lambda run: -len(run.steps)):
        _insert(order, list(run.steps))
    where: dict[str, list[_Found]] = {}
    for run in runs:
        where.setdefault(called.get(run.environment, run.environment), []).append(run)
    steps = tuple(
        SeenStep(
            service=service,
            operation=operation,
            runs={
                key: how
                for key, there in sorted(where.items())
                if key in called.values() and (how := _how((service, operation), key, where)) is not None
            },
            seen=sum((service, operation) in run.steps for run in runs),
        )
        for service, operation in order
    )
    return SeenFlow(
        steps=steps,
        ran={key: len(there) for key, there in sorted(where.items())},
        shape=_shape(runs),
        trigger=_trigger(runs[0].begin),
    )


def _insert(order: list[tuple[str, str]], steps: Sequence[tuple[str, str]]) -> None:
    """Puts what is new behind what came before it."""
    place = 0
    for step in steps:
        if step in order:
            place = order.index(step) + 1
        else:
            order.insert(place, step)
            place += 1


def _how(step: tuple[str, str], key: str, where: Mapping[str, Sequence[_Found]]) -> Reality | None:
    """How a step ran in one environment of those ``where`` the flow ran; nothing where that cannot be told.

    It is skipped where it never ran, though it was to be expected by how often it ran elsewhere.
    """
    there = where[key]
    seen = [run.steps[step] for run in there if step in run.steps]
    if seen:
        return "mocked" if any(seen) else "real"
    elsewhere = [run for other, runs in where.items() if other != key for run in runs]
    whole = [run for run in there if run.whole]
    if not elsewhere or len(whole) < len(there):
        return None
    share = sum(step in run.steps for run in elsewhere) / len(elsewhere)
    return "skipped" if share >= 0.5 and share * len(whole) >= _ENOUGH else None


def _shape(runs: Sequence[_Found]) -> Shape:
    longest = max(runs, key=lambda run: len(run.steps))
    begin = longest.begin
    if begin.kind in ("consumer", "producer") or longest.messages > longest.calls:
        return "event_pipeline"
    if _trigger(begin) == "schedule":
        return "batch"
    if any(run.fans_out for run in runs):
        return "api_orchestration"
    return "synchronous_chain" if len({service for service, _ in longest.steps}) > 1 else "unknown"


def _trigger(begin: Span) -> Trigger:
    if begin.attributes.get("faas.trigger") == "timer" or (
        begin.kind == "internal" and _TIMED.search(begin.name)
    ):
        return "schedule"
    if begin.kind == "consumer":
        return "event"
    return "user_action" if begin.kind in ("server", "client") else "unknown"


def _without_reality(flow: SeenFlow) -> SeenFlow:
    """Without saying of any step that it is real: it may be a stub that nobody can tell."""
    steps = tuple(
        msgspec.structs.replace(step, runs={key: how for key, how in step.runs.items() if how == "skipped"})
        for step in flow.steps
    )
    return msgspec.structs.replace(flow, steps=steps)
