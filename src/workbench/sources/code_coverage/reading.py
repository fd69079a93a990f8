"""What every kind that reads coverage does alike: the runs of one build are counted together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workbench.model.errors import SourceError
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.code_coverage import CoverageMeasure
from workbench.sources.code_coverage.covered import Code, Covered, What, counted, matching
from workbench.sources.reading import Found, Question, in_unit
from workbench.sources.report_files import Report, Reports, Told, oldest


class CoverageReports(Reports[Covered]):
    """Reads the coverage reports of one source; a kind adds ``read``."""

    def told(self, read: Covered) -> Told:
        """When it was measured, and what measured it."""
        return Told(measured_at=read.timestamp, zoned=read.zoned, tool=read.tool)

    def answer(self, reports: Sequence[Report[Covered]], question: Question) -> Found:
        """A share or a number of the code that all reports together speak of."""
        if not isinstance(question.ask, CoverageMeasure):
            raise SourceError("coverage is read as a measure", hint="give the measure read: lines")
        together = Covered()
        for one in reports:
            if flaw := one.read.flaw():
                return _missing(reports, f"{safe_text(one.name, 200)} contradicts itself: it {flaw}")
            together.add(one.read)
        files = matching(together.files, question.ask.paths)
        if not files:
            paths = ", ".join(question.ask.paths or ())
            why = (
                f"no file of the report matches {safe_text(paths, 200)}"
                if paths
                else "the report names no file"
            )
            return _missing(reports, why)
        return _answer(files, question.ask.read, reports, question)


def _answer(
    files: dict[str, Code], read: str, reports: Sequence[Report[Covered]], question: Question
) -> Found:
    what: What = "branches" if read == "branches" else "functions" if read == "functions" else "lines"
    ran, of = counted(files, what)
    if not of:
        hint = ": turn on the measuring of branches" if what == "branches" else ""
        return _missing(reports, f"no {what} were measured{hint}")
    value = Decimal(of - ran) if read == "missed_lines" else from_float(ran / of)
    number, unit = in_unit(value, "" if read == "missed_lines" else "share", question.unit)
    facts: dict[str, str | int] = {what: of, "ran": ran, "files_measured": len(files)}
    if least := _least(files, what):
        facts["least_covered"] = least
    return Found(state="ok", measured_at=oldest(reports), value=number, unit=unit, samples=of, facts=facts)


def _least(files: dict[str, Code], what: What) -> str:
    """The file with most that did not run, and how much of it did."""
    gaps = {name: counted({name: code}, what) for name, code in files.items()}
    name, (ran, of) = max(gaps.items(), key=lambda one: (one[1][1] - one[1][0], one[0]))
    return f"{safe_text(name, 200)}: {ran:,} of {of:,}" if ran < of else ""


def _missing(reports: Sequence[Report[Covered]], why: str) -> Found:
    return Found(state="missing", measured_at=oldest(reports), why=why)
