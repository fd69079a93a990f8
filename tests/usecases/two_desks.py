"""Kim's and sam's desks: two copies of one record, in two folders of one machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import building as build

from workbench.usecases import exchanging, soundness
from workbench.usecases.context import Context
from workbench.usecases.exchanging import Imported


def copy_project(here: Path, there: Path) -> None:
    """The project's files without the record."""
    shutil.copytree(here, there, ignore=shutil.ignore_patterns(".workbench"))
    (there / ".workbench").mkdir()


@contextmanager
def two_desks(top: Path) -> Iterator[tuple[Context, Context]]:
    """Both hold a high difference, undecided."""
    with ExitStack() as stack:
        kim = stack.enter_context(build.shop(top / "kim"))
        build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
        copy_project(top / "kim", top / "sam")
        kim.record.backup(top / "sam" / ".workbench" / "record.db")
        sam = stack.enter_context(build.opened(top / "sam", "sam"))
        sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
        soundness.note_end(sam)
        yield kim, sam


def send(one: Context, other: Context, name: str = "desk.pack", **which: str) -> Imported:
    """A pack of one desk, taken in by the other."""
    path = one.root / name
    path.unlink(missing_ok=True)
    exchanging.write_pack(one, path, for_desk=which.get("for_desk"))
    return exchanging.take(other, path)
