"""JUnit XML reports inside the project."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath

import msgspec

from workbench.model.canonical import decimal_text
from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.junit import JUnitConfig, JUnitMeasure, JUnitTests
from workbench.sources.junit.xml import Counts, read_file
from workbench.sources.reading import Asker, Body, Found, Question, in_unit

MOST_FILES = 5_000
_DIGITS = 7  # of a commit: fewer could be another one's
_KEEP = 64 * 2**20  # of one fetch's reports: beyond that only the counts are kept


class _File(msgspec.Struct, frozen=True):
    """One report file; ``body`` is ``None`` where only its counts are kept."""

    name: str
    counts: Counts
    measured: datetime
    body: Body | None


class _Report(msgspec.Struct, frozen=True):
    """The files of a source that speak of one commit, counted together."""

    names: list[str]
    counts: Counts
    measured: datetime
    bodies: tuple[Body, ...]
    told: bool


class JUnit(Asker):
    """Reads one source's files."""

    def __init__(self, channel: Channel) -> None:
        self._config: JUnitConfig = channel.config(JUnitConfig)
        self._root = channel.root
        self._read: asyncio.Task[list[_File]] | None = None

    async def ask(self, question: Question) -> Found:
        """Whether all tests passed, or one number about them.

        Reports that say they are about another commit are left out.
        """
        if self._read is None:
            self._read = asyncio.create_task(asyncio.to_thread(self._files))
        files = await asyncio.shield(self._read)
        if not files:
            patterns = self._config.files
            shown = patterns if isinstance(patterns, str) else ", ".join(patterns)
            return _missing(question, f"no file matches {shown}")
        mine = [file for file in files if not _of_another(file, question.commit)]
        if not mine:
            return _missing(question, f"reports are for commit {_commits(files)}")
        report = _together(mine, question.commit)
        if question.role == "tests" and isinstance(question.ask, JUnitTests | None):
            return _tests(report)
        if isinstance(question.ask, JUnitMeasure):
            return _measure(report, question.ask.read, question.unit)
        raise SourceError("a JUnit source answers “read” only: pass_rate, failed, skipped or duration")

    def _files(self) -> list[_File]:
        found, kept, top = [], 0, self._root.resolve()
        for path in find(self._root, self._config.files):
            counts = read_file(path)
            size = path.stat().st_size
            body = Body("application/xml", path.read_bytes()) if kept + size <= _KEEP else None
            kept += size if body else 0
            found.append(_File(path.relative_to(top).as_posix(), counts, _when(counts, path), body))
        return found


def _missing(question: Question, why: str) -> Found:
    return Found(state="missing", measured_at=question.at, why=why)


def _of_another(file: _File, commit: str | None) -> bool:
    return commit is not None and any(not same_commit(told, commit) for told in file.counts.commits)


def _commits(files: list[_File]) -> str:
    told = list(dict.fromkeys(commit[:7] for file in files for commit in file.counts.commits))
    return ", ".join(told[:3]) + (" and others" if len(told) > 3 else "")


def _together(files: list[_File], commit: str | None) -> _Report:
    counts = Counts()
    for file in files:
        counts.add(file.counts)
    known = commit is not None and len(commit) >= _DIGITS
    return _Report(
        names=[file.name for file in files],
        counts=counts,
        measured=min(file.measured for file in files),
        bodies=tuple(file.body for file in files if file.body),
        told=known and all(file.counts.commits for file in files),
    )


def find(root: Path, patterns: str | list[str]) -> list[Path]:
    """The files that match, inside the project only, in order."""
    found: set[Path] = set()
    top = root.resolve()
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        posix = PurePosixPath(pattern.replace("\\", "/"))
        if posix.is_absolute() or ".." in posix.parts or not posix.parts or Path(pattern).drive:
            raise SourceError(
                f"“{safe_text(pattern, 200)}” leads out of the project",
                hint="write a path below the project file",
            )
        for path in top.glob(str(posix)):
            real = path.resolve()
            if not real.is_relative_to(top):
                raise SourceError(f"{safe_text(path.name, 200)} is a link that leads out of the project")
            if real.is_file():
                found.add(real)
            if len(found) > MOST_FILES:
                raise SourceError(f"more than {MOST_FILES:,} files match {safe_text(pattern, 200)}")
    return sorted(found)


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
    if counts.failing:
        facts["failing"] = safe_text("; ".join(counts.failing), 1000)
    if counts.note:
        facts["encoding"] = counts.note
    return facts


def _partial(report: _Report) -> str | None:
    counts = report.counts
    if counts.announced > counts.total:
        return f"the report announces {counts.announced:,} tests and lists {counts.total:,}"
    return None


def _tests(report: _Report) -> Found:
    counts = report.counts
    red = counts.failed + counts.errors
    facts = _facts(report) | {"commit_known": "asked" if report.told else "asserted"}
    if not counts.ran and not red:
        why = "every test was skipped" if counts.skipped else "the report holds no tests"
        return Found(
            state="missing", measured_at=report.measured, why=why, facts=facts, bodies=report.bodies, unit=""
        )
    facts["green"] = "no" if red else "yes"
    counted = {
        "failed": counts.failed,
        "with errors": counts.errors,
        "passed": counts.passed,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
    }
    return Found(
        state="ok",
        measured_at=report.measured,
        value=Decimal(0 if red else 1),
        unit="",
        why=", ".join(f"{count:,} {word}" for word, count in counted.items() if count),
        samples=counts.total,
        partial=_partial(report),
        facts=facts,
        bodies=report.bodies,
    )


def _measure(report: _Report, read: str, wanted: str) -> Found:
    counts = report.counts
    if not counts.total or (read == "pass_rate" and not counts.ran):
        why = "every test was skipped" if counts.skipped else "the report holds no tests"
        return Found(
            state="missing",
            measured_at=report.measured,
            why=why,
            samples=0,
            facts=_facts(report),
            bodies=report.bodies,
        )
    if read == "pass_rate":
        value, natural = from_float(counts.passed / counts.ran), "share"
    elif read == "duration":
        value, natural = from_float(round(counts.seconds, 6)), "s"
    else:
        value, natural = Decimal(counts.failed + counts.errors if read == "failed" else counts.skipped), ""
    number, unit = in_unit(value, natural, wanted)
    return Found(
        state="ok",
        measured_at=report.measured,
        value=number,
        unit=unit,
        samples=counts.ran if read == "pass_rate" else counts.total,
        partial=_partial(report),
        facts=_facts(report),
        bodies=report.bodies,
    )
