"""The same queries give the same results in staging as in production (BM-1)."""

from __future__ import annotations

from decimal import Decimal

from workbench.definitions.shapes import Probe
from workbench.gates import probed
from workbench.gates.bound import LOWER, of_value
from workbench.gates.facts import Facts
from workbench.gates.kinds.data_consistency import KIND as ASKED
from workbench.gates.kinds.data_consistency import PROBES, SCORE, DataConsistencyConfig
from workbench.gates.model import Part, State
from workbench.gates.passing import ProbesPass
from workbench.gates.probed import Look
from workbench.model.quantity import find_unit
from workbench.model.steps import Job, Step
from workbench.probes.runs import ProbeRun

_DRIFTED = Decimal("0.9")  # BM-1: under 90 % is significant drift


class DataConsistency(ProbesPass[DataConsistencyConfig]):
    """A score counts, not whether the probe passes: some queries may differ."""

    asked = ASKED
    probes = PROBES

    def title(self, asks: DataConsistencyConfig, facts: Facts) -> str:
        return f"At least {asks.at_least} % of the same queries give the same"

    def judged(self, asks: DataConsistencyConfig, found: Look, run: ProbeRun, key: str) -> Part:
        score = probed.score_of(run, SCORE)
        if score is None:
            return probed.part(found, State.NOT_MET, "the probe gave no data consistency score", key=key)
        words = f"{probed.amount(score)} of {score.of} queries"
        if self.holds(asks, run):
            return probed.part(found, State.MET, words, key=key)
        drifted = ": significant drift" if score.value < _DRIFTED else ""
        where = probed.paths([seen.path for seen in run.changes], run.differing)
        beside = f" ({where})" if where else ""
        why = f"{words}, at least {asks.at_least} %{drifted}{beside}"
        bound = of_value(score.value * 100, find_unit("%"), LOWER, "")
        return probed.part(found, State.NOT_MET, why, self.step(found.probe, run), key=key, bound=bound)

    def holds(self, asks: DataConsistencyConfig, run: ProbeRun) -> bool:
        score = probed.score_of(run, SCORE)
        return score is not None and score.value * 100 >= asks.at_least

    def step(self, probe: Probe, run: ProbeRun) -> Step:
        return Step(Job.REFRESH_DATA, run.environment)

    def keys(self, probe: Probe) -> str:
        return f"data/consistency/{probe.key}"


KIND = DataConsistency()
