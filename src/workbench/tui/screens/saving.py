"""Saving an edit that somebody else may have overtaken: both versions beside each other, none lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Generic, TypeVar

import msgspec

from workbench.model import noun_fields as nouns
from workbench.model.errors import StaleChange, UsageError, WorkbenchError
from workbench.model.text import safe_lines, safe_text
from workbench.record import Commit, Stored
from workbench.tui.widgets.conflict import Conflict, Difference
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.working import Working
from workbench.usecases.conflicts import settled
from workbench.usecases.context import Context

S = TypeVar("S", bound=msgspec.Struct)
OVERTAKEN = "You both changed the fields below since you opened this. Your changes are not saved yet."


class Edited(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """How one kind of thing is edited: ``seen`` is what the form was opened with.

    ``make`` builds the new value from what was filled in, ``save`` records it, ``reread``
    finds the thing as it is now, ``columns`` say how its fields are called and written.
    """

    seen: tuple[Stored, S]
    make: Callable[[Values], Awaitable[S]]
    save: Callable[[Context, Stored, S], Commit]
    reread: Callable[[Context, str], tuple[Stored, S] | None]
    columns: Sequence[nouns.Field]


def open_edit_form(
    screen: Working, title: str, fields: Sequence[Field], edited: Edited[S], said: str
) -> FormScreen:
    """A form that edits something; a conflict asks whose fields to keep."""
    form = FormScreen(title, fields, submit=lambda values: submit(values))

    async def submit(values: Values) -> None:
        mine = await edited.make(values)
        try:
            await screen.submit(edited.save, edited.seen[0], mine)
        except StaleChange as stale:
            _ask(screen, form, edited, mine, stale, said)
            raise
        screen.say(said)

    screen.app.push_screen(form)
    return form


def _ask(
    screen: Working, form: FormScreen, edited: Edited[S], mine: S, stale: StaleChange, said: str
) -> None:
    if not (stale.fields and stale.theirs):
        return  # it is gone, or nobody knows which fields: the form says so and stays

    async def answered(side: Any) -> None:
        if side is not None:
            await _settle(screen, form, edited, mine, stale, side, said)

    sides = differences(edited.columns, stale, type(mine), screen.zone())
    screen.app.push_screen(Conflict("Somebody saved a change before you", OVERTAKEN, sides), answered)


async def _settle(
    screen: Working, form: FormScreen, edited: Edited[S], mine: S, stale: StaleChange, side: Any, said: str
) -> None:
    stored, seen = edited.seen
    try:
        now = await screen.work.desk.call(edited.reread, stored.id)
        if now is None:
            raise UsageError("somebody has removed it meanwhile")
        value = settled(seen, mine, now[1], stale.fields, side)
        await screen.submit(edited.save, now[0], value)
    except WorkbenchError as error:
        form.show_trouble(error)
        return
    screen.say(said)
    form.dismiss(None)


def differences(
    columns: Sequence[nouns.Field], stale: StaleChange, shape: type[msgspec.Struct], zone: tzinfo
) -> list[Difference]:
    """The fields that collide, in words, mine and theirs."""
    mine, theirs = (_read(value, shape) for value in (stale.mine, stale.theirs))
    known = {column.name: column for column in columns}
    return [
        Difference(
            known[name].title if name in known else name,
            _written(known.get(name), mine, name, zone),
            _written(known.get(name), theirs, name, zone),
        )
        for name in stale.fields
    ]


def _read(value: Mapping[str, Any] | None, shape: type[msgspec.Struct]) -> msgspec.Struct:
    return msgspec.convert(dict(value or {}), shape)


def _written(column: nouns.Field | None, value: msgspec.Struct, name: str, zone: tzinfo) -> str:
    found = getattr(value, name, "")
    return column.write(found, zone) if column else str(found)


# --- fields and back ---------------------------------------------------------------------


def touched(fields: Iterable[Field], values: Values) -> dict[str, str]:
    """What a person changed in a form: text that a form can only show cut stays whole that way."""
    return {
        field.name: values[field.name].strip()
        for field in fields
        if field.name in values and values[field.name] != _as_shown(field)
    }


def _as_shown(field: Field) -> str:
    if field.kind == "lines":
        return "\n".join(safe_lines(field.value))
    return field.value if field.kind == "choice" else safe_text(field.value)
