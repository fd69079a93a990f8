"""Investigations as commands; those that a probe's run opened come with the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.investigations.fields import FIELDS
from workbench.investigations.model import Ending, Investigation
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import (
    Telling,
    before_of,
    command_on,
    options,
    said,
    value_of,
)

_NEW = Investigation(title="")


def investigations(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Investigations that people opened, edited and ended."""
    for entry in entries:
        before, after = before_of(entry, Investigation), value_of(entry, Investigation)
        if before is None:
            if not after.run:
                asked = [field for field in asked_by(FIELDS, ADD) if field.name != "title"]
                yield command_on("investigation open", [after.title], options(asked, _NEW, after, telling))
        elif after.open:
            changed = options(asked_by(FIELDS, EDIT), before, after, telling)
            yield command_on("investigation edit", [before.title], changed)
        else:
            finding = after.finding if after.finding != before.finding else ""
            yield command_on(
                "investigation end", [before.title], _ending(telling, after), said(finding=finding)
            )


def _ending(telling: Telling, value: Investigation) -> tuple[str, ...]:
    if value.ended is Ending.DIFFERENCE:
        return said(difference=telling.difference(telling.ever("difference", value.outcome)))
    return said(**{value.ended.value: value.outcome})
