"""``workbench prediction``: what somebody said would hold in production, and whether it did."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.gates.predictions import PredictionOf, Score
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases import predictions, releasing
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.predictions import calibration_words

_MARKS = {
    Score.RIGHT: Mark.DONE,
    Score.WRONG: Mark.BLOCKS,
    Score.HOLDS: Mark.UNDER_WAY,
    Score.WAITS: Mark.OPEN,
    Score.UNKNOWN: Mark.LEARNING,
}


@click.group(cls=Family)
def prediction() -> None:
    """Predictions: what somebody said would hold in production, and whether it did."""


@prediction.command("add")
@click.argument("benchmark")
@click.argument("states")
@click.option("--until", metavar="TIME", help="Until when it will hold; needed.")
@click.option(
    "--part", default="", metavar="PART", help="The line of a gate whose override or acceptance it goes with."
)
@click.option(
    "--of",
    metavar="KIND",
    type=click.Choice([one.value for one in PredictionOf]),
    help="What it goes with, where --part does not say it.",
)
@click.option("--note", default="", metavar="TEXT", help="Why you think so.")
@common(*WRITING)
@pass_settings
def add(
    settings: Settings, benchmark: str, states: str, until: str | None, part: str, of: str | None, note: str
) -> None:
    """State what a benchmark of production will be, with an exception or with the release.

    STATES is a rule, such as '<= 0.8 s'.  It is scored by what is measured while the release is watched.
    """
    if until is None:
        raise UsageError("until when will it hold?", hint="--until DATE")
    with session.acting(settings) as context:
        held = releasing.find(context, settings.release)
        end = session.end(context, until)
        assert end is not None
        kind = PredictionOf(of) if of else None
        done = predictions.predict(context, held, benchmark, states, end, part=part, of=kind, words=note)
    document = {
        "schema": "workbench.prediction.1",
        "release": held.release.version,
        "benchmark": benchmark,
        "states": states,
        "until": end,
        "change": done.change_id,
    }
    output.done(
        settings,
        f"predicted for {held.release.version}: {benchmark} {states} until {until}",
        document,
        hint="workbench prediction list",
    )


@prediction.command("list")
@common("project", "record", "now", "release", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List predictions with what came of them, and how often each kind was right."""
    with session.reading(settings) as context:
        found, zone = predictions.read_predictions(context, settings.release), context.zone
    figures = predictions.calibration(found)
    if settings.json:
        rows = [{"id": one.id, **output.fields(one)} for one in found]
        output.emit(
            {
                "schema": "workbench.predictions.1",
                "predictions": rows,
                "calibration": [output.fields(one) for one in figures],
            }
        )
        return
    output.table(
        ("", "release", "predicted", "until", "with", "by", "score", "why"),
        [
            (
                _MARKS[one.score].symbol,
                one.version,
                f"{one.prediction.title}: {one.prediction.states}",
                moment_text(one.prediction.until, zone),
                one.prediction.part or one.prediction.of.value,
                one.prediction.by,
                one.score.value,
                one.why,
            )
            for one in found
        ],
        empty="nothing was predicted",
    )
    output.lines(
        f"{one.title}: {calibration_words(one)}"
        for one in figures
        if one.denominator or any(left.ids for left in one.left)
    )
