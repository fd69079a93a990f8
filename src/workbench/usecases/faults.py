"""Putting flows under faults: which scenarios there are, and recording what came of one."""

from __future__ import annotations

import msgspec

from workbench.benchmarks.faults import CATALOGUE, FaultTrial, expected, trials
from workbench.definitions.shapes import FaultScenario
from workbench.evidence.model import Evidence
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.record import Blob, Change, Commit
from workbench.releases import model as releases
from workbench.releases.model import require_open
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.fetching import keep_figures_out_of


class ScenarioLine(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario in words, and what came of it for the candidate: ``trial`` is ``None`` where nobody tried."""

    key: str
    flow: str
    step: str
    fault: str
    expected: str
    trial: FaultTrial | None

    @property
    def result(self) -> str:
        """``passed``, ``failed`` or ``not tried``."""
        return "not tried" if self.trial is None else "passed" if self.trial.passed else "failed"


def read_scenarios(context: Context, flow: str = "") -> list[ScenarioLine]:
    """The project's fault scenarios, or those of one flow, with what came of each for the candidate in hand."""
    known = context.record.count("release") > 0
    held = releases.find(context.record, context.release) if known else None
    tried = trials(context.record, held.candidate_id) if held else {}
    return [
        ScenarioLine(
            key=one.key,
            flow=one.flow,
            step=one.step,
            fault=CATALOGUE[one.fault].title,
            expected=expected(one),
            trial=tried[one.key][1] if one.key in tried else None,
        )
        for one in context.definitions.project.faults
        if flow in ("", one.flow)
    ]


def find_scenario(context: Context, key: str) -> FaultScenario:
    """The scenario with that key; ``UsageError`` where there is none."""
    known = {one.key: one for one in context.definitions.project.faults}
    if key in known:
        return known[key]
    meant = nearest(key, list(known))
    hint = (
        f"did you mean {meant}?" if meant else f"known: {', '.join(known) or 'none; list some under faults:'}"
    )
    raise UsageError(f"there is no fault scenario “{key}”", hint=hint)


def tried(context: Context, key: str, *, passed: bool, evidence: Evidence) -> Commit:
    """Record what came of a scenario for the candidate in hand; benchmarks that count trials are answered again."""
    scenario = find_scenario(context, key)
    held = releases.find(context.record, context.release)
    require_open(held)
    if held.candidate is None or held.candidate_id is None:
        raise UsageError(
            f"{held.release.version} has no candidate yet, so there is nothing to try",
            hint="workbench release candidate COMMIT",
        )
    blobs = evidence.blobs
    if evidence.link and not blobs:
        blobs = (Blob.of(evidence.link.encode(), "text/uri-list"),)
    trial = FaultTrial(
        scenario=key,
        flow=scenario.flow,
        fault=scenario.fault,
        passed=passed,
        by=context.author().actor,
        at=context.now,
        candidate=held.candidate_id,
        release=held.id,
        evidence=tuple(blob.digest for blob in blobs),
    )
    change = Change("fault_trial", fresh_id(context), "passed" if passed else "failed", plain(trial))
    done = commit(context, [change, evidence.change], blobs=list(blobs))
    keep_figures_out_of(context, "faults_tested", "faults_not_passed", flow=scenario.flow)
    return done
