"""JUnit XML reports: those inside the project, and those that were handed in."""

from __future__ import annotations

from workbench.sources.junit.found import is_junit
from workbench.sources.junit.xml import read_stream
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File
from workbench.sources.test_runs.counts import Counts
from workbench.sources.test_runs.reading import RunReports


class JUnit(RunReports):
    """Reads one source's files, in pieces."""

    media = "application/xml"
    largest = 2**40
    reads_empty = True

    def read(self, file: File) -> Counts:
        """The counts of one report."""
        return read_stream(file.open, file.name)


def recognise(sample: Sample) -> str:
    """What a file is, by its outermost element."""
    return "a JUnit report" if is_junit(sample.head) else ""
