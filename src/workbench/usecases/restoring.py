"""Going on with a record that was handed over, backed up or sent as a whole pack: as a new desk that follows."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import msgspec

from workbench.definitions import Definitions, no_definitions
from workbench.model.errors import DefinitionError, NotAllowed, RecordError, UsageError, WorkbenchError
from workbench.model.files import open_regular, write_whole
from workbench.model.text import entries_of, safe_text
from workbench.model.times import Clock, to_text
from workbench.record import Aside, Author, Known, Record, heads, laying, replacing
from workbench.record.connection import is_none
from workbench.record.pack_files import PackFile, open_pack
from workbench.record.projection import tables_of
from workbench.usecases import exchanging, nouns
from workbench.usecases.identity import author_finder, unlisted_author
from workbench.usecases.opening import refuse_link_outside
from workbench.usecases.project import NoDataFolder, Options, data_folder, read_definitions, record_path

_SQLITE = b"SQLite format 3\0"
BEFORE = "before-restore"
PACK, BACKUP, ITSELF = "pack", "backup", "itself"


class Fork(msgspec.Struct, frozen=True, kw_only=True):
    """Two copies of a record: what only one of them holds, by entry; of very many the first ones.

    ``desk`` and ``number`` say from which entry of which desk on they differ: the last one that both hold.
    """

    here: tuple[Aside, ...]
    there: tuple[Aside, ...]
    count_here: int
    count_there: int
    desk: str
    number: int


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was restored: from what sort of file, how many entries, as which desk, following which entry.

    ``kept`` is where the record is kept that was here before, ``set_aside`` the noted ends of that.
    """

    what: str
    entries: int
    desk: str
    follows: Known
    people: tuple[str, ...]
    kept: Path | None
    set_aside: Path | None
    fork: Fork | None


class NotOlder(NotAllowed):
    """The record that is here holds entries that the file does not: ``fork`` says which."""

    def __init__(self, fork: Fork, what: str, hint: str) -> None:
        super().__init__(what, hint=hint)
        self.fork = fork


class _Source(Protocol):
    """A file to restore from."""

    what: str
    record: str
    project: str

    def entries(self) -> Iterator[Aside]: ...

    def build(self, part: Path, clock: Clock) -> None: ...


def restore(
    options: Options,
    file: Path,
    *,
    replace: bool = False,
    confirm: Callable[[Fork | None], bool] = lambda _: True,
) -> Restored:
    """Puts the record of a file in its place, and begins a new desk that follows.

    A record that is here is replaced if it is the same one and holds nothing that the file does not; with
    ``replace`` also then.  It stays beside the new one.  ``confirm`` is told what differs before anything is done.
    """
    root, definitions = folder(options)
    path = record_path(root, options)
    refuse_link_outside(root, path, options)
    if _same_file(file, path):
        return _begin_here(root, path, definitions, options)
    with _source(file) as source:
        _require_this_project(source, definitions, file)
        fork = _compare(path, source, file, replace)
        if not confirm(fork):
            raise UsageError("nothing was changed")
        author = author_of(root, definitions, options)
        keep_out_of_git(path)
        with replacing.building(path) as place:
            source.build(place.part, Clock())
            with Record.open(place.part, nouns.NOUNS) as record:
                if (problem := record.verify().problem) is not None:
                    raise RecordError(
                        f"the record in {file} is not intact: {problem}",
                        where=str(file),
                        hint="workbench repair --from FILE takes from it what can be read",
                    )
                (follows,) = (one for one in record.frontier() if one.desk == record.info.desk)
                desk = record.begin_desk(f"restored from {_name(file)}", author, Clock())
                entries, record_id = record.head.seq, record.info.record_id
                people = tuple(
                    dict.fromkeys(name for one in record.desks_seen() if not one.own for name in one.people)
                )
            aside = set_noted_aside(record_id, path)
            kept = place.make_room(BEFORE)
    note_end(path)
    return Restored(
        what=source.what, entries=entries, desk=desk, follows=follows, people=people, kept=kept,
        set_aside=aside, fork=fork,
    )  # fmt: skip


def _name(file: Path) -> str:
    return safe_text(file.name, 100)


def folder(options: Options) -> tuple[Path, Definitions]:
    """The project's folder; one without project files has to be named, or is this one."""
    try:
        return read_definitions(options)
    except DefinitionError:
        raise
    except UsageError:
        root = (options.project or Path.cwd()).resolve()
        return root, no_definitions(root)


def author_of(root: Path, definitions: Definitions, options: Options) -> Author:
    """Who acts; compared with the project's people where there are project files."""
    if definitions.files:
        return author_finder(root, definitions, options)()
    return unlisted_author(root, options)


def _require_this_project(source: _Source, definitions: Definitions, file: Path) -> None:
    if definitions.files and source.project != definitions.project.project:
        raise UsageError(
            f"{file} is of the project “{safe_text(source.project)}”, and this is “{definitions.project.project}”",
            hint="restore it in the folder of its project, or an empty one",
        )


def _same_file(file: Path, path: Path) -> bool:
    with suppress(OSError):
        return path.exists() and file.samefile(path)
    return False


def keep_out_of_git(path: Path) -> None:
    """Makes the record's folder, with a file that keeps it out of version control."""
    if path.parent.name == ".workbench":
        path.parent.mkdir(mode=0o700, exist_ok=True)
        ignore = path.parent / ".gitignore"
        if not ignore.exists():
            write_whole(ignore, b"*\n")


# --- what is here -------------------------------------------------------------------------


def _compare(path: Path, source: _Source, file: Path, replace: bool) -> Fork | None:
    """What differs between the record that is here, if one is, and the file."""
    if is_none(path):
        return None
    try:
        with Record.open(path, nouns.NOUNS, readonly=True) as here:
            record_id, project = here.info.record_id, here.info.project
            held = list(here.entries_told())
    except RecordError:
        if replace:
            return None
        raise
    if record_id != source.record:
        raise NotAllowed(
            f"there is another record here, of the project “{safe_text(project)}”; nothing was changed",
            hint="restore in another folder",
        )
    fork = _fork(held, list(source.entries()))
    if not fork.count_here and not fork.count_there:
        raise UsageError(f"the record that is here holds just what {file} holds", hint="nothing to restore")
    if fork.count_here and not replace:
        both = "both went on" if fork.count_there else "it is the newer one"
        raise NotOlder(
            fork,
            f"the record that is here holds {entries_of(fork.count_here)} that {file} does not: {both}; nothing was changed",
            f"workbench import {file} joins the two"
            if isinstance(source, _PackSource)
            else "exchange packs joins the two (workbench exchange); --replace goes on with the file alone, and keeps this one beside it",
        )
    return fork


_SHOWN = 50


def _fork(here: Sequence[Aside], there: Sequence[Aside]) -> Fork:
    ours, theirs = {one.digest for one in here}, {one.digest for one in there}
    only_here = [one for one in here if one.digest not in theirs]
    only_there = [one for one in there if one.digest not in ours]
    first = (only_here or only_there or [None])[0]  # type: ignore[list-item]
    return Fork(
        here=tuple(only_here[:_SHOWN]),
        there=tuple(only_there[:_SHOWN]),
        count_here=len(only_here),
        count_there=len(only_there),
        desk=first.desk if first is not None else "",
        number=first.desk_seq if first is not None else 0,
    )


def _begin_here(root: Path, path: Path, definitions: Definitions, options: Options) -> Restored:
    """The record that lies here already goes on as a new desk: it was copied here, or is older on purpose."""
    with Record.open(path, nouns.NOUNS) as record:
        if (problem := record.verify().problem) is not None:
            raise RecordError(
                f"the record is not intact: {problem}", where=str(path), hint="workbench repair"
            )
        (follows,) = (one for one in record.frontier() if one.desk == record.info.desk)
        aside = set_noted_aside(record.info.record_id, path)
        author = author_of(root, definitions, options)
        desk = record.begin_desk("goes on here as a desk of its own", author, Clock())
        entries = record.head.seq
        people = tuple(
            dict.fromkeys(name for one in record.desks_seen() if not one.own for name in one.people)
        )
    note_end(path)
    return Restored(
        what=ITSELF, entries=entries, desk=desk, follows=follows, people=people, kept=None, set_aside=aside,
        fork=None,
    )  # fmt: skip


def set_noted_aside(record_id: str, path: Path) -> Path | None:
    """Moves aside what was noted of the record at a place, for it goes back on purpose."""
    with suppress(NoDataFolder):
        return heads.set_aside(data_folder(), record_id, path)
    return None


def note_end(path: Path) -> None:
    """Notes where the record at a place ends now, if there is a place to note it."""
    with suppress(NoDataFolder, WorkbenchError), Record.open(path, nouns.NOUNS, readonly=True) as record:
        heads.remember(data_folder(), record)


# --- what to restore from -----------------------------------------------------------------


@contextmanager
def _source(file: Path) -> Iterator[_Source]:
    """The pack or backup of a file; ``UsageError`` where it is neither."""
    if exchanging.is_pack(file):
        with open_pack(file) as pack:
            yield _PackSource(pack)
        return
    try:
        with open_regular(file) as opened:
            first = opened.read(len(_SQLITE))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", hint="check the path") from None
    if first != _SQLITE:
        raise UsageError(
            f"{file} is no record, no pack and no handover",
            hint="workbench backup, exchange --to and handover --to make one",
        )
    # What lies there is not touched, whatever it is: a copy of it is brought up to date, and read.
    with tempfile.TemporaryDirectory(prefix="workbench-restore-") as folder:
        copy = Path(folder) / "record.db"
        shutil.copyfile(file, copy)
        log = file.with_name(file.name + "-wal")
        if log.exists():
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        with Record.open(copy, nouns.NOUNS) as record:
            yield _BackupSource(record)


class _PackSource:
    what = PACK

    def __init__(self, pack: PackFile) -> None:
        self._pack = pack
        self.record, self.project = pack.record, pack.project

    def entries(self) -> Iterator[Aside]:
        return laying.told(self._pack, tables_of(nouns.NOUNS))

    def build(self, part: Path, clock: Clock) -> None:
        laying.lay_pack(part, tables_of(nouns.NOUNS), self._pack, to_text(clock.recording()))


class _BackupSource:
    what = BACKUP

    def __init__(self, record: Record) -> None:
        self._record = record
        self.record, self.project = record.info.record_id, record.info.project

    def entries(self) -> Iterator[Aside]:
        return self._record.entries_told()

    def build(self, part: Path, clock: Clock) -> None:
        part.unlink()
        self._record.backup(part)
