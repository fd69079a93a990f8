"""Opening a project: its definitions, its record, who sits here and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

import msgspec

from workbench.definitions import Definitions
from workbench.definitions.shapes import Person
from workbench.model.errors import NotAllowed, RecordUnavailable
from workbench.model.times import Clock, zone_of
from workbench.record import Author, Blob, Change, Commit, OtherVersion, Record
from workbench.usecases import nouns
from workbench.usecases.identity import author_finder
from workbench.usecases.project import RECORD as RECORD
from workbench.usecases.project import Options as Options
from workbench.usecases.project import data_folder as data_folder
from workbench.usecases.project import environment as environment
from workbench.usecases.project import kinds as kinds
from workbench.usecases.project import other_time as other_time
from workbench.usecases.project import production_of as production_of
from workbench.usecases.project import read_definitions as read_definitions
from workbench.usecases.project import record_path as record_path
from workbench.usecases.project import staging_of as staging_of


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """An opened project: passed along, without verbs of its own."""

    root: Path
    definitions: Definitions
    record: Record
    clock: Clock
    author: Callable[[], Author]
    demonstration: datetime | None = None
    release: str | None = None
    excerpt: bool = False
    """Whether the record was made from an excerpt, for this one call."""
    remarks: list[str] = []
    """What a person should be told although it worked; whoever opened the context tells it."""

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def zone(self) -> tzinfo:
        """The project's zone, in which days are told."""
        return zone_of(self.definitions.project.timezone)

    @property
    def data_folder(self) -> Path:
        """Looked up when it is needed: most commands only read the record."""
        return data_folder()


def open_context(options: Options, *, create: bool = False, readonly: bool = False) -> Context:
    """Open the project of a folder and its record.

    ``create`` makes a new record where there is none; otherwise a missing one is an error
    that says what to run.
    """
    root, definitions = read_definitions(options)
    path = record_path(root, options)
    if not path.exists():
        if not create:
            raise RecordUnavailable(
                "this project has no release record yet",
                where=str(path),
                hint="workbench release new VERSION --commit SHA starts one; CI can use gate --excerpt FILE",
            )
        return start(root, path, definitions, options)
    return with_record(root, definitions, _open_record(path, readonly), options)


def _open_record(path: Path, readonly: bool) -> Record:
    """The record.  One of another workbench is brought up to date first, also where it is only to be read."""
    try:
        return Record.open(path, nouns.NOUNS, readonly=readonly)
    except OtherVersion:
        if not readonly:
            raise
    Record.open(path, nouns.NOUNS).close()
    return Record.open(path, nouns.NOUNS, readonly=True)


def start(root: Path, path: Path, definitions: Definitions, options: Options) -> Context:
    """A context around a new record, filled from the files that the project starts from."""
    from workbench.usecases.importing import start_record

    context = with_record(root, definitions, create_record(root, path, definitions, options), options)
    try:
        start_record(context)
    except BaseException:
        # Half a beginning would be taken for the whole of it the next time.
        context.record.close()
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        raise
    return context


def with_record(root: Path, definitions: Definitions, record: Record, options: Options) -> Context:
    """A context around an opened record; a demonstration's clock counts unless one is given."""
    demonstration = record.info.demonstration
    clock = Clock(fixed=options.now or demonstration)
    return Context(
        root=root,
        definitions=definitions,
        record=record,
        clock=clock,
        author=author_finder(root, definitions, options),
        demonstration=demonstration,
        release=options.release,
    )


def create_record(
    root: Path, path: Path, definitions: Definitions, options: Options, demonstration: datetime | None = None
) -> Record:
    """A new record beside the project file, kept out of version control."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ignore = path.parent / ".gitignore"
        if path.parent.name == ".workbench" and not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise RecordUnavailable(
            f"the folder for the record cannot be made: {error.strerror}",
            where=str(path.parent),
            hint="make its parent writable, or name another place with --record",
        ) from None
    return Record.create(
        path,
        nouns.NOUNS,
        project=definitions.project.project,
        author=author_finder(root, definitions, options)(),
        clock=Clock(),
        demonstration=demonstration,
    )


def commit(
    context: Context,
    changes: Sequence[Change],
    *,
    blobs: Sequence[Blob] = (),
) -> Commit:
    """The one way to the ledger: commits an act and keeps its head outside the record.

    In a demonstration the demonstration's time is claimed; the real one is recorded beside it.
    A record that was cut is not written to: what was lost would be harder and harder to find.
    """
    from workbench.usecases import soundness

    require_own_time(context)
    soundness.check_end(context)
    claimed = context.clock.fixed if context.demonstration else None
    done = context.record.commit(
        list(changes),
        author=context.author(),
        clock=context.clock,
        definitions=context.definitions.digest,
        blobs=list(blobs),
        claimed_at=claimed,
    )
    soundness.note_end(context)
    return done


def elsewhen(context: Context) -> bool:
    """Whether one looks from another moment than that of the record: ``--now``."""
    return context.clock.fixed not in (None, context.demonstration)


def require_own_time(context: Context) -> None:
    """Nothing is written while one looks from another moment."""
    if elsewhen(context):
        raise other_time()


def person(context: Context) -> Person | None:
    """The person of the project who sits here, if known."""
    return context.definitions.person(context.author().actor)


def require_person(context: Context) -> Person:
    """The person who sits here; an error says how to become one."""
    found = person(context)
    if found is None:
        known = ", ".join(p.key for p in context.definitions.project.people) or "nobody yet"
        raise NotAllowed(
            f"“{context.author().actor}” is not among the people of this project",
            where="people: in workbench.yaml",
            hint=f"say who you are with --as PERSON; known: {known}",
        )
    return found
