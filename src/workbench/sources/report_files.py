"""Kinds of source that read files: what each of them does alike.

A kind names its format and says how one file is read, what the file tells of itself, and what the files
of a source answer together.  Which files count, and what is left out and why, is decided here.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, ClassVar, Generic, TypeVar

import msgspec

from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.files import open_regular
from workbench.model.kinds import Asked, Doubt
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.files_config import FilesConfig
from workbench.sources.filling import fill, filled
from workbench.sources.handed import Handed
from workbench.sources.project_files import find
from workbench.sources.reading import Asker, Body, Found, Question

T = TypeVar("T")

SHORTEST_COMMIT = 7  # digits: fewer could be another one's
_KEEP = 64 * 2**20  # bytes of one fetch's files that are kept as evidence
_SHOWN = 3  # names of files in a sentence


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself: its commit, when it was measured, what wrote it, and why it is not the whole truth."""

    commit: str = ""
    measured_at: datetime | None = None
    tool: str = ""
    partial: str = ""


NOTHING_TOLD = Told()


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a source: of the project's folder, or handed in."""

    name: str
    written: datetime
    size: int
    path: Path | None = None
    handed: Handed | None = None

    def open(self) -> BinaryIO:
        """The file, to be read from its beginning; ``SourceError`` where that cannot be."""
        if self.handed is not None:
            return io.BytesIO(self.handed.data)
        assert self.path is not None
        try:
            return open_regular(self.path)
        except OSError as error:
            raise _unreadable(self, error) from None

    def bytes(self, most: int) -> bytes:
        """All of it; ``SourceError`` for a file of more than ``most`` bytes."""
        if self.size > most:
            raise too_large(self, most)
        try:
            with self.open() as file:
                data = file.read(most + 1)
        except OSError as error:
            raise _unreadable(self, error) from None
        if len(data) > most:
            raise too_large(self, most)
        return data

    def json(self, shape: type[Any], most: int) -> Any:
        """Its JSON in a shape; ``SourceError`` where it has another one, or is none."""
        try:
            return msgspec.json.decode(self.bytes(most).removeprefix(b"\xef\xbb\xbf"), type=shape)
        except RecursionError:
            raise self.wrong("is nested too deep") from None
        except (msgspec.DecodeError, ValueError) as error:
            raise self.wrong(f"cannot be read: {safe_text(error, 200)}") from None

    def wrong(self, what: str, *, line: int | None = None, hint: str | None = None) -> SourceError:
        """The error for a file that is not what it should be, at one of its lines."""
        place = safe_text(self.name, 200)
        return SourceError(f"{place} {what}", where=f"{place}:{line}" if line else place, hint=hint)


def too_large(file: File, most: int) -> SourceError:
    """The error for a file beyond the limit of its kind."""
    return file.wrong(
        f"is larger than {most // 2**20:,} MiB, which is the most that is read of this format",
        hint="write a smaller one: a summary, fewer samples, one file for each part",
    )


def _unreadable(file: File, error: OSError) -> SourceError:
    return file.wrong(f"cannot be read: {safe_text(error.strerror or error, 200)}")


class Report(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A file that was read.

    ``measured_at`` is what it says, else when it was written.  ``bound`` says how its commit is known:
    ``told`` by itself, ``given`` by a person or a manifest, or "" where it is not.
    """

    name: str
    read: T
    told: Told
    measured_at: datetime
    bound: str = ""
    said_by: str = ""
    handed: bool = False
    body: Body | None = None


class _Chosen(msgspec.Struct, Generic[T], frozen=True):
    """The files that count for one question, and in words those that do not."""

    reports: tuple[Report[T], ...]
    left_out: tuple[str, ...]


class Reports(Asker, Generic[T]):
    """Reads the files of one source."""

    media: ClassVar[str] = "application/json"
    largest: ClassVar[int] = 64 * 2**20
    """Bytes of one file; a kind that reads in pieces may take more."""

    def __init__(self, channel: Channel) -> None:
        self._config: FilesConfig = channel.config(FilesConfig)
        self._root = channel.root.resolve()
        self._tracked = channel.tracked
        self._handed = channel.handed
        self._lock = threading.Lock()
        self._known: dict[str, Report[T] | SourceError] = {}
        self._kept = 0

    # --- what a kind says of its format ------------------------------------------------------

    def read(self, file: File) -> T:
        """What stands in a file; ``SourceError`` where it cannot be read.  Runs in a thread."""
        raise NotImplementedError

    def told(self, read: T) -> Told:
        """What a file says of itself."""
        return NOTHING_TOLD

    def answer(self, reports: Sequence[Report[T]], question: Question) -> Found:
        """The answer that files give together; there is at least one, the newest last."""
        raise NotImplementedError

    # --- what is the same for all ---------------------------------------------------------------

    async def ask(self, question: Question) -> Found:
        """What the files that count answer; missing where there are none."""
        return await asyncio.to_thread(self._found, question)

    def _found(self, question: Question) -> Found:
        chosen = self._chosen(question)
        if isinstance(chosen, Found):
            return chosen
        reports = chosen.reports
        found = self.answer(reports, question)
        facts: dict[str, str | int] = {"file": _names([one.name for one in reports]), **found.facts}
        if len(reports) > 1:
            facts.setdefault("files", len(reports))
        if tool := next((one.told.tool for one in reports if one.told.tool), ""):
            facts.setdefault("tool", safe_text(tool, 100))
        if chosen.left_out:
            facts["left_out_files"] = "; ".join(chosen.left_out[:_SHOWN])
        if said := next((one.said_by for one in reports if one.said_by), ""):
            facts["commit_said_by"] = safe_text(said, 200)
        partial = "; ".join(dict.fromkeys(one.told.partial for one in reports if one.told.partial))
        asserted = any(one.handed and not one.bound for one in reports)
        return msgspec.structs.replace(
            found,
            facts=facts,
            partial=found.partial or partial or None,
            bodies=found.bodies or tuple(one.body for one in reports if one.body),
            mark="asserted" if asserted else found.mark,
        )

    def _chosen(self, question: Question) -> _Chosen[T] | Found:
        baseline = question.role == "baseline" and self._config.baseline_files is not None
        field = "baseline_files" if baseline else "files"
        named = self._config.baseline_files if baseline else self._config.files
        patterns = [named] if isinstance(named, str) else named or []
        wanted = [filled(pattern, question, field) for pattern in patterns]
        on_disk = self._on_disk(wanted) if wanted else []
        names = [file.name for file in on_disk]
        # What came with the checkout was measured by nobody for this candidate; only a baseline may be kept there.
        tracked = frozenset() if question.role == "baseline" else self._tracked(names)
        files = [file for file in on_disk if file.name not in tracked]
        told_apart = baseline or any("$" in pattern for pattern in patterns)
        if told_apart or question.role != "baseline":
            files += self._handed_in(wanted if told_apart else None)
        if not files:
            return _no_file(question, wanted, sorted(tracked), field)
        reports = [self._report(file) for file in files]
        left_out = [f"{name} is in version control" for name in sorted(tracked)]
        if question.role == "baseline":
            return _Chosen(_in_order(reports), tuple(left_out))
        mine = []
        for one in reports:
            other = _other_commit(one, question.commit)
            if other:
                left_out.append(f"{safe_text(one.name, 100)} is of commit {safe_text(other[:7], 7)}")
            else:
                mine.append(_bound(one, question.commit))
        if not mine:
            return Found(state="missing", measured_at=question.at, why="; ".join(left_out[:_SHOWN]))
        return _Chosen(_in_order(mine), tuple(left_out))

    def _on_disk(self, patterns: Sequence[str]) -> list[File]:
        found = []
        for path in find(self._root, list(patterns)):
            name = path.relative_to(self._root).as_posix()
            if not path.resolve().is_relative_to(self._root):
                raise SourceError(f"{safe_text(name, 200)} is a link that leads out of the project")
            about = path.stat()
            written = datetime.fromtimestamp(about.st_mtime, UTC)
            found.append(File(name=name, written=written, size=about.st_size, path=path))
        return found

    def _handed_in(self, patterns: Sequence[str] | None) -> list[File]:
        """What was handed in; where patterns tell environments apart, what they match from the end of its path."""
        return [
            File(name=one.name, written=one.written, size=len(one.data), handed=one)
            for one in self._handed
            if patterns is None or any(PurePosixPath(one.name).match(pattern) for pattern in patterns)
        ]

    def _report(self, file: File) -> Report[T]:
        """A file, read once in a fetch, however many questions there are."""
        name = f"{'handed/' if file.handed else ''}{file.name}"
        with self._lock:
            if name not in self._known:
                try:
                    self._known[name] = self._read(file)
                except SourceError as error:
                    self._known[name] = error
            known = self._known[name]
        if isinstance(known, SourceError):
            raise known
        return known

    def _read(self, file: File) -> Report[T]:
        if file.size > self.largest:
            raise too_large(file, self.largest)
        if not file.size:
            raise file.wrong("is empty", hint="did what writes it run to its end?")
        read = self.read(file)
        told = self.told(read)
        body = None
        if file.size <= _KEEP - self._kept:
            body = Body(self.media, file.bytes(self.largest))
            self._kept += file.size
        return Report(
            name=file.name,
            read=read,
            told=told,
            measured_at=told.measured_at or file.written,
            bound="told" if told.commit else "given" if file.handed and file.handed.commit else "",
            said_by=file.handed.said_by if file.handed and not told.commit else "",
            handed=file.handed is not None,
            body=body,
        )


def _in_order(reports: Iterable[Report[T]]) -> tuple[Report[T], ...]:
    return tuple(sorted(reports, key=lambda one: (one.measured_at, one.name)))


def _other_commit(report: Report[Any], commit: str | None) -> str:
    """The commit that a file says it is of, where that is not the candidate's."""
    told = report.told.commit
    return told if told and commit and not same_commit(told, commit) else ""


def _bound(report: Report[T], commit: str | None) -> Report[T]:
    """A file whose commit is told too short to be this one's only, or where nothing is known to compare it with, is asserted."""
    short = report.bound == "told" and (not commit or len(report.told.commit) < SHORTEST_COMMIT)
    return msgspec.structs.replace(report, bound="") if short else report


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return safe_text(", ".join(names[:_SHOWN]), 300) + more


def _no_file(question: Question, wanted: Sequence[str], tracked: Sequence[str], field: str) -> Found:
    if not tracked:
        why = f"no file matches {safe_text(', '.join(wanted), 200)}"
        return Found(state="missing", measured_at=question.at, why=why)
    why = (
        f"{safe_text(tracked[0], 200)} is in version control, so it came with the checkout and nothing was "
        "measured for this candidate; name the file that the run writes"
    )
    return Found(state="missing", measured_at=question.at, why=why, facts={"edit": field})


def newest(reports: Sequence[Report[T]]) -> tuple[Report[T], Mapping[str, str]]:
    """The newest of files that cannot be counted together, and a fact that names the others."""
    *others, last = reports
    if not others:
        return last, {}
    named = _names([one.name for one in others])
    return last, {"note": f"{safe_text(last.name, 100)} is the newest; not counted: {named}"}


def same_files(config: FilesConfig, asked: Asked) -> Iterable[Doubt]:
    """What can be proved of the files of a source before they are there: a value compared with itself."""
    if len(asked.places) < 2:
        return
    sides = []
    for place, field in zip(asked.places, ("files", "baseline_files"), strict=True):
        named = getattr(config, field) if getattr(config, field) is not None else config.files
        patterns = [named] if isinstance(named, str) else named or []
        values = {**place.variables, "environment": place.key}
        try:
            sides.append([fill(pattern, values, field) for pattern in patterns])
        except SourceError as error:
            yield Doubt("source", error.what, error.hint, error=True)
            return
    if sides[0] == sides[1]:
        yield Doubt(
            "source",
            f"its source reads the same files for {asked.places[0].key} and {asked.places[1].key}, so a value would be "
            "compared with itself",
            "write $environment in its “files”, or name the others under “baseline_files”",
            error=True,
        )
