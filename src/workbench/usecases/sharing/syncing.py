"""Sending what this desk wrote to the server, and receiving what the others wrote: one function for both.

It may be ended anywhere and called again, by several processes at once: what is here is never received twice, and
what is there is never sent twice.  Receiving comes first, so that a copy of this desk elsewhere is found before
anything is sent in its name.
"""

from __future__ import annotations

import msgspec

from workbench.mailbox.addresses import read_address
from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.present import Present, ask_present
from workbench.mailbox.server import Reached, Rights, Server, connect
from workbench.model.errors import NotAllowed
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing import evidence, identity, noted, reached
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks
from workbench.usecases.sharing.heads import Watching, heads_since
from workbench.usecases.sharing.identity import Copy
from workbench.usecases.sharing.receiving import Received, Steps, receive
from workbench.usecases.sharing.sending import Sending, send
from workbench.usecases.sharing.shared import Shared, change_of, require_mailbox, require_shared, shared_of
from workbench.usecases.sharing.synced import Obstacle, Synced, Unsent

ROUNDS = 5  # somebody else sends for the same desk at the same moment: each round sees what they sent
AT_ONCE = Steps()


def sync(context: Context, steps: Steps = AT_ONCE) -> Synced:
    """Receives what the others sent, and sends what the server lacks of this desk.

    ``ServerUnavailable`` where the server cannot be reached; what stops it later, and ctrl+c at any moment, stands in
    :class:`Synced`.
    """
    url, done = require_shared(context).url, None
    try:
        with connect(read_address(url)) as server:  # its version is asked with all else
            done = sync_with(context, server, steps)
    except KeyboardInterrupt:
        pass  # before it was connected: nothing was done
    return done or _told(context, (), Received(stopped=Unsent(why=Obstacle.STOPPED)), Sending())


def sync_with(context: Context, server: Server, steps: Steps = AT_ONCE) -> Synced:
    """The same over an open connection."""
    syncing = _Syncing(context, server, steps)
    syncing.all()
    return _told(context, server.notes, syncing.done, syncing.sent)


class _Syncing:
    """One sync: what was ``done`` and ``sent`` so far stands, whatever ends it."""

    def __init__(self, context: Context, server: Server, steps: Steps) -> None:
        self._context, self._server, self._steps = context, server, steps
        self._record = context.record.info.record_id
        self._mailbox, self._writes, self._tables = "", False, 0
        self.done, self.sent = Received(), Sending()

    def all(self) -> None:
        try:
            for _ in range(ROUNDS):
                if not self._round().overtaken:
                    break
            self._make_whole()
        except ServerUnavailable as error:
            lost = Unsent(why=Obstacle.LOST, said=error.what, hint=error.hint or "")
            self.done = self.done.and_then(Received(stopped=lost))
        except KeyboardInterrupt:
            self.done = self.done.and_then(Received(stopped=Unsent(why=Obstacle.STOPPED)))
        shared = shared_of(self._context.record)
        if self.sent.reach and shared is not None and shared.mailbox == self._mailbox:
            reached.note(self._context, shared, self.sent.reach)

    def _make_whole(self) -> None:
        if self._server.made_whole or self.done.stopped is not None or self.sent.stopped is not None:
            return
        evidence.make_whole(self._context, self._server, self._tables, writes=self._writes)
        self._server.made_whole = True

    def _round(self) -> Sending:
        """Receives, sends, and receives what came in between; what was sent in this round."""
        shared = require_shared(self._context)
        noted.require_room(self._context, shared)
        there = ask_present(self._server, self._record, heads_since(self._context, shared))
        require_mailbox(there.record, shared)
        self._mailbox, self._writes, self._tables = shared.mailbox, there.rights.writes, there.tables
        self._note_rights(shared, there.rights)
        watching = Watching(self._context, shared, there.heads)
        try:
            sent = self._receive_and_send(there, watching)
        except BaseException:
            watching.end(whole=False)  # what packs say that were read now is not asked for again
            raise
        whole = self.done.stopped is None
        watching.end(whole=whole and not sent.overtaken)
        if whole and sent.stopped is None and not sent.overtaken:
            watching.leave(self._server)
        self.sent = msgspec.structs.replace(sent, entries=self.sent.entries + sent.entries)
        return sent

    def _note_rights(self, shared: Shared, rights: Rights) -> None:
        """For whom the role signs: so that what it may not send is refused before it is recorded, off-line, too."""
        role, persons = rights.role, tuple(sorted(rights.persons))
        if rights.writes and (shared.role, shared.persons) != (role, persons):
            self._context.record.keep_note(
                *change_of(
                    shared.mailbox, lambda note: msgspec.structs.replace(note, role=role, persons=persons)
                )
            )

    def _receive_and_send(self, there: Present, watching: Watching) -> Sending:
        context, reach = self._context, there.reach
        found = identity.look(context, self._server, reach)
        before = context.record.head.seq
        if found.copy is Copy.OLDER:
            self._add(Received(new_desk=_begin_desk(context, "the server holds later entries of this desk")))
        if self._receive(watching, there.end):
            evidence.fetch_needed(context, self._server, before)
        if self.done.stopped is not None:
            self._count_unsent(there)
            return Sending(reach=reach)
        if (stopped := _barred(found, there)) is not None:
            return Sending(stopped=_with_count(context, reach, stopped), reach=reach)
        if there.rights.writes:
            self._add(_register(context, self._server, reach, there.rights))
        _, sent = send(context, self._server, self._shared(), reach, there.rights, self._steps, watching)
        if sent.between and sent.stopped is None and not sent.overtaken:
            self._receive(watching)
        return sent

    def _receive(self, watching: Watching, end: tuple[int, bytes] | None = None) -> int:
        """Receives what is there; how many entries came.  ``end`` is where the mailbox ends, where that is known."""
        context = self._context
        _, more = receive(context, self._server, self._shared(), self._steps, watching, end)
        self._add(more)
        return more.entries

    def _count_unsent(self, there: Present) -> None:
        """Where somebody ended it while it received, what waits here is said, too."""
        stopped = self.done.stopped
        if stopped is not None and stopped.why is Obstacle.STOPPED and there.rights.writes:
            counted = _with_count(self._context, there.reach, stopped)
            self.done = msgspec.structs.replace(self.done, stopped=counted)

    def _shared(self) -> Shared:
        """The note as it stands now; ``ServerUnavailable`` where this desk has left the mailbox of this connection."""
        shared = require_shared(self._context)
        if shared.mailbox != self._mailbox:
            raise ServerUnavailable(
                "the record goes on in another mailbox since", where=shared.url, hint="workbench sync"
            )
        return shared

    def _add(self, more: Received) -> None:
        self.done = self.done.and_then(more)


def _barred(found: identity.Found, there: Present) -> Unsent | None:
    """Why nothing may be sent at all; ``None`` where it may."""
    if found.copy is Copy.ANOTHER:
        return Unsent(why=Obstacle.TWO_COPIES, desk=found.desk, number=found.number)
    if there.record is not None and there.record.moved_to is not None:
        return Unsent(why=Obstacle.MOVED, said=there.record.moved_to)
    return None


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
    identity.require_not_again(context)
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
        waiting=context.record.count_aside("waiting"),
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
