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
from workbench.sources.moments import dated_ahead
from workbench.sources.other_form import in_words
from workbench.sources.project_files import find_by_pattern
from workbench.sources.reading import Asker, Body, Found, Question, missing
from workbench.sources.recognising import Sample, recognised

T = TypeVar("T")

SHORTEST_COMMIT = 7  # digits: fewer could be another one's
_KEEP = 64 * 2**20  # bytes of one fetch's files that are kept as evidence
_NEVER = datetime.min.replace(tzinfo=UTC)
_LOOKED_AT = 2 * 2**20  # bytes of a file that is looked at to say what else it is
_SHOWN = 3  # names of files in a sentence


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself: its commit, when it was measured, what wrote it, and why it is not the whole truth.

    ``more_commits`` are those of its parts, such as the runs of several scanners: it is of a commit only if all of it is.
    ``zoned`` is false where the time names no zone: it may be local time, and so lie after the file was written.
    """

    commit: str = ""
    more_commits: tuple[str, ...] = ()
    measured_at: datetime | None = None
    zoned: bool = True
    tool: str = ""
    partial: str = ""

    @property
    def commits(self) -> tuple[str, ...]:
        """Every commit that it names."""
        return tuple(dict.fromkeys(filter(None, (self.commit, *self.more_commits))))


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
                data = file.read(self.size + 1)
        except OSError as error:
            raise _unreadable(self, error) from None
        if len(data) != self.size:
            raise self.wrong("changed while it was read", hint="wait until what writes it has ended")
        return data

    def json(self, shape: type[Any], most: int) -> Any:
        """Its JSON in a shape; ``SourceError`` where it has another one, or is none."""
        try:
            return msgspec.json.decode(self.bytes(most).removeprefix(b"\xef\xbb\xbf"), type=shape)
        except RecursionError:
            raise self.wrong("is nested too deep") from None
        except (msgspec.DecodeError, ValueError) as error:
            raise self.wrong(f"cannot be read: {safe_text(in_words(error), 200)}") from None

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
    ``told`` by itself, ``given`` by a person or a manifest, or "" where it is not.  ``handed`` is the id of one that was
    handed in.
    """

    name: str
    read: T
    told: Told
    measured_at: datetime
    bound: str = ""
    said_by: str = ""
    handed: str = ""
    body: Body | None = None

    def matches(self, pattern: str) -> bool:
        """Whether a pattern takes in its name, from the end of its path."""
        return PurePosixPath(self.name).match(pattern)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What the patterns of a source name for one question, before any of it is read.

    ``tracked`` are the names of those that are in version control and so left out; ``of`` says by pattern which files of
    the folder it matches, those left out too.
    """

    field: str
    files: tuple[File, ...]
    tracked: tuple[str, ...]
    of: Mapping[str, frozenset[str]]


class Chosen(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """The files that count for one question, the newest last, those of another commit, and those that cannot be read or are dated ahead."""

    named: Named
    reports: tuple[Report[T], ...]
    others: tuple[Report[T], ...]
    broken: Mapping[str, SourceError]

    @property
    def left_out(self) -> list[str]:
        """In words, which files do not count."""
        tracked = [f"{name} is in version control" for name in self.named.tracked]
        return tracked + [
            f"{safe_text(one.name, 100)} is of commit {' and '.join(safe_text(told[:7], 7) for told in one.told.commits)}"
            for one in self.others
        ]


class Reports(Asker, Generic[T]):
    """Reads the files of one source."""

    media: ClassVar[str] = "application/json"
    largest: ClassVar[int] = 64 * 2**20
    """Bytes of one file; a kind that reads in pieces may take more."""
    reads_empty: ClassVar[bool] = False
    """Whether what this kind says of an empty file is more than that it is empty."""

    def __init__(self, channel: Channel) -> None:
        self._kind = channel.source.kind
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

    def evidence(self, file: File) -> bytes:
        """What of a file is kept as evidence: all of it, but for kinds whose files hold what is nobody's business."""
        return file.bytes(self.largest)

    def conclude(self, chosen: Chosen[T], question: Question) -> Found:
        """The answer, given what counts and what does not; a kind overrides it that can answer beside a broken file."""
        if chosen.broken:
            raise next(iter(chosen.broken.values()))
        if not chosen.reports:
            return missing(question, "; ".join(chosen.left_out[:_SHOWN]))
        return self.answer(chosen.reports, question)

    def no_file(self, named: Named, question: Question) -> Found:
        """What is said where no file can count."""
        if not named.tracked:
            return missing(question, f"no file matches {safe_text(', '.join(named.of), 200)}")
        why = (
            f"{safe_text(named.tracked[0], 200)} is in version control, so it came with the checkout and nothing was "
            "measured for this candidate; name the file that the run writes"
        )
        return missing(question, why, edit=named.field)

    def is_of_another(self, report: Report[T], commit: str | None) -> bool:
        """Whether a file says that it is of another commit than the candidate's."""
        return bool(commit) and any(not same_commit(told, commit or "") for told in report.told.commits)

    # --- what is the same for all ---------------------------------------------------------------

    async def ask(self, question: Question) -> Found:
        """What the files that count answer; missing where there are none."""
        return await asyncio.to_thread(self._found, question)

    def _found(self, question: Question) -> Found:
        named = self._named(question)
        if not named.files:
            return self.no_file(named, question)
        chosen = self._chosen(named, question)
        found = self.conclude(chosen, question)
        reports = chosen.reports
        if not reports:
            return found
        facts: dict[str, str | int] = {"file": _names([one.name for one in reports]), **found.facts}
        if len(reports) > 1:
            facts.setdefault("files", len(reports))
        if tool := next((one.told.tool for one in reports if one.told.tool), ""):
            facts.setdefault("tool", safe_text(tool, 100))
        if chosen.left_out:
            facts["left_out_files"] = "; ".join(chosen.left_out[:_SHOWN])
        if said := next((one.said_by for one in reports if one.said_by), ""):
            facts["commit_said_by"] = safe_text(said, 200)
        if handed := [one.handed for one in reports if one.handed]:
            facts["handed"] = ",".join(handed)
        partial = "; ".join(dict.fromkeys(one.told.partial for one in reports if one.told.partial))
        # What a value is compared with need not be of the candidate.
        asserted = question.role != "baseline" and any(one.handed and not one.bound for one in reports)
        return msgspec.structs.replace(
            found,
            facts=facts,
            partial=found.partial or partial or None,
            bodies=found.bodies or tuple(one.body for one in reports if one.body),
            mark="asserted" if asserted else found.mark,
        )

    def every(self, question: Question) -> Sequence[Report[T]]:
        """All files that a question is about, whichever commit they are of; ``SourceError`` for one that cannot be read."""
        chosen = self._chosen(self._named(question), question)
        if chosen.broken:
            raise next(iter(chosen.broken.values()))
        return (*chosen.others, *chosen.reports)

    def _named(self, question: Question) -> Named:
        baseline = question.role == "baseline" and self._config.baseline_files is not None
        field = "baseline_files" if baseline else "files"
        named = self._config.baseline_files if baseline else self._config.files
        patterns = [named] if isinstance(named, str) else named or []
        wanted = [filled(pattern, question, field) for pattern in patterns]
        matching = find_by_pattern(self._root, wanted) if wanted else {}
        of = {pattern: frozenset(map(self._name, paths)) for pattern, paths in matching.items()}
        names = sorted(frozenset[str]().union(*of.values()))
        # What came with the checkout was measured by nobody for this candidate; only a baseline may be kept there.
        tracked = frozenset() if question.role == "baseline" else self._tracked(names)
        files = [self._on_disk(name) for name in names if name not in tracked]
        told_apart = baseline or any("$" in pattern for pattern in patterns)
        if told_apart or question.role != "baseline":
            files = _each_once(files, self._handed_in(wanted if told_apart else None, question.environment))
        return Named(field=field, files=tuple(files), tracked=tuple(sorted(tracked)), of=of)

    def _chosen(self, named: Named, question: Question) -> Chosen[T]:
        mine, others, broken = [], [], {}
        for file in named.files:
            try:
                one = self._report(file)
            except SourceError as error:
                broken[file.name] = error
                continue
            if question.role != "baseline" and self.is_of_another(one, question.commit):
                others.append(one)
            elif ahead := dated_ahead(one.measured_at, question.at):  # it would be taken for the newest
                broken[file.name] = file.wrong(ahead)
            else:
                mine.append(one if question.role == "baseline" else _bound(one, question.commit))
        return Chosen(named=named, reports=_in_order(mine), others=_in_order(others), broken=broken)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _on_disk(self, name: str) -> File:
        path = self._root / name
        try:
            about = path.stat()
        except OSError:  # a link that leads nowhere, or gone since: told when it is read
            return File(name=name, written=_NEVER, size=1, path=path)
        return File(
            name=name, written=datetime.fromtimestamp(about.st_mtime, UTC), size=about.st_size, path=path
        )

    def _handed_in(self, patterns: Sequence[str] | None, environment: str | None) -> list[File]:
        """What was handed in for an environment: as somebody said; else, where patterns tell them apart, as its path ends."""
        return [
            File(name=one.name, written=one.written, size=len(one.data), handed=one)
            for one in self._handed
            if (one.environment == environment if one.environment else _fits(one.name, patterns))
        ]

    def _report(self, file: File) -> Report[T]:
        """A file, read once in a fetch, however many questions there are."""
        name = file.handed.id if file.handed else file.name
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
        if file.path and not file.path.resolve().is_relative_to(self._root):
            raise SourceError(f"{safe_text(file.name, 200)} is a link that leads out of the project")
        if not file.size and not self.reads_empty:
            raise file.wrong("is empty", hint="did what writes it run to its end?")
        if file.size > self.largest:
            raise too_large(file, self.largest)
        try:
            read = self.read(file)
        except OSError as error:
            raise _unreadable(file, error) from None
        except SourceError as error:
            hint = error.hint or _of_another_kind(file, self._kind)
            if file.name in f"{error.what} {error.where}":
                error.hint = hint
                raise
            raise file.wrong(f"cannot be read: {error.what}", hint=hint) from None
        told = self.told(read)
        body = None
        if file.size <= _KEEP - self._kept:
            body = Body(self.media, self.evidence(file))
            self._kept += file.size
        return Report(
            name=file.name,
            read=read,
            told=told,
            measured_at=_moment(told, file),
            bound="told" if told.commit else "given" if file.handed and file.handed.commit else "",
            said_by=file.handed.said_by if file.handed and not told.commit else "",
            handed=file.handed.id if file.handed else "",
            body=body,
        )


def _of_another_kind(file: File, mine: str) -> str | None:
    """What a file is that this kind cannot read, where another kind reads it."""
    from workbench.sources.kinds import KINDS  # all kinds: only where something went wrong

    if file.size > _LOOKED_AT:
        return None
    try:
        alike = recognised(Sample(file.name, file.bytes(_LOOKED_AT)), KINDS)
    except SourceError:
        return None
    if len(alike) != 1 or alike[0].kind == mine:
        return None
    return f"it looks like {alike[0].words}, which is read by sources of kind {alike[0].kind}"


def _fits(name: str, patterns: Sequence[str] | None) -> bool:
    return patterns is None or any(PurePosixPath(name).match(pattern) for pattern in patterns)


def _in_order(reports: Iterable[Report[T]]) -> tuple[Report[T], ...]:
    return tuple(sorted(reports, key=lambda one: (one.measured_at, one.name)))


def _moment(told: Told, file: File) -> datetime:
    """When a file was measured: as it says itself, else when it was written."""
    if told.measured_at is None:
        return file.written
    return told.measured_at if told.zoned else min(told.measured_at, file.written)


def _each_once(on_disk: Sequence[File], handed: Sequence[File]) -> list[File]:
    """All files; one of the folder that was handed in as well is the same file, and counts as handed in."""
    sizes = {file.size for file in handed}
    data = {file.handed.data: file for file in handed if file.handed}
    return [file for file in on_disk if file.size not in sizes or _data_of(file) not in data] + list(
        data.values()
    )


def _data_of(file: File) -> bytes | None:
    try:
        return file.bytes(file.size)
    except SourceError:
        return None


def _bound(report: Report[T], commit: str | None) -> Report[T]:
    """A file whose commit is told too short to be this one's only, or where nothing is known to compare it with, is asserted."""
    short = report.bound == "told" and (not commit or len(report.told.commit) < SHORTEST_COMMIT)
    return msgspec.structs.replace(report, bound="") if short else report


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return safe_text(", ".join(names[:_SHOWN]), 300) + more


def oldest(reports: Iterable[Report[Any]]) -> datetime:
    """The moment that an answer of several files stands for: it is no newer than the oldest of them."""
    return min(one.measured_at for one in reports)


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
            f"this source answers the same of {asked.places[0].key} and {asked.places[1].key}, for it reads the same files: "
            "a value would be compared with itself",
            "write $environment in its “files”, or name the others under “baseline_files”",
            error=True,
        )
