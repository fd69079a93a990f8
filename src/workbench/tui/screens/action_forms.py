"""The form of an action: what is to be done, by whom, by which day."""

from __future__ import annotations

from workbench.incidents.action_fields import FIELDS
from workbench.incidents.actions import Action
from workbench.model.noun_fields import ADD, EDIT, asked_by, write_form
from workbench.record import Stored
from workbench.tui.screens.form_fields import form_field
from workbench.tui.screens.saving import touched
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.working import Working
from workbench.usecases import actions
from workbench.usecases.context import Context

_HINTS = {"due": "the day by which it is done; that day counts", "owner": "who does it"}


def _fields(screen: Working, verb: str, value: Action | None = None) -> tuple[Field, ...]:
    people, zone = screen.view.definitions.project.people, screen.zone()
    return tuple(
        form_field(
            field,
            write_form(field, getattr(value, field.name), zone) if value is not None else "",
            _HINTS,
            people,
        )
        for field in asked_by(FIELDS, verb)
    )


def open_add(screen: Working, subject: str) -> None:
    """Say what is to be done, after what (``incident/ID``, or nothing)."""

    async def submit(values: Values) -> None:
        await screen.submit(_add, values, subject)
        screen.say(f"to do: {values['title'].strip()}")

    screen.app.push_screen(FormScreen("Add an action", _fields(screen, ADD), submit=submit, save_label="add"))


def _add(context: Context, values: Values, subject: str) -> None:
    actions.add_action(context, values, subject)


def open_edit(screen: Working, stored: Stored, value: Action) -> None:
    """Its owner, its day, its words."""
    fields = _fields(screen, EDIT, value)

    async def submit(values: Values) -> None:
        await screen.submit(_edit, stored, value, touched(fields, values))
        screen.say(f"{value.title}: saved")

    screen.app.push_screen(FormScreen(f"Edit: {value.title}", fields, submit=submit))


def _edit(context: Context, stored: Stored, value: Action, given: Values) -> None:
    actions.edit_action(context, stored, value, given)
