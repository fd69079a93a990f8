"""Kinds of source that read what a tool wrote of its checks of data: each says how one file is read, the rest is the same."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.checks import Check, ChecksMeasure, measure
from workbench.sources.reading import Found, Question
from workbench.sources.report_files import NOTHING_TOLD, Report, Reports, Told, oldest


class CheckRun(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one file.

    ``flaws`` say why it does not tell of every check; ``without`` says, of a file that has none, why that is.
    """

    checks: Sequence[Check]
    flaws: Sequence[str] = ()
    without: str = ""
    told: Told = NOTHING_TOLD


class CheckReports(Reports[CheckRun]):
    """Reads the files of one source; the checks of all of them count together."""

    def told(self, read: CheckRun) -> Told:
        """What the file says of itself."""
        return read.told

    def answer(self, reports: Sequence[Report[CheckRun]], question: Question) -> Found:
        """One number about the checks."""
        asked = question.ask
        if not isinstance(asked, ChecksMeasure):
            raise SourceError("checks of data answer “read” only: pass_rate, failed and others")
        return measure(
            [check for report in reports for check in report.read.checks],
            asked,
            question,
            measured_at=oldest(reports),
            flaws=[flaw for report in reports for flaw in report.read.flaws],
            without=next((report.read.without for report in reports if report.read.without), ""),
        )
