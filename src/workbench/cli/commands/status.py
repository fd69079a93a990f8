"""``workbench status``: the release at a glance, as the app's first screen shows it; ``--all``: every project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, only_one, pass_settings
from workbench.model.errors import UsageError

if TYPE_CHECKING:
    from workbench.usecases.views.status import Status

# The names stand here, and a test compares them: a command that looks at one release starts without the others.
SECTIONS = ("releases", "holds", "calendar", "delivery", "shared", "folders", "left")


@click.command()
@click.option("--short", is_flag=True, help="One line, for a prompt or a stand-up.")
@click.option("--all", "everywhere", is_flag=True, help="Every project that was opened on this machine.")
@click.option(
    "--in",
    "folders",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="With --all: this project, or those in this folder, too; again for more of them.",
)
@click.option("--demonstrations", is_flag=True, help="With --all: sample projects, too.")
@click.option(
    "--section",
    type=click.Choice(SECTIONS),
    multiple=True,
    help="With --all: only this part, whole; again for more of them.",
)
@click.option(
    "--quarter", default="", metavar="Q", help="With --all: delivery of this quarter: 2026-Q4, this or last."
)
@common()
@pass_settings
def status(
    settings: Settings,
    short: bool,
    everywhere: bool,
    folders: tuple[Path, ...],
    demonstrations: bool,
    section: tuple[str, ...],
    quarter: str,
) -> int:
    """Show a release at a glance: its state, its gates, and what is open.

    The exit code is that of all gates together.  Nothing is fetched.

    With --all, every release of every project: who is needed first, what falls due, how delivery goes.
    The exit code is 0 where all were judged and none is blocked or waits, else 1.
    """
    only_one({"short": short, "json": settings.json})
    if everywhere:
        from workbench.cli.commands.fleet import Asked, show_all

        return show_all(settings, Asked(short, folders, demonstrations, section, quarter))
    if folders or demonstrations or section or quarter:
        raise UsageError(
            "--in, --demonstrations, --section and --quarter are about several projects", hint="add --all"
        )
    from workbench.usecases.views.status import read_status

    with session.reading(settings) as context:
        found = read_status(context, for_people=not settings.json)
    say(found, "json" if settings.json else "short" if short else "text")
    return found.found.exit_code_of_all()


def say(status: Status, form: str) -> None:
    """Print a status as JSON, in one line or whole."""
    from workbench.usecases.views.status import short_status, status_document, status_lines

    if form == "json":
        output.emit(status_document(status))
    elif form == "short":
        output.say(short_status(status))
    else:
        output.say("\n".join(status_lines(status)))
