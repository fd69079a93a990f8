"""``workbench freeze``: nothing is promoted until somebody lifts it."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import deciding


@click.command()
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--lift", is_flag=True, help="Lift the freeze that is in force.")
@common("project", "record", "as_person", "json")
@pass_settings
def freeze(settings: Settings, reason: str, lift: bool) -> None:
    """Freeze promotion, or lift the freeze."""
    with session.acting(settings) as context:
        commit = deciding.lift_freeze(context, reason) if lift else deciding.freeze(context, reason)
    document = {"schema": "workbench.freeze.1", "frozen": not lift, "change": commit.change_id}
    hint = "" if lift else "workbench freeze --lift --reason WHY"
    output.done(settings, "the freeze is lifted" if lift else "frozen: nothing is promoted", document, hint)
