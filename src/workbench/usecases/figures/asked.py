"""A figure that the record is asked for, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

import msgspec

from workbench.definitions.shapes import Benchmark, Probe
from workbench.flows.model import Flow
from workbench.probes import runs
from workbench.probes.runs import ProbeRun
from workbench.sources.record import RecordMeasure
from workbench.usecases.context import Context


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the record answers: ``value`` in ``unit``, and the moment ``at`` that it stands for.

    ``of`` is how many things it was made from, or ``samples`` how many observations of chance: asked again,
    these may give another value.  ``why`` says what is missing.  ``probe`` names the probe that has to look for a
    better answer, ``because`` what makes the value bad, ``note`` what else is to be said; ``evidence`` are digests of blobs in the record; ``typed`` says that people typed
    what it is made from.
    """

    at: datetime
    value: Decimal | None = None
    unit: str = ""
    state: Literal["ok", "missing", "error"] = "ok"
    why: str = ""
    note: str = ""
    because: str = ""
    probe: str = ""
    of: int | None = None
    samples: int | None = None
    build: str | None = None
    replayed: bool = False
    typed: bool = False
    evidence: tuple[str, ...] = ()
    facts: Mapping[str, str | int] = {}


class Asking(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """For which benchmark a figure is asked; what it needs of the record is read once."""

    context: Context
    benchmark: Benchmark
    measure: RecordMeasure
    environment: str

    @cached_property
    def flow(self) -> Flow | None:
        """The flow that the benchmark is about, as the record has it."""
        rows = self.context.record.all("flow", "key = ?", (self.benchmark.flow or "",))
        return rows[0].decode(Flow) if rows else None

    def missing(self, why: str, *, probe: str = "") -> Answer:
        """That there is no value, and why."""
        return Answer(at=self.context.now, state="missing", why=why, probe=probe)

    def probes(self, *kinds: str) -> list[Probe]:
        """The probes of these kinds that look at it: the one that is named, or those of its flow, or of its environment."""
        staging = self.context.definitions.staging
        usual = staging.key if staging else ""
        known = [
            one
            for one in self.context.definitions.project.probes
            if one.kind in kinds and (one.environment or usual) == self.environment
        ]
        if self.measure.probe is not None:
            return [one for one in known if one.key == self.measure.probe]
        if self.benchmark.flow is None:
            return known
        own = [one for one in known if self.benchmark.flow in one.flows]
        return own or [one for one in known if not one.flows]

    def last_run(self, probe: Probe) -> ProbeRun | Answer:
        """The last run of a probe up to now, or why it gives no value."""
        found = runs.runs_of(self.context.record, probe.key, 1)
        if not found:
            return self.missing(f"the probe {probe.key} never ran", probe=probe.key)
        run = found[0][1]
        if run.definition != runs.definition_of(probe):
            return self.missing(f"the probe {probe.key} is defined otherwise since it ran", probe=probe.key)
        if run.state == "error":
            why = f"the probe {probe.key} could not look: {run.why}"
            return Answer(at=run.at, state="error", why=why, probe=probe.key, replayed=run.mark == "replayed")
        return run


Figure = Callable[[Asking], Answer]


def of_runs(found: Sequence[ProbeRun], answer: Answer) -> Answer:
    """An answer out of these runs: as old as the oldest of them, with what they saw as evidence."""
    sides = [side for run in found for side in (run.staging, run.production)]
    builds = {run.staging.build for run in found}
    return msgspec.structs.replace(
        answer,
        at=min(run.at for run in found),
        build=builds.pop() if len(builds) == 1 else None,
        replayed=any(run.mark == "replayed" for run in found),
        evidence=tuple(dict.fromkeys(side.snapshot for side in sides if side.snapshot)),
    )
