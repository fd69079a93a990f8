"""The projects in folders: a bounded search, which a disk that does not answer holds up for some seconds at most."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic

from workbench.definitions import FILE_NAME

DEEP = 3  # folders below one that is named
MOST_FOLDERS = 5_000  # folders that are searched below one
SECONDS = 10.0  # that searching kept folders may take
_PASSED_OVER = frozenset(
    {"node_modules", "__pycache__", "site-packages", "vendor", "dist", "build", "target"}
)


def search(folders: Sequence[str], seconds: float = SECONDS) -> Mapping[str, tuple[Path, ...] | None]:
    """The projects in each of the folders, all searched at once; ``None`` of one that took longer than ``seconds``."""
    found: dict[str, tuple[Path, ...] | None] = dict.fromkeys(folders)

    def look(folder: str) -> None:
        try:
            found[folder] = tuple(projects_in(Path(folder)))
        except OSError:  # it cannot be looked into
            found[folder] = ()

    threads = [threading.Thread(target=look, args=(each,), daemon=True, name="fleet") for each in folders]
    for thread in threads:
        thread.start()
    end = monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    return dict(found)


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


def folder_text(path: Path) -> str:
    """A folder as text, links followed; what is no UTF-8 is spelt out, as where records are noted."""
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")
