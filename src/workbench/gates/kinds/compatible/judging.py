"""The candidate is verified against what runs in production now; what nobody has verified blocks."""

from __future__ import annotations

from workbench.gates.facts import Facts
from workbench.gates.kinds.compatible import KIND as ASKED
from workbench.gates.kinds.compatible import PROBES, CompatibleConfig
from workbench.gates.passing import ProbesPass
from workbench.model.text import number_of
from workbench.probes.runs import ProbeRun

VERIFIED = "verified_pairs"  # the score of which each pair that was tried is a part


class Compatible(ProbesPass[CompatibleConfig]):
    asked = ASKED
    probes = PROBES

    def title(self, asks: CompatibleConfig, facts: Facts) -> str:
        return "Compatible with what runs in production"

    def passed(self, run: ProbeRun) -> str:
        tried = next((score.of for score in run.scores if score.key == VERIFIED), 0)
        return f"{number_of(tried, 'pair')} verified" if tried else "no version is new to production"

    def failed(self, run: ProbeRun) -> str:
        return "not verified"


KIND = Compatible()
