"""``workbench scores``: the scores of the environments over time."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.views.scores import document, line_of, read_scores


@click.command()
@click.argument("name", default="", metavar="[NAME]")
@click.option("--environment", default="", metavar="KEY", help="Only this environment.")
@common("project", "record", "now", "json")
@pass_settings
def scores(settings: Settings, name: str, environment: str) -> None:
    """Show the scores of the environments over time.

    NAME is a score, such as data_consistency, or a probe.
    """
    with session.reading(settings) as context:
        found, now = read_scores(context, environment=environment, name=name), context.now
    if settings.json:
        output.emit({"schema": "workbench.scores.1", "scores": [document(course) for course in found]})
        return
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
