"""A person's own keys: the file that says which key does what, where the standard ones do not suit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from workbench.definitions.yaml_text import Mapping, Scalar, parse
from workbench.model.errors import DefinitionError, Problem, UsageError
from workbench.model.files import read_regular

NAME = "keys.yaml"


class OwnKey(msgspec.Struct, frozen=True):
    """A line of the file: what the key means, the key as it is written, and where it says so."""

    means: str
    key: str
    line: int
    column: int


class OwnKeys(msgspec.Struct, frozen=True):
    """What a person's file says; ``file`` is its full path, there or not."""

    file: Path
    keys: tuple[OwnKey, ...] = ()


def keys_file() -> Path:
    """Where a person's own keys are read from: ``WORKBENCH_KEYS``, or the usual folder for settings."""
    named = os.environ.get("WORKBENCH_KEYS")
    if named:
        if not Path(named).is_absolute():
            raise UsageError(
                f"WORKBENCH_KEYS is not a full path: {named}",
                hint="write it from the root of the file system",
            )
        return Path(named)
    if sys.platform == "linux" and not os.environ.keys() & {"XDG_CONFIG_HOME", "ANDROID_DATA"}:
        # What platformdirs would say, without importing it at every start.
        return Path(os.path.expanduser("~/.config/workbench")) / NAME  # noqa: PTH111
    from platformdirs import user_config_path

    return user_config_path("workbench", appauthor=False) / NAME


def read_own_keys(file: Path) -> OwnKeys:
    """What the file says; nothing where there is none.

    Raises ``DefinitionError`` for a file that is no list of meanings and keys, with the line.
    """
    try:
        text = read_regular(file).decode("utf-8")
    except FileNotFoundError:
        return OwnKeys(file)
    except (OSError, ValueError) as error:
        raise DefinitionError(
            [Problem(str(file), 0, 0, f"cannot be read: {error}", "fix the file, or move it away")]
        ) from error
    document = parse(text, str(file))
    if document.problems:
        raise DefinitionError(document.problems)
    root = document.root
    found, problems = [], []
    if not isinstance(root, Mapping):
        raise DefinitionError([_problem(file, 1, 1, "this is not a list of meanings and keys")])
    for key, value in root.entries.values():
        if not isinstance(value, Scalar) or value.empty:
            problems.append(
                _problem(file, key.line, key.column, f"{key.text}: that is not the name of a key")
            )
            continue
        found.append(OwnKey(key.text, value.text, value.line, value.column))
    if problems:
        raise DefinitionError(problems)
    return OwnKeys(file, tuple(found))


def _problem(file: Path, line: int, column: int, what: str) -> Problem:
    return Problem(str(file), line, column, what, "write what it means and the key, such as: decide: D")
