"""``workbench freeze``: nothing is promoted until somebody lifts it."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases import deciding
from workbench.usecases.views.marks import Mark


@click.command()
@click.argument("what", required=False, type=click.Choice(["list"]))
@click.option("--reason", metavar="TEXT", help="Why; needed to freeze, and to lift.")
@click.option("--lift", is_flag=True, help="Lift the freeze that is in force.")
@common("project", "record", "as_person", "json")
@pass_settings
def freeze(settings: Settings, what: str | None, reason: str | None, lift: bool) -> None:
    """Freeze promotion, lift the freeze, or list the freezes."""
    if what is not None:
        if reason is not None or lift:
            raise UsageError("listing changes nothing", hint="workbench freeze list")
        _list(settings)
        return
    if reason is None:
        raise UsageError(
            "a freeze has a reason, and so has its end", hint="--reason WHY; workbench freeze list shows them"
        )
    with session.acting(settings) as context:
        commit = deciding.lift_freeze(context, reason) if lift else deciding.freeze(context, reason)
    document = {"schema": "workbench.freeze.1", "frozen": not lift, "change": commit.change_id}
    hint = "" if lift else "workbench freeze --lift --reason WHY"
    output.done(settings, "the freeze is lifted" if lift else "frozen: nothing is promoted", document, hint)


def _list(settings: Settings) -> None:
    with session.reading(settings) as context:
        found, zone = deciding.read_freezes(context), context.zone
    frozen = any(item.lifted_at is None for item in found)
    if settings.json:
        rows = [output.fields(item) for item in found]
        output.emit({"schema": "workbench.freezes.1", "frozen": frozen, "freezes": rows})
        return
    output.table(
        ("", "frozen", "by", "reason", "lifted", "by", "reason"),
        [
            (
                (Mark.DONE if item.lifted_at else Mark.BLOCKS).symbol,
                moment_text(item.at, zone),
                item.by,
                item.reason,
                moment_text(item.lifted_at, zone) if item.lifted_at else "",
                item.lifted_by or "",
                item.lifted_why or "",
            )
            for item in found
        ],
        empty="promotion was never frozen",
    )
    if frozen:
        output.talk("next: workbench freeze --lift --reason WHY")
