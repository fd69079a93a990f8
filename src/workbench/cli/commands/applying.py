"""``parity apply`` and ``flow apply``: rows as lines of JSON, added and edited in one act."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.usecases.applying import NAMED, apply_rows

# Not ``reason``: that is what a difference's decision calls its own.
why_option = click.option("--reason", "why", default="", metavar="TEXT", help="Why.")
_HELP = """Add and edit several {kind} in one act, from lines of JSON.

FILE holds one object a line, - is standard input.  A line with "{name}" edits that one,
any other adds one; the other names are those of the fields, and hold what one would type:
{{"{name}": "{example}", "owner": "kim"}}.  Where one line is wrong nothing is saved.
"""
_EXAMPLES = {"differences": "load balancer", "flows": "checkout"}


def apply_command(kind: str) -> click.Command:
    """The command for one kind of table."""

    @click.command("apply", help=_HELP.format(kind=kind, name=NAMED[kind], example=_EXAMPLES[kind]))
    @click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
    @why_option
    @common("project", "record", "as_person", "json")
    @pass_settings
    def apply(settings: Settings, file: Path, why: str) -> None:
        data = output.standard_input() if str(file) == "-" else output.read(file)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise UsageError("the rows are no UTF-8 text", hint="write them in UTF-8") from None
        with session.acting(settings) as context:
            applied = apply_rows(context, kind, text, why)
        document = {
            "schema": "workbench.applied.1",
            "change": applied.commit.change_id if applied.commit else None,
            "added": applied.added,
            "edited": applied.edited,
        }
        output.done(settings, f"{applied.added} added, {applied.edited} edited", document, "workbench gate")

    return apply
