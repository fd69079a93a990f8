"""``workbench learn``: how far staging can be trusted, with the numbers that say so."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.learning import learn as learn_of
from workbench.usecases.views.learning import HEADS, SECTIONS, Line, learning_of, lines_of, summary
from workbench.usecases.views.learning_document import document

_ALL = tuple(SECTIONS)


@click.command()
@click.option("--quarter", "named", default="", metavar="Q", help="Only this quarter: 2026-Q4, this or last.")
@click.option(
    "--section", type=click.Choice(_ALL), multiple=True, help="Only this part; again for more of them."
)
@click.option("--why", is_flag=True, help="Say of each figure what it counts, rests on and leaves out.")
@common("project", "record", "now", "json")
@pass_settings
def learn(settings: Settings, named: str, section: tuple[str, ...], why: bool) -> None:
    """Show what the past teaches: how far staging can be trusted.

    Each figure is a count of a count, by name: what it counts, of what, and what it leaves out.  Only
    releases whose watching has ended say anything; where there are fewer than ten, it is too few to say.
    """
    with session.reading(settings) as context:
        found = learning_of(learn_of(context, named))
    if settings.json:
        output.emit(document(found))
        return
    output.line("; ".join(phrase.text for phrase in summary(found)))
    lines = lines_of(found)
    for key in section or _ALL:
        _print(key, [line for line in lines if line.section == key], why)


def _print(key: str, lines: list[Line], why: bool) -> None:
    if not lines:
        return
    output.line("")
    if not why:
        output.table(
            ("", SECTIONS[key], *(name.lower() for name in HEADS[key])),
            [
                (line.mark.symbol if line.mark else "", line.title, line.count, line.value, line.note)
                for line in lines
            ],
        )
        return
    output.line(SECTIONS[key])
    for line in lines:
        output.line(f"  {line.title}: {', '.join(filter(None, (line.count, line.value, line.note)))}")
        for fact in line.facts:
            output.line(f"      {fact.label.lower()}: {fact.text}")
