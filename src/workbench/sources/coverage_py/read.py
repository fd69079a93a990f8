"""Reads the JSON report of coverage.py.

Format: ``coverage json`` (https://coverage.readthedocs.io), formats 1 to 3.
"""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.code_coverage.covered import Covered
from workbench.sources.code_coverage.reading import CoverageReports
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File


class _Meta(msgspec.Struct):
    version: str
    timestamp: str | None = None


class _File(msgspec.Struct):
    executed_lines: list[int]
    missing_lines: list[int]
    executed_branches: list[tuple[int, int]] | None = None
    missing_branches: list[tuple[int, int]] | None = None


class _Totals(msgspec.Struct):
    covered_lines: Any = None
    num_statements: Any = None


class _Document(msgspec.Struct):
    meta: _Meta
    files: dict[str, _File]
    totals: _Totals


class CoveragePy(CoverageReports):
    """Reads one source's reports."""

    def read(self, file: File) -> Covered:
        """What one report covers."""
        document: _Document = file.json(_Document, self.largest)
        covered = Covered(tool=f"coverage.py {document.meta.version}")
        for name, found in document.files.items():
            code = covered.file(name)
            ran = {
                line for line in found.executed_lines if line > 0
            }  # line 0 is an empty file that was loaded
            code.lines_ran |= ran
            code.lines |= ran | set(found.missing_lines)
            code.branches_ran |= set(found.executed_branches or ())
            code.branches |= {*(found.executed_branches or ()), *(found.missing_branches or ())}
        try:
            if document.meta.timestamp:
                covered.timestamp, covered.zoned = moment_of_text(document.meta.timestamp, "its time")
            told = count_of(document.totals.covered_lines, "totals.covered_lines")
            of = count_of(document.totals.num_statements, "totals.num_statements")
        except SourceError as error:
            raise file.wrong(f"cannot be read: {error.what}", hint=error.hint) from None
        covered.claimed = told / of if of else None
        return covered


def recognise(sample: Sample) -> str:
    """What a file is, by the keys of coverage.py's report."""
    if not {"meta", "files", "totals"} <= sample.keys:
        return ""
    meta = sample.value("meta")
    told = isinstance(meta, dict) and {"version", "branch_coverage"} <= meta.keys()
    return "a JSON report of coverage.py" if told else ""
