"""Where what is written goes: a file by its ending, or a folder that gives it a name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from workbench.model.errors import UsageError
from workbench.model.files import write_whole
from workbench.model.text import safe_text

F = TypeVar("F", bound=str)


def form_by_ending(path: Path, forms: Mapping[str, F], otherwise: F) -> F:
    """The form that a file's ending asks for; ``otherwise`` where it has none.

    ``forms`` are the endings that are known, without dot.  Digits are no ending: ``notes-2.14.0``.
    ``UsageError`` for any other, so that nothing lies about what it holds.
    """
    ending = path.suffix.removeprefix(".").lower()
    if ending in forms:
        return forms[ending]
    if not ending or ending.isdigit() or path.is_dir():
        return otherwise
    raise UsageError(
        f"“.{safe_text(ending, 20)}” is not a format this command writes",
        where=safe_text(path),
        hint=f"one of {', '.join(f'.{known}' for known in forms)}; or name the format with --format",
    )


def place_of(typed: str) -> Path:
    """The path that somebody typed; one that ends in ``/`` is a folder, and is made if it is not there."""
    path = Path(typed)
    if typed.endswith(("/", os.sep)):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"the folder cannot be made: {error.strerror}",
                where=safe_text(path),
                hint="choose a folder that you may write to",
            ) from None
    return path


def bundle_name(project: str, version: str) -> str:
    """What a bundle is called unless somebody says otherwise: ``web-shop-2.14.0-bundle.zip``."""
    return f"{name_part(project)}-{name_part(version)}-bundle.zip"


def name_part(text: str) -> str:
    """A part of a file's name made of any text: what a file name cannot hold becomes ``-``."""
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", text)[:80].strip(".-") or "unnamed"


def write_new(target: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file whole; one that is there already is left alone unless ``overwrite``.

    ``UsageError`` for that and for a folder that is not there; ``OSError`` where it cannot be written.
    """
    if target.exists() and not overwrite:
        raise UsageError(
            f"{safe_text(target.name)} exists already; nothing was written",
            where=safe_text(target),
            hint="choose another name, or allow replacing the file",
        )
    if not target.parent.is_dir():
        raise UsageError(
            f"there is no folder {safe_text(target.parent)}",
            where=safe_text(target),
            hint="make it first, or choose another",
        )
    write_whole(target, data)
