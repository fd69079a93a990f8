"""``workbench history`` and ``undo``: what happened, and taking back one's own last act."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, Whole, common, pass_settings
from workbench.model.times import moment_text
from workbench.record import EntryView
from workbench.usecases import undoing
from workbench.usecases.views.history import act, read_page, subject, undone


@click.command()
@click.option("--entity", metavar="KIND", help="Only this kind: release, difference, answer, signoff …")
@click.option("--text", metavar="WORDS", help="Only entries that hold these words.")
@click.option("--limit", type=Whole(1), default=50, show_default=True, help="At most so many.")
@common("project", "record", "json")
@pass_settings
def history(settings: Settings, entity: str | None, text: str | None, limit: int) -> None:
    """What happened, newest first."""
    with session.keeping(settings) as context:
        page, zone = read_page(context, text=text or "", entity=entity, limit=limit), context.zone
    if settings.json:
        documents = [_document(entry) for entry in page.entries]
        output.emit({"schema": "workbench.history.1", "entries": documents})
        return
    output.table(
        ("n", "when", "who", "did", "what", "why"),
        [
            (
                entry.seq,
                moment_text(entry.claimed_at or entry.recorded_at, zone),
                entry.actor,
                act(entry),
                subject(entry, page.names),
                entry.reason or "",
            )
            for entry in page.entries
        ],
        empty="nothing has happened" if not (entity or text) else "no entry fits",
    )


def _document(entry: EntryView) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


@click.command()
@click.option("--change", metavar="ID", help="Which of your acts; the last one if left out.")
@common("project", "record", "as_person", "json")
@pass_settings
def undo(settings: Settings, change: str | None) -> None:
    """Take back your own last act, if nobody has changed it since.  Nothing is erased."""
    with session.keeping(settings, readonly=False) as context:
        commit = undoing.undo(context, change)
        words = undone(context, commit)
    output.done(settings, f"undone: {words}", {"schema": "workbench.undo.1", "change": commit.change_id})
