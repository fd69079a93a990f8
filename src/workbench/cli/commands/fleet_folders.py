"""``workbench fleet``: the folders whose projects stand in Fleet, wherever one is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workbench.cli import output
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.text import number_of
from workbench.usecases.fleet import folders
from workbench.usecases.fleet.finding import folders_seen
from workbench.usecases.views.fleet.beside import folder_mark, folder_words

SCHEMA = "workbench.fleet-folders.1"


@click.group(cls=Family)
def fleet() -> None:
    """Fleet: the folders whose projects it shows, besides those that were opened on this machine."""


@fleet.command("list")
@common("json")
@pass_settings
def list_(settings: Settings) -> None:
    """List the folders that Fleet looks in, and how many projects are in each."""
    seen, remark = folders_seen()
    rows = [{"folder": one.path, "projects": list(one.roots), "trouble": one.trouble or None} for one in seen]
    if settings.json:
        output.emit({"schema": SCHEMA, "folders": rows, "changed": None})
    else:
        table = [
            (mark.symbol if (mark := folder_mark(one)) else "", one.path, folder_words(one)) for one in seen
        ]
        output.table(("", "folder", "holds"), table, empty="no folders; workbench fleet add FOLDER adds one")
    if remark:
        output.talk(remark)


@fleet.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@common("json")
@pass_settings
def add(settings: Settings, folder: Path) -> None:
    """Look at this project, or at those in this folder, too, from now on.

    Projects up to three folders below it are found, also those that come later.
    """
    path, found = folders.add(folder)
    words = f"Fleet looks in {path}, too: {number_of(len(found), 'project')}"
    rows = [{"folder": path, "projects": [str(each) for each in found], "trouble": None}]
    _done(settings, words, rows, path, hint="workbench status --all")


@fleet.command("remove")
@click.argument("folder", type=click.Path(path_type=Path))
@common("json")
@pass_settings
def remove(settings: Settings, folder: Path) -> None:
    """Look in this folder no longer.

    Nothing in it is changed, and projects of it that were opened on this machine stay in Fleet.
    """
    path = folders.remove(folder)
    _done(settings, f"Fleet looks in {path} no longer", [], path)


def _done(settings: Settings, words: str, rows: list[dict[str, Any]], path: str, hint: str = "") -> None:
    output.done(settings, words, {"schema": SCHEMA, "folders": rows, "changed": path}, hint=hint)
