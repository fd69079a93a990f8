"""The forms of the flow inventory: edit, and the three questions that suggest a tier."""

from __future__ import annotations

import msgspec

from workbench.definitions.shapes import Tier
from workbench.flows.fields import FIELDS
from workbench.flows.model import STAGES, Flow, Stage
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.noun_fields import EDIT, asked_by
from workbench.record import Stored
from workbench.tui.screens.form_fields import YES_NO, form_fields
from workbench.tui.screens.saving import Edited, open_edit_form, touched
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import WorkingTable
from workbench.usecases import filling, mapping
from workbench.usecases.context import Context
from workbench.usecases.views.flows import TIER_WORDS, following_stage


def read_flow(context: Context, key: str) -> tuple[Stored, Flow]:
    """The flow with that key, as it is now."""
    return mapping.find_flow(context, key)


def reread(context: Context, id: str) -> tuple[Stored, Flow] | None:
    """The flow with that id, as it is now."""
    stored = context.record.get("flow", id)
    return (stored, stored.decode(Flow)) if stored else None


async def open_edit(screen: WorkingTable, key: str) -> None:
    """The fields of a flow; its key stays, because benchmarks name it."""
    try:
        stored, flow = await screen.work.desk.call(read_flow, key)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    fields = form_fields(
        asked_by(FIELDS, EDIT), flow, screen.zone(), people=screen.view.definitions.project.people
    )

    async def make(values: Values) -> Flow:
        return await screen.work.desk.call(filling.change, FIELDS, flow, touched(fields, values))

    edited = Edited(seen=(stored, flow), make=make, save=mapping.edit_flow, reread=reread, columns=FIELDS)
    open_edit_form(screen, "Edit the flow", fields, edited, "saved")


# --- the tier question -------------------------------------------------------------------

_QUESTIONS = (
    Field("money", "Money", "choice", options=YES_NO, required=True, hint="does it charge, pay or promise money?"),
    Field("login", "Sign-in", "choice", options=YES_NO, required=True, hint="does it handle login, access or identity?"),
    Field("customers", "Customers", "choice", options=YES_NO, required=True, hint="do they notice if it fails for an hour?"),
)  # fmt: skip


def open_tier_question(screen: WorkingTable, flow: Flow) -> None:
    """TH-6: three plain questions suggest a tier, which is taken once confirmed."""

    async def confirmed(yes: bool | None, tier: Tier) -> None:
        if yes:
            await screen.act(f"{flow.name} is {TIER_WORDS[tier]} now", _set_tier, flow.key, tier)

    def answered(values: Values | None) -> None:
        if values is None:
            return
        tier = mapping.propose_tier(**{name: answer == "yes" for name, answer in values.items()})
        if tier is flow.tier:
            screen.say(f"{flow.name} is {TIER_WORDS[tier]} already, and your answers agree")
            return
        why = _because(values)
        screen.app.push_screen(
            Confirm(
                f"Make {flow.name} {TIER_WORDS[tier]}?",
                f"{why} It is {TIER_WORDS[flow.tier]} now. Benchmarks without limits of their own take them from the tier.",
                yes=f"make it {TIER_WORDS[tier]}",
            ),
            lambda yes: confirmed(yes, tier),
        )

    intro = [Pair("Flow", flow.name), Pair("Now", TIER_WORDS[flow.tier])]
    screen.app.push_screen(
        FormScreen("How critical is it?", _QUESTIONS, intro=intro, save_label="suggest"), answered
    )


def _because(values: Values) -> str:
    if values["money"] == "yes":
        return "It handles money."
    if values["login"] == "yes":
        return "It controls who gets in."
    return "Customers notice if it fails." if values["customers"] == "yes" else "Customers would not notice."


def _set_tier(context: Context, key: str, tier: Tier) -> None:
    stored, flow = read_flow(context, key)
    mapping.edit_flow(context, stored, msgspec.structs.replace(flow, tier=tier))


def promote(context: Context, key: str) -> Stage:
    """One adoption stage further."""
    stored, flow = read_flow(context, key)
    if flow.stage is STAGES[-1]:
        raise UsageError(f"{flow.name} is {flow.stage.value} already")
    return mapping.promote(context, stored, flow)


async def promote_on(screen: WorkingTable, flow: Flow) -> None:
    """The same from a screen, which says so."""
    await screen.act(f"{flow.name} is {following_stage(flow).value} now · u undo", promote, flow.key)
