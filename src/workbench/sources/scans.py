"""Kinds of source that read what a scanner wrote: each says how one file is read, the rest is the same."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.findings import Finding, FindingsMeasure, count
from workbench.sources.reading import Found, Question
from workbench.sources.report_files import NOTHING_TOLD, Report, Reports, Told, oldest


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one file of a scanner; ``flaws`` say why it did not see everything.

    ``secrets`` says that the scanner looks for secrets, whether it found one or not.
    """

    findings: Sequence[Finding]
    secrets: bool = False
    flaws: Sequence[str] = ()
    told: Told = NOTHING_TOLD


class ScanReports(Reports[Scan]):
    """Reads the files of one source; all of them count together, and a finding that several tell of counts once."""

    def told(self, read: Scan) -> Told:
        """What the file says of itself."""
        return read.told

    def answer(self, reports: Sequence[Report[Scan]], question: Question) -> Found:
        """How many findings there are."""
        measure = question.ask
        if not isinstance(measure, FindingsMeasure):
            raise SourceError("a scanner's files answer “read” only: open, suppressed or total")
        return count(
            (finding for report in reports for finding in report.read.findings),
            measure,
            question,
            measured_at=oldest(reports),
            flaws=[flaw for report in reports for flaw in report.read.flaws],
            secrets=any(report.read.secrets for report in reports),
        )
