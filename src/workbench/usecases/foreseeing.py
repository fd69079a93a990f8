"""What of a project's sources can never be answered, as the checkout tells it.  Light: ``check`` imports it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workbench.definitions import Definitions
from workbench.model.errors import Problem
from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Folder


def foreseen(definitions: Definitions) -> Iterator[Problem]:
    """A warning for each source that asks for test runs which can never be there."""
    look = cache(lambda: _checkout(definitions.root))  # only for those who ask for something by name
    for source in definitions.project.sources:
        foresee = KINDS[source.kind].foresee
        found = foresee(source.config, look) if foresee else None
        place = definitions.mark("source", source.key, found.field) if found else None
        if found and place:
            yield Problem(place.file, place.line, place.column, found.why, severity="warning")


def _checkout(root: Path) -> Folder:
    from workbench.usecases.checkouts import checkout

    return checkout(root)
