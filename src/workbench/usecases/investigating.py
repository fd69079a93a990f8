"""Investigations: opened by a score that fell or by a person, owned, and ended with a finding."""

from __future__ import annotations

from workbench.investigations import model as investigations
from workbench.investigations.model import Ending, Investigation
from workbench.parity import model as parity
from workbench.record import Commit, Stored
from workbench.usecases.context import Context, commit


def find_investigation(context: Context, ref: str) -> tuple[Stored, Investigation]:
    """The investigation with that id (or the end of one), or with these words in its title."""
    return investigations.find(context.record, ref)


def open_investigation(context: Context, value: Investigation) -> str:
    """Open an investigation by hand; returns its id."""
    change = investigations.opened(value, context.now)
    commit(context, [change])
    return change.id


def edit_investigation(context: Context, stored: Stored, value: Investigation) -> Commit:
    """Name its owner, or say what was found so far."""
    return commit(context, [investigations.edited(stored, value)])


def end_investigation(
    context: Context, stored: Stored, value: Investigation, ending: Ending, outcome: str, finding: str = ""
) -> Commit:
    """End it with a finding, and with the difference (by id or title), refresh or limit that came of it."""
    if ending is Ending.DIFFERENCE:
        outcome = parity.find(context.record, outcome)[0].id
    change = investigations.closed(
        stored, value, ending, outcome, finding, by=context.author().actor, at=context.now
    )
    return commit(context, [change])
