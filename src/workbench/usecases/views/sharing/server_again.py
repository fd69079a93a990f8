"""``repair --server`` in words: what came that was not here, and what the server got that it lacked."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model.text import entries_of
from workbench.usecases.sharing.asking_again import AskedAgain
from workbench.usecases.views.exchange import pieces_of
from workbench.usecases.views.sharing.sync import obstacle, refused_line, synced_lines


def asked_lines(done: AskedAgain) -> Iterator[str]:
    """All that there is to say about asking the server again."""
    yield from synced_lines(done.synced)
    known = {(one.number, one.why) for one in done.synced.refused}
    yield from (refused_line(one) for one in done.refused if (one.number, one.why) not in known)
    came = f"{entries_of(done.entries)} and {pieces_of(done.evidence)}"
    yield f"read again: all {done.packs:,} packs; {came} came that were not here"
    if done.missing:
        yield f"missing: {pieces_of(done.missing)} that the server does not hold, either"
    if done.keeper:
        yield f"carried: {entries_of(done.carried)} of other desks that the server lacked"
    if done.unsent is not None:
        yield f"stopped: {obstacle(done.unsent)}"
