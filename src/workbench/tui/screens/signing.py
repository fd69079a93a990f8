"""Signing a gate: what is seen, who else signs, until when, and one's own word."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from workbench.model.errors import WorkbenchError
from workbench.model.times import parse_moment
from workbench.signoff.model import Decision
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.usecases import signing
from workbench.usecases.context import Context, require_person
from workbench.usecases.evaluate import evaluate
from workbench.usecases.signing import Answer, Shown
from workbench.usecases.signing_sheet import Line, sheet

if TYPE_CHECKING:
    from workbench.tui.screens.base import WorkScreen

WITH_CONDITIONS = ("decision", Decision.CONDITIONS.value)
_DECISIONS = (
    Option("approve", "approve"),
    Option("approve_with_conditions", "with conditions"),
    Option("reject", "reject"),
)


async def open_signing(screen: WorkScreen, gate: str) -> None:
    """Show the sheet of a gate and take the person's word."""
    try:
        shown, lines = await screen.work.desk.call(_prepare, gate, screen.zone())
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    found = screen.require()
    version = found.held.release.version
    concluded = found.gate(gate)

    async def submit(values: Values) -> None:
        await screen.submit(_sign, shown, _answer(screen, values))
        screen.say(f"{concluded.gate.title}: signed as {shown.role.replace('-', ' ')}")

    commit = found.held.candidate.commit[:7] if found.held.candidate else ""
    screen.app.push_screen(
        FormScreen(
            f"Sign “{concluded.gate.title}” for {found.project} {found.held.title}, commit {commit}",
            (
                Field("decision", "Decision", "choice", "approve", options=_DECISIONS, required=True),
                Field("comment", "Comment", hint="a rejection says what has to change"),
                Field("conditions", "Conditions", hint="what has to be done", only_if=WITH_CONDITIONS),
                Field("due", "Due", "date", hint="when it has to be done", only_if=WITH_CONDITIONS),
                Field("confirm", f"Type {version}", hint="the version, to sign"),
            ),
            intro=[
                Pair(line.label, line.text, Mark.BLOCKS if line.label == "Not yet" else None)
                for line in lines
            ],
            check=lambda values: _check(values, version),
            submit=submit,
            save_label="sign",
        )
    )


def _prepare(context: Context, gate: str, zone: tzinfo) -> tuple[Shown, list[Line]]:
    evaluation = evaluate(context)
    shown = signing.prepare(context, evaluation, gate)
    lines = sheet(evaluation, evaluation.gate(gate), require_person(context), zone)
    return shown, [*lines, Line("As", f"{shown.person}, {shown.role.replace('-', ' ')}")]


def _sign(context: Context, shown: Shown, answer: Answer) -> None:
    signing.sign(context, evaluate(context), shown, answer)


def _check(values: Values, version: str) -> dict[str, str]:
    wrong = {}
    if values["decision"] == Decision.CONDITIONS.value and not values["conditions"].strip():
        wrong["conditions"] = "say what the conditions are"
    if values["decision"] == Decision.REJECT.value and not values["comment"].strip():
        wrong["comment"] = "say what has to change"
    if values["confirm"].strip() != version:
        wrong["confirm"] = f"type {version} to sign"
    return wrong


def _answer(screen: WorkScreen, values: Values) -> Answer:
    due = values["due"].strip()
    return Answer(
        decision=Decision(values["decision"]),
        comment=values["comment"],
        conditions=values["conditions"],
        conditions_due=parse_moment(due, screen.zone()) if due else None,
    )
