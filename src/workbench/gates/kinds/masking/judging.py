"""No personal data of production is readable in staging: every probe for masking passes."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.checklists.model import Fact
from workbench.gates import probed
from workbench.gates.facts import Facts
from workbench.gates.kinds.masking import KIND as ASKED
from workbench.gates.kinds.masking import PROBES, MaskingConfig
from workbench.gates.passing import ProbesPass
from workbench.model.text import number_of
from workbench.probes.runs import ProbeRun


class Masking(ProbesPass[MaskingConfig]):
    asked = ASKED
    probes = PROBES
    fact = "data_masked"

    def title(self, asks: MaskingConfig, facts: Facts) -> str:
        return "Personal data are masked"

    def answer(self, asked: Sequence[MaskingConfig], facts: Facts) -> Fact:
        asks = asked or (MaskingConfig(),)
        parts = (part for each in asks for part in self.parts(each, facts))
        return probed.fact_of(parts, "every probe for masking passes")

    def passed(self, run: ProbeRun) -> str:
        return f"{number_of(run.compared, 'parameter')} looked at, nothing personal is readable"

    def failed(self, run: ProbeRun) -> str:
        return f"readable in {run.environment}"


KIND = Masking()
