"""A record begun with all that a server holds of it: built beside its place, checked, then put there whole.

Its own ledger begins with the record's first entry and that of the new desk; all else is received as by any other
way, so that nothing has to be believed of the server.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from workbench.mailbox.mail import Lies, Mail, read_mail
from workbench.mailbox.server import Server, ServerPack, SharedRecord
from workbench.mailbox.whole import all_packs, beginnings, size_of
from workbench.model.errors import RecordError
from workbench.model.times import Clock
from workbench.record import Author, Record, laying, replacing
from workbench.record.incoming import Bad, read_line
from workbench.record.laying import Laid
from workbench.record.ledger import RECORD, unhex
from workbench.record.projection import tables_of
from workbench.record.salvaging import RecordFile
from workbench.usecases import nouns, restoring
from workbench.usecases.sharing.connecting import MANY, WHY
from workbench.usecases.sharing.going import RECEIVED, Going, Tell
from workbench.usecases.sharing.receiving import as_pack, check_chain, portions_of
from workbench.usecases.sharing.shared import Shared, note_of, read_on
from workbench.usecases.sharing.synced import Refused, Synced

BEFORE = "before-join"


class Begun(msgspec.Struct, kw_only=True):
    """A record that was begun: what it holds, what was seen of the mailbox, and what only the one before held.

    ``packs`` and ``mails`` are their heads alone: what their senders had seen of the mailbox is compared with what was shown here.
    ``came`` entries were on the server, ``only_there`` came from the record before alone; ``aside`` of them are quarantined, or wait for one that is.
    """

    shared: Shared
    digests: list[bytes]
    packs: list[ServerPack]
    mails: list[Mail]
    synced: Synced = Synced()
    came: int = 0
    entries: int = 0
    desks: int = 0
    only_there: int = 0
    aside: int = 0
    kept: Path | None = None
    set_aside: Path | None = None


def begin(
    path: Path,
    server: Server,
    found: SharedRecord,
    shared: Shared,
    author: Author,
    clock: Clock,
    old: RecordFile | None,
    tell: Tell,
) -> Begun:
    """Begins the record at ``path`` as a new desk; what is there is kept beside it, and what only that held comes along.

    ``RecordError`` where what the server holds makes no record; then everything is as it was.
    """
    begun = Begun(shared=shared, digests=[], packs=[], mails=[])
    with replacing.building(path) as place:
        first = _first_entry(server, found)
        laying.lay(place.part, tables_of(nouns.NOUNS), [first], tuple, first.body.desk)
        with Record.open(place.part, nouns.NOUNS) as record:
            record.begin_desk(WHY, author, clock)
            record.settle_at(path)
            record.keep_note(*note_of(shared))
            _receive(record, server, begun, author, clock, tell)
            if old is not None:
                _bring(record, old, begun, author, clock)
            _require_sound(record, server)
            tell(Going(RECEIVED, begun.came, begun.came, "entries"))
            begun.entries, begun.desks = record.head.seq, len(record.frontier())
        begun.set_aside = restoring.set_noted_aside(found.record, path)
        begun.kept = place.make_room(BEFORE)
    restoring.note_end(path)
    return begun


def _first_entry(server: Server, found: SharedRecord) -> Laid:
    """The entry that begins the record: the first one of the desk that made it."""
    for pack in beginnings(server, found.record):
        try:
            came = read_line(read_mail(pack.content).entries[0])
        except (Lies, Bad, IndexError):
            continue  # whoever receives it tells
        if came.body.entity == RECORD and came.body.id == found.record and came.data:
            return Laid(unhex(came.digest), came.body, came.data)
    raise RecordError(
        "the server does not hold the beginning of this record yet, so nothing can be begun with it",
        where=server.address.shown,
        hint="whoever shared it sends the rest: workbench sync at their desk",
    )


def _receive(record: Record, server: Server, begun: Begun, author: Author, clock: Clock, tell: Tell) -> None:
    """Takes in all packs, a portion after the other; how far it got is noted with each."""
    size = size_of(server, record.info.record_id)
    tell(Going(RECEIVED, 0, size.entries, "entries"))
    done = 0
    packs = all_packs(server, record.info.record_id, begun.shared.number)
    for portion in portions_of(record.info.record_id, packs, MANY):
        digests = check_chain(begun.shared, portion.packs)
        mails, refused, last = portion.mails, portion.refused, portion.packs[-1]
        after = read_on(begun.shared, last.number, last.chain, refused)
        taken = record.take_in(
            as_pack(record.info, mails), author=author, clock=clock, note=note_of(after), brief=True
        )
        begun.shared = after
        begun.digests += digests
        begun.packs += portion.packs
        begun.mails += [msgspec.structs.replace(mail, entries=(), blob_lines=()) for mail in mails]
        begun.synced = _with(begun.synced, len(taken.taken), refused, taken.notes)
        done += sum(pack.last - pack.first + 1 for pack in portion.packs)
        tell(Going(RECEIVED, min(done, size.entries - 1), size.entries, "entries"))
    begun.came = done
    quarantined = tuple(one for one in record.aside() if one.state == "quarantined")
    begun.synced = msgspec.structs.replace(begun.synced, quarantined=quarantined)


def _with(synced: Synced, received: int, refused: Iterable[Refused], notes: Iterable[str]) -> Synced:
    return msgspec.structs.replace(
        synced,
        received=synced.received + received,
        refused=(*synced.refused, *refused),
        notes=tuple(dict.fromkeys((*synced.notes, *notes))),
    )


def _bring(record: Record, old: RecordFile, begun: Begun, author: Author, clock: Clock) -> None:
    """What only the record before holds: what follows goes on, what contradicts the server's is quarantined."""
    before = {one.digest for one in record.aside()}
    taken = record.take_in(old, author=author, clock=clock)
    kept_aside = {one.digest for one in record.aside()} - before
    begun.aside = len(kept_aside)
    begun.only_there = len(taken.taken) + begun.aside


def _require_sound(record: Record, server: Server) -> None:
    report = record.verify(blobs=False)
    if not report.ok:
        raise RecordError(
            f"what the server holds makes no sound record: {report.problem}; nothing was changed",
            where=server.address.shown,
            hint="ask another desk for a whole pack (workbench exchange --to FILE), restore it, then join",
        )
