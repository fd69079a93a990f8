"""The forms of environments: what happened in one, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workbench.environments.fields import END_FIELDS, OCCUPANCY_FIELDS, REFRESH_FIELDS
from workbench.environments.model import Refresh
from workbench.model import noun_fields as nouns
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.tui.screens.form_fields import form_fields
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import environments, filling
from workbench.usecases.context import Context
from workbench.usecases.views.environments import EnvironmentState, occupied_words

_OCCUPANCY, _REFRESH = "occupancy", "refresh"
_VALIDATED, _FREE, _ENDED = "validated", "free", "ended"
_ADDS = {_OCCUPANCY: OCCUPANCY_FIELDS, _REFRESH: REFRESH_FIELDS}


def open_add(screen: Working, state: EnvironmentState) -> None:
    """``a``: who uses the environment, or a refresh of its data."""

    async def submit(values: Values) -> None:
        if values["what"] == _OCCUPANCY:
            await screen.submit(_occupy, state.key, values)
            screen.say(f"{values['who'].strip()} uses {state.title} · u undo")
        else:
            await screen.submit(_refresh, state.key, values)
            screen.say(f"refresh of {state.title} recorded · M to say what its validation found")

    fields = (
        Field("what", "What", "choice", _OCCUPANCY, "", (Option(_OCCUPANCY, "who uses it"), Option(_REFRESH, "new data"))),
        *_only(_OCCUPANCY, OCCUPANCY_FIELDS, _blank(OCCUPANCY_FIELDS), screen),
        *_only(_REFRESH, asked_by(REFRESH_FIELDS, ADD), _blank(REFRESH_FIELDS), screen),
    )  # fmt: skip
    screen.app.push_screen(
        FormScreen(
            f"What happens in {state.title}",
            fields,
            intro=[Pair("Now", occupied_words(state, screen.zone()))],
            check=lambda values: filling.mistakes(_ADDS[values["what"]], values, screen.zone()),
            submit=submit,
            save_label="record",
        )
    )


def open_mark(screen: Working, state: EnvironmentState) -> None:
    """``M``: what the validation of the last refresh found, that it is free, or that it ends."""
    choices = [(_ENDED, "at its end")]
    if any(not one.regular for one in (*state.occupied, *state.coming)):
        choices.insert(0, (_FREE, "free"))
    last = state.refreshes[0][1] if state.refreshes else None
    if last is not None:
        choices.insert(0, (_VALIDATED, "validated"))
    asked = {_VALIDATED: asked_by(REFRESH_FIELDS, EDIT), _FREE: (), _ENDED: END_FIELDS}

    async def submit(values: Values) -> None:
        await screen.submit(_MARKS[values["mark"]], state.key, values)
        screen.say(f"{state.title} marked as {dict(choices)[values['mark']]} · u undo")

    recorded = [one for one in (*state.occupied, *state.coming) if not one.regular]
    names = tuple(Option(who) for who in dict.fromkeys(one.who for one in recorded))
    fields: list[Field] = [
        Field("mark", "Mark as", "choice", choices[0][0], "", tuple(Option(*choice) for choice in choices))
    ]
    if last is not None:
        fields += _only(_VALIDATED, asked[_VALIDATED], last, screen, "mark")
    if names:
        fields.append(Field("who", "Free of", "choice", names[0].value, "", names, only_if=("mark", _FREE)))
    fields += _only(_ENDED, END_FIELDS, _blank(END_FIELDS), screen, "mark")
    screen.app.push_screen(
        FormScreen(
            f"Mark {state.title} as …",
            fields,
            intro=[Pair("Now", occupied_words(state, screen.zone()))],
            check=lambda values: filling.mistakes(asked[values["mark"]], values, screen.zone()),
            submit=submit,
            save_label="mark as",
        )
    )


def _blank(fields: Iterable[nouns.Field]) -> object:
    """What a form of something new is filled in with: every field empty."""
    shape = msgspec.defstruct("Blank", [(field.name, object, field.empty) for field in fields])
    return shape()


def _only(
    which: str, fields: Iterable[nouns.Field], value: object, screen: Working, by: str = "what"
) -> tuple[Field, ...]:
    """Fields that show only where ``which`` was chosen."""
    made = form_fields(fields, value, screen.zone(), people=screen.view.definitions.project.people)
    return tuple(msgspec.structs.replace(field, only_if=(by, which)) for field in made)


def _occupy(context: Context, key: str, values: Values) -> None:
    new = environments.new_occupancy(context, key)
    environments.occupy(
        context, filling.change(context, OCCUPANCY_FIELDS, new, _said(OCCUPANCY_FIELDS, values))
    )


def _refresh(context: Context, key: str, values: Values) -> None:
    new = environments.new_refresh(context, key)
    environments.record_refresh(
        context, filling.change(context, REFRESH_FIELDS, new, _said(REFRESH_FIELDS, values))
    )


def _said(fields: Iterable[nouns.Field], values: Values) -> dict[str, str]:
    """What was filled in: a field that was left empty says nothing."""
    return {field.name: text for field in fields if (text := values.get(field.name, "").strip())}


def _validate(context: Context, key: str, values: Values) -> None:
    stored, before = environments.last_refresh(context, key)
    value: Refresh = filling.change(
        context,
        REFRESH_FIELDS,
        before,
        {name: values[name] for name in ("rows", "distributions", "plans", "note")},
    )
    environments.validate_refresh(context, stored, value)


def _free(context: Context, key: str, values: Values) -> None:
    stored, value = environments.find_occupancy(context, key, values["who"], context.now)
    environments.free(context, stored, value, context.now)


def _end(context: Context, key: str, values: Values) -> None:
    new = environments.new_end(context, key)
    environments.end_life(context, filling.change(context, END_FIELDS, new, _said(END_FIELDS, values)))


_MARKS = {_VALIDATED: _validate, _FREE: _free, _ENDED: _end}
