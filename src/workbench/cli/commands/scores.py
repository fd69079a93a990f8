"""``workbench scores``: the scores of environments and flows over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.flow_names import wanted_flows
from workbench.usecases.views import build_scores
from workbench.usecases.views.build_scores import BuildScores, read_build_scores
from workbench.usecases.views.scores import Course, document, line_of, read_scores


@click.command()
@click.argument("name", default="", metavar="[NAME]")
@click.option("--environment", default="", metavar="KEY", help="Only this environment.")
@click.option("--flow", default="", metavar="KEY", help="Only the benchmarks of this flow.")
@common("project", "record", "now", "json")
@pass_settings
def scores(settings: Settings, name: str, environment: str, flow: str) -> None:
    """Show the scores of environments and flows over time.

    NAME is a score, such as data_consistency, or a probe.  Without one, the benchmarks of each flow and
    environment follow, build by build, by the rules of today.
    """
    with session.reading(settings) as context:
        found = [] if flow else read_scores(context, environment=environment, name=name)
        (key, *_) = (*wanted_flows(context, [flow] if flow else []), "")
        builds = [] if name else read_build_scores(context, flow=key, environment=environment)
        now = context.now
    if settings.json:
        output.emit(
            {
                "schema": "workbench.scores.1",
                "scores": [document(course) for course in found],
                "benchmarks": [build_scores.document(one) for one in builds],
            }
        )
        return
    if found or not builds:
        _print_scores(found, now)
    if found and builds:
        output.line("")
    if builds:
        _print_builds(builds)


def _print_scores(found: Sequence[Course], now: datetime) -> None:
    lines = [line_of(course, now) for course in found]
    output.table(
        ("", "score", "where", "now", "limit", "course", "before", "seen", "investigation"),
        [
            (
                line.mark.symbol,
                line.title,
                line.place,
                line.value,
                line.limit,
                line.bars,
                line.moved,
                line.when,
                line.investigation,
            )
            for line in lines
        ],
        empty="no probe has given a score yet; workbench probe",
    )
    for line in lines:
        if line.words:
            output.talk(f"{line.title}: {line.words}")


def _print_builds(found: Sequence[BuildScores]) -> None:
    lines = [build_scores.line_of(one) for one in found]
    output.table(
        ("", "benchmarks of", "now", "judged", "builds", ""),
        [(line.mark.symbol, line.title, line.value, line.judged, line.bars, line.moved) for line in lines],
    )
