"""JUnit XML reports inside the project."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath

from workbench.model.canonical import decimal_text
from workbench.model.errors import SourceError
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.junit_xml import Counts, read_file
from workbench.sources.kinds import JUnitConfig, JUnitMeasure, JUnitTests
from workbench.sources.reading import Body, Found, Question, in_unit

MOST_FILES = 5_000
_KEEP = 64 * 2**20  # of one fetch's reports: beyond that only the counts are kept


class _Report:
    """All files of a source, read once per fetch."""

    def __init__(
        self, names: list[str], counts: Counts, measured: datetime, bodies: tuple[Body, ...]
    ) -> None:
        self.names = names
        self.counts = counts
        self.measured = measured
        self.bodies = bodies


class JUnit:
    """Reads one source's files."""

    def __init__(self, channel: Channel) -> None:
        self._config: JUnitConfig = channel.config(JUnitConfig)
        self._root = channel.root
        self._read: asyncio.Task[_Report | None] | None = None

    async def ask(self, question: Question) -> Found:
        """Whether all tests passed, or one number about them."""
        if self._read is None:
            self._read = asyncio.create_task(asyncio.to_thread(self._report))
        report = await asyncio.shield(self._read)
        if report is None:
            patterns = self._config.files
            shown = patterns if isinstance(patterns, str) else ", ".join(patterns)
            return Found(state="missing", measured_at=question.at, why=f"no file matches {shown}")
        if question.role == "tests" and isinstance(question.ask, JUnitTests | None):
            return _tests(report)
        if isinstance(question.ask, JUnitMeasure):
            return _measure(report, question.ask.read, question.unit)
        raise SourceError("a JUnit source answers “read” only: pass_rate, failed, skipped or duration")

    async def server(self) -> str:
        """Files have none."""
        return ""

    async def build(self, question: Question) -> str | None:
        """A report does not say which commit it is about."""
        return None

    def _report(self) -> _Report | None:
        files = find(self._root, self._config.files)
        if not files:
            return None
        counts, bodies, kept = Counts(), [], 0
        measured: list[datetime] = []
        for file in files:
            one = read_file(file)
            measured.append(_when(one, file))
            counts.add(one)
            size = file.stat().st_size
            if kept + size <= _KEEP:
                bodies.append(Body("application/xml", file.read_bytes()))
                kept += size
        names = [file.relative_to(self._root.resolve()).as_posix() for file in files]
        return _Report(names, counts, min(measured), tuple(bodies))


connect = JUnit


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
    facts = _facts(report) | {"commit_known": "asserted"}
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
