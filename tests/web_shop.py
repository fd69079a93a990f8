"""The demonstration of the web shop, prepared once in each process that runs tests.

Who only looks at it takes :func:`prepared`; who changes something takes a copy.
"""

from __future__ import annotations

import atexit
import os
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from workbench.usecases import demonstration

_SCHEMAS = Path(".workbench", "schemas")  # a megabyte that is never written in place


@cache
def _made() -> TemporaryDirectory[str]:
    """The folders ``web-shop`` and ``data``, with the heads and backups of its record."""
    made = TemporaryDirectory(prefix="workbench-tests-")
    atexit.register(made.cleanup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(Path(made.name, "data")))
        demonstration.prepare("web-shop", Path(made.name, "web-shop"))
    return made


def prepared() -> Path:
    """The folder of the prepared web shop; nobody writes to it."""
    return Path(_made().name, "web-shop")


def copied(to: Path) -> Path:
    """A copy of the prepared web shop, to do anything with; ``to`` is not there yet."""
    shutil.copytree(prepared(), to, copy_function=_copy)
    return to


def copied_with_data(to: Path) -> Path:
    """The same in the folder ``web-shop`` of ``to``, with its heads and backups in the folder ``data``."""
    shutil.copytree(_made().name, to, copy_function=_copy, dirs_exist_ok=True)
    return to / "web-shop"


def _copy(source: str, to: str) -> str:
    if Path(source).parent.match(f"*/{_SCHEMAS}"):
        os.link(source, to)
        return to
    return str(shutil.copy2(source, to))
