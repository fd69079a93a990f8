"""Heads of the mailbox: what a desk leaves on the server, and what it takes of the others' while it reads.

A head says how many packs there are and what they come to.  Whoever leaves one vouches for every pack before it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from workbench.mailbox import asking
from workbench.mailbox import heads as lists
from workbench.mailbox.asking import ServerHead
from workbench.mailbox.heard import Heard, How
from workbench.mailbox.mail import Head, Mail
from workbench.mailbox.server import Server, ServerPack
from workbench.model.errors import NotAllowed, RecordUnavailable, UsageError
from workbench.model.text import safe_text
from workbench.signoff.checkpoints import Note, NotReadable, read_note
from workbench.signoff.ssh_signatures import signers_of
from workbench.usecases import checkpoints, soundness
from workbench.usecases.context import Context
from workbench.usecases.project import NoDataFolder
from workbench.usecases.sharing import noted
from workbench.usecases.sharing.shared import Shared, log_of, require_shared, shared_of
from workbench.usecases.ssh_signing import SigningKey, Tell

PACKS = 50  # of others: then a desk leaves a head again
_OVERLAP = timedelta(minutes=10)  # a head may be dated before another one, and be there after it
AGE = timedelta(days=1)  # or as soon as anything came, so long after the last one


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A head that this desk left: over how many packs, who signed it ("" nobody), and which desks had left the same."""

    number: int
    signed: str = ""
    also: tuple[str, ...] = ()


class Watching:
    """One reading of the mailbox: what its packs and heads say of how it was seen elsewhere.

    ``heads`` were there before the first pack was asked for, and so are about packs that are there, too.
    """

    def __init__(self, context: Context, shared: Shared, heads: Sequence[ServerHead] = ()) -> None:
        self._context = context
        self._shared = shared
        self._record = context.record.info.record_id
        self._heads = heads
        self._heard: list[Heard] = []
        self._dates: list[tuple[int, datetime]] = []
        self._others = 0

    def received(self, packs: Iterable[ServerPack], mails: Sequence[Mail]) -> None:
        """Takes in of packs how far their senders had read, and when they came.  A pack cannot know of itself."""
        numbers = {(pack.writer, pack.first): pack for pack in packs}
        own = self._context.record.info.desk
        for pack in numbers.values():
            self._dates.append((pack.number, pack.sent_at))
            self._others += pack.desk != own
        for mail in mails:
            found = numbers.get((mail.head.writer, mail.head.first))
            if found is not None and mail.head.seen.number:
                self._heard.append(heard_in_pack(mail.head, found.number))

    def sent(self, number: int, at: datetime) -> None:
        """Takes in when the server dated a pack of this desk that it need not read again."""
        self._dates.append((number, at))

    def end(self, *, whole: bool = True) -> None:
        """Compares what was heard with what was received; ``whole`` says that the mailbox was read to its end."""
        for one in self._heads:
            heard = heard_of(self._context, one)
            if heard is not None:
                self._heard.append(heard)
        noted.hear_all(
            self._context,
            self._heard,
            read=whole,
            latest=max((one.sent_at for one in self._heads), default=None),
        )
        if self._dates:
            try:
                noted.dates_of(self._context, self._shared).note(self._dates)
            except (RecordUnavailable, NoDataFolder) as error:
                soundness.tell(self._context, error)

    def leave(self, server: Server) -> Left | None:
        """Leaves an unsigned head where :func:`is_due` says so, and this role may."""
        context = self._context
        shared = shared_of(context.record)
        if shared is None or not shared.number or not self._others or not asking.may_add_heads(server):
            return None
        last = asking.last_head(server, self._record, context.record.info.desk)
        if not _is_due(context, shared, last, self._others):
            return None
        digests = log_of(context, shared).digests(shared.number)
        if len(digests) < shared.number:
            return None
        return _leave(
            context, server, Note(lists.checkpoint(self._record, shared.mailbox, digests)), self._heads
        )


def heads_since(context: Context, shared: Shared) -> datetime | None:
    """From when on the server is asked for heads; ``None`` for all of them."""
    until = noted.heads_until(context, shared)
    return until - _OVERLAP if until is not None else None


def _is_due(context: Context, shared: Shared, last: int, others: int) -> bool:
    try:
        dates = noted.dates_of(context, shared).read()
    except NoDataFolder:
        return False
    micros = [dates[number - 1] if 0 < number <= len(dates) else 0 for number in (last, shared.number)]
    return is_due(last, shared.number, others, timedelta(microseconds=micros[1] - micros[0]))


def is_due(last: int, number: int, others: int, age: timedelta) -> bool:
    """Whether a desk leaves a head: something of ``others`` came, and it left none, or the last one is old.

    ``last`` is the number of its last head (0 for none), ``number`` how many packs it has read, ``age`` the time between
    the last packs of both by the server's clock.  So a desk leaves one for each 50 packs, and no more than one a day
    where few come.
    """
    if not others or number <= last:
        return False
    return not last or number - last >= PACKS or age >= AGE


def server_note(context: Context) -> Note:
    """The head over all packs that this desk has read, with the signatures that are held under it.

    ``UsageError`` where the record is not shared, or nothing was read.
    """
    shared = require_shared(context)
    digests = log_of(context, shared).digests()[: shared.number]
    if not digests or len(digests) < shared.number:
        raise UsageError("nothing was read of the server yet", hint="workbench sync")
    note = Note(lists.checkpoint(context.record.info.record_id, shared.mailbox, digests))
    return checkpoints.with_held(context, note)


def leave_signed(
    context: Context, server: Server, key: SigningKey, *, asks: bool = True, tell: Tell | None = None
) -> Left:
    """Signs a head over all that this desk has read: for the server, and as an entry of the record.

    ``NotAllowed`` where the key is nobody's whom the project lists.
    """
    note = server_note(context)
    signers = signers_of(context.definitions.project.people)
    signed = checkpoints.cosign(note, key, signers, asks=asks, tell=tell)
    held = checkpoints.add(context, signed)
    left = _leave(context, server, signed, asking.heads(server, context.record.info.record_id))
    return msgspec.structs.replace(left, signed=", ".join(held.by))


def _leave(context: Context, server: Server, note: Note, there: Sequence[ServerHead]) -> Left:
    end, info = note.checkpoint, context.record.info
    same = [one.desk for one in there if one.number == end.size and one.note.startswith(note.text)]
    asking.add_head(server, info.record_id, end.size, info.desk, note.written)
    return Left(number=end.size, also=tuple(dict.fromkeys(desk for desk in same if desk != info.desk)))


def heard_in_pack(head: Head, number: int) -> Heard:
    """What the pack of that number says of how far its sender had read."""
    return Heard(number=head.seen.number, chain=head.seen.chain, desk=head.desk, how=How.PACK, pack=number)


def heard_of(context: Context, head: ServerHead) -> Heard | None:
    """What a head on the server says; ``None`` for one that is not of this mailbox or cannot be read, which is told."""
    try:
        note = read_note(head.note)
    except NotReadable as error:
        _tell(
            context,
            f"a head of the desk {safe_text(head.desk[-12:], 20)} on the server cannot be read: {error}",
        )
        return None
    found = noted.heard_in_note(context, note, How.HEAD, head.desk)
    if found is None or found.number != head.number:
        _tell(
            context,
            f"a head of the desk {safe_text(head.desk[-12:], 20)} on the server is not about what it says",
        )
        return None
    return found


def _tell(context: Context, what: str) -> None:
    soundness.tell(context, NotAllowed(what))
