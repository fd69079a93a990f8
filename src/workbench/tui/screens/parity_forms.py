"""The forms of the parity map: add, edit, remove."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.noun_fields import EDIT, asked_by, in_order
from workbench.model.text import safe_text
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference
from workbench.record import Stored
from workbench.releases.model import Held
from workbench.tui.screens.form_fields import form_fields
from workbench.tui.screens.saving import Edited, open_edit_form, touched
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import WorkingTable
from workbench.usecases import filling, mapping
from workbench.usecases.context import Context
from workbench.usecases.parity_map import read_difference, read_differences

Chosen = list[tuple[Stored, Difference]]
# What matters most is asked first; a new field comes last.
FIRST = (
    "title", "severity", "staging", "production", "flows", "impact", "category", "mitigation", "owner", "region",
    "closing_cost",
)  # fmt: skip


def _fields(screen: WorkingTable, verb: str, value: Difference, zone: tzinfo) -> tuple[Field, ...]:
    """The form's fields, filled in with a difference."""
    hints = {"flows": _flows_hint(screen)}
    return form_fields(
        in_order(asked_by(FIELDS, verb), *FIRST), value, zone, hints, screen.view.definitions.project.people
    )


def _flows_hint(screen: WorkingTable) -> str:
    found = screen.evaluation
    keys = list(found.flows) if found else []
    shown = ", ".join(keys[:3]) + (" …" if len(keys) > 3 else "")
    return f"{shown}, by name or key" if keys else "by name, separated by commas"


async def read_chosen(screen: WorkingTable, ids: Sequence[str]) -> Chosen:
    """The differences as they are now; what went wrong is told."""
    try:
        found = await screen.work.desk.call(read_differences, ids)
        if not found:
            raise UsageError("it is no longer on the map", hint="somebody removed it meanwhile")
    except WorkbenchError as error:
        screen.work.tell(error)
        return []
    return found


def titles_of(chosen: Chosen) -> str:
    """What some differences are called, in a line."""
    shown = "; ".join(safe_text(value.title, 60) for _, value in chosen[:4])
    return shown + (f" and {len(chosen) - 4} more" if len(chosen) > 4 else "")


async def open_edit(screen: WorkingTable, id: str) -> None:
    """The fields of a difference; what is decided about it has a form of its own."""
    found = await read_chosen(screen, [id])
    if not found:
        return
    value, zone = found[0][1], screen.zone()
    fields = _fields(screen, EDIT, value, zone)

    async def make(values: Values) -> Difference:
        return await screen.work.desk.call(filling.change, FIELDS, value, touched(fields, values))

    edited = Edited(
        seen=found[0], make=make, save=mapping.edit_difference, reread=read_difference, columns=FIELDS
    )
    open_edit_form(screen, "Edit the difference", fields, edited, "saved")


async def open_remove(screen: WorkingTable, ids: Sequence[str]) -> None:
    """Take one or several differences off the map, in one act and for one reason."""
    chosen = await read_chosen(screen, ids)
    if not chosen:
        return
    one = len(chosen) == 1

    async def submit(values: Values) -> None:
        await screen.submit(
            mapping.remove_differences, [stored for stored, _ in chosen], values["reason"].strip()
        )
        screen.clear_marks()
        screen.say(f"removed {titles_of(chosen)} · u undo")

    screen.app.push_screen(
        FormScreen(
            f"Remove: {chosen[0][1].title}" if one else f"Remove {len(chosen)} differences",
            (
                Field(
                    "reason",
                    "Why",
                    required=True,
                    hint="why it no longer exists; for example, the change that closed it",
                ),
            ),
            intro=[] if one else [Pair("What", titles_of(chosen))],
            submit=submit,
            save_label="remove",
        )
    )


def open_nothing_differs(screen: WorkingTable, held: Held) -> None:
    """Of an empty map somebody states that nothing differs, and how they know."""

    async def submit(values: Values) -> None:
        await screen.submit(_nothing_differs, held, values["note"])
        screen.say(f"stated for {held.release.version}: nothing differs")

    screen.app.push_screen(
        FormScreen(
            "State that nothing differs?",
            (
                Field(
                    "note",
                    "How you know",
                    required=True,
                    hint="for example, both are built from the same plan; recorded with your name",
                ),
            ),
            intro=[
                Pair(
                    "What", "the map is empty: staging and production are the same in everything that matters"
                ),
                Pair("Otherwise", "a to add the first difference, I to import a table"),
            ],
            submit=submit,
            save_label="state that nothing differs",
        )
    )


def _nothing_differs(context: Context, held: Held, note: str) -> None:
    mapping.mark_reviewed(context, held, note, nothing_differs=True)
