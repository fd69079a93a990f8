"""Sending what this desk wrote to the server, and receiving what the others wrote: one function for both.

It may be ended anywhere and called again, by several processes at once: what is here is never received twice, and
what is there is never sent twice.  Receiving comes first, so that a copy of this desk elsewhere is found before
anything is sent in its name.
"""

from __future__ import annotations

import msgspec

from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.server import Reached, Rights, Server, SharedRecord
from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing import evidence, identity, noted, reached
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.identity import Copy
from workbench.usecases.sharing.receiving import Received, Steps, receive
from workbench.usecases.sharing.sending import Sending, send
from workbench.usecases.sharing.shared import Shared, connected, require_shared, shared_of
from workbench.usecases.sharing.synced import Obstacle, Synced, Unsent

ROUNDS = 5  # somebody else sends for the same desk at the same moment: each round sees what they sent
AT_ONCE = Steps()


def sync(context: Context, steps: Steps = AT_ONCE) -> Synced:
    """Receives what the others sent, and sends what the server lacks of this desk.

    ``ServerUnavailable`` where the server cannot be reached; what stops it later stands in :class:`Synced`.
    """
    with connected(require_shared(context)) as server:
        return sync_with(context, server, steps)


def sync_with(context: Context, server: Server, steps: Steps = AT_ONCE) -> Synced:
    """The same over an open connection."""
    shared = require_shared(context)
    there = _record_there(context, server, shared)
    done, sent = Received(), Sending()
    try:
        for _ in range(ROUNDS):
            more, one = _round(context, server, there, steps)
            done = done.and_then(more)
            sent = msgspec.structs.replace(one, entries=sent.entries + one.entries)
            if not one.overtaken:
                break
        if not server.made_whole and done.stopped is None and sent.stopped is None:
            evidence.make_whole(context, server)
            server.made_whole = True
    except ServerUnavailable as error:
        lost = Unsent(why=Obstacle.LOST, said=error.what, hint=error.hint or "")
        done = done.and_then(Received(stopped=lost))
    if sent.reach:
        reached.note(context, require_shared(context), sent.reach)
    return _told(context, server.notes, done, sent)


def _record_there(context: Context, server: Server, shared: Shared) -> SharedRecord:
    """The record on the server, in the mailbox that this desk has joined."""
    record = context.record.info.record_id
    found = next((one for one in server.records() if one.record == record), None)
    if found is None:
        raise NotAllowed(
            f"the server shows the role {shared.role} nothing of this record",
            where=shared.url,
            hint="ask whoever keeps it whether the role is still a member: workbench member list",
        )
    if found.mailbox != shared.mailbox:
        raise UsageError(
            "this is not the mailbox that this desk has joined: the record was shared there anew",
            where=shared.url,
            hint="workbench share --reconnect --reason WHY goes on with this one",
        )
    return found


def _round(context: Context, server: Server, there: SharedRecord, steps: Steps) -> tuple[Received, Sending]:
    """Receives, sends, and receives what came in between."""
    watching = Watching(context, require_shared(context))
    watching.begin(server)
    done, sent = _receive_and_send(context, server, there, steps, watching)
    watching.end(whole=done.stopped is None and not sent.overtaken)
    if done.stopped is None and sent.stopped is None and not sent.overtaken:
        watching.leave(server)
    return done, sent


def _receive_and_send(
    context: Context, server: Server, there: SharedRecord, steps: Steps, watching: Watching
) -> tuple[Received, Sending]:
    record = context.record.info.record_id
    reach, rights = server.reach(record), server.rights(record)
    found = identity.look(context, server, reach)
    before = context.record.head.seq
    done = Received()
    if found.copy is Copy.OLDER:
        done = Received(new_desk=_begin_desk(context, "the server holds later entries of this desk"))
    shared, more = receive(context, server, require_shared(context), steps, watching)
    done = done.and_then(more)
    if more.entries:
        evidence.fetch_needed(context, server, before)
    if done.stopped is not None:
        return done, Sending(reach=reach)
    if found.copy is Copy.ANOTHER:
        stopped = Unsent(why=Obstacle.TWO_COPIES, desk=found.desk, number=found.number)
        return done, Sending(stopped=_with_count(context, reach, stopped), reach=reach)
    if there.moved_to is not None:
        stopped = Unsent(why=Obstacle.MOVED, said=there.moved_to)
        return done, Sending(stopped=_with_count(context, reach, stopped), reach=reach)
    if rights.writes:
        done = done.and_then(_register(context, server, reach, rights))
    shared, sent = send(context, server, shared, reach, rights, steps, watching)
    if sent.between and sent.stopped is None and not sent.overtaken:
        _, more = receive(context, server, shared, steps, watching)
        done = done.and_then(more)
    return done, sent


def _register(context: Context, server: Server, reach: dict[str, Reached], rights: Rights) -> Received:
    """Makes sure that this desk is this role's on the server; one that is somebody else's there goes on as a new one."""
    record, desk = context.record.info.record_id, context.record.info.desk
    owner = reach[desk].role if desk in reach else ""
    if owner == rights.role:
        return Received()
    try:
        if not owner:
            server.add_desk(record, desk, "")
            return Received()
    except NotAllowed:
        pass  # somebody else has sent its entries already
    new = _begin_desk(context, "the server holds this desk as somebody else's")
    server.add_desk(record, new, "")
    return Received(new_desk=new)


def _begin_desk(context: Context, reason: str) -> str:
    with acting(context) as said:
        return context.record.begin_desk(reason, said["author"], said["clock"])


def _with_count(context: Context, reach: dict[str, Reached], stopped: Unsent) -> Unsent:
    """How many entries of the desks that this file is and was the server lacks."""
    held = {known.desk: known.desk_seq for known in context.record.frontier()}
    count = sum(
        max(0, held[desk] - (reach[desk].last if desk in reach else 0)) for desk in context.record.own_desks()
    )
    return msgspec.structs.replace(stopped, entries=count)


def _told(context: Context, server_notes: tuple[str, ...], done: Received, sent: Sending) -> Synced:
    shared = shared_of(context.record)
    return Synced(
        sent=sent.entries,
        received=done.entries,
        touched=done.touched,
        quarantined=done.quarantined,
        waiting=sum(one.state == "waiting" for one in context.record.aside()),
        refused=done.refused,
        contested=context.record.count_contested(),
        notes=(*server_notes, *done.notes),
        number=shared.number if shared is not None else 0,
        unsent=done.stopped or sent.stopped,
        faults=_faults(context, shared) if shared is not None else (),
        new_desk=done.new_desk,
    )


def _faults(context: Context, shared: Shared) -> tuple[str, ...]:
    faults = noted.open_faults(context, shared)
    desks = names_of_desks(context.record) if faults else {}
    return tuple(fault_words(one, desks) for one in faults)


__all__ = ["Steps", "Synced", "sync", "sync_with"]
