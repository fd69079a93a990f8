"""Predicting what production will be, of the release under the cursor."""

from __future__ import annotations

from workbench.gates.predictions import PredictionOf
from workbench.releases.model import Held
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import filling, predictions
from workbench.usecases.context import Context
from workbench.usecases.releasing import find

_KINDS = {
    PredictionOf.RELEASE: "the release",
    PredictionOf.OVERRIDE: "an override",
    PredictionOf.ACCEPTANCE: "an accepted difference",
    PredictionOf.CONDITION: "a condition of a signature",
}


def open_predict(screen: Working, held: Held) -> None:
    """State what a benchmark of production will be."""
    able = predictions.of_production(screen.view.definitions)
    if not able:
        screen.say("no benchmark is measured in production, so nothing could score a prediction")
        return
    version = held.release.version

    async def submit(values: Values) -> None:
        await screen.submit(_predict, version, values)
        screen.say(f"predicted for {version}")

    screen.app.push_screen(
        FormScreen(
            f"Predict for {version}",
            (
                Field(
                    "benchmark",
                    "Benchmark",
                    "choice",
                    able[0].key,
                    options=tuple(Option(one.key, one.title) for one in able),
                ),
                Field("states", "Will be", required=True, hint="a rule: <= 0.8 s"),
                Field("until", "Until", "date", required=True, hint="then it is scored"),
                Field(
                    "of",
                    "Goes with",
                    "choice",
                    PredictionOf.RELEASE.value,
                    options=tuple(Option(kind.value, words) for kind, words in _KINDS.items()),
                ),
                Field("words", "Why", hint="why you think so; optional"),
            ),
            intro=[
                Pair(
                    "Scored",
                    "by what is measured while the release is watched; unmeasured, it cannot be told",
                )
            ],
            submit=submit,
            save_label="predict",
        )
    )


def _predict(context: Context, version: str, values: Values) -> None:
    until = filling.end(values["until"], context.now, context.zone)
    assert until is not None
    predictions.predict(
        context,
        find(context, version),
        values["benchmark"],
        values["states"],
        until,
        of=PredictionOf(values["of"]),
        words=values["words"],
    )
