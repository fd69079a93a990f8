"""Sending what this desk wrote to the server, and receiving what the others wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from workbench.mailbox.log import next_chain
from workbench.mailbox.mail import (
    ENOUGH,
    MOST_ENTRIES,
    Head,
    Lies,
    Mail,
    Seen,
    check_entries,
    read_mail,
    write_mail,
)
from workbench.mailbox.server import NewPack, Reached, Server, ServerPack
from workbench.model.errors import RecordError
from workbench.record import Aside, Info
from workbench.record.packs import Log, Pack, Selection
from workbench.record.sending import Sent
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing import evidence
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.shared import (
    SPEAKING,
    Shared,
    connected,
    log_of,
    note_of,
    require_shared,
    shared_of,
)

MOST_PACKS = 200


class Refused(msgspec.Struct, frozen=True):
    """A pack that is not what it says, so that nothing of it was received."""

    number: int
    desk: str
    why: str


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and received: how many entries, what of it is kept aside, and which packs were refused."""

    sent: int = 0
    received: int = 0
    touched: tuple[tuple[str, str], ...] = ()
    quarantined: tuple[Aside, ...] = ()
    refused: tuple[Refused, ...] = ()
    contested: int = 0
    notes: tuple[str, ...] = ()


def sync(context: Context) -> Synced:
    """Receives what the others sent, and sends what the server lacks of this desk."""
    shared = require_shared(context)
    with connected(shared) as server:
        return sync_with(context, server)


def sync_with(context: Context, server: Server) -> Synced:
    """The same over an open connection."""
    shared = require_shared(context)
    watching = Watching(context, shared)
    watching.begin(server)
    received = receive(context, server, shared, watching)
    watching.end()
    if received.received:
        evidence.fetch_needed(context, server)
    sent = send(context, server, shared_of(context.record) or shared)
    watching.leave(server)
    return msgspec.structs.replace(received, sent=sent, contested=len(context.record.contested()))


# --- receiving ----------------------------------------------------------------------------


def receive(context: Context, server: Server, shared: Shared, watching: Watching) -> Synced:
    """Takes in the packs after the last one that was read."""
    record = context.record.info.record_id
    if server.chain_at(record, shared.number) != bytes.fromhex(shared.chain):
        raise RecordError(
            "the server does not hold what this desk has seen there: it was put back to an earlier state, or rewritten",
            where=shared.url,
        )
    done, log = Synced(), log_of(context, shared)
    while packs := server.packs(record, shared.number, MOST_PACKS):
        digests = check_chain(shared, packs)
        mails, refused = opened(record, packs)
        after = msgspec.structs.replace(shared, number=packs[-1].number, chain=packs[-1].chain.hex())
        with acting(context) as said:
            taken = context.record.take_in(
                as_pack(context.record.info, mails),
                author=said["author"],
                clock=said["clock"],
                note=note_of(after),
            )
        log.note(shared.number, digests)
        watching.received(packs, mails)
        shared = after
        new = set(taken.new)
        done = Synced(
            received=done.received + len(taken.taken),
            touched=(*done.touched, *taken.touched),
            quarantined=(*done.quarantined, *(one for one in taken.quarantined if one.digest in new)),
            refused=(*done.refused, *refused),
            notes=tuple(dict.fromkeys((*done.notes, *taken.notes))),
        )
    return done


def check_chain(shared: Shared, packs: Sequence[ServerPack]) -> list[bytes]:
    """The digests of packs that follow what was read; ``RecordError`` where they do not."""
    number, chain = shared.number, bytes.fromhex(shared.chain)
    for pack in packs:
        number, chain = number + 1, next_chain(chain, pack.digest)
        if (pack.number, pack.chain) != (number, chain):
            raise RecordError(
                f"pack {number} on the server does not follow the one before: the server was rewritten",
                where=shared.url,
            )
    return [pack.digest for pack in packs]


def opened(record: str, packs: Iterable[ServerPack]) -> tuple[list[Mail], list[Refused]]:
    """The packs that are what they say, and those that are refused."""
    mails, refused = [], []
    for pack in packs:
        try:
            mails.append(_open(record, pack))
        except Lies as lies:
            refused.append(Refused(pack.number, pack.desk, str(lies)))
    return mails, refused


def _open(record: str, pack: ServerPack) -> Mail:
    mail = read_mail(pack.content)
    head = mail.head
    said = (
        head.record,
        head.desk,
        head.writer,
        head.first,
        head.last,
        head.follows,
        head.tip,
        list(head.signs),
    )
    told = (
        record, pack.desk, pack.writer, pack.first, pack.last, pack.follows.hex(), pack.tip.hex(), pack.signs,
    )  # fmt: skip
    if said != told:
        raise Lies("it says something else of itself than the server says of it")
    check_entries(mail, SPEAKING)
    return mail


def as_pack(info: Info, mails: Sequence[Mail]) -> Pack:
    """Several packs as one, for the record."""
    return Pack(
        info.record_id,
        info.project,
        Log("", 0, "", ""),
        (),
        Selection(),
        tuple(line for mail in mails for line in mail.entries),
        tuple(blob for mail in mails for blob in mail.blobs),
    )


# --- sending ------------------------------------------------------------------------------


def send(context: Context, server: Server, shared: Shared) -> int:
    """Sends what the server lacks: what this desk wrote, and what desks wrote that nobody has registered there."""
    record = context.record
    reach, role, sent = server.reach(record.info.record_id), server.role(), 0
    server.add_desk(record.info.record_id, record.info.desk, "")
    for known in record.frontier():
        there = reach.get(known.desk, Reached(known.desk, 0, b"", ""))
        if there.last < known.desk_seq and there.role in ("", role):
            for pack, count in _packs_of(context, server, shared, known.desk, there):
                server.post(record.info.record_id, pack)
                sent += count
    return sent


def _packs_of(
    context: Context, server: Server, shared: Shared, writer: str, there: Reached
) -> Iterator[tuple[NewPack, int]]:
    follows = there.tip.hex()
    for entries in _portions(context.record.entries_of(writer, there.last)):
        yield _pack_of(context, server, shared, writer, follows, entries), len(entries)
        follows = entries[-1].digest


def _portions(entries: Iterable[Sent]) -> Iterator[list[Sent]]:
    held, size = list[Sent](), 0
    for entry in entries:
        held.append(entry)
        size += len(entry.line)
        if len(held) == MOST_ENTRIES or size > ENOUGH:
            yield held
            held, size = [], 0
    if held:
        yield held


def _pack_of(
    context: Context, server: Server, shared: Shared, writer: str, follows: str, entries: list[Sent]
) -> NewPack:
    info = context.record.info
    blobs = evidence.along(context, server, entries)
    signs = tuple(sorted({entry.body.actor for entry in entries if entry.body.entity in SPEAKING}))
    first, last = entries[0].body.desk_seq, entries[-1].body.desk_seq
    head = Head(
        record=info.record_id, desk=info.desk, writer=writer, first=first, last=last, follows=follows,
        tip=entries[-1].digest, signs=signs, seen=Seen(shared.number, shared.chain), entries=len(entries),
        blobs=len(blobs),
    )  # fmt: skip
    content = write_mail(head, (entry.line for entry in entries), blobs)
    return NewPack(
        info.desk, writer, first, last, bytes.fromhex(follows), bytes.fromhex(entries[-1].digest), list(signs),
        content,
    )  # fmt: skip
