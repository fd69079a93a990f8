"""``workbench hand-back``: what was needed is there, and whoever sent the gate back decides."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.usecases import handing_back
from workbench.usecases.evaluate import evaluate


@click.command()
@click.argument("gate", required=False)
@click.option("--reason", required=True, metavar="TEXT", help="What was done of what was needed.")
@click.option("--to", default="", metavar="PERSON", help="Who sent it back, if several people have.")
@common(*WRITING)
@pass_settings
def hand_back(settings: Settings, gate: str | None, reason: str, to: str) -> None:
    """Hand a gate back to whoever sent it back.

    It is their move again, and their clock runs: until they answer, the gate stays blocked.
    Without GATE, the only one that was sent back.
    """
    with session.acting(settings) as context:
        commit, value = handing_back.hand_back(context, evaluate(context), gate, reason, to)
    document = {"schema": "workbench.handed-back.1", **output.fields(value), "change": commit.change_id}
    output.done(
        settings,
        f"{value.gate} is handed back to {value.person}, who decides now",
        document,
        hint=f"workbench sign {value.gate} --as {value.person}",
    )
