"""hyperfine's JSON: the time of each run in seconds, and the exit code that it ended with."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.sources.hyperfine import HyperfineMeasure
from workbench.sources.load_tests.observed import Observed, answered, chosen, listed, time_of
from workbench.sources.of_samples import Told as Goes
from workbench.sources.reading import Found, Question, WrongQuestion, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, newest


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """One command; times in seconds.  An exit code is null where a signal ended the run."""

    command: str
    times: list[float]
    exit_codes: list[int | None] | None = None


class Results(msgspec.Struct, frozen=True):
    """What one file holds."""

    results: list[Timed]


class Hyperfine(Reports[Results]):
    """Reads what hyperfine wrote."""

    def read(self, file: File) -> Results:
        """The commands of one file."""
        found: Results = file.json(Results, self.largest)
        for one in found.results:
            for time in one.times:
                time_of(time, f"{file.name}: a time of “{safe_text(one.command, 100)}”")
            if one.exit_codes is not None and len(one.exit_codes) != len(one.times):
                raise file.wrong(
                    f"has another number of exit codes than of times for “{safe_text(one.command, 100)}”"
                )
        return found

    def told(self, read: Results) -> Told:
        """The file names neither its moment nor its commit."""
        return Told(tool="hyperfine")

    def answer(self, reports: Sequence[Report[Results]], question: Question) -> Found:
        """A statistic of the runs of one command in the newest file."""
        measure = question.ask
        assert isinstance(measure, HyperfineMeasure)
        last, facts = newest(reports)
        if not last.read.results:
            return missing(question, f"{safe_text(last.name, 100)} times no command")
        one = _command(last.read.results, measure.name)
        failed = [code for code in one.exit_codes or () if code != 0]
        if failed:
            codes = ", ".join(dict.fromkeys("a signal" if code is None else str(code) for code in failed))
            return Found(
                state="error",
                measured_at=last.measured_at,
                why=f"“{safe_text(one.command, 100)}” failed in {len(failed)} of {len(one.times)} runs (exit code {codes}), "
                "so its time is that of a failure",
                facts=facts,
            )
        numbers = array("d", one.times)
        observed = Observed(count=len(numbers), unit="s", numbers=numbers)
        told = Goes(at=last.measured_at, facts={"command": safe_text(one.command, 200), **facts})
        return answered(observed, measure.statistic, question, told)


def recognise(sample: Sample) -> str:
    """What a file is, "" where hyperfine did not write it."""
    if sample.keys != {"results"}:
        return ""
    results = sample.value("results")
    first = results[0] if isinstance(results, list) and results else None
    known = isinstance(first, dict) and {"command", "times", "mean", "user"} <= first.keys()
    return "timings of hyperfine, from --export-json" if known else ""


def _command(results: Sequence[Timed], name: str | None) -> Timed:
    if name is not None:
        hits = chosen({one.command: one for one in results}, name, "command", "name")
        if sum(one.command == name for one in results) == 1:
            return hits[0]
        raise WrongQuestion(f"“{safe_text(name, 100)}” was timed more than once in one file", field="name")
    if len(results) == 1:
        return results[0]
    names = listed([f"“{safe_text(one.command, 60)}”" for one in results])
    raise WrongQuestion(f"the file times {len(results)} commands: {names}", field="name", hint="name one")
