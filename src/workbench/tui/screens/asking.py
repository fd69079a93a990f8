"""Asking somebody elsewhere, from the line that waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.gates.model import Part
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import request_files, signing_elsewhere
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.next_step import spoken


def open_ask(screen: Working, part: Part, gate: str, role: str, who: Sequence[str]) -> None:
    """Write the sheet for one of those who can sign in a role, and the request beside it."""
    names = {person.key: person.name for person in screen.view.definitions.project.people}
    options = tuple(Option(key, names.get(key, key)) for key in who)

    async def submit(values: Values) -> None:
        code, name = await screen.submit(_ask, gate, values["person"], role, values["folder"])
        screen.say(
            f"wrote {name} for {values['person']}, code {code}: send both files; import the answer with I"
        )

    screen.app.push_screen(
        FormScreen(
            "Ask for a signature",
            (
                Field("person", "Ask", "choice", who[0], options=options, required=True),
                Field("folder", "Folder", value=".", required=True, hint="where both files are written"),
            ),
            intro=[
                Pair("What", part.title),
                Pair("Writes", "a sheet to read, and a request file to answer"),
            ],
            submit=submit,
            save_label="write the sheet",
        )
    )


def _ask(context: Context, gate: str, person: str, role: str, where: str) -> tuple[str, str]:
    folder = Path(where.strip()).expanduser()
    request = signing_elsewhere.ask(context, evaluate(context), gate, person, role)
    sheet = request_files.write_sheet(request, folder)
    request_files.write_request(request, folder)
    return request.code, sheet.name


def copy_request(screen: Working, part: Part, who: Sequence[str], command: str) -> None:
    """Put a message to those who can clear a line on the clipboard: a command does what they are asked for."""
    found = screen.require()
    lines = [f"{found.project} {found.held.title} waits for {spoken(who)}:", f"{part.title}: {part.why}"]
    screen.app.copy_to_clipboard("\n".join([*lines, command] if command else lines))
    screen.say(f"copied: a message to {spoken(who)}")
