"""Scanners found no more than so many problems of each severity in this commit."""

from __future__ import annotations

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.gates.facts import Facts
from workbench.gates.kinds.findings import KIND as ASKED
from workbench.gates.kinds.findings import FindingsConfig
from workbench.gates.listed import Counted, ListedKind, counts_in, within
from workbench.model.text import number_of
from workbench.sources.findings import listed_in


class Findings(ListedKind[FindingsConfig]):
    asked = ASKED
    role = "findings"
    noun = "finding"

    def title(self, asks: FindingsConfig, facts: Facts) -> str:
        told = ", ".join(f"{most} {severity}" for severity, most in asks.at_most.limits.items())
        return f"Findings of scanners: at most {told}"

    def counted(self, asks: FindingsConfig, reading: Measurement) -> Counted:
        limits = asks.at_most.limits
        found = within(limits, counts_in(reading), listed_in(reading.facts), "high")
        may_be = reading.facts.get("ungraded")
        if found.beyond or "critical" not in limits or limits.keys() & {"high", "medium", "low"}:
            return found
        if not isinstance(may_be, int) or may_be <= limits["critical"]:
            return found
        # High ones are not limited here, and these may be critical: nothing grades them.
        words = f"{number_of(may_be, 'finding')} without a score may be critical; limit high ones, too"
        return msgspec.structs.replace(found, count=found.count + may_be, beyond=words)

    def kept(self, asks: FindingsConfig, reading: Measurement) -> tuple[str, str]:
        total = sum(counts_in(reading).values())
        aside = reading.facts.get("suppressed")
        risk = f"{number_of(aside, 'finding')} set aside" if isinstance(aside, int) and aside else ""
        return (f"{number_of(total, 'finding')} open, within the limits" if total else "nothing found"), risk


KIND = Findings()
