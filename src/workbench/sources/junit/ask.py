"""JUnit XML reports inside the project."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.model.canonical import decimal_text
from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.files import read_regular
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.junit import JUnitConfig, JUnitMeasure, JUnitTests
from workbench.sources.junit.counts import Counts
from workbench.sources.junit.xml import read_file
from workbench.sources.project_files import find_by_pattern
from workbench.sources.reading import ALL_FAILING, Asker, Body, Found, Question, in_unit

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


class _Report(msgspec.Struct, frozen=True):
    """The files of a source that speak of one commit, counted together.

    ``flaws`` say what keeps them from being the whole truth; ``left_out`` is how many are in
    version control.
    """

    names: list[str]
    counts: Counts
    measured: datetime
    bodies: tuple[Body, ...]
    told: bool
    red: bool
    flaws: tuple[str, ...]
    left_out: int


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
        for_tests = question.role == "tests" and isinstance(question.ask, JUnitTests | None)
        if broken and not (for_tests and any(file.counts.red for file in mine)):
            raise _unreadable(broken)
        if not mine:
            return _missing(question, f"reports are for commit {_commits(told)}")
        absent = files.absent(mine, question.commit)
        report = _together(mine, broken, absent, question.commit, left_out=len(files.tracked))
        if for_tests:
            return _tests(report)
        if isinstance(question.ask, JUnitMeasure):
            return _measure(report, question.ask.read, question.unit)
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
) -> _Report:
    counts, flaws = Counts(), []
    for file in files:
        counts.add(file.counts)
        flaws += file.counts.flaws("the report" if len(files) == 1 else file.name)
    if broken:
        flaws.append(_unreadable(broken).what)
    flaws += absent
    known = commit is not None and len(commit) >= _DIGITS
    return _Report(
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


def _facts(report: _Report) -> dict[str, str | int]:
    counts = report.counts
    facts: dict[str, str | int] = {
        "passed": counts.passed,
        "failed": counts.failed,
        "errors": counts.errors,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
        "files": len(report.names),
        "file": report.names[0],
        "seconds": decimal_text(from_float(round(counts.seconds, 3))),
    }
    if counts.unclear:
        facts["unclear"] = counts.unclear
    if counts.failing:
        facts["failing"] = safe_text("; ".join(counts.failing), 1000)
    if named := _all_failing(report):
        facts[ALL_FAILING] = msgspec.json.encode(named).decode()
    if report.left_out:
        facts["left_out"] = report.left_out
    if counts.subtests:
        facts["subtests"] = counts.subtests
    if counts.note:
        facts["encoding"] = counts.note
    return facts


def _all_failing(report: _Report) -> list[str]:
    """The tests that failed, where the report names every one of them and nothing else is red; else nothing."""
    counts = report.counts
    names = [safe_text(name, 300) for name in counts.failing]
    complete = len(set(names)) == counts.failed + counts.errors and not (counts.unclear or report.flaws)
    return names if complete else []


def _flaws(report: _Report) -> str | None:
    """What keeps a report from being the whole truth; the first few, in words."""
    if not report.flaws:
        return None
    more = f"; and {len(report.flaws) - 3:,} more" if len(report.flaws) > 3 else ""
    return "; ".join(report.flaws[:3]) + more


def _tests(report: _Report) -> Found:
    counts = report.counts
    facts = _facts(report) | {"commit_known": "asked" if report.told else "asserted"}
    flaws = _flaws(report)
    if not counts.ran and not report.red:
        why = flaws or _why_nothing(counts)
        return Found(
            state="missing", measured_at=report.measured, why=why, facts=facts, bodies=report.bodies, unit=""
        )
    facts["green"] = "no" if report.red else "yes"
    return Found(
        state="ok",
        measured_at=report.measured,
        value=Decimal(0 if report.red else 1),
        unit="",
        why=_summary(counts),
        samples=counts.total,
        partial=flaws,
        facts=facts,
        bodies=report.bodies,
    )


def _summary(counts: Counts) -> str:
    """``2 failed, 5 passed: cart.adds, cart.pays``."""
    counted = {
        "failed": counts.failed,
        "with errors": counts.errors,
        "with an unknown result": counts.unclear,
        "passed": counts.passed,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
    }
    summary = ", ".join(f"{count:,} {word}" for word, count in counted.items() if count)
    if not counts.failing:
        return summary
    more = max(len(counts.failing), counts.not_passed) - _SHOWN
    named = ", ".join(counts.failing[:_SHOWN])
    return f"{summary}{': ' if summary else ''}{named}{f' and {more:,} more' if more > 0 else ''}"


def _why_nothing(counts: Counts) -> str:
    return "every test was skipped" if counts.skipped else "the report holds no tests"


def _measure(report: _Report, read: str, wanted: str) -> Found:
    counts = report.counts
    flaws = _flaws(report)
    if flaws or not counts.total or (read == "pass_rate" and not counts.ran):
        # A number from a report that contradicts itself would look like a measured one.
        return Found(
            state="missing",
            measured_at=report.measured,
            why=f"the report is incomplete: {flaws}" if flaws else _why_nothing(counts),
            samples=counts.total,
            facts=_facts(report),
            bodies=report.bodies,
        )
    if read == "pass_rate":
        value, natural = from_float(counts.passed / counts.ran), "share"
    elif read == "duration":
        value, natural = from_float(round(counts.seconds, 6)), "s"
    else:
        value, natural = Decimal(counts.not_passed if read == "failed" else counts.skipped), ""
    number, unit = in_unit(value, natural, wanted)
    return Found(
        state="ok",
        measured_at=report.measured,
        value=number,
        unit=unit,
        samples=counts.ran if read == "pass_rate" else counts.total,
        facts=_facts(report),
        bodies=report.bodies,
    )
