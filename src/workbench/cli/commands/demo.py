"""``workbench demo``: a sample project in a fresh folder, ready to be walked through its gates."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.commands.status import say
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.typing_past import type_command
from workbench.model.errors import UsageError
from workbench.usecases import demonstration
from workbench.usecases.views.status import read_status


@click.command()
@click.argument("name", default=demonstration.FIRST)
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder to make.  [default: workbench-demo-NAME in this folder, numbered if it is there already]",
)
@click.option("--headless", is_flag=True, help="Print what workbench status does instead of opening the app.")
@common("json")
@pass_settings
def demo(settings: Settings, name: str, to: Path | None, headless: bool) -> int:
    """Try it on a sample project, from recorded answers.

    Copies the project to a fresh folder, fills its record, fetches from its recordings, and
    opens the app on it.  In that folder every command works with the demonstration's clock.
    """
    headless = headless or settings.json
    if not headless:
        _need_terminal()
    folder = (
        demonstration.prepare(name, to, type_command)
        if to is not None
        else demonstration.prepare_here(name, type_command)
    )
    settings.project = folder
    if headless:
        return _headless(settings, folder)
    from workbench.cli.app import open_app

    code = open_app(settings)
    output.talk(f"the demonstration stays in {_short(folder)}: cd there and run {_program()}")
    return code


def _need_terminal() -> None:
    from workbench.tui import terminal

    try:
        terminal.check()
    except UsageError as error:
        raise UsageError(
            error.what,
            where=error.where,
            hint="workbench demo --headless prints the release at a glance instead",
        ) from None


def _headless(settings: Settings, folder: Path) -> int:
    with session.reading(settings) as context:
        status = read_status(context, for_people=not settings.json)
    say(status, "json" if settings.json else "text")
    place, program = _short(folder), _program()
    output.talk("")
    output.talk(f"the demonstration is in {place}; what to try there:")
    output.talk(f"  cd {place}")
    output.talk(f"  {program}               the app (needs a terminal)")
    output.talk(f"  {program} gate          the first gate that has not passed, in full")
    output.talk(f"  {program} parity list   or any other command: --help names them")
    return status.found.exit_code_of_all()


def _program() -> str:
    """How this program is called here: by name where the shell finds it, else by its path."""
    return "workbench" if shutil.which("workbench") else shlex.quote(str(Path(sys.argv[0]).resolve()))


def _short(folder: Path) -> str:
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
