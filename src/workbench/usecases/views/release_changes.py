"""What the commits of a candidate tell, and how much of them is told, as both front ends show it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.text import number_of, safe_text
from workbench.notes.changes import coverage_words
from workbench.notes.own import hidden_changes
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


def short(context: Context) -> str:
    """How much of the commits is told, in few words: ``12 commits since 2.13.0, 3 of them not described``."""
    coverage = read(context).changes.coverage
    if coverage.known is Known.NOT_KNOWN:
        return "what changed is not known: press 0, then List commits"
    since = coverage.since_version or coverage.since[:12]
    words = f"{number_of(coverage.commits, 'commit')} since {since}"
    words += f", {coverage.other:,} of them not described" if coverage.other else ", each described"
    return words + (f", {coverage.missing:,} in production are missing" if coverage.missing else "")


def shown_lines(context: Context) -> list[tuple[str, str]]:
    """The changes that the notes tell: key, and what people read."""
    held = releases.find(context.record, context.release)
    hidden = hidden_changes(context.record, held.id)
    told = read_changes_told(context, held).lines
    return [(line.key, f"{line.group.heading}: {line.text}") for line in told if line.key not in hidden]


def hidden_lines(context: Context) -> list[tuple[str, str]]:
    """The changes that are left out: key, and what they said."""
    held = releases.find(context.record, context.release)
    return [(key, value.title) for key, (_, value) in hidden_changes(context.record, held.id).items()]


def document(found: ChangesView) -> dict[str, Any]:
    """The same for programs."""
    return {"schema": SCHEMA, "release": found.version, **plain(found.changes)}
