"""The form of an investigation: who owns it, what was found, and what it ended in."""

from __future__ import annotations

import msgspec

from workbench.investigations.fields import FIELDS
from workbench.investigations.model import Ending, Investigation
from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import field_of
from workbench.record import Stored
from workbench.tui.screens.form_fields import form_field
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import filling, investigating
from workbench.usecases.context import Context
from workbench.usecases.views.investigations import told

_ASKED = tuple(field_of(FIELDS, name) for name in ("owner", "finding"))
_ENDINGS = (
    Option(Ending.OPEN.value, "still open"),
    Option(Ending.DIFFERENCE.value, "a difference on the map"),
    Option(Ending.REFRESH.value, "a refresh of the data"),
    Option(Ending.LIMIT.value, "another limit"),
)
_HINTS = {
    Ending.DIFFERENCE: "its title, or a part of it",
    Ending.REFRESH: "which refresh",
    Ending.LIMIT: "which limit, and why",
}


def _read(context: Context, ref: str) -> tuple[Stored, Investigation, list[tuple[str, str]]]:
    stored, value = investigating.find_investigation(context, ref)
    return stored, value, told(context, value)


async def open_investigation(screen: Working, ref: str) -> None:
    """Ask for the owner, the finding, and what it ended in."""
    try:
        stored, value, said = await screen.work.desk.call(_read, ref)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    people = screen.view.definitions.project.people
    texts = {"owner": value.owner or "", "finding": value.finding}
    fields = (
        *(form_field(field, texts[field.name], people=people) for field in _ASKED),
        Field("ended", "Ended in", "choice", value.ended.value, options=_ENDINGS),
        *(
            Field(
                ending.value,
                ending.value.capitalize(),
                hint=hint,
                only_if=("ended", ending.value),
                required=True,
            )
            for ending, hint in _HINTS.items()
        ),
    )
    known = [
        (name.capitalize(), text)
        for name, text in said
        if text and name in ("fell to", "environment", "opened")
    ]
    intro = [Pair("What", value.title), *(Pair(name, text) for name, text in known)]

    async def submit(values: Values) -> None:
        await screen.submit(_save, stored, value, values)
        screen.say(f"{value.title}: {'saved' if values['ended'] == Ending.OPEN.value else 'ended'}")

    screen.app.push_screen(FormScreen("Investigation", fields, intro=intro, submit=submit))


def _save(context: Context, stored: Stored, value: Investigation, values: Values) -> None:
    given = {field.name: values[field.name] for field in _ASKED}
    changed = filling.change(context, _ASKED, value, given)
    ending = Ending(values["ended"])
    if ending is Ending.OPEN:
        investigating.edit_investigation(context, stored, changed)
        return
    outcome = values[ending.value]
    ended = msgspec.structs.replace(changed, finding=changed.finding.strip())
    investigating.end_investigation(context, stored, ended, ending, outcome)
