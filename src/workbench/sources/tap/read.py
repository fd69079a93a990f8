"""Reads TAP, line by line.

Format: the specification of TAP 14 at https://testanything.org, which takes in TAP 12 and 13, and what Node adds to it.
"""

from __future__ import annotations

import re

from workbench.sources.recognising import Sample
from workbench.sources.report_files import File
from workbench.sources.tap.stream import BAIL, PLAN, POINT, VERSION, Stream
from workbench.sources.test_runs.counts import Counts
from workbench.sources.test_runs.reading import RunReports

_LONGEST = 2**20  # bytes of a line; what is longer is no protocol
_OTHERS = re.compile(r"\s*(?:#|$)")


class Tap(RunReports):
    """Reads one source's files, in pieces."""

    media = "text/plain"
    largest = 2**40

    def read(self, file: File) -> Counts:
        """The counts of one file."""
        stream, number = Stream(), 0
        with file.open() as lines:
            while line := lines.readline(_LONGEST):
                number += 1
                if len(line) == _LONGEST:
                    raise file.wrong("has a line of more than 1 MiB, so it is no TAP", line=number)
                stream.take(line.decode("utf-8", "replace").rstrip("\r\n"))
        if not stream.seen:
            raise file.wrong(
                "is no TAP: it has no plan and no test", hint="let it hold what the test runner prints as TAP"
            )
        return stream.finish()


def recognise(sample: Sample) -> str:
    """What a file is, by its first line that is no comment."""
    for line in sample.first_lines(50):
        if any(form.match(line) for form in (VERSION, PLAN, POINT, BAIL)):
            return "TAP, the Test Anything Protocol"
        if not _OTHERS.match(line):
            return ""
    return ""
