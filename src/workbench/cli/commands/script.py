"""``workbench script`` and ``minutes``: what was done, to play back and to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, Whole, common, pass_settings
from workbench.usecases.context import Context
from workbench.usecases.scripting import records
from workbench.usecases.scripting.reading import Since

_OPTIONS = (
    click.option("--since", metavar="TIME", help="Only what was done since then: a day, a time, or 2h ago."),
    click.option(
        "--from", "entry", type=Whole(1), metavar="N", help="Only from this entry on, as the history counts."
    ),
    click.option("--by", metavar="PERSON", help="Only what this person did."),
    click.option("--output", "to", type=click.Path(path_type=Path), metavar="FILE", help="Write it there."),
)


def _asked(function: Callable[..., Any]) -> Callable[..., Any]:
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


@click.command()
@_asked
@common("project", "record")
@pass_settings
def script(settings: Settings, since: str | None, entry: int | None, by: str | None, to: Path | None) -> None:
    """Print what was done as a shell script that does the same on a copy.

    Every act is the command that does it.  With --output, files that were attached as evidence
    are written beside the script.  What sources answered is not in it: it fetches again.
    """
    with session.keeping(settings) as context:
        written = records.script_of(context, _since(context, since, entry, by))
        files = records.files_of(context, written) if to is not None else {}
    output.write(to or Path("-"), written.text)
    for path, data in files.items():
        assert to is not None
        target = to.parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        output.write(target, data)
    if to is not None:
        output.talk(f"wrote {to}" + (f", and {len(files)} files beside it" if files else ""))
    elif written.files:
        output.talk("it names files that were attached; --output FILE writes them beside the script")


@click.command()
@_asked
@common("project", "record")
@pass_settings
def minutes(
    settings: Settings, since: str | None, entry: int | None, by: str | None, to: Path | None
) -> None:
    """Print what was done as minutes to read: who did what when, and why."""
    with session.keeping(settings) as context:
        text = records.minutes_of(context, _since(context, since, entry, by))
    output.write(to or Path("-"), text)
    if to is not None:
        output.talk(f"wrote {to}")


def _since(context: Context, since: str | None, entry: int | None, by: str | None) -> Since:
    return records.since(context, since or "", entry or 0, by)
