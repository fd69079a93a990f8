"""Where the requirements of a gate stand in the files of a checkout, as CI systems name files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from workbench.definitions import Definitions
from workbench.definitions.loading import FILE_NAME
from workbench.usecases.reporting.checks import Place

_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY", "WORKSPACE")


def places_of(
    definitions: Definitions, gate: str, environ: Mapping[str, str] | None = None
) -> dict[str, Place]:
    """The places of a gate's requirements by key, and under "" that of the gate: the project's file where it has none.

    Services leave out what has no place at all.
    """
    prefix = _prefix(definitions.root.resolve(), os.environ if environ is None else environ)
    asked = definitions.gate(gate)
    fields = {"": None, **{item.key: f"requires.{item.key}" for item in (asked.requires if asked else ())}}
    marks = {key: definitions.mark("gate", gate, field) for key, field in fields.items()}
    found = {
        key: Place(f"{prefix}{mark.file}", mark.line, mark.column)
        for key, mark in marks.items()
        if mark is not None and not mark.built_in
    }
    return {"": Place(f"{prefix}{FILE_NAME}", 1, 1), **found}


def _prefix(root: Path, environ: Mapping[str, str]) -> str:
    """The project's folder within the checkout that CI says, or that git has made around it."""
    said = [Path(environ[name]) for name in _CHECKOUTS if environ.get(name)]
    around = [folder for folder in (root, *root.parents) if (folder / ".git").exists()]
    for top in (*said, *around[:1]):
        if root.is_relative_to(top.resolve()):
            inner = root.relative_to(top.resolve()).as_posix()
            return "" if inner == "." else f"{inner}/"
    return ""
