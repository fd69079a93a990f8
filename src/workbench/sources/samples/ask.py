"""A benchmark's number from files of samples, and the samples behind it."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.floats import to_bytes
from workbench.model.quantity import UNITS, from_float
from workbench.model.text import number_of, safe_text
from workbench.sources.channel import Channel
from workbench.sources.filling import filled
from workbench.sources.keeping import MOST_SAMPLES
from workbench.sources.project_files import find
from workbench.sources.reading import Asker, Found, Question, WrongQuestion, in_unit
from workbench.sources.sample_files import Choice, Read, read_file
from workbench.sources.sample_statistic import Statistic, read_statistic
from workbench.sources.samples import SamplesMeasure


class Samples(Asker):
    """Reads the files that measures name."""

    def __init__(self, channel: Channel) -> None:
        self._root = channel.root.resolve()
        self._tracked = channel.tracked

    async def ask(self, question: Question) -> Found:
        """The statistic of the samples that count, with the samples."""
        measure = question.ask
        if not isinstance(measure, SamplesMeasure):
            raise SourceError("a source of samples reads files only", hint="give the measure a file")
        return await asyncio.to_thread(self._found, measure, question)

    def _found(self, measure: SamplesMeasure, question: Question) -> Found:
        field = "baseline_file" if question.role == "baseline" and measure.baseline_file else "file"
        pattern = filled(getattr(measure, field), question, field)
        names = self._names(pattern)
        if not names:
            return _missing(question, f"no file matches {safe_text(pattern, 200)}")
        if question.role == "value" and (tracked := self._tracked(names)):
            return _missing(question, _came_with_the_checkout(sorted(tracked)), edit="file")
        where = {name: filled(cell, question, "where") for name, cell in measure.where.items()}
        choice = Choice(measure.column, measure.time, where)
        together = _together([self._read(name, choice) for name in names], names)
        return _answer(together, measure, question)

    def _names(self, pattern: str) -> list[str]:
        return [path.relative_to(self._root).as_posix() for path in find(self._root, pattern)]

    def _read(self, name: str, choice: Choice) -> _File:
        path = self._root / name
        if not path.resolve().is_relative_to(self._root):
            raise SourceError(f"{safe_text(name, 200)} is a link that leads out of the project")
        read = read_file(path, choice, name=name)
        return _File(name, read, _measured(read, path))


class _File(msgspec.Struct, frozen=True):
    name: str
    read: Read
    measured: datetime


def _measured(read: Read, path: Path) -> datetime:
    """The moment that a file says it is of, else that at which it was written."""
    said = read.notes.get("measured")
    if said is None:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise SourceError(f"{path.name} says it was measured at “{said}”, which is no moment") from None
    return at.replace(tzinfo=at.tzinfo or UTC)


class _Together(msgspec.Struct, frozen=True, kw_only=True):
    """All files of one question: their samples, what they say of themselves, and the oldest of their moments."""

    names: Sequence[str]
    numbers: array[float]
    times: array[float]
    empty: int
    repeated: int
    selection: str
    commits: tuple[str, ...]
    measured: datetime


def _together(files: list[_File], names: list[str]) -> _Together:
    numbers, times = array("d"), array("d")
    for file in files:
        numbers.extend(file.read.numbers)
        times.extend(file.read.times)
    if len(numbers) > MOST_SAMPLES:
        raise SourceError(f"the files hold more than {MOST_SAMPLES:,} samples together")
    said = dict.fromkeys(file.read.notes.get("selection", "") for file in files)
    if len(said) > 1:
        raise SourceError(f"the files say different things of their selection: {'; '.join(said)}")
    return _Together(
        names=names,
        numbers=numbers,
        times=times,
        empty=sum(file.read.empty for file in files),
        repeated=sum(file.read.repeated for file in files),
        selection=next(iter(said)),
        commits=tuple({commit: None for file in files if (commit := file.read.notes.get("commit"))}),
        measured=min(file.measured for file in files),
    )


def _answer(read: _Together, measure: SamplesMeasure, question: Question) -> Found:
    other = [
        commit for commit in read.commits if question.commit and not same_commit(commit, question.commit)
    ]
    if other and question.role == "value":
        return _missing(question, f"the samples are of commit {other[0][:7]}")
    statistic = _statistic(measure)
    numbers, at = _in_window(read, question)
    if not numbers:
        told = "in the window" if read.numbers else "that count"
        return _missing(question, f"{', '.join(read.names[:3])} holds no samples {told}")
    value, unit = _value(statistic, numbers, question)
    facts: dict[str, str | int] = {"statistic": statistic.name, "file": ", ".join(read.names[:3])}
    if selection := measure.selection or read.selection:
        facts["selection"] = safe_text(filled(selection, question, "selection"), 200)
    if statistic.percentile is not None:
        facts["percentile"] = f"{statistic.name} of samples, interpolated between ranks"
    if read.repeated:
        facts["note"] = f"{number_of(read.repeated, 'row')} stand there twice"
    kept = statistic.kind == "same"
    return Found(
        state="ok",
        measured_at=at,
        value=value,
        unit=unit,
        samples=len(numbers),
        partial=f"{number_of(read.empty, 'row')} without a sample" if read.empty else None,
        facts=facts,
        data=to_bytes(numbers) if kept else None,
        basis="raw" if kept else "",
    )


def _statistic(measure: SamplesMeasure) -> Statistic:
    try:
        return read_statistic(measure.statistic)
    except ValueError as error:
        raise WrongQuestion(str(error), field="statistic") from None


def _in_window(read: _Together, question: Question) -> tuple[array[float], datetime]:
    """The samples of the window before the question's moment, and the moment that they stand for.

    Without times all of them count, and the file's own moment stands.
    """
    if not read.times:
        return read.numbers, read.measured
    end = max(read.times)
    latest = datetime.fromtimestamp(end, UTC)
    if question.window is None or latest > question.at:  # what lies ahead is told as a mistake of a clock
        return read.numbers, latest
    start = question.at.timestamp() - question.window.total_seconds()
    inside = array("d", (number for number, at in zip(read.numbers, read.times, strict=True) if at > start))
    return inside, latest


def _value(statistic: Statistic, numbers: array[float], question: Question) -> tuple[Decimal, str]:
    try:
        number = from_float(float(statistic.of(numbers)))
    except (ValueError, OverflowError) as error:
        raise SourceError(f"{statistic.name} of the samples cannot be computed: {error}") from None
    if statistic.kind == "same":
        return number, question.unit
    return in_unit(number, UNITS["share"].symbol if statistic.kind == "share" else "", question.unit)


def _missing(question: Question, why: str, *, edit: str = "") -> Found:
    return Found(state="missing", measured_at=question.at, why=why, facts={"edit": edit} if edit else {})


def _came_with_the_checkout(tracked: list[str]) -> str:
    return (
        f"{safe_text(tracked[0], 200)} is in version control, so it came with the checkout and nothing was "
        "measured for this candidate; name the file that the run writes"
    )
