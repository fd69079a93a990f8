"""JUnit XML reports inside the project."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.files import read_regular
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.junit import JUnitConfig
from workbench.sources.junit.xml import read_file
from workbench.sources.project_files import find_by_pattern
from workbench.sources.reading import Asker, Body, Found, Question
from workbench.sources.test_runs import RunMeasure, RunTests
from workbench.sources.test_runs.answers import Run, about_tests, measured
from workbench.sources.test_runs.counts import Counts

_NO_FACTS: Mapping[str, str] = {}
_SHOWN = 3  # names of failing tests in the line that a gate shows
_DIGITS = 7  # of a commit: fewer could be another one's
_NEVER = datetime.min.replace(tzinfo=UTC)
_KEEP = 64 * 2**20  # of one fetch's reports: beyond that only the counts are kept


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """One report file; ``body`` is ``None`` where only its counts are kept.

    ``problem`` says why it cannot be read; it has no counts then.
    """

    name: str
    counts: Counts
    measured: datetime
    body: Body | None = None
    problem: SourceError | None = None


class _Files(msgspec.Struct, frozen=True):
    """All files of a source; ``tracked`` are the names of those left out as no test runs.

    ``of`` says which names each pattern matches, those left out too.
    """

    read: tuple[_File, ...]
    tracked: tuple[str, ...]
    of: Mapping[str, frozenset[str]]

    def absent(self, mine: list[_File], commit: str | None) -> list[str]:
        """Why some of several patterns have nothing that counts, in words: each names tests to be run."""
        others = {file.name: file for file in self.read if _of_another(file, commit)}
        counted = {file.name for file in mine} | {file.name for file in self.read if file.problem}
        found = []
        for pattern, names in self.of.items():
            shown = safe_text(pattern, 200)
            if names & counted or len(self.of) == 1:
                continue
            if not names:
                found.append(f"no file matches {shown}")
            elif told := [others[name] for name in sorted(names) if name in others]:
                found.append(f"reports that match {shown} are for commit {_commits(told)}")
            else:
                found.append(f"{shown} matches only what is in version control, which is no test run")
        return found


class JUnit(Asker):
    """Reads one source's files."""

    def __init__(self, channel: Channel) -> None:
        self._config: JUnitConfig = channel.config(JUnitConfig)
        self._root = channel.root.resolve()
        self._tracked = channel.tracked
        self._read: asyncio.Task[_Files] | None = None

    async def ask(self, question: Question) -> Found:
        """Whether all tests passed, or one number about them.

        Files that git tracks, and reports that say they are about another commit, are left out.
        A file that cannot be read is an error, unless another one says that a test failed.
        """
        if self._read is None:
            self._read = asyncio.create_task(asyncio.to_thread(self._files))
        files = await asyncio.shield(self._read)
        if not files.read:
            why = _why_none(files.tracked, self._config.files)
            return _missing(question, why, facts={"edit": "files"} if files.tracked else {})
        broken = [file for file in files.read if file.problem]
        told = [file for file in files.read if not file.problem]
        mine = [file for file in told if not _of_another(file, question.commit)]
        for_tests = question.role == "tests" and isinstance(question.ask, RunTests | None)
        if broken and not (for_tests and any(file.counts.red for file in mine)):
            raise _unreadable(broken)
        if not mine:
            return _missing(question, f"reports are for commit {_commits(told)}")
        absent = files.absent(mine, question.commit)
        report = _together(mine, broken, absent, question.commit, left_out=len(files.tracked))
        if for_tests:
            return about_tests(report)
        if isinstance(question.ask, RunMeasure):
            return measured(report, question.ask.read, question.unit)
        raise SourceError("a JUnit source answers “read” only: pass_rate, failed, skipped or duration")

    def _files(self) -> _Files:
        of = {
            pattern: frozenset(path.relative_to(self._root).as_posix() for path in paths)
            for pattern, paths in find_by_pattern(self._root, self._config.files).items()
        }
        names = sorted(frozenset[str]().union(*of.values()))
        tracked = self._tracked(names)
        found, kept = [], 0
        for name in names:
            if name not in tracked:
                file = self._file(name, _KEEP - kept)
                kept += len(file.body.data) if file.body else 0
                found.append(file)
        return _Files(tuple(found), tuple(name for name in names if name in tracked), of)

    def _file(self, name: str, room: int) -> _File:
        """Reads one file; it is kept if it has at most ``room`` bytes."""
        path = self._root / name
        try:
            if not path.resolve().is_relative_to(self._root):
                raise SourceError(f"{safe_text(name, 200)} is a link that leads out of the project")
            counts = read_file(path)
            measured = _when(counts, path)
            body = Body("application/xml", read_regular(path)) if path.stat().st_size <= room else None
        except SourceError as error:
            return _File(name=name, counts=Counts(), measured=_NEVER, problem=error)
        except (OSError, OverflowError, ValueError) as error:
            problem = SourceError(f"{safe_text(name, 200)} cannot be read: {safe_text(error, 200)}")
            return _File(name=name, counts=Counts(), measured=_NEVER, problem=problem)
        return _File(name=name, counts=counts, measured=measured, body=body)


def _why_none(tracked: tuple[str, ...], patterns: str | list[str]) -> str:
    """Why there is no report: nothing matches, or only what came with the checkout."""
    if not tracked:
        return f"no file matches {patterns if isinstance(patterns, str) else ', '.join(patterns)}"
    first, more = safe_text(tracked[0], 200), len(tracked) - 1
    which = f"{first} is" if not more else f"{first} and {more:,} more are"
    return (
        f"{which} in version control, so it came with the checkout and no test run wrote it; name another "
        f"file under “files”, or take it out: git rm --cached {first}"
    )


def _unreadable(broken: list[_File]) -> SourceError:
    first = broken[0].problem or SourceError(f"{broken[0].name} cannot be read")
    more = f" (and {len(broken) - 1:,} more that cannot be read)" if len(broken) > 1 else ""
    return SourceError(first.what + more, where=first.where, hint=first.hint)


def _missing(question: Question, why: str, *, facts: Mapping[str, str] = _NO_FACTS) -> Found:
    return Found(state="missing", measured_at=question.at, why=why, facts=dict(facts))


def _of_another(file: _File, commit: str | None) -> bool:
    return commit is not None and any(not same_commit(told, commit) for told in file.counts.commits)


def _commits(files: list[_File]) -> str:
    told = list(dict.fromkeys(commit[:7] for file in files for commit in file.counts.commits))
    return ", ".join(told[:3]) + (" and others" if len(told) > 3 else "")


def _together(
    files: list[_File], broken: list[_File], absent: list[str], commit: str | None, *, left_out: int
) -> Run:
    counts, flaws = Counts(), []
    for file in files:
        counts.add(file.counts)
        flaws += file.counts.flaws("the report" if len(files) == 1 else file.name)
    if broken:
        flaws.append(_unreadable(broken).what)
    flaws += absent
    known = commit is not None and len(commit) >= _DIGITS
    return Run(
        names=[file.name for file in files],
        counts=counts,
        measured=min(file.measured for file in files),
        bodies=tuple(file.body for file in files if file.body),
        told=known and all(file.counts.commits for file in files),
        red=any(file.counts.red for file in files),
        flaws=tuple(flaws),
        left_out=left_out,
    )


def _when(counts: Counts, file: Path) -> datetime:
    """The report's own time; the file's where it has none, or one that its file contradicts."""
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if counts.timestamp is None:
        return written
    # A time stamp without a zone may be local time, and so lie after the file was written.
    return counts.timestamp if counts.zoned else min(counts.timestamp, written)
