"""How a desk stands to its server as far as it is known here: nothing is asked, so that it is told off-line, too."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.usecases.context import Context
from workbench.usecases.sharing import reached
from workbench.usecases.sharing.shared import Shared, require_shared


class NotedStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where the record is shared, how far this desk got, and what it has not sent.

    ``at`` is when the server was last asked, ``unsent`` how many entries it lacks, as far as it was asked;
    ``None`` where that is not known.  ``closed``: this desk handed the record over, and writes no more.
    """

    project: str
    desk: str
    shared: Shared
    entries: int
    at: datetime | None
    unsent: int | None
    desks: int
    waiting: int
    quarantined: int
    contested: int
    absent: int
    closed: bool


def read_standing(context: Context) -> NotedStanding:
    """How this desk stands; ``UsageError`` where the record is not shared."""
    shared, record = require_shared(context), context.record
    known, kept = reached.last(context, shared), record.aside()
    return NotedStanding(
        project=record.info.project,
        desk=record.info.desk,
        shared=shared,
        entries=record.head.seq,
        at=known.at if known is not None else None,
        unsent=reached.unsent(context, shared.role, known.desks) if known is not None else None,
        desks=len(record.frontier()),
        waiting=sum(one.state == "waiting" for one in kept),
        quarantined=sum(one.state == "quarantined" for one in kept),
        contested=record.count_contested(),
        absent=record.count_absent(),
        closed=record.handover() is not None,
    )
