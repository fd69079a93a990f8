"""Receiving what the others sent: each pack is checked, and its entries are taken in by the record.

The note of how far the mailbox was read lies in the record, and is written in the transaction that takes the
entries in.  What is here stands even if the server is gone at any moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

import msgspec

from workbench.mailbox import heads as lists
from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.heard import Fault, Trouble
from workbench.mailbox.log import GENESIS, chain_of, next_chain
from workbench.mailbox.mail import Lies, Mail, check_entries, read_mail
from workbench.mailbox.server import Server, ServerPack
from workbench.model.errors import RecordError, WorkbenchError
from workbench.model.text import number_of
from workbench.record import Aside, Blob, Info, Note
from workbench.record.packs import Log, Pack, Selection
from workbench.usecases import soundness
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing import comparing, evidence, noted
from workbench.usecases.sharing.comparing import Stands
from workbench.usecases.sharing.going import RECEIVED, Going, Tell
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.shared import SPEAKING, Shared, change_of, log_of, read_on
from workbench.usecases.sharing.synced import Obstacle, Refused, Unsent

MOST_PACKS = 200
MOST_BYTES = 32 * 2**20  # of packs that are asked for at once
_MOST_HELD = 20_000  # packs, of which each may hold one entry, or be refused
MOST_OPEN = 32 * 2**20  # bytes of lines that are held before they are taken in, however few entries that are


class Steps(msgspec.Struct, frozen=True):
    """How much is taken in at once, and whether it is enough: a person's own act waits for one such step at most.

    ``told`` is called after packs were taken in or sent; ``between`` after each other step, while the record is free.
    What is done within ``whole`` is not broken off by ctrl+c: what is told of it would not be right.
    """

    entries: int = 1000
    stop: Callable[[], bool] = lambda: False
    told: Tell = lambda going: None
    between: Callable[[], object] = lambda: None
    whole: Callable[[], AbstractContextManager[None]] = nullcontext


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What came: how many entries, what of it is kept aside, which packs were refused, what stopped it."""

    entries: int = 0
    touched: tuple[tuple[str, str], ...] = ()
    quarantined: tuple[Aside, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    new_desk: str = ""
    stopped: Unsent | None = None

    def and_then(self, more: Received) -> Received:
        """What came first, and then."""
        return Received(
            entries=self.entries + more.entries,
            touched=tuple(dict.fromkeys((*self.touched, *more.touched))),
            quarantined=(*self.quarantined, *more.quarantined),
            refused=(*self.refused, *more.refused),
            notes=tuple(dict.fromkeys((*self.notes, *more.notes))),
            new_desk=more.new_desk or self.new_desk,
            stopped=more.stopped or self.stopped,
        )


def receive(
    context: Context,
    server: Server,
    shared: Shared,
    steps: Steps,
    watching: Watching,
    end: tuple[int, bytes] | None = None,
) -> tuple[Shared, Received]:
    """Takes in the packs after the last one that was read, and says how far the mailbox was read then.

    Where the server does not hold what was read before, this desk goes on from the last pack that both have.  ``end``
    is the number of packs there and their chain, where that was asked just now.
    """
    return _Receiving(context, server, shared, steps, watching).all(end)


class _Receiving:
    def __init__(
        self, context: Context, server: Server, shared: Shared, steps: Steps, watching: Watching
    ) -> None:
        self._context, self._server, self._shared, self._steps = context, server, shared, steps
        self._watching = watching
        self._record = context.record.info.record_id
        self._log = log_of(context, shared)
        self._done = Received()
        self._open: list[Mail] = []  # what was read and not yet taken in
        self._held = 0  # bytes of its lines
        self._digests: list[bytes] = []  # of the packs since the one that the record notes
        self._refused: list[Refused] = []
        self._came: list[ServerPack] = []
        self._read_now: list[Mail] = []
        self._number, self._chain = shared.number, bytes.fromhex(shared.chain)
        self._begin = self._chain  # where the packs begin that are not noted yet
        self._size, self._last = 0, GENESIS
        self._first = self._told_at = self._number

    def all(self, end: tuple[int, bytes] | None) -> tuple[Shared, Received]:
        try:
            self._size, self._last = end or self._server.end(self._record)
            self._all()
        except ServerUnavailable as error:
            lost = Unsent(why=Obstacle.LOST, said=error.what, hint=error.hint or "")
            self._done = msgspec.structs.replace(self._done, stopped=lost)
        except KeyboardInterrupt:
            self._stop()
        return self._shared, self._done

    def _stop(self) -> None:
        """Whoever asked for it wants no more: what was read to its end stays, what was not is read again."""
        left = max(0, self._size - self._shared.number)
        said = f"{number_of(left, 'pack')} not received yet" if left else ""
        self._done = msgspec.structs.replace(self._done, stopped=Unsent(why=Obstacle.STOPPED, said=said))

    def _all(self) -> None:
        if not self._find_place():
            return
        self._mend_log()
        self._first = self._told_at = self._number
        while not self._done.stopped and self._number < self._size:
            packs = self._server.packs(self._record, self._number, MOST_PACKS, MOST_BYTES)
            if not packs:  # what it named as its end, it does not give
                self._broken()
            for pack in packs:
                if not self._follows(pack):
                    break
                self._came.append(msgspec.structs.replace(pack, content=b""))
                self._read(pack)
                entries = sum(len(mail.entries) for mail in self._open)
                if entries >= self._steps.entries or self._held >= MOST_OPEN:
                    self._take()
                if self._steps.stop():
                    self._take()
                    self._stop()
                    return
            self._take()
            self._size = max(self._size, self._number)

    # --- where to go on -----------------------------------------------------------------------

    def _find_place(self) -> bool:
        """Finds where the mailbox goes on after what was read; whether there is anything to read from."""
        number, chain = self._furthest()
        place = comparing.place_in(
            (number, chain),
            self._size,
            self._chain_there,
            self._log.chain_at,
            self._log.size,
        )
        if place.stands is Stands.AS_NOTED:
            return True
        if place.stands is Stands.SHORTER and self._server.is_replica():
            self._done = Received(stopped=Unsent(why=Obstacle.LAGS))
            return False
        self._note_changed(place.number, number)
        if place.number < self._number:
            self._number, self._chain, self._begin = place.number, place.chain, place.chain
            self._keep()
        return True

    def _chain_there(self, number: int) -> bytes | None:
        return self._last if number == self._size else self._server.chain_at(self._record, number)

    def _furthest(self) -> tuple[int, bytes]:
        """The last pack that was seen, and its chain: in an older copy of the record later than the one it notes."""
        size = self._log.size
        if size > self._number and self._log.chain_at(self._number) == self._chain:
            chain = self._log.chain_at(size)
            if chain is not None:
                return size, chain
        return self._number, self._chain

    def _note_changed(self, common: int, seen: int) -> None:
        """Notes that the server does not continue what was seen there; that is told until a person accepts it.

        The log goes on from where both agree once that is noted: until then it is the only witness.
        """
        evidence.look_again(self._context)
        before = self._log.digests()
        later = [digest for _, digest in self._server.digests(self._record, common)]
        differs = lists.compare(before, [*before[:common], *later])
        if differs is not None and differs.common == common:
            fault = noted.found_changed(self._context, self._shared, before, differs)
        else:
            said = f"the server does not hold what this desk had read of it, up to pack {seen}"
            fault = self._note_fault(Trouble.ORDER, common + 1, said)
        noted.dates_of(self._context, self._shared).cut(common)
        self._log.cut(common)
        noted.went_on(self._context, self._shared, fault)

    def _note_fault(self, trouble: Trouble, number: int, said: str) -> Fault:
        return noted.note_fault(self._context, self._shared, trouble, number, said)

    def _mend_log(self) -> None:
        """What was seen is asked for again where its file is missing or damaged, and has to lead to the same chain."""
        number, chain = self._number, self._chain
        if number == 0 or self._log.chain_at(number) == chain:
            return
        digests = [digest for at, digest in self._server.digests(self._record) if at <= number]
        if len(digests) == number and chain_of(digests) == chain:
            self._note_seen(0, digests, GENESIS)
            return
        self._note_fault(
            Trouble.ORDER,
            number,
            f"the packs up to {number} that the server shows do not lead to what this desk had read of it",
        )

    # --- one pack -----------------------------------------------------------------------------

    def _follows(self, pack: ServerPack) -> bool:
        """Whether a pack follows what was read; where it does not, nothing after it can be trusted."""
        chain = next_chain(self._chain, pack.digest)
        if (pack.number, pack.chain) == (self._number + 1, chain):
            self._number, self._chain = pack.number, chain
            self._digests.append(pack.digest)
            return True
        self._note_fault(
            Trouble.ORDER,
            self._number + 1,
            f"pack {self._number + 1} on the server does not follow the one before",
        )
        self._broken()
        return False

    def _broken(self) -> None:
        """Nothing after the last pack can be read."""
        stopped = Unsent(why=Obstacle.BROKEN, number=self._number + 1)
        self._done = msgspec.structs.replace(self._done, stopped=stopped)

    def _read(self, pack: ServerPack) -> None:
        try:
            mail = open_pack(self._record, pack)
        except Lies as lies:
            self._refused.append(Refused(pack.number, pack.desk, str(lies)))
            return
        self._open.append(mail)
        self._held += mail.size

    # --- into the record ----------------------------------------------------------------------

    def _take(self) -> None:
        """Takes in what was read, a step at a time; the last one notes how far that is."""
        mails, self._open, self._held = self._open, [], 0
        self._read_now = mails
        lines = [line for mail in mails for line in mail.entries]
        steps = range(0, len(lines), self._steps.entries)
        for begin in steps:
            is_last = begin == steps[-1]
            blobs = tuple(blob for mail in mails for blob in mail.blobs) if is_last else ()
            with self._steps.whole():
                self._take_in(lines[begin : begin + self._steps.entries], blobs, keep=is_last)
            if not is_last:
                self._steps.between()
        if not lines:
            self._keep()
        if self._number == self._told_at:
            return
        self._told_at = self._number
        self._steps.told(
            Going(RECEIVED, self._number - self._first, max(self._size, self._number) - self._first, "packs")
        )

    def _take_in(self, lines: Sequence[bytes], blobs: tuple[Blob, ...], *, keep: bool) -> None:
        pack = _pack(self._context.record.info, lines, blobs)
        with acting(self._context) as said:
            taken = self._context.record.take_in(
                pack,
                author=said["author"],
                clock=said["clock"],
                note=self._note() if keep else None,
                brief=True,
            )
        new = set(taken.new)
        self._done = self._done.and_then(
            Received(
                entries=len(taken.taken),
                touched=taken.touched,
                quarantined=tuple(one for one in taken.quarantined if one.digest in new),
                notes=taken.notes,
                new_desk=taken.new_desk,
            )
        )
        if keep:
            self._kept()

    def _note(self) -> Note:
        """What the record is to note with the entries: how far the mailbox was read, and what was found on the way."""
        return change_of(self._shared.mailbox, self._change)

    def _change(self, shared: Shared) -> Shared:
        return read_on(shared, self._number, self._chain, self._refused)

    def _keep(self) -> None:
        """Notes the same where no entry came."""
        self._context.record.keep_note(*self._note())
        self._kept()

    def _kept(self) -> None:
        before = self._number - len(self._digests)
        self._note_seen(before, self._digests, self._begin)
        self._watching.received(self._came, self._read_now)
        self._shared = self._change(self._shared)
        self._done = self._done.and_then(Received(refused=tuple(self._refused)))
        self._digests, self._refused, self._came, self._read_now = [], [], [], []
        self._begin = self._chain

    def _note_seen(self, after: int, digests: Sequence[bytes], chain: bytes) -> None:
        """What was seen is noted outside of the record; where that fails, it is asked for again next time."""
        try:
            self._log.note(after, digests, chain)
        except WorkbenchError as error:
            soundness.tell(self._context, error)


def open_pack(record: str, pack: ServerPack) -> Mail:
    """The pack, if it is what the server and its own head say of it; ``Lies`` says why it is refused.

    Of one that was purged the server keeps the digest of what it held before; its entries say themselves that
    their content is gone.
    """
    if not pack.purged and hashlib.sha256(pack.content).digest() != pack.digest:
        raise Lies("its bytes are not those that its digest names")
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


class Portion(msgspec.Struct, frozen=True):
    """Packs that came one after the other, without their content; what was in those that are what they say, and which are refused."""

    packs: list[ServerPack]
    mails: list[Mail]
    refused: list[Refused]


def portions_of(record: str, packs: Iterable[ServerPack], entries: int) -> Iterator[Portion]:
    """Opens packs as they come, and gives them in portions: one ends with so many entries, or with enough bytes of lines."""
    held, count, size = Portion([], [], []), 0, 0
    for pack in packs:
        held.packs.append(msgspec.structs.replace(pack, content=b""))
        try:
            mail = open_pack(record, pack)
        except Lies as lies:
            held.refused.append(Refused(pack.number, pack.desk, str(lies)))
        else:
            held.mails.append(mail)
            count, size = count + len(mail.entries), size + mail.size
        if count >= entries or size >= MOST_OPEN or len(held.packs) >= _MOST_HELD:
            yield held
            held, count, size = Portion([], [], []), 0, 0
    if held.packs:
        yield held


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


def as_pack(info: Info, mails: Sequence[Mail]) -> Pack:
    """Several packs as one, for the record."""
    lines = tuple(line for mail in mails for line in mail.entries)
    return _pack(info, lines, tuple(blob for mail in mails for blob in mail.blobs))


def _pack(info: Info, lines: Sequence[bytes], blobs: tuple[Blob, ...]) -> Pack:
    log = Log("", 0, "", "")
    return Pack(info.record_id, info.project, log, (), Selection(), tuple(lines), blobs)
