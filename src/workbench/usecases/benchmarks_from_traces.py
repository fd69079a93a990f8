"""Benchmarks of the flows that traces show, as YAML to paste."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.flows.steps import Step
from workbench.model.keys import new_key
from workbench.sources.kinds import KINDS
from workbench.usecases.flows_from_traces import ProposedFlow
from workbench.usecases.looking_at_traces import TracesQuestion


def benchmarks_for(question: TracesQuestion, found: Sequence[ProposedFlow]) -> list[str]:
    """Benchmarks of these flows, as lines of YAML to paste: how long, how often failed, how complete, how long each step.

    They ask the first source of traces that was looked at; of files a source has to be written first.
    """
    key = question.sources[0] if question.sources else "traces"
    source = question.definitions.source(key)
    server = source is not None and bool(KINDS[source.kind].uses(source.config))
    lines = []
    if source is None:
        named = ", ".join(_quoted(file.as_posix()) for file in question.files)
        lines += [
            "sources:",
            f"  - {{key: {key}, kind: {_of_files()}, files: [{named}], stubs: {{stub: {_quoted('true')}}}}}",
        ]
    lines.append("benchmarks:")
    keys = {one.key for one in question.definitions.project.benchmarks if one.key}
    for one in found:
        begins, *steps = one.flow.every_step
        asked = f"source: {key}, begins: {_quoted(_line(begins))}{', window: 1h' if server else ''}"
        lines += _benchmark(one.key, "p95", "latency", f"{asked}, unit: s", keys)
        lines += _benchmark(
            one.key, "errors", "error_rate", f"{asked}, read: error_rate, unit: {_quoted('%')}", keys
        )
        if steps:
            named = ", ".join(_quoted(_line(step)) for step in steps)
            told = f"{asked}, read: complete, steps: [{named}], unit: {_quoted('%')}"
            lines += _benchmark(one.key, "complete", "complete_scenarios", told, keys)
        for step in steps:
            told = f"{asked}, step: {_quoted(_line(step))}, unit: s"
            lines += _benchmark(
                one.key, f"{step.operation} p95", "step_latency", told, keys, step=_line(step)
            )
    return lines


def _of_files() -> str:
    """The kind of source that reads traces from files."""
    return next(name for name, kind in KINDS.items() if kind.traces and kind.recognise is not None)


def _benchmark(flow: str, what: str, kind: str, measure: str, keys: set[str], *, step: str = "") -> list[str]:
    key = new_key(f"{flow} {what}"[:60], keys)  # a key has 64 characters at most
    keys.add(key)
    named = [f"    step: {_quoted(step)}"] if step else []
    return [
        f"  - key: {key}",
        f"    kind: {kind}",
        f"    flow: {flow}",
        *named,
        f"    measure: {{{measure}}}",
    ]


def _line(step: Step) -> str:
    return f"{step.service}: {step.operation}" if step.service else step.operation


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
