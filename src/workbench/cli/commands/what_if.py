"""``workbench what-if``: what another limit would have said of the builds that were measured."""

from __future__ import annotations

from typing import get_args

import click

from workbench.benchmarks.judge import Judged
from workbench.cli import output, session
from workbench.cli.options import Settings, Whole, common, pass_settings
from workbench.criteria.figures import ChartName, ScaleName
from workbench.model.text import capitalised
from workbench.model.times import moment_text
from workbench.usecases.views.benchmark import numbers, verdict_words
from workbench.usecases.views.what_if import document, what_if
from workbench.usecases.views.what_if_incidents import IncidentLine


@click.command("what-if")
@click.argument("key")
@click.option("--pass", "pass_", metavar="CRITERION", help="The criterion that has to be met.")
@click.option("--warn", metavar="CRITERION", help="What only warns once that fails.")
@click.option("--baseline", metavar="NAME", help="What the value is compared with.")
@click.option(
    "--chart", type=click.Choice(get_args(ChartName)), help="How the limits of a control chart are drawn."
)
@click.option("--points", type=Whole(2), metavar="N", help="How many earlier measurements a chart needs.")
@click.option("--scale", type=click.Choice(get_args(ScaleName)), help="Whether a chart looks at logarithms.")
@click.option("--min-samples", type=Whole(), metavar="N", help="How many observations a value needs.")
@common("project", "record", "now", "json")
@pass_settings
def what_if_(
    settings: Settings,
    key: str,
    pass_: str | None,
    warn: str | None,
    baseline: str | None,
    chart: str | None,
    points: int | None,
    scale: str | None,
    min_samples: int | None,
) -> None:
    """Show what another limit would have said of the builds that were measured.

    Nothing is measured and nothing is written: the stored measurements are judged twice, by the rule of
    today and by the other one.  A release had trouble in production if it was rolled back, if a hotfix
    names it as the version that it follows, or if there was an incident that no review says it did not cause.
    """
    fields = {
        "pass": pass_, "warn": warn, "baseline": baseline, "chart": chart, "points": points, "scale": scale,
        "min_samples": min_samples,
    }  # fmt: skip
    given = {name: value for name, value in fields.items() if value is not None}
    with session.reading(settings) as context:
        found, zone = what_if(context, key, given), context.zone
    if settings.json:
        output.emit(document(found))
        return
    output.line(f"{found.title}  ({found.key})")
    output.line(f"{capitalised(found.said)}.")
    output.line("")
    output.table(
        ("", "build", "measured", "value", "by today's rule", "by the other one", "became", "in production"),
        [
            (
                "→" if line.flips else "",
                line.build,
                moment_text(line.at, zone),
                line.value,
                _verdict(line.now),
                _verdict(line.then),
                line.outcome,
                line.trouble,
            )
            for line in found.lines
        ],
        empty="never measured",
    )
    if found.incidents:
        output.line("")
        output.table(
            ("incident in production", "severity", "when", "release", "by today's rule", "by the other one"),
            [
                (
                    line.title,
                    line.severity,
                    moment_text(line.at, zone),
                    line.release,
                    _stops(line, line.now),
                    _stops(line, line.then),
                )
                for line in found.incidents
            ],
        )


def _stops(line: IncidentLine, stopped: bool) -> str:
    if not line.touches:
        return "about other flows"
    return "its release is stopped" if stopped else "its release goes on"


def _verdict(judged: Judged) -> str:
    limit = numbers(judged).limit
    return (
        f"{verdict_words(judged)}, limit {limit}" if limit else f"{verdict_words(judged)}: {judged.headline}"
    )
