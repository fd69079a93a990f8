"""No more than so many issues of each severity are open in the issue tracker."""

from __future__ import annotations

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.gates.facts import Facts
from workbench.gates.kinds.issues import KIND as ASKED
from workbench.gates.kinds.issues import IssuesConfig
from workbench.gates.listed import Counted, ListedKind, counts_in, named, within
from workbench.model.steps import Job
from workbench.model.text import number_of
from workbench.sources.findings import listed_in


class Issues(ListedKind[IssuesConfig]):
    """Issues belong to no commit: what the tracker says now counts, for as long as it may."""

    asked = ASKED
    role = "issues"
    noun = "issue"
    none = "the issue tracker was not asked for this candidate"
    cleared_by = Job.FETCH  # once somebody has closed one, or said that it is less severe

    def title(self, asks: IssuesConfig, facts: Facts) -> str:
        told = ", ".join(f"{most} {severity}" for severity, most in asks.at_most.limits.items())
        return f"Open issues: at most {told}"

    def counted(self, asks: IssuesConfig, reading: Measurement) -> Counted:
        counts, things = counts_in(reading), listed_in(reading.facts)
        found = within(asks.at_most.limits, counts, things, "")
        without, most = counts["unknown"], asks.without_severity
        if most is None or without <= most:
            return found
        unjudged = [one for one in things if one.severity == "unknown"]
        words = f"{without:,} without a severity (at most {most:,}): {named(unjudged, without)}"
        return msgspec.structs.replace(
            found,
            count=found.count + without,
            things=[*found.things, *unjudged],
            beyond="; ".join(filter(None, (found.beyond, words))),
        )

    def kept(self, asks: IssuesConfig, reading: Measurement) -> tuple[str, str]:
        counts = counts_in(reading)
        total, without = sum(counts.values()), counts["unknown"]
        risk = f"{number_of(without, 'issue')} without a severity, which nobody has judged" if without else ""
        return (f"{number_of(total, 'issue')} open, within the limits" if total else "no issue is open"), risk


KIND = Issues()
