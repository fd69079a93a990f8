"""``workbench freeze``: nothing is promoted until somebody lifts it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.gates.model import Freeze
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases import deciding
from workbench.usecases.views.marks import Mark


@click.command()
@click.argument("what", required=False, metavar="[list|WHICH]")
@click.option("--reason", metavar="TEXT", help="Why; needed to freeze, and to lift.")
@click.option("--lift", is_flag=True, help="Lift a freeze: WHICH, where several hold.")
@common("project", "record", "as_person", "json")
@pass_settings
def freeze(settings: Settings, what: str | None, reason: str | None, lift: bool) -> None:
    """Freeze promotion, lift a freeze, or list the freezes.

    WHICH is the id or the title of the incident whose freeze is over, or project for the project's own.
    """
    if what == "list":
        if reason is not None or lift:
            raise UsageError("listing changes nothing", hint="workbench freeze list")
        _list(settings)
        return
    if what is not None and not lift:
        raise UsageError(f"“{what}” is nothing to do", hint="list, or --lift to lift the freeze of that")
    if reason is None:
        raise UsageError(
            "a freeze has a reason, and so has its end", hint="--reason WHY; workbench freeze list shows them"
        )
    with session.acting(settings) as context:
        commit = (
            deciding.lift_freeze(context, reason, what or "") if lift else deciding.freeze(context, reason)
        )
        held = [item for item in deciding.read_freezes(context) if item.lifted_at is None]
    left = len(held)
    document = {"schema": "workbench.freeze.1", "frozen": left > 0, "change": commit.change_id}
    words = "the freeze is lifted" if lift else "frozen: nothing is promoted"
    if lift and left:
        words += f"; {left} more in force"
    output.done(settings, words, {**document, "left": left}, _next(held))


def _next(held: Sequence[Freeze]) -> str:
    """The command that lifts a freeze in force, the latest one where several hold; nothing where none does."""
    if not held:
        return ""
    names = [deciding.freeze_name(item)[-12:] for item in held]
    return f"workbench freeze --lift {f'{names[0]} ' if len(set(names)) > 1 else ''}--reason WHY"


def _list(settings: Settings) -> None:
    with session.reading(settings) as context:
        found, zone = deciding.read_freezes(context), context.zone
    held = [item for item in found if item.lifted_at is None]
    if settings.json:
        rows = [output.fields(item) for item in found]
        output.emit({"schema": "workbench.freezes.1", "frozen": bool(held), "freezes": rows})
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
    if held:
        output.talk(f"next: {_next(held)}")
