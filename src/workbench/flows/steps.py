"""FI-1: the steps of a flow, each one line that people write and read.

``payments: reserve the money [mocked in staging, metrics, traces]``: the service and a colon where one is
said, what it does, and in brackets how it runs in an environment and what is recorded of it.  The line is
what is kept, exported and typed; :func:`step_of` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from workbench.model.cells import CellError, read_list, short_text
from workbench.model.tables import match_name

STAGING = "staging"
"""Where a step runs as it says when it names no environment."""


class Reality(StrEnum):
    """How a step runs in an environment."""

    REAL = "real"
    SANDBOXED = "sandboxed"
    MOCKED = "mocked"
    SKIPPED = "skipped"


class Instrument(StrEnum):
    """What is recorded of a step while it runs."""

    METRICS = "metrics"
    TRACES = "traces"
    LOGS = "logs"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a flow.

    ``runs`` leads from an environment's key to how the step runs there; one that is not in it is not known.
    ``instruments`` is ``None`` where nothing is said, and empty where nothing is recorded.
    """

    operation: str
    service: str = ""
    runs: Mapping[str, Reality] = {}
    instruments: tuple[Instrument, ...] | None = None

    @property
    def timed(self) -> bool:
        """Whether the step can be timed by itself: only what is known to be traced can."""
        return Instrument.TRACES in (self.instruments or ())


_RUNS = {
    "real": Reality.REAL, "live": Reality.REAL,
    "sandboxed": Reality.SANDBOXED, "sandbox": Reality.SANDBOXED,
    "mocked": Reality.MOCKED, "mock": Reality.MOCKED, "stubbed": Reality.MOCKED, "simulated": Reality.MOCKED,
    "skipped": Reality.SKIPPED, "missing": Reality.SKIPPED,
}  # fmt: skip
_RECORDED = {
    "metrics": Instrument.METRICS, "measured": Instrument.METRICS,
    "traces": Instrument.TRACES, "traced": Instrument.TRACES, "spans": Instrument.TRACES,
    "logs": Instrument.LOGS, "logged": Instrument.LOGS,
}  # fmt: skip
_NOTHING = "not instrumented"
_LINE = re.compile(r"(?P<what>.*?)\s*\[(?P<notes>[^\[\]]*)\]\s*", re.DOTALL)
_SERVICE = re.compile(r"(?P<service>[^:\s][^:]*?):\s+(?P<operation>\S.*)", re.DOTALL)
_RUNS_IN = re.compile(r"(?P<how>\w+)(?:\s+in\s+(?P<where>\S+))?")


def read_step(text: str) -> Step:
    """The step that a line says; ``CellError`` for a word in its brackets that means nothing."""
    found = _LINE.fullmatch(text)
    step = _named(found["what"] if found else text)
    if found is None:
        return step
    runs: dict[str, Reality] = {}
    recorded: set[Instrument] | None = None
    for note in filter(None, (each.strip() for each in re.split(r"[,;+]|\band\b", found["notes"]))):
        word = " ".join(note.casefold().split())
        if word == _NOTHING:
            recorded = recorded or set()
        elif word in _RECORDED:
            recorded = {*(recorded or ()), _RECORDED[word]}
        else:
            how, where = _run(note)
            if runs.setdefault(where, how) is not how:
                raise CellError(
                    f"“{short_text(step.operation)}” runs in two ways in {short_text(where)}",
                    "say one of them",
                )
    instruments = None if recorded is None else tuple(each for each in Instrument if each in recorded)
    return msgspec.structs.replace(step, runs=runs, instruments=instruments)


def _named(text: str) -> Step:
    found = _SERVICE.fullmatch(text.strip())
    if found is None:
        return Step(operation=text.strip())
    return Step(operation=found["operation"], service=found["service"])


def _run(note: str) -> tuple[Reality, str]:
    found = _RUNS_IN.fullmatch(" ".join(note.split()))
    how = _RUNS.get(found["how"].casefold()) if found else None
    if found is not None and how is not None:
        return how, (found["where"] or STAGING).casefold()
    from difflib import get_close_matches  # only of a mistake

    near = get_close_matches(note.casefold().split()[0], [*_RUNS, *_RECORDED], n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise CellError(
        f"“{short_text(note)}” says nothing of a step",
        f"{meant}write real, sandboxed, mocked or skipped, in an environment; metrics, traces, logs or {_NOTHING}",
    )


def write_step(step: Step) -> str:
    """The line that :func:`read_step` reads."""
    notes = [f"{how.value} in {where}" for where, how in sorted(step.runs.items())]
    if step.instruments is not None:
        notes += [each.value for each in step.instruments] or [_NOTHING]
    named = f"{step.service}: {step.operation}" if step.service else step.operation
    return f"{named} [{', '.join(notes)}]" if notes else named


def read_steps(text: str) -> tuple[str, ...]:
    """The lines of a cell, each as :func:`write_step` writes it; ``CellError`` where one cannot be read."""
    return tuple(write_step(read_step(line)) for line in _whole(read_list(text)))


def _whole(items: Iterable[str]) -> list[str]:
    """Items of a list, where those that stand in one pair of brackets are one."""
    found: list[str] = []
    for item in items:
        if found and found[-1].count("[") > found[-1].count("]"):
            found[-1] = f"{found[-1]}, {item}"
        else:
            found.append(item)
    return found


def step_of(line: str) -> Step:
    """The step of a line that was kept before steps said more: what its brackets do not say belongs to its name."""
    try:
        return read_step(line)
    except CellError:
        return _named(line)


def steps_of(lines: Sequence[str], mocked: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a flow, with those that a list of its own calls mocked in staging.

    One that the list names and the steps do not have is a step too: it would be lost otherwise.
    """
    steps = [step_of(line) for line in lines]
    left = {match_name(name): name for name in mocked}
    for place, (line, step) in enumerate(zip(lines, steps, strict=True)):
        names = {match_name(line), match_name(step.operation)} & left.keys()
        if names:
            steps[place] = msgspec.structs.replace(step, runs={STAGING: Reality.MOCKED, **step.runs})
        for name in names:
            del left[name]
    return (*steps, *(Step(operation=name, runs={STAGING: Reality.MOCKED}) for name in left.values()))


def running(steps: Iterable[Step], how: Reality) -> dict[str, list[str]]:
    """Which steps run so, by environment."""
    found: dict[str, list[str]] = {}
    for step in steps:
        for where, runs in step.runs.items():
            if runs is how:
                found.setdefault(where, []).append(step.operation)
    return found


def untimed(steps: Iterable[Step]) -> tuple[str, ...]:
    """The steps that cannot be timed: nobody says that they are traced."""
    return tuple(step.operation for step in steps if not step.timed)
