"""The forms of the flow inventory: add, edit, and the three questions that suggest a tier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from workbench.definitions.shapes import Tier
from workbench.flows.model import STAGES, Flow, Stage, find, proposed_tier
from workbench.flows.table import FIELDS
from workbench.model.cells import read_list, write_list
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.keys import slug
from workbench.record import Stored
from workbench.tui.screens.saving import Edited, open_edit_form, touched
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import WorkingTable
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.views.flows import TIER_WORDS

_TIERS = tuple(
    Option(tier.value, TIER_WORDS[tier]) for tier in (Tier.CRITICAL, Tier.IMPORTANT, Tier.BEST_EFFORT)
)
_STAGES = tuple(Option(stage.value) for stage in STAGES)
YES_NO = (Option("yes"), Option("no"))
_LISTS = ("services", "mocked_steps")


def fields_of(flow: Flow) -> tuple[Field, ...]:
    """The form's fields, filled in with a flow."""
    return (
        Field("name", "Flow", value=flow.name, required=True),
        Field("tier", "Tier", "choice", flow.tier.value, options=_TIERS),
        Field("core", "Core flow", "choice", "yes" if flow.core else "no", options=YES_NO),
        Field("stage", "Stage", "choice", flow.stage.value, options=_STAGES),
        Field("owner", "Owner", value=flow.owner or ""),
        Field("services", "Services", value=write_list(flow.services), hint="separated by commas"),
        Field("trigger", "Begins when", value=flow.trigger),
        Field("outcome", "Ends with", value=flow.outcome),
        Field("steps", "Steps", "lines", "\n".join(flow.steps), hint="one on each line"),
        Field(
            "mocked_steps",
            "Not real in staging",
            value=write_list(flow.mocked_steps),
            hint="steps that are mocked or skipped there",
        ),
        Field("staging_tests", "Tests in staging", value=flow.staging_tests),
        Field(
            "failure_cost", "Cost of failure", value=flow.failure_cost, hint="of five minutes in production"
        ),
    )


def changed(fields: Sequence[Field], values: Values, before: Flow) -> Flow:
    """The flow that a form makes of the one it was opened with."""
    filled: dict[str, Any] = dict(touched(fields, values))
    for name, read in (("tier", Tier), ("stage", Stage)):
        if name in filled:
            filled[name] = read(filled[name])
    for name in _LISTS:
        if name in filled:
            filled[name] = read_list(filled[name])
    if "steps" in filled:
        filled["steps"] = tuple(line.strip() for line in filled["steps"].splitlines() if line.strip())
    if "core" in filled:
        filled["core"] = filled["core"] == "yes"
    if "owner" in filled:
        filled["owner"] = filled["owner"] or None
    return msgspec.structs.replace(before, **filled)


def open_add(screen: WorkingTable) -> None:
    """A new flow: it needs no more than a name."""
    empty = Flow(key="", name="")
    fields = fields_of(empty)

    async def submit(values: Values) -> None:
        screen.stand_on(await screen.work.change(_add, changed(fields, values, empty)))
        screen.say("listed; t suggests its tier")

    screen.app.push_screen(FormScreen("List a flow", fields, submit=submit, save_label="add"))


def _add(context: Context, flow: Flow) -> str:
    taken = (key for (key,) in context.record.query("SELECT key FROM e_flow"))
    keyed = msgspec.structs.replace(flow, key=slug(flow.name, taken))
    mapping.add_flow(context, keyed)
    return keyed.key


def read_flow(context: Context, key: str) -> tuple[Stored, Flow]:
    """The flow with that key, as it is now."""
    return find(context.record, key)


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
    fields = fields_of(flow)

    async def make(values: Values) -> Flow:
        return changed(fields, values, flow)

    edited = Edited(seen=(stored, flow), make=make, save=mapping.edit_flow, reread=reread, columns=FIELDS)
    open_edit_form(screen, "Edit the flow", fields, edited, "saved")


# --- the tier question -------------------------------------------------------------------

_QUESTIONS = (
    Field("money", "Money moves", "choice", options=YES_NO, required=True, hint="does it take, pay or promise money?"),
    Field("login", "Lets people in", "choice", options=YES_NO, required=True, hint="log-in, access, identity?"),
    Field("customers", "Customers notice", "choice", options=YES_NO, required=True, hint="when it fails for an hour?"),
)  # fmt: skip


def open_tier_question(screen: WorkingTable, flow: Flow) -> None:
    """TH-6: three plain questions suggest a tier, which is taken once confirmed."""

    async def confirmed(yes: bool | None, tier: Tier) -> None:
        if yes:
            await screen.act(f"{flow.name} is {TIER_WORDS[tier]} now", _set_tier, flow.key, tier)

    def answered(values: Values | None) -> None:
        if values is None:
            return
        tier = proposed_tier(**{name: answer == "yes" for name, answer in values.items()})
        if tier is flow.tier:
            screen.say(f"{flow.name} is {TIER_WORDS[tier]} already: your answers say so too")
            return
        why = _because(values)
        screen.app.push_screen(
            Confirm(
                f"Make {flow.name} {TIER_WORDS[tier]}?",
                f"{why} It is {TIER_WORDS[flow.tier]} so far. Limits that a benchmark does not state come from the tier.",
                yes=f"make it {TIER_WORDS[tier]}",
            ),
            lambda yes: confirmed(yes, tier),
        )

    intro = [Pair("Flow", flow.name), Pair("So far", TIER_WORDS[flow.tier])]
    screen.app.push_screen(
        FormScreen("How much does it matter?", _QUESTIONS, intro=intro, save_label="suggest"), answered
    )


def _because(values: Values) -> str:
    if values["money"] == "yes":
        return "Money moves in it."
    if values["login"] == "yes":
        return "It lets people in."
    return (
        "Customers notice when it fails." if values["customers"] == "yes" else "Customers would not notice."
    )


def _set_tier(context: Context, key: str, tier: Tier) -> None:
    stored, flow = read_flow(context, key)
    mapping.edit_flow(context, stored, msgspec.structs.replace(flow, tier=tier))


def promote(context: Context, key: str) -> Stage:
    """One adoption stage further."""
    stored, flow = read_flow(context, key)
    if flow.stage is STAGES[-1]:
        raise UsageError(f"{flow.name} is {flow.stage.value} already")
    return mapping.promote(context, stored, flow)
