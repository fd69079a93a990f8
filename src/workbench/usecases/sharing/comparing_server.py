"""``verify --server``: every pack that the server holds, read again and compared with what this desk noted and others said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256

import msgspec

from workbench.mailbox import asking, keeping
from workbench.mailbox import heads as lists
from workbench.mailbox import heard as hearing
from workbench.mailbox.asking import PackLine
from workbench.mailbox.heard import Heard, Trouble
from workbench.mailbox.log import GENESIS, next_chain
from workbench.mailbox.mail import Lies, Mail, head_of, read_mail
from workbench.mailbox.server import Server, ServerPack
from workbench.mailbox.whole import all_packs
from workbench.record import Known
from workbench.record.incoming import Bad, read_line
from workbench.usecases.context import Context
from workbench.usecases.sharing import noted
from workbench.usecases.sharing.heads import heard_in_pack, heard_of
from workbench.usecases.sharing.shared import Shared, connected, log_of, require_mailbox, require_shared


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the server was asked for: how many packs and heads it holds, and what it lacks of what is held here.

    ``unread`` is how many packs this desk has not received yet.
    """

    packs: int
    heads: int
    unread: int
    lacks: tuple[Known, ...] = ()


def compare_server(context: Context) -> Asked:
    """Asks for everything, and notes each fault that is found; what stands then tells :func:`noted.stands`."""
    shared = require_shared(context)
    with connected(shared) as server:
        return _compare(context, shared, server)


def _compare(context: Context, shared: Shared, server: Server) -> Asked:
    record = context.record.info.record_id
    require_mailbox(next((one for one in server.records() if one.record == record), None), shared)
    heads = [found for one in asking.heads(server, record) if (found := heard_of(context, one)) is not None]
    reach = {one.writer: (one.last, one.tip) for one in server.reach(record).values() if one.last}
    packs = list(asking.pack_lines(server, record))
    log = log_of(context, shared).digests()
    differs = lists.compare(log, [pack.digest for pack in packs])
    if differs is not None:
        noted.found_changed(context, shared, log, differs)
    at = context.record.moment(context.clock)
    said = _Said(log)
    faults = [
        *_in_lines(shared, packs, context),
        *wrong_reach(packs, reach),
        *_in_contents(context, server, packs, len(log), said),
    ]
    noted.note_faults(
        context,
        shared,
        (hearing.fault_in(shared.mailbox, sort, number, said, at, len(log)) for sort, number, said in faults),
    )
    # Whoever had seen more than the server now shows is believed only where this desk reads all of it.
    noted.hear(context, [*heads, *said.otherwise, *noted.in_record(context)], read=len(packs) <= len(log))
    return Asked(
        packs=len(packs),
        heads=len(heads),
        unread=max(0, len(packs) - len(log)) if differs is None else 0,
        lacks=_lacks(context, packs),
    )


# --- lines ---------------------------------------------------------------------------------------

Wrong = tuple[Trouble, int, str]


def _in_lines(shared: Shared, packs: list[PackLine], context: Context) -> Iterator[Wrong]:
    yield from wrong_numbers(packs)
    dates = [(pack.number, hearing.micros(pack.sent_at)) for pack in packs]
    found = hearing.first_back_dated(
        dates, noted.dates_of(context, shared).read(), noted.sent_again_from(context, shared)
    )
    if found is not None:
        number, was = found
        now = next(date for pack, date in dates if pack == number)
        yield (
            Trouble.DATED,
            number,
            f"pack {number} is dated {_moment(now)} on the server, and it was noted, or followed one, of {_moment(was)}: "
            "its date was changed",
        )


def _moment(micros: int) -> str:
    return hearing.date_text(micros)[:19].replace("T", " ") + " UTC"


def wrong_numbers(packs: list[PackLine]) -> Iterator[Wrong]:
    """Packs that are not numbered in order, whose chain does not follow, or that do not follow their writer's one before."""
    chain, reached = GENESIS, dict[str, tuple[int, bytes]]()
    for place, pack in enumerate(packs, 1):
        if pack.number != place:
            yield (
                Trouble.ORDER,
                place,
                f"pack {place} is missing on the server: the next one is {pack.number}",
            )
            return
        chain = next_chain(chain, pack.digest)
        if pack.chain != chain:
            yield (
                Trouble.ORDER,
                place,
                f"pack {place} on the server does not continue the chain of those before it",
            )
            return
        last, tip = reached.get(pack.writer, (0, b""))
        if pack.first != last + 1 or pack.follows != tip:
            yield (
                Trouble.ORDER,
                place,
                f"pack {place} on the server does not follow entry {last} of its desk {pack.writer[-12:]}",
            )
            return
        reached[pack.writer] = (pack.last, pack.tip)


def wrong_reach(packs: list[PackLine], said: Mapping[str, tuple[int, bytes]]) -> Iterator[Wrong]:
    """A server that says that it holds entries of a desk that no pack holds: nobody would send these again.

    ``said`` is the last entry of each desk that it says it holds, and that one's digest.  It was asked for before the
    packs, so these may be more.
    """
    there = {pack.writer: pack for pack in packs}
    for writer, (last, tip) in said.items():
        found = there.get(writer)
        if found is None or last > found.last or (last == found.last and tip != found.tip):
            held = (
                f"pack {found.number} holds entry {found.last} as the last one"
                if found
                else "no pack holds one"
            )
            number = found.number if found else 1
            yield (
                Trouble.ORDER,
                number,
                f"the server says that it holds entry {last} of the desk {writer[-12:]}, and {held}",
            )


# --- contents -----------------------------------------------------------------------------------------


class _Said:
    """What packs say of how far their senders had read, where this desk's ``log`` does not say the same."""

    def __init__(self, log: list[bytes]) -> None:
        self._chains = list(lists.chains(log))
        self.otherwise: list[Heard] = []

    def add(self, pack: ServerPack) -> None:
        head = head_of(pack.content)
        if head is None or not head.seen.number:
            return
        heard = heard_in_pack(head, pack.number)
        known = self._chains[heard.number].hex() if 0 < heard.number < len(self._chains) else ""
        if heard.chain != known and len(self.otherwise) < keeping.MOST_LIKE:
            self.otherwise.append(heard)


def _in_contents(
    context: Context, server: Server, lines: list[PackLine], log: int, said: _Said
) -> Iterator[Wrong]:
    """Every pack is read again: its bytes have its digest; of one that was purged what is left came here before.

    ``log`` is how many packs this desk has received.
    """
    held = _Held(context)
    expected = {line.number: line.digest for line in lines}
    left = dict.fromkeys(expected)
    for pack in all_packs(server, context.record.info.record_id):
        left.pop(pack.number, None)
        said.add(pack)
        wrong = _wrong_content(
            pack, expected.get(pack.number, pack.digest), held if pack.number <= log else None
        )
        if wrong:
            yield Trouble.CONTENT, pack.number, f"pack {pack.number} on the server {wrong}"
    if left:  # the first one is enough to tell
        number = min(left)
        yield (
            Trouble.CONTENT,
            number,
            f"pack {number} is named by the server, which does not give its content",
        )


class _Held:
    """The digests of the entries that are here, read once a pack that was purged asks for them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def digests(self) -> frozenset[bytes]:
        record = self._context.record
        return frozenset((*record.leaves(), *(bytes.fromhex(one.digest) for one in record.aside())))


def _wrong_content(pack: ServerPack, digest: bytes, held: _Held | None) -> str:
    if pack.digest != digest:
        return "changed while it was looked at"
    if not pack.purged:
        same = sha256(pack.content).digest() == digest
        return "" if same else "holds other bytes than those of its digest: it was rewritten"
    try:
        mail = read_mail(pack.content)
    except Lies as lies:
        return f"was purged, and what is left cannot be read: {lies}"
    if (mail.head.writer, mail.head.first, mail.head.last) != (pack.writer, pack.first, pack.last):
        return "was purged, and what is left says something else of itself"
    return _wrong_purge(mail, held) if held is not None else ""


def _wrong_purge(mail: Mail, held: _Held) -> str:
    """A purge takes the content of entries away, and adds or changes none."""
    for number, line in enumerate(mail.entries, mail.head.first):
        try:
            came = read_line(line)
        except Bad:
            return f"was purged, and its entry {number} cannot be read"
        if bytes.fromhex(came.digest) not in held.digests:
            return f"was purged, and holds an entry {number} that is not the one that came here"
    return ""


# --- what it lacks --------------------------------------------------------------------------------------


def _lacks(context: Context, packs: list[PackLine]) -> tuple[Known, ...]:
    """Up to where the server holds the entries of each desk of which more is held here."""
    there: dict[str, tuple[int, bytes]] = {}
    for pack in packs:
        if pack.last > there.get(pack.writer, (0, b""))[0]:
            there[pack.writer] = (pack.last, pack.tip)
    return tuple(lacking(context.record.frontier(), {desk: last for desk, (last, _) in there.items()}))


def lacking(held: tuple[Known, ...], there: Mapping[str, int]) -> Iterator[Known]:
    """Of which desks the server holds fewer entries than this desk, and the last one that it holds here."""
    for one in held:
        if there.get(one.desk, 0) < one.desk_seq:
            yield one
