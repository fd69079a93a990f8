"""Which projects there are to look at: the one that one is in, those in folders that were named or are kept, those opened here.

Noted folders are not looked into here: whether a project is still there is found by who judges it, who may be stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.definitions import FILE_NAME, NoProject, find_project
from workbench.model.errors import UsageError
from workbench.record import heads
from workbench.usecases.fleet.folders import read_folders
from workbench.usecases.fleet.searching import DEEP, SECONDS, folder_text, projects_in, search
from workbench.usecases.fleet.shapes import Ask, Folder
from workbench.usecases.project import RECORD, NoDataFolder, data_folder

MOST = 200  # projects that are looked at


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for: ``here`` is the folder that they are in, ``folders`` those that they named.

    ``record`` is the file that they opened the project with that they are in, where they named one.
    """

    here: Path | None = None
    record: Path | None = None
    folders: tuple[Path, ...] = ()
    as_person: str | None = None
    now: datetime | None = None
    days: int = 30
    quarter: str = ""
    demonstrations: bool = False


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The projects to judge, each folder once; ``elsewhere`` are noted records that lie in no project's folder.

    ``folders`` are those that are kept, ``remark`` says why their list cannot be read.  ``more`` counts projects
    beyond the first 200, which are not looked at.
    """

    asks: tuple[Ask, ...]
    folders: tuple[Folder, ...] = ()
    remark: str = ""
    elsewhere: tuple[str, ...] = ()
    more: int = 0


def find(wanted: Wanted) -> Found:
    """The projects to look at.  ``UsageError`` for a folder that was named and holds none."""
    asks: dict[str, Ask] = {}
    folders, remark = folders_seen()
    for ask in (*_here(wanted), *_named(wanted), *_kept(wanted, folders)):
        asks.setdefault(ask.root, ask)
    elsewhere, judged = [], {ask.record for ask in asks.values()}
    for place in _noted():
        root = _root_of(place.file)
        if place.file in judged:
            continue
        if root is None:
            elsewhere += [place.file] if place.file else []
        elif root not in asks:
            asks[root] = _ask(wanted, root, record_id=place.record_id, project=place.project)
        elif not asks[root].record_id:
            asks[root] = msgspec.structs.replace(asks[root], record_id=place.record_id, project=place.project)
    found = tuple(asks.values())
    return Found(
        asks=found[:MOST],
        folders=folders,
        remark=remark,
        elsewhere=tuple(elsewhere),
        more=max(0, len(found) - MOST),
    )


def _ask(wanted: Wanted, root: str, **more: object) -> Ask:
    ask = Ask(
        root=root,
        as_person=wanted.as_person,
        now=wanted.now,
        days=wanted.days,
        quarter=wanted.quarter,
        demonstrations=wanted.demonstrations,
    )
    return msgspec.structs.replace(ask, **more)


def _here(wanted: Wanted) -> Iterator[Ask]:
    if wanted.here is not None:
        with suppress(NoProject, UsageError):
            record = folder_text(wanted.record) if wanted.record is not None else ""
            root = folder_text(find_project(wanted.here))
            yield _ask(wanted, root, record=record, why="here", demonstrations=True)


def _named(wanted: Wanted) -> Iterator[Ask]:
    for folder in wanted.folders:
        roots = list(projects_in(folder))
        if not roots:
            raise UsageError(
                f"there is no project in {folder}" if folder.is_dir() else f"{folder} is no folder",
                hint=f"name a folder that holds a {FILE_NAME}, or folders with one, up to {DEEP} below it",
            )
        itself = roots == [folder.absolute()]
        for root in roots:
            yield _ask(wanted, folder_text(root), why="named", demonstrations=itself or wanted.demonstrations)


def folders_seen() -> tuple[tuple[Folder, ...], str]:
    """The folders that are kept, each with the projects in it, and why their list cannot be read."""
    kept, remark = read_folders()
    return tuple(_folder(path, found) for path, found in search(kept).items()), remark


def _folder(path: str, found: Sequence[Path] | None) -> Folder:
    if found is None:
        return Folder(path=path, trouble=f"it did not answer within {SECONDS:.0f} s")
    gone = "" if found or Path(path).is_dir() else "it is not there"
    return Folder(path=path, roots=tuple(map(folder_text, found)), trouble=gone)


def _kept(wanted: Wanted, folders: Sequence[Folder]) -> Iterator[Ask]:
    for folder in folders:
        for root in folder.roots:
            itself = root == folder.path
            yield _ask(wanted, root, why="kept", demonstrations=itself or wanted.demonstrations)


def _noted() -> Sequence[heads.Place]:
    try:
        return heads.places(data_folder(), MOST + 1)
    except NoDataFolder:
        return ()


def _root_of(file: str) -> str | None:
    """The project's folder that a record's file lies in as it usually does."""
    path = Path(file)
    return str(path.parent.parent) if file and path.parts[-2:] == RECORD.parts else None
