"""Reads Cucumber's messages, line by line.

Format: the JSON schemas of Cucumber Messages, one envelope a line, as the ``message`` formatter writes it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.cucumber.run import Envelope, Scenarios
from workbench.sources.other_form import in_words
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File
from workbench.sources.test_runs.counts import Counts
from workbench.sources.test_runs.reading import RunReports

_LONGEST = 64 * 2**20  # bytes of a line: an attachment, such as a screenshot, is one
_KINDS = (
    "meta",
    "source",
    "gherkinDocument",
    "pickle",
    "testRunStarted",
    "parseError",
    "stepDefinition",
    "hook",
)


class Cucumber(RunReports):
    """Reads one source's files, in pieces."""

    media = "application/x-ndjson"
    largest = 2**40

    def read(self, file: File) -> Counts:
        """The counts of one run."""
        run, decode, number = Scenarios(), msgspec.json.Decoder(Envelope).decode, 0
        with file.open() as lines:
            while line := lines.readline(_LONGEST):
                number += 1
                if len(line) == _LONGEST:
                    raise file.wrong("has a line of more than 64 MiB", line=number)
                if line.isspace():
                    continue
                try:
                    run.take(decode(line.removeprefix(b"\xef\xbb\xbf")))
                except (msgspec.DecodeError, ValueError, RecursionError) as error:
                    what = f"line {number:,} is no message of Cucumber: {safe_text(in_words(error), 120)}"
                    raise file.wrong(what, line=number) from None
                except SourceError as error:
                    raise file.wrong(f"line {number:,}: {error.what}", line=number) from None
        if not run.began:
            raise file.wrong("holds no run: no message says that one began")
        if not run.ended:
            raise file.wrong(
                "ends before the run does",
                hint="was it cut short, or did a hook fail after the last scenario? Cucumber then leaves out the end",
            )
        return run.counts()


def recognise(sample: Sample) -> str:
    """What a file is, by its first line."""
    first: Any = sample.first_json
    told = len(first) == 1 and next(iter(first)) in _KINDS and isinstance(next(iter(first.values())), dict)
    inner = next(iter(first.values())) if told else {}
    meta = "meta" not in first or "protocolVersion" in inner
    return "messages of Cucumber" if told and meta else ""
