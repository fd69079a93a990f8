"""pytest-benchmark's JSON: the rounds of each test in seconds, and the commit that they were measured at."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.sources.load_tests.observed import Observed, answered, chosen, time_of
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of
from workbench.sources.of_samples import Told as Goes
from workbench.sources.pytest_benchmark import PytestBenchmarkMeasure
from workbench.sources.reading import Found, Question, WrongQuestion, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, newest

_STATED = ("min", "max", "mean", "median")


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """Where the code stood; ``dirty`` where something was changed and not committed."""

    id: str | None = None
    dirty: bool | None = None


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """One test; of its ``stats`` those that are numbers are seconds, ``data`` has each round unless it was left out."""

    name: str
    fullname: str
    stats: dict[str, float | list[float] | str | None]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds."""

    benchmarks: list[Test]
    datetime: str
    version: str
    commit_info: Commit


class PytestBenchmark(Reports[Results]):
    """Reads what pytest-benchmark wrote."""

    def read(self, file: File) -> Results:
        """The tests of one file."""
        found: Results = file.json(Results, self.largest)
        for test in found.benchmarks:
            data = test.stats.get("data")
            if isinstance(data, list) and len(data) != _rounds(test):
                raise file.wrong(
                    f"has {len(data):,} times and {_rounds(test):,} rounds of {safe_text(test.name, 100)}"
                )
        return found

    def told(self, read: Results) -> Told:
        """Its commit, unless something was changed there: then it is a commit that nobody has."""
        commit = read.commit_info
        return Told(
            commit="" if commit.dirty else commit.id or "",
            measured_at=moment_of_text(read.datetime, "the moment of the run")[0],
            tool=f"pytest-benchmark {read.version}",
            partial="measured with changes that were not committed" if commit.dirty else "",
        )

    def answer(self, reports: Sequence[Report[Results]], question: Question) -> Found:
        """A statistic of the rounds of one test in the newest file that has it."""
        measure = question.ask
        assert isinstance(measure, PytestBenchmarkMeasure)
        having = [
            one for one in reports if any(measure.test in (t.name, t.fullname) for t in one.read.benchmarks)
        ]
        last, facts = newest(having or reports)
        if not last.read.benchmarks:
            return missing(question, f"{safe_text(last.name, 100)} measures no test")
        by_name = {test.fullname: test for test in last.read.benchmarks}
        hits = chosen(by_name, measure.test, "test", "test", also=lambda key: [by_name[key].name])
        if len(hits) > 1:
            raise WrongQuestion(
                f"{len(hits)} tests are called “{safe_text(measure.test, 100)}”",
                field="test",
                hint=f"write the whole name, such as {safe_text(hits[0].fullname, 100)}",
            )
        observed = _observed(hits[0])
        return answered(
            observed, measure.statistic, question, Goes(at=last.measured_at, facts=_facts(hits[0], facts))
        )


def recognise(sample: Sample) -> str:
    """What a file is, "" where pytest-benchmark did not write it."""
    known = {"machine_info", "commit_info", "benchmarks", "datetime"} <= sample.keys
    return "timings of pytest-benchmark, from --benchmark-json" if known else ""


def _rounds(test: Test) -> int:
    return count_of(test.stats.get("rounds"), f"the rounds of {safe_text(test.name, 100)}")


def _facts(test: Test, facts: Mapping[str, str]) -> dict[str, str | int]:
    return {"test": safe_text(test.fullname, 200), **facts}


def _observed(test: Test) -> Observed:
    """The rounds, or what of them was kept."""
    where = safe_text(test.name, 100)
    data = test.stats.get("data")
    if isinstance(data, list):
        numbers = array("d", (time_of(time, f"a round of {where}") for time in data))
        return Observed(count=len(numbers), unit="s", numbers=numbers)
    exactly = {word: time_of(test.stats.get(word), f"{word} of {where}") for word in _STATED}
    return Observed(count=_rounds(test), unit="s", exactly=exactly)
