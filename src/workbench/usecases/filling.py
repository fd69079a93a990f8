"""From what a person typed into a form or on the command line to a noun's new value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar

import msgspec

from workbench.model.cells import CellError
from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.noun_fields import Field, read_given
from workbench.model.past import read_past
from workbench.parity import model as parity
from workbench.usecases.context import Context
from workbench.usecases.environment_names import environment_named
from workbench.usecases.flow_names import flow_keys
from workbench.usecases.people import owner_named

# Whether a time can be read does not depend on what time it is.
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
S = TypeVar("S", bound=msgspec.Struct)


def _people(context: Context, texts: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owner_named(context, text, text if text in kept else None) for text in texts))


def _owner(context: Context, text: str | None, kept: str | None) -> str | None:
    return owner_named(context, text, kept) if text else text


def _differences(context: Context, texts: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    """Ids of rows of the map; those ``kept`` may have left it."""
    found = (text if text in kept else parity.find(context.record, text)[0].id for text in texts)
    return tuple(dict.fromkeys(found))


# How items that name another noun, as people call it, become its keys.
NAMED: Mapping[str, Callable[[Context, Any, Any], Any]] = {
    "flow": flow_keys,
    "person": _owner,
    "difference": _differences,
    "people": _people,
    "environment": environment_named,
}


def change(context: Context, fields: Iterable[Field], before: S, given: Mapping[str, object]) -> S:
    """``before`` with what was given, by field; what is ``None`` or no item was not given.

    Raises ``UsageError`` for a text that the field cannot hold.
    """
    said = {
        field.name: value_of(context, field, given[field.name], getattr(before, field.name))
        for field in fields
        if given.get(field.name) not in (None, ())
    }
    return msgspec.structs.replace(before, **said)


def value_of(context: Context, field: Field, given: object, kept: Any) -> Any:
    """The value of what was given for a field in place of what is ``kept`` there.

    Raises ``UsageError`` for what the field cannot hold, or what names nothing of this project.
    """
    try:
        value = read_given(field, given, context.now, context.zone)
    except CellError as error:
        raise UsageError(error.what, hint=error.hint) from None
    if field.refers:
        return NAMED[field.refers](context, value, kept)
    return value


def moment(text: str | None, now: datetime, zone: tzinfo) -> datetime | None:
    """When, as a person typed it: a day, a moment, or how long from ``now``; ``None`` where nothing was.

    A day begins at midnight in ``zone``.  ``UsageError`` for a text that is none of them.
    """
    return read_moment(text, zone, now) if text and text.strip() else None


def past(context: Context, text: str | None) -> datetime | None:
    """When something happened, as a person typed it; ``None`` where nothing was, which means now."""
    return read_past(text, context.zone, context.now) if text and text.strip() else None


def end(text: str | None, now: datetime, zone: tzinfo) -> datetime | None:
    """Until when, in the same ways; a day alone counts whole."""
    return read_moment(text, zone, now, end=True) if text and text.strip() else None


def mistakes(fields: Iterable[Field], given: Mapping[str, str], zone: tzinfo) -> dict[str, str]:
    """What is wrong with texts, by the field's name; what has to be past is told when it is saved."""
    found = {}
    for field in fields:
        if field.past:
            continue
        try:
            read_given(field, given.get(field.name, ""), _ANY_TIME, zone)
        except CellError as error:
            found[field.name] = f"{error.what}; {error.hint}"
    return found
