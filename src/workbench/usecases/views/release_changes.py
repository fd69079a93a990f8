"""What the commits of a candidate tell, and how much of them is told, as both front ends show it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.text import safe_text
from workbench.notes.changes import coverage_words
from workbench.releases import model as releases
from workbench.releases.change_lines import Changes, Known
from workbench.usecases.context import Context
from workbench.usecases.release_changes.listing import read_changes_told

SCHEMA = "workbench.release-changes.1"


class ChangesView(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of a release, by its version."""

    version: str
    changes: Changes


def read(context: Context) -> ChangesView:
    """What is known of the commits of the release in hand."""
    held = releases.find(context.record, context.release)
    return ChangesView(version=held.release.version, changes=read_changes_told(context, held))


def lines(found: ChangesView) -> Iterator[str]:
    """The changes by kind, each with the key that names it, and the coverage."""
    for group, told in groupby(found.changes.lines, lambda line: line.group):
        yield group.heading
        for line in told:
            scope = f"{line.scope}: " if line.scope else ""
            yield f"  {safe_text(line.key, 40)}  {safe_text(scope + line.text)}"
            for text in (*line.breaks, *((line.problem,) if line.problem else ())):
                yield f"    {safe_text(text)}"
        yield ""
    if found.changes.missing:
        yield "In production, and not in this candidate"
        yield from (f"  {safe_text(text)}" for text in found.changes.missing)
        yield ""
    yield from (words for words, _ in coverage_words(found.changes.coverage))
    if found.changes.coverage.known is Known.NOT_KNOWN:
        yield "next: workbench notes changes --since COMMIT"


def document(found: ChangesView) -> dict[str, Any]:
    """The same for programs."""
    return {"schema": SCHEMA, "release": found.version, **plain(found.changes)}
