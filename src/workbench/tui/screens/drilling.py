"""The forms of a drill: beginning one, a note on a step, and marking its clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workbench.drills.model import DrillResult, StepState
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.working import Working
from workbench.usecases import drills, filling
from workbench.usecases.context import Context
from workbench.usecases.drills import Begin
from workbench.usecases.views.drills import SAID, StepLine
from workbench.usecases.views.walks import Walk

_ENDED = {
    "ended": None,
    "worked": DrillResult.WORKED,
    "failed": DrillResult.FAILED,
    "stopped": DrillResult.STOPPED,
}


def open_start(screen: Working, walk: Walk, then: Callable[[], None]) -> None:
    """``S``: with which fault, and with whom; the clock runs from the moment of saving."""
    project = screen.view.definitions.project
    faults = ", ".join(one.key for one in project.faults)

    async def submit(values: Values) -> None:
        await screen.submit(_start, walk.line.key, values)
        screen.say(f"the clock runs · y answers a step · M says when it was noticed{_still(walk)}")
        then()

    fields = (
        Field(
            "fault",
            "Fault",
            value="",
            hint=f"what is put in: {faults or 'timeout, downstream_503, …'}; none is fine",
        ),
        Field("people", "With", hint="who walks it, too: names, separated by commas"),
        Field("gameday", "Gameday", hint="by its title, if it belongs to one"),
    )
    screen.app.push_screen(
        FormScreen(f"Drill: {walk.line.runbook.title}", fields, submit=submit, save_label="start the clock")
    )


def _still(walk: Walk) -> str:
    return " · here the demonstration's clock stands still" if walk.still else ""


def _start(context: Context, key: str, values: Values) -> None:
    people = tuple(name.strip() for name in values["people"].split(",") if name.strip())
    begin = Begin(
        runbook=key, fault=values["fault"].strip(), people=people, gameday=values["gameday"].strip()
    )
    drills.start_drill(context, begin)


def answer(
    context: Context, key: str, step: int, state: StepState, note: str, at: datetime | None = None
) -> None:
    """Say what came of a step of the running drill."""
    drills.answer_step(context, *drills.find_drill(context, key), step, state, note=note, at=at)


def open_note(
    screen: Working, walk: Walk, step: StepLine, state: StepState, then: Callable[[], None]
) -> None:
    """``F`` and ``K``: what happened, or why; the moment is that of the key, not of the last letter."""
    pressed = walk.now()
    title = "What happened?" if state is StepState.FAILED else "Why is it left out?"

    async def submit(values: Values) -> None:
        await screen.submit(answer, walk.line.key, step.number - 1, state, values["note"], pressed)
        screen.say(f"step {step.number} {state.value} · u undo")
        then()

    screen.app.push_screen(
        FormScreen(
            f"{step.number}. {step.do}",
            (Field("note", title, required=True),),
            submit=submit,
            save_label=f"step {state.value}",
        )
    )


def open_mark(screen: Working, walk: Walk) -> None:
    """``M``: noticed, mitigated, or at its end; what comes next in a drill is chosen already."""
    if walk.running is None:
        return
    value, pressed = walk.running.value, walk.now()
    ends = ("ended", "stopped") if value.asked else ("worked", "failed", "stopped")
    options = tuple(
        Option(name, words)
        for name, words in (
            ("detected", "noticed"),
            ("mitigated", "mitigated"),
            *((one, one) for one in ends),
        )
    )
    first = next((what for what in SAID if getattr(value, f"{what}_at") is None), ends[0])

    async def submit(values: Values) -> None:
        await screen.submit(_mark, walk.line.key, values, pressed)
        words = {"detected": "noticed"}.get(values["mark"], values["mark"])
        screen.say(f"marked as {words} · u undo")

    fields = (
        Field("mark", "Mark as", "choice", first, "", options),
        Field("at", "When", hint="empty: when you pressed M; or 14:05, 10min ago"),
        Field("note", "Note", hint="why, where it is stopped or failed"),
    )
    screen.app.push_screen(
        FormScreen(f"Mark the drill: {value.title}", fields, submit=submit, save_label="mark as")
    )


def _mark(context: Context, key: str, values: Values, pressed: datetime) -> None:
    at = filling.past(context, values["at"]) or pressed
    stored, value = drills.find_drill(context, key)
    if values["mark"] in SAID:
        drills.stamp(context, stored, value, values["mark"], at)
    else:
        drills.end_drill(context, stored, value, _ENDED[values["mark"]], values["note"], at)
