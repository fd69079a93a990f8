"""autocannon's JSON: percentiles that it computed, and counts of what was answered, and how."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from workbench.sources.autocannon import AutocannonMeasure
from workbench.sources.load_tests.observed import Observed, answered, time_of
from workbench.sources.moments import moment_of_text
from workbench.sources.of_samples import Told as Goes
from workbench.sources.reading import Found, Question
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, newest

_PERCENTILE = re.compile(r"p([0-9]{1,2})(?:_([0-9]+))?")
_WORDS = {"average": "mean", "min": "min", "max": "max"}


class Requests(msgspec.Struct, frozen=True):
    """How many requests were answered, whatever the answer."""

    total: int


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run; ``latency`` in milliseconds, ``errors`` without an answer, those that timed out among them."""

    url: str
    duration: float
    finish: str
    errors: int
    timeouts: int
    mismatches: int
    non2xx: int
    latency: dict[str, float]
    requests: Requests


class Autocannon(Reports[Run]):
    """Reads what autocannon printed."""

    largest = 8 * 2**20

    def read(self, file: File) -> Run:
        """One run."""
        run: Run = file.json(Run, self.largest)
        counts = (run.errors, run.timeouts, run.mismatches, run.non2xx, run.requests.total, run.duration)
        if min(counts) < 0 or run.non2xx + run.mismatches > run.requests.total:
            raise file.wrong("has counts that contradict one another")
        if run.requests.total:
            for word, time in run.latency.items():
                time_of(time, f"{file.name}: latency.{word}")
        return run

    def told(self, read: Run) -> Told:
        """When the run ended."""
        return Told(tool="autocannon", measured_at=moment_of_text(read.finish, "the end of the run")[0])

    def answer(self, reports: Sequence[Report[Run]], question: Question) -> Found:
        """A statistic of the newest run."""
        measure = question.ask
        assert isinstance(measure, AutocannonMeasure)
        last, facts = newest(reports)
        run = last.read
        bad = run.errors + run.non2xx + run.mismatches
        observed = Observed(
            count=run.requests.total + run.errors,
            failed=bad,
            seconds=run.duration,
            exactly=_stated(run) if run.requests.total else {},
        )
        return answered(observed, measure.statistic, question, Goes(at=last.measured_at, facts=facts))


def recognise(sample: Sample) -> str:
    """What a file is, "" where it is no run of autocannon."""
    known = {"latency", "requests", "throughput", "non2xx", "errors"} <= sample.keys
    return "a run of autocannon, from --json" if known else ""


def _stated(run: Run) -> dict[str, float]:
    """The statistics of its times by our words: autocannon writes ``p97_5``."""
    found = {_WORDS[word]: time for word, time in run.latency.items() if word in _WORDS}
    for word, time in run.latency.items():
        if match := _PERCENTILE.fullmatch(word):
            found[f"p{match[1]}.{match[2]}" if match[2] else word] = time
    return found | ({"median": run.latency["p50"]} if "p50" in run.latency else {})
