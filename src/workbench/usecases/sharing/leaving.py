"""Leaving a shared record with one's copy: what is left is sent, and the server is forgotten."""

from __future__ import annotations

import msgspec

from workbench.mailbox.closing import tell_left
from workbench.model.errors import WorkbenchError
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing import SHARED, reached
from workbench.usecases.sharing.shared import Shared, connected, require_shared
from workbench.usecases.sharing.synced import Ended, Obstacle, Synced
from workbench.usecases.sharing.syncing import sync_with
from workbench.usecases.views.sharing.sync import obstacle


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is no longer shared from this desk.

    ``told``: the server knows that this desk left.  ``problem`` is what went wrong on the way, in words.  ``unsent`` entries are
    here alone, as far as that is known (``None`` where it is not); ``absent`` pieces of evidence are on the server or at other desks.
    """

    project: str
    url: str
    synced: Synced
    told: bool
    problem: str
    unsent: int | None
    absent: int


def leave(context: Context) -> Left:
    """Sends and receives what is left, tells the server that this desk leaves, and forgets it.

    Where the server cannot be reached, or refuses, the desk leaves all the same; what was not sent stays here.
    """
    shared = require_shared(context)
    try:
        synced, told, problem = _take_leave(context, shared)
    except KeyboardInterrupt:
        raise Ended("it was ended; this desk has not left", hint="the same command again leaves") from None
    known = reached.last(context, shared)
    unsent = reached.unsent(context, shared.role, known.desks) if known is not None else None
    with acting(context):
        context.record.keep_note(SHARED, "")
    reached.forget(context, shared)
    return Left(
        project=context.record.info.project, url=shared.url, synced=synced, told=told, problem=problem,
        unsent=unsent, absent=context.record.count_absent(),
    )  # fmt: skip


def _take_leave(context: Context, shared: Shared) -> tuple[Synced, bool, str]:
    """What was still exchanged, whether the server knows, and what stood in the way."""
    synced, problem = Synced(), ""
    try:
        with connected(shared) as server:
            try:
                synced = sync_with(context, server)
                if synced.unsent is not None and synced.unsent.why is Obstacle.STOPPED:
                    raise KeyboardInterrupt  # then it does not leave, either
                problem = obstacle(synced.unsent) if synced.unsent is not None else ""
            except WorkbenchError as error:
                problem = _words(error)
            reached.note(context, shared, server.reach(context.record.info.record_id))
            if server.rights(context.record.info.record_id).writes:
                tell_left(server, context.record.info.record_id, context.record.info.desk, left=True)
            return synced, True, problem
    except WorkbenchError as error:
        return synced, False, problem or _words(error)


def _words(error: WorkbenchError) -> str:
    return "; ".join(part for part in (error.what, error.hint) if part)
