"""Reads LCOV tracefiles, line by line.

Format: the manual page ``geninfo(1)`` of LCOV 1 and 2.
"""

from __future__ import annotations

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.code_coverage.covered import Code, Covered
from workbench.sources.code_coverage.reading import CoverageReports
from workbench.sources.numbers import count_of
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File

_LONGEST = 2**16  # bytes of a line
_END = "end_of_record"
_NEVER = "-"  # of a branch: the line that it begins at did not run


class Lcov(CoverageReports):
    """Reads one source's files, in pieces."""

    media = "text/plain"
    largest = 2**40

    def read(self, file: File) -> Covered:
        """What one tracefile covers."""
        records, number = _Records(), 0
        with file.open() as lines:
            while line := lines.readline(_LONGEST):
                number += 1
                if len(line) == _LONGEST:
                    raise file.wrong("has a line of more than 64 KiB, so it is no tracefile", line=number)
                try:
                    records.take(line.decode("utf-8", "replace").strip())
                except (SourceError, ValueError) as error:
                    what = error.what if isinstance(error, SourceError) else str(error)
                    raise file.wrong(f"line {number:,}: {safe_text(what, 200)}", line=number) from None
        if records.code is not None:
            raise file.wrong(
                "ends in the middle of a record", hint="was the run cut short while it was written?"
            )
        return records.finish()


def recognise(sample: Sample) -> str:
    """What a file is, by its first line that is no comment."""
    for line in sample.first_lines(20):
        if line.startswith(("TN:", "SF:")):
            return "an LCOV tracefile"
        if line.strip() and not line.startswith("#"):
            return ""
    return ""


class _Records:
    """The records of a tracefile, one for each file of code."""

    def __init__(self) -> None:
        self.code: Code | None = None
        self._covered = Covered(tool="LCOV")
        self._ran = self._lines = 0

    def take(self, line: str) -> None:
        """One line; ``SourceError`` or ``ValueError`` for one that a tracefile does not hold."""
        tag, _, rest = line.partition(":")
        if not line or line.startswith("#") or tag == "TN":
            return
        if tag == "SF":
            self.code = self._covered.file(rest)
        elif self.code is None:
            raise ValueError(f"“{safe_text(line, 60)}” stands outside of a record")
        elif line == _END:
            self.code = None
        else:
            self._take_inside(self.code, tag, rest)

    def finish(self) -> Covered:
        """What all records cover."""
        if self._lines:
            self._covered.claimed = self._ran / self._lines
        return self._covered

    def _take_inside(self, code: Code, tag: str, rest: str) -> None:
        if tag == "DA":
            line, hits, *_ = rest.split(",")
            code.add_line(count_of(line, "a line's number"), ran=count_of(hits, "how often a line ran") > 0)
        elif tag == "BRDA":
            line, block, branch, taken = rest.split(",", 3)
            if "," in taken:  # the name of a branch may hold commas
                branch, _, taken = f"{branch},{taken}".rpartition(",")
            key = (count_of(line, "a line's number"), block, branch)
            code.branches.add(key)
            if taken != _NEVER and count_of(taken, "how often a branch ran") > 0:
                code.branches_ran.add(key)
        elif tag == "FNDA":
            hits, _, name = rest.partition(",")
            code.functions.add(name)
            if count_of(hits, "how often a function ran") > 0:
                code.functions_ran.add(name)
        elif tag == "LF":
            self._lines += count_of(rest, "the total LF")
        elif tag == "LH":
            self._ran += count_of(rest, "the total LH")
