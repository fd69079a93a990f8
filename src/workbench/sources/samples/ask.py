"""A benchmark's number from files of samples, and the samples behind it."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.text import number_of, safe_text
from workbench.sources.channel import Channel
from workbench.sources.filling import filled
from workbench.sources.keeping import MOST_SAMPLES
from workbench.sources.of_samples import Told, in_window, of_samples
from workbench.sources.project_files import find
from workbench.sources.reading import Asker, Found, Question, missing
from workbench.sources.sample_files import Choice, Read, read_file
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
            return missing(question, f"no file matches {safe_text(pattern, 200)}")
        if question.role == "value" and (tracked := self._tracked(names)):
            return missing(question, _came_with_the_checkout(sorted(tracked)), edit="file")
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
        return missing(question, f"the samples are of commit {other[0][:7]}")
    numbers, at = in_window(read.numbers, read.times, question, read.measured)
    if not numbers:
        which = "in the window" if read.numbers else "that count"
        return missing(question, f"{', '.join(read.names[:3])} holds no samples {which}")
    facts: dict[str, str | int] = {"file": ", ".join(read.names[:3])}
    if read.repeated:
        facts["note"] = f"{number_of(read.repeated, 'row')} stand there twice"
    selection = measure.selection or read.selection
    told = Told(
        at=at,
        facts=facts,
        partial=f"{number_of(read.empty, 'row')} without a sample" if read.empty else None,
        selection=safe_text(filled(selection, question, "selection"), 200) if selection else "",
    )
    return of_samples(numbers, measure.statistic, question, told)


def _came_with_the_checkout(tracked: list[str]) -> str:
    return (
        f"{safe_text(tracked[0], 200)} is in version control, so it came with the checkout and nothing was "
        "measured for this candidate; name the file that the run writes"
    )
