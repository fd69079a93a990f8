"""``workbench condition``: on what approvals depend, until when, and that it was done."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases import conditions_kept
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.marks import Mark


@click.command()
@click.argument("gate", required=False)
@click.option("--kept", metavar="TEXT", help="They are kept: what was done.")
@click.option("--of", default="", metavar="PERSON", help="Whose conditions, if several people have some.")
@click.option("--link", default="", metavar="URL", help="Evidence: a link.")
@click.option(
    "--file", type=click.Path(path_type=Path), metavar="FILE", help="Evidence: a copy of this file."
)
@common(*WRITING)
@pass_settings
def condition(
    settings: Settings, gate: str | None, kept: str | None, of: str, link: str, file: Path | None
) -> None:
    """List the conditions of approvals, or say that they are kept.

    An approval with conditions ends when they are due, unless somebody has said before that they are kept.
    """
    if kept is None:
        if gate or of or link or file:
            raise UsageError("what was done?", hint="workbench condition GATE --kept TEXT")
        _list(settings)
        return
    with session.acting(settings) as context:
        commit, value = conditions_kept.keep(
            context, evaluate(context), gate, kept, of=of, link=link, file=file
        )
    document = {"schema": "workbench.condition.1", **output.fields(value), "change": commit.change_id}
    output.done(
        settings,
        f"the conditions of {value.person} for {value.gate} are kept: {value.words}",
        document,
        hint="workbench condition",
    )


def _list(settings: Settings) -> None:
    with session.reading(settings) as context:
        evaluation = evaluate(context)
        found, zone = conditions_kept.conditions_of(evaluation), context.zone
        version = evaluation.held.release.version
    if settings.json:
        rows = [output.fields(one) for one in found]
        output.emit({"schema": "workbench.conditions.1", "release": version, "conditions": rows})
        return
    output.table(
        ("", "gate", "of", "conditions", "due", "kept"),
        [
            (
                (Mark.DONE if one.kept else Mark.BLOCKS if one.ended else Mark.OPEN).symbol,
                one.gate,
                one.person,
                one.conditions,
                moment_text(one.due, zone),
                f"{one.kept} ({one.kept_by})"
                if one.kept
                else "due, and not kept"
                if one.ended
                else "not yet",
            )
            for one in found
        ],
        empty="no approval has conditions",
    )
