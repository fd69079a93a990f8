"""What happened to environments as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workbench.environments.fields import END_FIELDS, OCCUPANCY_FIELDS, REFRESH_FIELDS
from workbench.environments.model import EndOfLife, Occupancy, Refresh
from workbench.model.noun_fields import ADD, EDIT, Field, asked_by
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import (
    Telling,
    before_of,
    command,
    options,
    said,
    value_of,
)


class _Nothing:
    """What a new thing is compared with: every field of it is said."""

    def __getattr__(self, name: str) -> Any:
        return None


def refreshes(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Data was refreshed, or a refresh was validated."""
    for entry in entries:
        value, before = value_of(entry, Refresh), before_of(entry, Refresh)
        if entry.verb == "validated" and before is not None:
            fields = asked_by(REFRESH_FIELDS, EDIT)
            yield command(
                "environment", "validate", value.environment, options(fields, before, value, telling)
            )
        else:
            said_so = _said(asked_by(REFRESH_FIELDS, ADD), value, telling)
            yield command("environment", "refresh", value.environment, said_so)


def occupancies(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """An environment was occupied, or is free again."""
    for entry in entries:
        value = value_of(entry, Occupancy)
        if entry.verb == "occupied":
            said_so = _said(OCCUPANCY_FIELDS, value, telling)
            yield command("environment", "occupy", value.environment, said_so)
        else:
            at = value.ends if entry.verb == "freed" else act.at
            said_so = list(said(who=value.who, at=telling.when(at, end=False)))
            yield command("environment", "free", value.environment, said_so)


def ends_of_life(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """The end of an environment was set."""
    for entry in entries:
        value = value_of(entry, EndOfLife)
        yield command("environment", "end", value.environment, _said(END_FIELDS, value, telling))


def _said(fields: Sequence[Field], value: Any, telling: Telling) -> list[str]:
    """Everything that a new thing says, and nothing of what it leaves empty."""
    told = [field for field in fields if getattr(value, field.name) not in (None, "")]
    return options(told, _Nothing(), value, telling)
