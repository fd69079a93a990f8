"""Why a source found no test run: what the checkout around the project tells of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Explanation, Folder
from workbench.sources.reading import Batch, Reading
from workbench.usecases.context import Context
from workbench.usecases.git import ask_git
from workbench.usecases.surveying import read_remote
from workbench.usecases.yaml_files import yaml_file


def explained(context: Context, batch: Batch) -> Batch:
    """A batch whose missing test runs say why, as far as the checkout knows.

    The fact ``edit`` names the field of the source that has to be edited, where asking again cannot help.
    """
    source = context.definitions.source(batch.source)
    explain = KINDS[source.kind].explain if source else None
    if source is None or explain is None:
        return batch
    folder = cache(lambda: checkout(context.root))  # git is asked only where something is missing
    readings = tuple(
        _with(reading, explain(source.config, reading.facts, folder()))
        if reading.role == "tests" and reading.state == "missing"
        else reading
        for reading in batch.readings
    )
    return msgspec.structs.replace(batch, readings=readings)


def checkout(root: Path) -> Folder:
    """The project's folder and where its checkout begins and comes from; its files are not listed."""
    top = ask_git(root, "rev-parse", "--show-toplevel")
    address = ask_git(root, "remote", "get-url", "origin")
    host, path = read_remote(address) if address else (None, None)
    return Folder(folder=root, top=Path(top) if top else root, host=host, path=path, yaml=yaml_file)


def _with(reading: Reading, explanation: Explanation | None) -> Reading:
    if explanation is None:
        return reading
    facts = {**reading.facts, "edit": explanation.field} if explanation.field else reading.facts
    return msgspec.structs.replace(reading, why=f"{reading.why}; {explanation.why}", facts=facts)
