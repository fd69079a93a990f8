"""``workbench status``: the release at a glance, as the app's first screen shows it."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, only_one, pass_settings
from workbench.usecases.views.status import Status, read_status, short_status, status_document, status_lines


@click.command()
@click.option("--short", is_flag=True, help="One line, for a prompt or a stand-up.")
@common()
@pass_settings
def status(settings: Settings, short: bool) -> int:
    """Show a release at a glance: its state, its gates, and what is open.

    The exit code is that of all gates together.  Nothing is fetched.
    """
    only_one({"short": short, "json": settings.json})
    with session.reading(settings) as context:
        found = read_status(context, for_people=not settings.json)
    say(found, "json" if settings.json else "short" if short else "text")
    return found.found.exit_code_of_all()


def say(status: Status, form: str) -> None:
    """Print a status as JSON, in one line or whole."""
    if form == "json":
        output.emit(status_document(status))
    elif form == "short":
        output.say(short_status(status))
    else:
        output.say("\n".join(status_lines(status)))
