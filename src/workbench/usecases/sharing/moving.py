"""Moving a shared record to another server; every desk follows by the same command.

The new server gets all packs before the old mailbox is closed, and what came meanwhile right after.  Nothing can be sent to a closed
mailbox, and it stays readable, so that whoever was interrupted, or was away, goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import msgspec

from workbench.mailbox import evidence
from workbench.mailbox.addresses import read_address
from workbench.mailbox.closing import Member, close_mailbox, desks, for_others, give_desks, members
from workbench.mailbox.errors import RecordIsThere, ServerBusy, ServerRefuses, ServerUnavailable
from workbench.mailbox.server import Server, SharedRecord, connect, make_tables, require_version
from workbench.model.errors import NotAllowed, UsageError, WorkbenchError
from workbench.model.keys import new_id
from workbench.model.text import safe_text
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing.carrying import make_carrier
from workbench.usecases.sharing.connecting import MANY, exchange
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.receiving import Steps, receive
from workbench.usecases.sharing.sending import Sending, send
from workbench.usecases.sharing.shared import Shared, connected, note_of, require_shared
from workbench.usecases.sharing.synced import Obstacle, Synced
from workbench.usecases.sharing.syncing import ROUNDS, sync_with
from workbench.usecases.views.sharing.sync import obstacle, way_out

Tell = Callable[[str], None]
"""Is told what is being done."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is on another server now.

    ``closed``: this desk moved it; otherwise it followed.  ``sent`` entries went to the new server, ``received`` came from either.
    ``to_admit`` are the members at the old server whom the new one does not know yet.  ``unreached`` is why the old
    server could not be asked any more, in words, and ``named`` the address that it gives where that is not this one.  ``evidence`` pieces
    that stay at the server went along; ``evidence_left`` could not be read there.
    """

    project: str
    before: str
    url: str
    for_others: str
    role: str
    closed: bool
    sent: int
    received: int
    to_admit: tuple[Member, ...] = ()
    unreached: str = ""
    named: str = ""
    evidence: int = 0
    evidence_left: int = 0
    synced: Synced = Synced()


def move(context: Context, url: str, tell: Tell = lambda text: None) -> Moved:
    """Moves the record to the database at ``url``, or follows where it was moved there by another desk.

    Interrupted, it is run again.
    """
    shared = require_shared(context)
    with connect(read_address(url)) as new, ExitStack() as stack:
        try:
            old = stack.enter_context(connected(shared))
        except (ServerUnavailable, ServerRefuses) as error:
            return _without_old(context, shared, new, error)
        there = _old_record(old, context, shared)
        if there.moved_to is not None:
            return _follow(context, shared, there, old, new)
        return _move(context, shared, old, new, tell)


def _old_record(old: Server, context: Context, shared: Shared) -> SharedRecord:
    found = [one for one in old.records() if one.record == context.record.info.record_id]
    if not found:
        raise NotAllowed(
            "the server shows this desk the record no more",
            where=shared.url,
            hint="workbench share --leave, then workbench join URL with the new address",
        )
    return found[0]


# --- moving ---------------------------------------------------------------------------------


def _move(context: Context, shared: Shared, old: Server, new: Server, tell: Tell) -> Moved:
    """Everything to the new server, then the old mailbox is closed, then what came meanwhile."""
    record = context.record.info.record_id
    _require_keeper(old, shared, record)
    before = _all_of(context, old, shared)
    make_tables(new)
    require_version(new)
    there = _mailbox(context, new, shared)
    fresh = Shared(url=new.address.shown, mailbox=there.mailbox, role=new.role())
    tell("sending all entries to the new server")
    fresh, first = _post(context, new, fresh)
    give_desks(new, record, desks(old, record))
    tell("closing the old mailbox")
    named = close_mailbox(old, record, for_others(new.address.shown))
    if named != for_others(new.address.shown):
        raise NotAllowed(
            f"somebody else moved this record meanwhile, to {safe_text(named, 300)}; it was not moved to {new.address.shown}",
            where=shared.url,
            hint="ask a keeper of the record whether that address is right; then workbench share --move URL",
        )
    last = _rest(context, old)
    fresh, more = _post(context, new, fresh)
    came, left = _carry_evidence(context, old, new)
    done = _switch(context, new, fresh)
    known = dict.fromkeys(members(new, record))
    return Moved(
        project=there.project, before=shared.url, url=fresh.url, for_others=for_others(new.address.shown), role=fresh.role, closed=True,
        sent=first + more + done.sent, received=before.received + last + done.received, evidence=came, evidence_left=left,
        to_admit=tuple(one for one in members(old, record) if one not in known and one.role != old.role()), synced=done,
    )  # fmt: skip


def _all_of(context: Context, old: Server, shared: Shared) -> Synced:
    """All that the old server holds is here, and all that is here is there: else moving would leave something behind."""
    done = sync_with(context, old, Steps(entries=MANY))
    if done.unsent is not None and done.unsent.why is not Obstacle.NOT_THIS_PERSON:
        raise NotAllowed(
            f"the record is not moved, since not all was sent and received before: {obstacle(done.unsent)}",
            where=shared.url,
            hint=way_out(done.unsent),
        )
    return done


def _post(context: Context, new: Server, fresh: Shared) -> tuple[Shared, int]:
    """Sends what the new server lacks, for every desk; how far its mailbox is known then, and how many entries went."""
    record, sent = context.record.info.record_id, 0
    make_carrier(context, new)
    done = Sending()
    for _ in range(ROUNDS):
        fresh, done = send(
            context,
            new,
            fresh,
            new.reach(record),
            new.rights(record),
            Steps(),
            Watching(context, fresh),
            carries=True,
        )
        sent += done.entries
        if not done.overtaken:
            break
    if done.stopped is not None:
        raise NotAllowed(
            f"not all could be sent to the new server: {obstacle(done.stopped)}; the record goes on where it was",
            where=new.address.shown,
            hint="then the same command goes on",
        )
    return fresh, sent


def _rest(context: Context, old: Server) -> int:
    """What came to the old server before it was closed; how many entries that are."""
    shared = require_shared(context)
    _, done = receive(context, old, shared, Steps(entries=MANY), Watching(context, shared))
    if done.stopped is not None:
        raise ServerUnavailable(
            f"not all could be read of the old server: {obstacle(done.stopped)}; nothing is lost: it keeps what it has",
            where=shared.url,
            hint="then the same command goes on",
        )
    return done.entries


def _carry_evidence(context: Context, old: Server, new: Server) -> tuple[int, int]:
    """The evidence that stays at the server and is not here, one piece after the other: how many went along, and how many could not."""
    record, desk = context.record.info.record_id, context.record.info.desk
    absent = sorted(context.record.absent())
    here, there = evidence.held(old, record, absent), evidence.held(new, record, absent)
    came = left = 0
    for digest, found in sorted(here.items()):
        if found.purged or digest in there:
            continue
        try:
            blob = evidence.fetch(old, record, found)
        except evidence.EvidenceLies:
            left += 1
            continue
        came += evidence.put(new, record, desk, [blob] if blob is not None else [])
    return came, left


def _require_keeper(old: Server, shared: Shared, record: str) -> None:
    if not old.rights(record).keeps:
        raise NotAllowed(
            f"the role {safe_text(old.role(), 100)} may not move the record: a keeper does",
            where=shared.url,
            hint="ask one: workbench share --move URL at their desk; then the same command here follows",
        )


def _mailbox(context: Context, new: Server, shared: Shared) -> SharedRecord:
    """The record's mailbox on the new server: one that was begun there before and interrupted, or a new one.

    Somebody else may begin it at the same moment: then it is theirs.
    """
    try:
        return _found_or_begun(context, new, shared)
    except (RecordIsThere, ServerBusy):
        return _found_or_begun(context, new, shared)


def _found_or_begun(context: Context, new: Server, shared: Shared) -> SharedRecord:
    """All of it, or nothing: what others begin meanwhile is noticed."""
    with new.alone():
        return _look(context, new, shared)


def _look(context: Context, new: Server, shared: Shared) -> SharedRecord:
    info = context.record.info
    for one in new.records():
        if one.record == info.record_id:
            if one.mailbox == shared.mailbox:
                raise UsageError("that is the server where the record is shared now; nothing was changed")
            if one.moved_to is not None:
                raise NotAllowed(
                    f"the record was on that server before, and was moved from there to {safe_text(one.moved_to, 300)}",
                    where=new.address.shown,
                    hint="move it to another database: a mailbox that was closed stays closed",
                )
            return one
    made = SharedRecord(info.record_id, info.project, new_id(context.clock.recording()), None)
    new.add_record(made)
    new.add_member(info.record_id, new.role(), context.author().actor)
    return made


# --- following ----------------------------------------------------------------------------------


def _follow(context: Context, shared: Shared, there: SharedRecord, old: Server, new: Server) -> Moved:
    """What was sent to the old mailbox last is read from there; then this desk goes on with the new one."""
    found = _require_there(context, new)
    if found.mailbox == shared.mailbox:
        raise UsageError("that is the server from which the record was moved", hint=_to(there))
    last = _rest(context, old)
    done = _switch(context, new, Shared(url=new.address.shown, mailbox=found.mailbox, role=new.role()))
    other = there.moved_to if there.moved_to != for_others(new.address.shown) else ""
    return Moved(
        project=found.project, before=shared.url, url=new.address.shown, for_others=for_others(new.address.shown), role=new.role(), closed=False, sent=done.sent,
        received=last + done.received, named=other or "", synced=done,
    )  # fmt: skip


def _without_old(context: Context, shared: Shared, new: Server, error: WorkbenchError) -> Moved:
    """The old server cannot be asked: only where the new one holds the record already, this desk goes on there."""
    found = _there(context, new)
    if found is None or found.mailbox == shared.mailbox:
        raise ServerUnavailable(
            f"the record is shared at {shared.url}, which cannot be reached, so it is not moved: {error.what}",
            where=shared.url,
            hint="wait for it; or, if it is gone for good: workbench share --leave, then workbench share URL; "
            "what others sent there last, they send again to the new one",
        ) from error
    done = _switch(context, new, Shared(url=new.address.shown, mailbox=found.mailbox, role=new.role()))
    return Moved(
        project=found.project, before=shared.url, url=new.address.shown, for_others=for_others(new.address.shown), role=new.role(), closed=False,
        sent=done.sent, received=done.received, unreached=error.what, synced=done,
    )  # fmt: skip


def _there(context: Context, new: Server) -> SharedRecord | None:
    if new.version() is None:
        return None
    require_version(new)
    return next((one for one in new.records() if one.record == context.record.info.record_id), None)


def _require_there(context: Context, new: Server) -> SharedRecord:
    found = _there(context, new)
    if found is None:
        raise NotAllowed(
            f"that server shows the role {safe_text(new.role(), 100)} nothing of this record; nothing was changed",
            where=new.address.shown,
            hint="is it the address to which it was moved? its keeper lets you in: workbench member add ROLE",
        )
    return found


def _to(there: SharedRecord) -> str:
    return f"it was moved to {safe_text(there.moved_to or '', 300)}"


def _switch(context: Context, new: Server, fresh: Shared) -> Synced:
    """From now on the new server counts."""
    with acting(context):
        context.record.keep_note(*note_of(fresh))
    return exchange(context, new)
