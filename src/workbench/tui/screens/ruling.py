"""``M`` on what stopped a build: it was a false alarm, or a catch."""

from __future__ import annotations

from workbench.gates.model import Part
from workbench.incidents.alarms import AlarmRuling
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import rulings
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate

REASON = Field("reason", "Reason", required=True, hint="how that was found out")
HOURS = Field("hours", "Hours", hint="what it cost or saved, in people's hours: 3, 90 min, 2 days; optional")


def stopped(found: Evaluation, part: Part) -> bool:
    """Whether a line stops the build, so that it can have been right or wrong to."""
    return any(stop.part == part.key for stop in rulings.stops(found))


def open_ruling(screen: Working, part: Part) -> None:
    """Say of a line what it was worth; it goes on blocking."""

    async def submit(values: Values) -> None:
        ruling = AlarmRuling(values["as"])
        await screen.submit(rule, part.key, ruling, values["reason"], values["hours"])
        screen.say(f"{part.title}: a {ruling.words}; o overrides it where it should not block")

    options = tuple(Option(each.value, f"a {each.words}") for each in AlarmRuling)
    screen.app.push_screen(
        FormScreen(
            f"Mark {part.title} as …",
            (Field("as", "It was", "choice", options[0].value, options=options), REASON, HOURS),
            intro=[Pair("Why it stops", part.why)],
            submit=submit,
            save_label="mark as",
        )
    )


def rule(context: Context, key: str, ruling: AlarmRuling, reason: str, hours: str) -> None:
    """Keep what was said, of the release as it is judged now."""
    asked = rulings.hours_of(context, hours)
    rulings.rule(context, evaluate(context), key, ruling, reason=reason, hours=asked)
