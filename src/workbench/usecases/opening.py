"""Opening a project and its record, and making the record where there is none yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.definitions import FILE_NAME, Definitions, no_definitions
from workbench.model.errors import (
    DefinitionError,
    NotAllowed,
    RecordUnavailable,
    UsageError,
    WorkbenchError,
)
from workbench.model.files import make_private_folder, remove_leftovers, write_whole
from workbench.model.times import Clock
from workbench.record import OtherVersion, Record
from workbench.record.connection import is_none
from workbench.releases.shipment import without_shipment
from workbench.usecases import nouns
from workbench.usecases.context import Context, Latest
from workbench.usecases.identity import author_finder, unlisted_author
from workbench.usecases.project import RECORD, Options, read_definitions, record_path
from workbench.usecases.soundness import note_end, tell


class NoRecord(RecordUnavailable):
    """The project is there, and nobody has begun its record."""


def open_context(options: Options, *, create: bool = False, readonly: bool = False) -> Context:
    """Open the project of a folder and its record.

    ``create`` makes a new record where there is none; otherwise a missing one is an error
    that says what to run.
    """
    root, definitions = read_definitions(options)
    path = record_path(root, options)
    if create or not readonly:
        refuse_link_outside(root, path, options)
    if is_none(path):
        if not create:
            raise RecordUnavailable(
                "this project has no release record yet",
                where=str(path),
                hint="workbench release new VERSION --commit SHA starts one; CI can use gate --excerpt FILE",
            )
        return start(root, path, definitions, options)
    context = with_record(root, definitions, _open_record(path, readonly), options)
    if options.now is None and without_shipment(context.record):
        _keep_earlier(root, path, definitions, options)
    _tell_of_other_names(context)
    return context


def open_as_it_is(
    root: Path, definitions: Definitions, options: Options, busy: float, folder: Path
) -> tuple[Context, bool]:
    """A project to be looked at from elsewhere, and whether a copy stands for its record, which is of an earlier version.

    Nothing of the project is written, brought up to date, kept or told; a copy is made in ``folder``, and brought up to date
    there.  ``busy`` is how many seconds to wait for who writes.  Raises what :func:`open_context` does, and
    ``OtherVersion`` for a record too large to be copied.
    """
    path = record_path(root, options)
    if is_none(path):
        raise NoRecord(
            "this project has no release record yet",
            where=str(path),
            hint="workbench release new VERSION --commit SHA starts one",
        )
    try:
        record, copied = Record.open(path, nouns.NOUNS, readonly=True, busy=busy), False
    except OtherVersion:
        from workbench.record.older import open_copy

        record, copied = open_copy(path, nouns.NOUNS, folder, busy=busy), True
    return with_record(root, definitions, record, options), copied


def _keep_earlier(root: Path, path: Path, definitions: Definitions, options: Options) -> None:
    """What went out before shipments were recorded is kept once, also where the record is only to be read."""
    from workbench.usecases.earlier_shipments import keep_earlier  # judges, which not every command does

    with suppress(WorkbenchError), Record.open(path, nouns.NOUNS) as record:
        if not record.info.readonly:
            keep_earlier(with_record(root, definitions, record, options))


def open_kept(options: Options, *, readonly: bool = False) -> Context:
    """The same for what needs the record only, and works while the project's files have mistakes.

    Then nothing of the project is known: no people, no zone, no titles; that is told.
    """
    try:
        return open_context(options, readonly=readonly)
    except (DefinitionError, UsageError) as error:
        root = _folder_without_definitions(options)
        if root is None:
            raise
        return _record_alone(root, options, error, readonly)


def _folder_without_definitions(options: Options) -> Path | None:
    begin = (options.project or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / FILE_NAME).exists() or (folder / RECORD).exists():
            return folder
    return begin if options.record is not None else None


def _record_alone(root: Path, options: Options, error: WorkbenchError, readonly: bool) -> Context:
    path = record_path(root, options)
    if not readonly:
        refuse_link_outside(root, path, options)
    context = with_record(root, no_definitions(root), _open_record(path, readonly), options)
    context = msgspec.structs.replace(context, author=lambda: unlisted_author(root, options))
    _tell_of_other_names(context)
    what = "the project's files cannot be read, so only the record was used"
    if not readonly:
        who = context.author()
        what += f"; that you are {who.actor} ({who.identity}) was not compared with the project's people"
    tell(context, WorkbenchError(what, where=error.where, hint=error.what))
    return context


def has_record(root: Path, options: Options) -> bool:
    """Whether the project has a record yet."""
    return not is_none(record_path(root, options))


def refuse_link_outside(root: Path, path: Path, options: Options) -> None:
    """Nothing is made or written through a link that leads out of the project, unless a person names the file."""
    real = Path(os.path.realpath(path))
    if options.record is None and not real.is_relative_to(os.path.realpath(root)):
        raise NotAllowed(
            f"the path of the record is a link that leads out of the project, to {real}; nothing was changed",
            where=str(path),
            hint="--record FILE uses a record somewhere else",
        )


def _tell_of_other_names(context: Context) -> None:
    """SQLite keeps its log beside the name that a file was opened by: with two names, changes are lost."""
    path = context.record.path
    if os.name != "nt" and path.stat().st_nlink > 1:
        remove_leftovers(path)
        if path.stat().st_nlink > 1:
            error = RecordUnavailable(
                "the record's file has another name (a hard link): what is written under one name can be lost under the other",
                where=str(path),
                hint="use one name, and remove the other",
            )
            tell(context, error)


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
    from workbench.usecases.importing import start_record  # reading tables is for the few that begin

    def fill(record: Record) -> None:
        start_record(with_record(root, definitions, record, options))

    record = create_record(root, path, definitions, options, fill=fill)
    context = with_record(root, definitions, record, options)
    note_end(context)
    return context


def with_record(root: Path, definitions: Definitions, record: Record, options: Options) -> Context:
    """A context around an opened record; a demonstration's clock counts unless one is given."""
    demonstration = record.info.demonstration
    if demonstration is not None and options.moment is not None:
        demonstration = options.moment
    latest = Latest(record.newest())
    clock = Clock(fixed=options.now or demonstration, floor=lambda: latest.moment)
    return Context(
        root=root,
        definitions=definitions,
        record=record,
        clock=clock,
        author=author_finder(root, definitions, options),
        demonstration=demonstration,
        latest=latest,
        release=options.release,
    )


def create_record(
    root: Path,
    path: Path,
    definitions: Definitions,
    options: Options,
    demonstration: datetime | None = None,
    fill: Callable[[Record], object] = lambda record: None,
) -> Record:
    """A new record beside the project file, kept out of version control; ``fill`` is its beginning."""
    refuse_link_outside(root, path, options)
    try:
        make_private_folder(path.parent)
        ignore = path.parent / ".gitignore"
        if path.parent.name == ".workbench" and not ignore.exists():
            write_whole(ignore, b"*\n")
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
        fill=fill,
    )
