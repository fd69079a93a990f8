"""The forms of the parity map: add, edit, decide, take off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.errors import StaleChange, UsageError, WorkbenchError
from workbench.model.noun_fields import ADD, DECIDE, EDIT, asked_by, in_order
from workbench.model.text import safe_text
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference
from workbench.record import Stored
from workbench.releases.model import Held
from workbench.tui.screens.form_fields import form_fields
from workbench.tui.screens.saving import OVERTAKEN, Edited, differences, open_edit_form, touched
from workbench.tui.widgets.dialog import Conflict
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import WorkingTable
from workbench.usecases import filling, mapping
from workbench.usecases.context import Context
from workbench.usecases.parity_map import read_difference, read_differences
from workbench.usecases.views.parity import changes_since_decided, decision_words, has_ended, waits_for_second

Chosen = list[tuple[Stored, Difference]]
DECIDING = {"mitigation": "a test, a throttle, a watch in production …"}
# What matters most is asked first; a new field comes last.
FIRST = (
    "title", "severity", "staging", "production", "flows", "impact", "category", "mitigation", "owner", "region",
    "closing_cost",
)  # fmt: skip


def _fields(screen: WorkingTable, verb: str, value: Difference, zone: tzinfo) -> tuple[Field, ...]:
    """The form's fields, filled in with a difference."""
    hints = {"flows": _flows_hint(screen)}
    return form_fields(in_order(asked_by(FIELDS, verb), *FIRST), value, zone, hints)


def _flows_hint(screen: WorkingTable) -> str:
    found = screen.evaluation
    keys = list(found.flows) if found else []
    shown = ", ".join(keys[:3]) + (" …" if len(keys) > 3 else "")
    return f"{shown}, by name or key" if keys else "by name, separated by commas"


def open_add(screen: WorkingTable) -> None:
    """A new difference: it needs no more than what differs."""
    empty, zone = Difference(title=""), screen.zone()
    fields = _fields(screen, ADD, empty, zone)

    async def submit(values: Values) -> None:
        value = await screen.work.desk.call(filling.change, FIELDS, empty, touched(fields, values))
        screen.stand_on(await screen.submit(mapping.add_difference, value))
        screen.say("on the map; d decides about it")

    screen.app.push_screen(FormScreen("Add a difference", fields, submit=submit, save_label="add"))


async def _read(screen: WorkingTable, ids: Sequence[str]) -> Chosen:
    """The differences as they are now; what went wrong is told."""
    try:
        found = await screen.work.desk.call(read_differences, ids)
        if not found:
            raise UsageError("it is not on the map any more", hint="somebody took it off meanwhile")
    except WorkbenchError as error:
        screen.work.tell(error)
        return []
    return found


async def open_edit(screen: WorkingTable, id: str) -> None:
    """The fields of a difference; what is decided about it has a form of its own."""
    found = await _read(screen, [id])
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


# --- deciding ----------------------------------------------------------------------------


def _decision_fields(chosen: Chosen, now: datetime, zone: tzinfo) -> tuple[Field, ...]:
    """What a decision asks for; one that has ended, or that is to be taken, starts without its end."""
    value = chosen[0][1] if len(chosen) == 1 else Difference(title="")
    if has_ended(value, now):
        value = msgspec.structs.replace(value, until=None)
    fields = form_fields(asked_by(FIELDS, DECIDE), value, zone, DECIDING)
    if value.decision is Decision.UNDECIDED:
        fields = (msgspec.structs.replace(fields[0], value=""), *fields[1:])
    return fields


def check_decision(values: Values, *, grave: bool) -> dict[str, str]:
    """PM-3 in the form: what a decision needs, below the field that lacks it.

    ``grave`` says whether a high difference is among those decided.
    """
    if not values["decision"]:
        return {}
    return mapping.lacks(
        Decision(values["decision"]),
        grave=grave,
        reason=values["reason"],
        mitigation=values["mitigation"],
        owner=values["owner"],
        ends=bool(values["until"].strip()),
    )


async def open_decide(screen: WorkingTable, ids: Sequence[str]) -> None:
    """One decision about one or several differences, in one act."""
    chosen = await _read(screen, ids)
    if not chosen:
        return
    now = await screen.work.desk.call(lambda context: context.now)
    fields = _decision_fields(chosen, now, screen.zone())
    intro = [Pair("What", _titles(chosen))]
    if len(chosen) == 1 and (changes := await screen.work.desk.call(changes_since_decided, *chosen[0])):
        intro.append(Pair("Since decided", changes))

    async def submit(values: Values) -> None:
        try:
            await _decide(screen, chosen, fields, values)
        except StaleChange as stale:
            _overtaken(screen, form, chosen, fields, values, stale)
            raise

    form = FormScreen(
        "Decide about it" if len(chosen) == 1 else "Decide about all of them",
        fields,
        intro=intro,
        check=partial(check_decision, grave=any(value.severity is Severity.HIGH for _, value in chosen)),
        submit=submit,
        save_label="decide",
    )
    screen.app.push_screen(form)


def _titles(chosen: Chosen) -> str:
    if len(chosen) == 1:
        return chosen[0][1].title
    shown = "; ".join(value.title for _, value in chosen[:4])
    return f"{len(chosen)}: {shown}" + (f" and {len(chosen) - 4} more" if len(chosen) > 4 else "")


async def _decide(screen: WorkingTable, chosen: Chosen, fields: Sequence[Field], values: Values) -> None:
    texts = {field.name: field.value for field in fields} | touched(fields, values)
    nothing = Difference(title="")
    said = await screen.work.desk.call(filling.change, asked_by(FIELDS, DECIDE), nothing, texts)
    decision = said.decision
    await screen.submit(
        mapping.decide,
        chosen,
        decision,
        reason=said.reason,
        mitigation=said.mitigation,
        owner=said.owner or "",
        until=None if decision is Decision.UNDECIDED else said.until,
    )
    word = decision_words(decision)
    what = chosen[0][1].title if len(chosen) == 1 else f"{len(chosen)} differences"
    waits = any(waits_for_second(value, decision) for _, value in chosen)
    screen.say(f"{safe_text(what, 60)}: {word}{', waits for a second person' if waits else ''}")
    screen.clear_marks()


def _overtaken(
    screen: WorkingTable,
    form: FormScreen,
    chosen: Chosen,
    fields: Sequence[Field],
    values: Values,
    stale: StaleChange,
) -> None:
    if not (stale.fields and stale.theirs):
        return
    bases = {stored.id: stored.base for stored, _ in chosen}

    async def answered(side: Any) -> None:
        if side is None:
            return
        try:
            now = await screen.work.desk.call(read_differences, list(bases))
            if side == "theirs":
                now = [pair for pair in now if pair[0].base == bases[pair[0].id]]
            if now:
                await _decide(screen, now, fields, values)
        except WorkbenchError as error:
            form.show_trouble(error)
            return
        form.dismiss(None)

    sides = differences(FIELDS, stale, Difference, screen.zone())
    screen.app.push_screen(Conflict("Somebody else was faster", OVERTAKEN, sides), answered)


async def open_remove(screen: WorkingTable, id: str) -> None:
    """Take a difference off the map."""
    found = await _read(screen, [id])
    if not found:
        return
    stored, value = found[0]

    async def submit(values: Values) -> None:
        await screen.submit(mapping.remove_difference, stored, values["reason"].strip())
        screen.say("off the map; u takes that back")

    screen.app.push_screen(
        FormScreen(
            "Is it gone?",
            (Field("reason", "Why it is gone", required=True, hint="closed with which change, say"),),
            intro=[Pair("What", value.title)],
            submit=submit,
            save_label="take it off",
        )
    )


def open_nothing_differs(screen: WorkingTable, held: Held) -> None:
    """Of an empty map somebody states that nothing differs, and how they know."""

    async def submit(values: Values) -> None:
        await screen.submit(_nothing_differs, held, values["note"])
        screen.say(f"stated for {held.release.version}: nothing differs")

    screen.app.push_screen(
        FormScreen(
            "Does nothing differ?",
            (
                Field(
                    "note",
                    "How you know",
                    required=True,
                    hint="both made by the same plan, say; kept with your name",
                ),
            ),
            intro=[
                Pair(
                    "What", "the map is empty: staging and production are the same in everything that matters"
                ),
                Pair("Otherwise", "a adds the first difference, i imports a table"),
            ],
            submit=submit,
            save_label="state it",
        )
    )


def _nothing_differs(context: Context, held: Held, note: str) -> None:
    mapping.look_over(context, held, note, nothing_differs=True)
