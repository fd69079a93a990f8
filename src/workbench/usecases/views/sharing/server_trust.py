"""Whether the server of a shared record is as it was noted, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.model.text import number_of, safe_text

if TYPE_CHECKING:
    from workbench.usecases.sharing.trusting import Trust


def server_lines(trust: Trust) -> Iterator[str]:
    """The first thing that is wrong and by whom it is contradicted, what else is, and notes."""
    url = safe_text(trust.url, 200)
    if trust.ok:
        yield f"the server {url} is as noted: {_compared(trust)}"
    else:
        yield f"the server {url} is NOT as noted: {trust.problem} (contradicted by {trust.contradicted_by})"
        yield from (f"  also: {text}" for text in trust.faults[1:])
    yield from (f"  note: {text}" for text in trust.notes)


def _compared(trust: Trust) -> str:
    read = trust.asked.packs if trust.asked is not None else trust.packs
    how = "read again from it" if trust.asked is not None else "that this desk has received"
    said = (
        f", compared with {number_of(trust.compared, 'thing')} that other desks said of it"
        if trust.compared
        else ""
    )
    return f"{number_of(read, 'pack')} {how}{said}"
