"""Connecting the record that is here with the same record on a server: both are joined."""

from __future__ import annotations

import msgspec

from workbench.mailbox.closing import tell_left
from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.server import Server, SharedRecord
from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing.carrying import bring_evidence
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.shared import Shared, note_of, shared_of
from workbench.usecases.sharing.synced import Obstacle, Synced, Unsent
from workbench.usecases.sharing.syncing import sync_with

WHY = "joined the shared record"
MANY = 10_000
"""So many entries are received at a time by a command: fewer take longer, more need more memory."""


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: as which role, whether the record was connected ``already``, whether what is written here is sent."""

    role: str
    already: bool
    sends: bool
    synced: Synced


def connect_record(
    context: Context, server: Server, found: SharedRecord, steps: Steps | None = None
) -> Connected:
    """Notes where the record is shared, receives what it lacks, and sends what the server lacks.  Again is harmless."""
    before, rights = shared_of(context.record), server.rights(found.record)
    if before is not None and before.mailbox != found.mailbox:
        raise NotAllowed(
            f"this record is shared already, at {before.url}; nothing was changed",
            where=server.address.shown,
            hint="workbench share --move URL if it was moved there; share --leave first to go on there without the others",
        )
    if before is None:
        shared = Shared(url=server.address.shown, mailbox=found.mailbox, role=rights.role)
        with acting(context):
            context.record.keep_note(*note_of(shared))
    if rights.writes and not rights.replica:
        tell_left(server, found.record, context.record.info.desk, left=False)
    synced = exchange(context, server, steps)
    if before is None and rights.writes and synced.is_whole:
        try:
            bring_evidence(context, server)
        except KeyboardInterrupt:  # the next sync finds what is missing
            synced = msgspec.structs.replace(synced, unsent=Unsent(why=Obstacle.STOPPED))
    return Connected(role=rights.role, already=before is not None, sends=rights.writes, synced=synced)


def exchange(context: Context, server: Server, steps: Steps | None = None) -> Synced:
    """Receives and sends; what stands in the way of that is told, for the record is here and goes on."""
    try:
        return sync_with(context, server, steps or Steps(entries=MANY))
    except ServerUnavailable as error:
        return Synced(unsent=_unsent(Obstacle.LOST, error))
    except NotAllowed as error:
        return Synced(unsent=_unsent(Obstacle.NOT_ALLOWED, error))


def _unsent(why: Obstacle, error: WorkbenchError) -> Unsent:
    return Unsent(why=why, said=error.what, hint=error.hint or "")
