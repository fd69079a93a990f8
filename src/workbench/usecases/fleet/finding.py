"""Which projects there are to look at: the one that one is in, those in folders that were named, those opened on this machine.

Foreign folders are not looked into here: whether a project is still there is found by who judges it, who may be stopped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.definitions import FILE_NAME, NoProject, find_project
from workbench.model.errors import UsageError
from workbench.record import heads
from workbench.usecases.fleet.shapes import Ask
from workbench.usecases.project import RECORD, NoDataFolder, data_folder

MOST = 200  # projects that are looked at
DEEP = 3  # folders below one that is named
MOST_FOLDERS = 5_000  # folders that are searched below those that are named
_PASSED_OVER = frozenset(
    {"node_modules", "__pycache__", "site-packages", "vendor", "dist", "build", "target"}
)


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

    ``more`` counts projects beyond the first 200, which are not looked at.
    """

    asks: tuple[Ask, ...]
    elsewhere: tuple[str, ...] = ()
    more: int = 0


def find(wanted: Wanted) -> Found:
    """The projects to look at.  ``UsageError`` for a folder that was named and holds none."""
    asks: dict[str, Ask] = {}
    for ask in (*_here(wanted), *_named(wanted)):
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
    return Found(asks=found[:MOST], elsewhere=tuple(elsewhere), more=max(0, len(found) - MOST))


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
            record = _text(wanted.record) if wanted.record is not None else ""
            root = _text(find_project(wanted.here))
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
            yield _ask(wanted, _text(root), why="named", demonstrations=itself or wanted.demonstrations)


def projects_in(folder: Path) -> Iterator[Path]:
    """The projects in a folder: itself, else those up to three folders below it; links are not followed.

    What lies inside of a project is its own, and hidden folders are passed over.
    """
    waiting, looked = [(folder.absolute(), 0)], 0
    while waiting and looked < MOST_FOLDERS:
        here, depth = waiting.pop(0)
        looked += 1
        if (here / FILE_NAME).is_file():
            yield here
        elif depth < DEEP:
            waiting += [(below, depth + 1) for below in _below(here)]


def _below(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if name[0] != "." and name not in _PASSED_OVER]


def _noted() -> Sequence[heads.Place]:
    try:
        return heads.places(data_folder(), MOST + 1)
    except NoDataFolder:
        return ()


def _root_of(file: str) -> str | None:
    """The project's folder that a record's file lies in as it usually does."""
    path = Path(file)
    return str(path.parent.parent) if file and path.parts[-2:] == RECORD.parts else None


def _text(path: Path) -> str:
    """A folder as text, links followed; what is no UTF-8 is spelt out, as where records are noted."""
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")
