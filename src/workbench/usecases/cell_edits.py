"""Many cells of a table, and rows that are new, as one change: read and checked together, then saved or told.

Nothing is saved while one cell is wrong, and nothing is lost: the edits stay with whoever holds them until
they are saved.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from workbench.model.errors import StaleChange
from workbench.record import Commit
from workbench.usecases.cell_reading import Preparing
from workbench.usecases.cell_sheet import Edits, Keep, Overtaken, Sheet, WrongCells
from workbench.usecases.context import Context, commit


class Saved(msgspec.Struct, frozen=True):
    """What was saved: the act, and the keys of new rows by those that the table had given them."""

    commit: Commit | None
    rows: Mapping[str, str]


def prepare(context: Context, edits: Edits) -> Sheet:
    """What saving would do, and every cell that is in the way of it.  Nothing is written."""
    return Preparing(context, edits).sheet()


def save(context: Context, edits: Edits, reason: str = "") -> Saved:
    """Save all of it in one act, for one reason.

    Raises :class:`WrongCells` where a cell cannot be saved, and :class:`Overtaken` where somebody else
    changed the same one; nothing is written then.
    """
    sheet = _sound(context, edits)
    if not sheet.changes:
        return Saved(None, {})
    changes = [msgspec.structs.replace(change, reason=reason.strip() or None) for change in sheet.changes]
    try:
        return Saved(commit(context, changes), sheet.rows)
    except StaleChange:  # somebody was faster by a hair
        _sound(context, edits)
        raise


def _sound(context: Context, edits: Edits) -> Sheet:
    sheet = prepare(context, edits)
    if sheet.problems:
        raise WrongCells(sheet.problems)
    if sheet.clashes:
        raise Overtaken(sheet.clashes, sheet.now)
    return sheet


def settled(edits: Edits, overtaken: Overtaken, keep: Keep) -> Edits:
    """The edits, made from the rows as they are now: cells that both changed are ``mine`` or ``theirs``."""
    clashing = {(clash.row, name) for clash in overtaken.clashes for name, *_ in clash.fields}
    changed = {
        row: {name: text for name, text in texts.items() if keep == "mine" or (row, name) not in clashing}
        for row, texts in edits.changed.items()
    }
    return msgspec.structs.replace(
        edits,
        changed={row: texts for row, texts in changed.items() if texts},
        seen={**edits.seen, **overtaken.now},
    )
