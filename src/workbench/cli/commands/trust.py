"""``workbench trust``: what the project's files would use, and agreeing to it."""

from __future__ import annotations

import sys
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import NotTrusted
from workbench.usecases import trusting


@click.command()
@click.option("--yes", is_flag=True, help="Agree without a question.")
@click.option("--forget", is_flag=True, help="Stop trusting the project.")
@common("project", "json")
@pass_settings
def trust(settings: Settings, yes: bool, forget: bool) -> int:
    """Show what the project's files would use, and agree to it.

    Commands, hosts and environment variables.  The agreement is kept outside of the
    repository; when one of them changes, you are asked again.
    """
    found = trusting.look(session.options_of(settings))
    if forget:
        trusting.forget(found)
        output.done(settings, "this project is no longer trusted", _document(found, trusted=False))
        return 0
    if not settings.json:
        _show(found)
    if found.trusted or found.request.empty:
        words = "nothing to agree to" if found.request.empty else "you have agreed to this already"
        output.done(settings, words, _document(found, trusted=True))
        return 0
    if not yes and not _agreed():
        raise NotTrusted("not trusted: nothing is fetched or run", hint="workbench trust --yes agrees")
    trusting.agree(found)
    output.done(settings, "trusted", _document(found, trusted=True), hint="workbench fetch")
    return 0


def _show(found: Any) -> None:
    for where, uses in trusting.shown(found.request):
        output.line(where)
        output.lines(f"  {use}" for use in uses)


def _agreed() -> bool:
    return sys.stdin.isatty() and click.confirm(
        "May this project's files use these?", default=False, err=True
    )


def _document(found: Any, *, trusted: bool) -> dict[str, Any]:
    request = found.request
    return {
        "schema": "workbench.trust.1",
        "trusted": trusted,
        "digest": request.digest,
        "commands": list(request.commands),
        "variables": list(request.variables),
        "hosts": list(request.hosts),
        "scripts": list(request.scripts),
    }
