"""The forms of the flow inventory: edit, and the questions that suggest a tier."""

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
from workbench.usecases.mapping import SuggestedTier
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
_COST = "what five minutes of failure cost: 4,000 EUR; or low, medium, high"


def open_tier_question(screen: WorkingTable, flow: Flow) -> None:
    """TH-6: plain questions, and what its failure costs, suggest a tier, which is taken once confirmed."""

    async def confirmed(yes: bool | None, suggested: SuggestedTier) -> None:
        if yes:
            words = f"{flow.name} is {TIER_WORDS[suggested.flow.tier]} now"
            await screen.act(words, _take, flow.key, suggested.flow)

    async def answered(values: Values | None) -> None:
        if values is None:
            return
        suggested = await screen.work.desk.call(_suggest, flow, values)
        tier = suggested.flow.tier
        if suggested.flow == flow:
            screen.say(f"{flow.name} is {TIER_WORDS[tier]} already, and your answers agree")
            return
        screen.app.push_screen(
            Confirm(_asked(flow, tier), _why(flow, suggested), yes=_do(flow, tier)),
            lambda yes: confirmed(yes, suggested),
        )

    intro = [Pair("Flow", flow.name), Pair("Now", TIER_WORDS[flow.tier])]
    cost = Field("cost", "Failure costs", value=flow.failure_cost, hint=_COST)
    screen.app.push_screen(
        FormScreen("How critical is it?", (*_QUESTIONS, cost), intro=intro, save_label="suggest"), answered
    )


def _asked(flow: Flow, tier: Tier) -> str:
    if tier is flow.tier:
        return f"{flow.name} stays {TIER_WORDS[tier]}. Keep what its failure costs?"
    return f"Make {flow.name} {TIER_WORDS[tier]}?"


def _do(flow: Flow, tier: Tier) -> str:
    return "keep it" if tier is flow.tier else f"make it {TIER_WORDS[tier]}"


def _why(flow: Flow, suggested: SuggestedTier) -> str:
    """What the tier follows from, and what follows from it."""
    said = [*suggested.because, *([f"{suggested.remark}."] if suggested.remark else [])]
    said.append(f"It is {TIER_WORDS[flow.tier]} now.")
    return f"{' '.join(said)} Benchmarks without limits of their own take them from the tier."


def _suggest(context: Context, flow: Flow, values: Values) -> SuggestedTier:
    answers = {field.name: values[field.name] == "yes" for field in _QUESTIONS}
    return mapping.suggest_tier(context, flow, cost=values["cost"], **answers)


def _take(context: Context, key: str, suggested: Flow) -> None:
    stored, flow = read_flow(context, key)
    after = msgspec.structs.replace(flow, tier=suggested.tier, failure_cost=suggested.failure_cost)
    mapping.edit_flow(context, stored, after)


def promote(context: Context, key: str) -> Stage:
    """One adoption stage further."""
    stored, flow = read_flow(context, key)
    if flow.stage is STAGES[-1]:
        raise UsageError(f"{flow.name} is {flow.stage.value} already")
    return mapping.promote(context, stored, flow)


async def promote_on(screen: WorkingTable, flow: Flow) -> None:
    """The same from a screen, which says so."""
    await screen.act(f"{flow.name} is {following_stage(flow).value} now · u undo", promote, flow.key)
