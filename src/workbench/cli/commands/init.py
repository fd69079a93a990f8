"""``workbench init``: a starter project for this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.hosts import shown_host
from workbench.usecases import starting, trusting
from workbench.usecases.project import NoDataFolder, Options


@click.command()
@click.option(
    "--version", metavar="V", help="The version of the release; told by tags and files unless said."
)
@click.option("--offline", is_flag=True, help="Ask no server: take a test report, or what a person types.")
@click.option("--checklists", is_flag=True, help="Copy the checklists here, to be edited.")
@click.option("--trust", is_flag=True, help="Agree at once to ask the server that is written down.")
@click.option("--force", is_flag=True, help="Write a new project file; the old one is kept beside it.")
@common("project", "json")
@pass_settings
def init(
    settings: Settings, version: str | None, offline: bool, checklists: bool, trust: bool, force: bool
) -> None:
    """Write a starter project for this folder.

    Looks for git, CI files, test reports, how it is deployed and tables of differences, writes
    a short workbench.yaml with three gates, and begins the release record.  Nothing is sent
    anywhere.
    """
    wish = starting.Wish(force=force, version=version, offline=offline, checklists=checklists)
    begun = starting.init(settings.project or Path.cwd(), wish)
    if not settings.json:
        output.line(f"wrote {begun.file}")
        output.lines(f"  {text}" for text in begun.found)
    trusted = _agree(begun, trust, asking=not settings.json)
    steps = [step for step in begun.steps if not (trusted and step[0] == starting.TRUST)]
    if settings.json:
        output.emit(_document(begun, steps, trusted))
        return
    output.talk("next:")
    width = max((len(command) for command, _ in steps), default=0)
    for command, why in steps:
        output.talk(f"  {command:<{width}}  {why}")
    if begun.offline:
        output.talk(f"without a network: {begun.offline} takes a test report instead, or what you type")


def _agree(begun: starting.Begun, said: bool, *, asking: bool) -> bool:
    """Whether the project may ask what was written into it; on a terminal that is asked here."""
    try:
        found = trusting.look(Options(project=begun.root))
    except NoDataFolder:
        if said:
            raise
        return False
    if found.trusted or found.request.empty:
        return found.trusted
    if not said:
        if not asking or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        hosts = ", ".join(map(shown_host, found.request.hosts))
        variables = ", ".join(found.request.variables)
        use = f", with {variables} from the environment" if variables else ""
        if not click.confirm(f"May this project ask {hosts}{use}?", default=False, err=True):
            return False
    trusting.agree(found)
    return True


def _document(begun: starting.Begun, steps: list[tuple[str, str]], trusted: bool) -> dict[str, object]:
    return {
        "schema": "workbench.init.1",
        "file": str(begun.file),
        "person": begun.person,
        "release": begun.release,
        "candidate": begun.candidate,
        "found": list(begun.found),
        "pairs": [
            {"title": pair.title, "staging": pair.staging, "production": pair.production}
            for pair in begun.findings.pairs
        ],
        "trusted": trusted,
        "next": [command for command, _ in steps],
        "offline": begun.offline,
    }
