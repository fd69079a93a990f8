"""Opening a project and its record, and making the record where there is none yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from workbench.definitions import Definitions
from workbench.model.errors import RecordUnavailable
from workbench.model.times import Clock
from workbench.record import OtherVersion, Record
from workbench.usecases import nouns
from workbench.usecases.context import Context
from workbench.usecases.identity import author_finder
from workbench.usecases.project import Options, read_definitions, record_path


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
    from workbench.usecases.importing import start_record  # reading tables is for the few that begin

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
