"""The folders that a person gave to Fleet: kept in their data folder, and asked for projects whenever all are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.files import read_regular, write_whole
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.model.turns import in_turn
from workbench.usecases.fleet.searching import DEEP, folder_text, projects_in
from workbench.usecases.project import NoDataFolder, data_folder

FILE = "fleet.json"
SCHEMA = "fleet-folders.1"
MOST = 50  # folders that are kept
_LONGEST = 256 * 1024  # bytes of the file
_LONGEST_PATH = 4096  # characters


class _Kept(msgspec.Struct, frozen=True):
    folders: tuple[str, ...] = ()
    schema: str = SCHEMA


def read_folders() -> tuple[tuple[str, ...], str]:
    """The folders as full paths, and what has to be said where they cannot be read."""
    try:
        return _read(), ""
    except UsageError as error:
        return (), f"{error.what} ({error.where}): {error.hint}"
    except NoDataFolder:
        return (), ""


def add(folder: Path) -> tuple[str, Sequence[Path]]:
    """Keeps a folder, and gives its full path and the projects in it.

    ``UsageError`` where it is no folder, holds no project, is kept already, or cannot be kept.
    """
    text, found = folder_text(folder.expanduser()), list(projects_in(folder.expanduser()))
    if not found:
        raise UsageError(
            f"there is no project in {safe_text(str(folder), 200)}"
            if folder.expanduser().is_dir()
            else f"{safe_text(str(folder), 200)} is no folder",
            hint=f"name a project, or a folder with projects up to {DEEP} below it",
        )
    if text != safe_text(text, _LONGEST_PATH) or not Path(text).is_dir():  # spelt out it is no path any more
        raise UsageError(
            f"the name of {safe_text(text, 200)} is no plain text, so it cannot be kept",
            hint="rename the folder",
        )
    with _in_turn():
        before = _read()
        if text in before:
            raise UsageError(f"Fleet looks in {text} already", hint="workbench fleet list")
        if len(before) >= MOST:
            raise UsageError(f"Fleet keeps no more than {MOST} folders", hint="workbench fleet remove FOLDER")
        _write((*before, text))
    return text, found


def remove(folder: Path) -> str:
    """Keeps a folder no longer, there or not, and gives its full path.  ``UsageError`` where it was not kept."""
    spelt = (folder_text(folder.expanduser()), str(folder))
    with _in_turn():
        before = _read()
        text = next((each for each in spelt if each in before), None)
        if text is None:
            meant = nearest(spelt[0], before)
            raise UsageError(
                f"Fleet does not look in {safe_text(spelt[0], 200)}",
                hint=f"did you mean {meant}?" if meant else "workbench fleet list says where it looks",
            )
        _write(tuple(each for each in before if each != text))
    return text


def _read() -> tuple[str, ...]:
    path = data_folder() / FILE
    try:
        data = read_regular(path)
        kept = msgspec.json.decode(data[: _LONGEST + 1], type=_Kept)
        if kept.schema != SCHEMA or len(data) > _LONGEST:
            raise ValueError(kept.schema)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise UsageError(
            "the list of the folders of Fleet cannot be read",
            where=str(path),
            hint="fix the file, or move it away and add the folders again",
        ) from error
    return tuple(
        dict.fromkeys(each for each in kept.folders if each == safe_text(each, _LONGEST_PATH) and each)
    )[:MOST]


@contextmanager
def _in_turn() -> Iterator[None]:
    """What another program adds in the same instant is not lost."""
    path = data_folder() / FILE
    try:
        with in_turn(path):
            yield
    except OSError as error:
        raise UsageError(
            f"the folders of Fleet were not kept: {error.strerror or error}", hint=str(path)
        ) from error


def _write(folders: tuple[str, ...]) -> None:
    write_whole(data_folder() / FILE, msgspec.json.encode(_Kept(folders)), private=True)
