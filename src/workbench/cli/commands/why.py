"""``workbench why``: what lies between a benchmark's last pass and its first fail."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.text import capitalised
from workbench.model.times import moment_text
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.why import document, read_why


@click.command()
@click.argument("key")
@common("project", "record", "now", "release", "json")
@pass_settings
def why(settings: Settings, key: str) -> None:
    """Show what lies between a benchmark's last pass and its first fail.

    Builds, refreshes, changes of configuration, edits of its limits, and who made them; where it
    passes again, between its last fail and its first pass.
    """
    with session.reading(settings) as context:
        found, zone = read_why(context, evaluate(context), key), context.zone
    if settings.json:
        output.emit(document(found))
        return
    output.line(f"{found.title}  ({found.key})")
    output.line(f"{capitalised(found.said)}.")
    if found.moved:
        output.line(f"{capitalised(found.moved)}.")
    if found.course:
        output.line(f"Its course: {found.course}.")
    stands = [one for one in (found.before, found.first) if one is not None]
    if stands:
        output.line("")
        output.table(
            ("", "build", "measured", "value", "limit", "why"),
            [
                (_name(one.met, place), one.build, moment_text(one.at, zone), one.value, one.limit, one.words)
                for place, one in enumerate(stands, start=2 - len(stands))
            ],
        )
    if found.between:
        output.line("")
        output.table(
            ("when", "what", "", "by"),
            [(moment_text(one.at, zone), one.what, one.words, one.by) for one in found.between],
        )
    if found.unjudged:
        output.talk(f"between them {found.unjudged} measured values that could not be judged")


def _name(met: bool, place: int) -> str:
    return f"{('last', 'first')[place]} {'pass' if met else 'fail'}"
