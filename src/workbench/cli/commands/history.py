"""``workbench history``, ``undo`` and ``redo``: what happened, and taking back and putting back one's own acts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, Whole, common, pass_settings
from workbench.model.errors import NotAllowed
from workbench.model.times import moment_text
from workbench.record import Commit, EntryView
from workbench.usecases import undoing
from workbench.usecases.context import Context
from workbench.usecases.views.history import Undone, act_words, read_page
from workbench.usecases.views.history_lines import read_lines, what_and_why


@click.command()
@click.option("--entity", metavar="KIND", help="Only this kind: release, difference, answer, signoff …")
@click.option("--text", metavar="WORDS", help="Only entries that hold these words.")
@click.option("--limit", type=Whole(1), default=50, show_default=True, help="At most so many entries.")
@common("project", "record", "json")
@pass_settings
def history(settings: Settings, entity: str | None, text: str | None, limit: int) -> None:
    """What was done, act by act, newest first.

    With --entity or --text, and as JSON, entry by entry.
    """
    if settings.json:
        with session.keeping(settings) as context:
            page = read_page(context, text=text or "", entity=entity, limit=limit)
        documents = [_document(entry, page.undone) for entry in page.entries]
        output.emit({"schema": "workbench.history.1", "entries": documents})
        return
    with session.keeping(settings) as context:
        found, zone = read_lines(context, text=text or "", entity=entity, limit=limit), context.zone
    output.table(
        ("n", "when", "who", "what", "why"),
        [(line.seq, moment_text(line.at, zone), line.who, *what_and_why(line, str)) for line in found.lines],
        empty="nothing has happened" if not (entity or text) else "no entry fits",
    )


def _document(entry: EntryView, undone: Mapping[str, Undone]) -> dict[str, Any]:
    by = undone.get(entry.change_id)
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return {**fields, "undone_by": by.change_id if by is not None else None}


@click.command()
@click.option("--change", metavar="ID", help="Which of your acts; the last one that stands if left out.")
@click.option("--yes", is_flag=True, help="Do not ask about an act that is more than an hour old.")
@common("project", "record", "as_person", "json")
@pass_settings
def undo(settings: Settings, change: str | None, yes: bool) -> None:
    """Undo your own last act, if nobody has changed it since.

    Nothing is erased: an undo is an entry of its own.  What sources answered is never undone, and a
    signature is revoked.  An act that is more than an hour old is named and asked about first.
    """
    with session.keeping(settings, readonly=False) as context:
        if change is None:
            coming = undoing.coming_undo(context)
            _ask_if_old(settings, coming, yes, "Undo")
            change = coming.change_id if coming is not None else None
        commit = undoing.undo(context, change)
        _tell(settings, context, commit, "Undone", "workbench redo puts it back")


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask about an undo that is more than an hour old.")
@common("project", "record", "as_person", "json")
@pass_settings
def redo(settings: Settings, yes: bool) -> None:
    """Redo your own last undo.

    That is, if nothing was done or changed since.
    """
    with session.keeping(settings, readonly=False) as context:
        coming = undoing.coming_redo(context)
        _ask_if_old(settings, coming, yes, "Redo")
        commit = undoing.redo(context, coming.change_id if coming is not None else None)
        _tell(settings, context, commit, "Redone", "workbench undo undoes it")


def _ask_if_old(settings: Settings, coming: undoing.Coming | None, yes: bool, verb: str) -> None:
    """Nobody sees on a command line what they did last: what is not recent is named, and asked about."""
    if coming is None or coming.recent or yes:
        return
    told = f"{verb}: {output.safe(coming.told)}"
    if settings.json or not sys.stdin.isatty():
        command = "undo" if verb == "Undo" else "redo"
        raise NotAllowed(
            f"{told}: that is more than an hour ago, and was not asked for by name; nothing was changed",
            hint=f"workbench {command} --yes",
        )
    if not click.confirm(f"{told}?", default=False, err=True):
        raise NotAllowed("nothing was changed")


def _tell(settings: Settings, context: Context, commit: Commit, verb: str, hint: str) -> None:
    act = context.record.act(commit.change_id)
    words = act_words(context, act) if act is not None else ""
    document = {
        "schema": "workbench.undo.1" if verb == "Undone" else "workbench.redo.1",
        "change": commit.change_id,
        "undoes": act.undoes if act is not None else None,
        "what": words,
    }
    output.done(settings, f"{verb}: {words}", document, hint=hint)
