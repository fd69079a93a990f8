"""``workbench history`` and ``undo``: what happened, and taking back one's own last act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.times import moment_text

if TYPE_CHECKING:
    from workbench.record import EntryView


@click.command()
@click.option("--entity", metavar="KIND", help="Only this kind: release, difference, answer, signoff …")
@click.option("--text", metavar="WORDS", help="Only entries that hold these words.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@common("project", "record", "json")
@pass_settings
def history(settings: Settings, entity: str | None, text: str | None, limit: int) -> None:
    """What happened, newest first."""
    with session.reading(settings) as context:
        found, zone = context.record.history(entity=entity, text=text, limit=limit), context.zone
    if settings.json:
        output.emit({"schema": "workbench.history.1", "entries": [_document(entry) for entry in found]})
        return
    output.table(
        ("n", "when", "who", "did", "what", "why"),
        [
            (
                entry.seq,
                moment_text(entry.claimed_at or entry.recorded_at, zone),
                entry.actor,
                entry.verb,
                f"{entry.entity} {_name(entry)}",
                entry.reason or "",
            )
            for entry in found
        ],
        empty="nothing has happened" if not (entity or text) else "no entry fits",
    )


def _name(entry: EntryView) -> str:
    value: dict[str, Any] = entry.value or entry.before or {}
    names = ("title", "version", "key", "item", "part", "gate", "source", "commit", "subject")
    for name in names:
        if isinstance(value.get(name), str):
            return str(value[name])
    return entry.id[-12:]


def _document(entry: EntryView) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


@click.command()
@click.option("--change", metavar="ID", help="Which of your acts; the last one if left out.")
@common("project", "record", "as_person", "json")
@pass_settings
def undo(settings: Settings, change: str | None) -> None:
    """Take back your own last act, if nobody has changed it since.  Nothing is erased."""
    from workbench.usecases import safekeeping

    with session.acting(settings) as context:
        commit = safekeeping.undo(context, change)
        entries = context.record.history(limit=len(commit.entries))
    # What an import remembers of its rows goes with them and means nothing to a reader.
    told = [entry for entry in entries if not entry.entity.startswith("imported_")]
    words = "undone: " + ", ".join(f"{entry.entity.replace('_', ' ')} {_name(entry)}" for entry in told)
    output.done(settings, words, {"schema": "workbench.undo.1", "change": commit.change_id})
