"""Sending what the server lacks: each pack in a transaction of its own, and never twice.

What the server holds is asked anew each time, so that nobody has to know whether a pack arrived whose answer did
not: the next sync finds it there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import merge

import msgspec

from workbench.mailbox.errors import (
    DoesNotFollow,
    RecordMovedAway,
    ServerBusy,
    ServerFull,
    ServerReadOnly,
    ServerUnavailable,
)
from workbench.mailbox.heard import Trouble
from workbench.mailbox.log import next_chain
from workbench.mailbox.mail import ENOUGH, MOST_ENTRIES, Head, Seen, write_mail
from workbench.mailbox.server import NewPack, Posted, Reached, Rights, Server
from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.record.sending import Sent
from workbench.usecases import soundness
from workbench.usecases.context import Context
from workbench.usecases.sharing import evidence, noted
from workbench.usecases.sharing.comparing import Run, to_send
from workbench.usecases.sharing.fault_words import CHANGED_AS_IT_CAME
from workbench.usecases.sharing.going import SENT, Going
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.shared import SPEAKING, Shared, change_of, log_of, read_on
from workbench.usecases.sharing.synced import Obstacle, Unsent


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent: how many entries, and what stopped it.

    ``overtaken`` says that somebody else sent for the same desk meanwhile, ``between`` that packs of others came in
    between.  ``reach`` is how far the server holds each desk now, as far as this desk knows.
    """

    entries: int = 0
    stopped: Unsent | None = None
    overtaken: bool = False
    between: bool = False
    reach: Mapping[str, Reached] = {}


def send(
    context: Context,
    server: Server,
    shared: Shared,
    reach: Mapping[str, Reached],
    rights: Rights,
    steps: Steps,
    watching: Watching,
    *,
    carries: bool = False,
) -> tuple[Shared, Sending]:
    """Sends what this desk wrote, and what desks wrote that nobody else has registered on the server.

    With ``carries`` a keeper's desk sends for the desks of others, too.
    """
    return _Sending(context, server, shared, rights, steps, watching).all(reach, carries=carries)


class _Sending:
    def __init__(
        self,
        context: Context,
        server: Server,
        shared: Shared,
        rights: Rights,
        steps: Steps,
        watching: Watching,
    ) -> None:
        self._context, self._server, self._shared = context, server, shared
        self._rights, self._steps, self._watching = rights, steps, watching
        self._record = context.record.info.record_id
        self._own: list[bytes] = []  # digests of packs that were sent right behind what was read
        self._chain = bytes.fromhex(shared.chain)
        self._sent, self._total, self._between = 0, 0, False
        self._reach: dict[str, Reached] = {}

    def all(self, reach: Mapping[str, Reached], *, carries: bool) -> tuple[Shared, Sending]:
        context = self._context
        runs = to_send(
            {known.desk: known.desk_seq for known in context.record.frontier()},
            {writer: one.last for writer, one in reach.items()},
            context.record.info.desk,
            {writer: one.role for writer, one in reach.items() if one.role},
            self._rights.role,
            carries=carries,
        )
        total = sum(run.last - run.first + 1 for run in runs)
        overtaken, stopped, self._reach = False, None, dict(reach)
        try:
            self._total = total
            stopped = self._only_reads(runs) if runs and not self._rights.writes else self._runs(runs, reach)
        except KeyboardInterrupt:
            stopped = Unsent(why=Obstacle.STOPPED)
        except (DoesNotFollow, ServerBusy) as error:
            overtaken, stopped = True, _stopped_by(error)
        except WorkbenchError as error:
            stopped = _stopped_by(error)
        finally:
            self._read_own()
        if stopped is not None:
            stopped = msgspec.structs.replace(stopped, entries=total - self._sent)
        stopped = stopped or self._of_other_roles({run.writer for run in runs})
        return self._shared, Sending(
            entries=self._sent, stopped=stopped, overtaken=overtaken, between=self._between, reach=self._reach
        )

    def _only_reads(self, runs: Iterable[Run]) -> Unsent | None:
        """A role that only reads has nothing to send; what was written here all the same is told."""
        own = self._context.record.info.desk
        wrote = any(run.writer == own and run.last > 1 for run in runs)  # the first one only begins the desk
        return Unsent(why=Obstacle.READER) if wrote else None

    def _of_other_roles(self, sent: Collection[str]) -> Unsent | None:
        """What this file wrote as desks that are another role's on the server: nobody here sends it."""
        held = {known.desk: known.desk_seq for known in self._context.record.frontier()}
        waits = {
            desk: held[desk] - there.last
            for desk in self._context.record.own_desks()
            if desk not in sent and (there := self._reach.get(desk)) is not None and held[desk] > there.last
        }
        if not waits:
            return None
        return Unsent(why=Obstacle.OTHER_ROLE, desk=next(iter(waits)), entries=sum(waits.values()))

    def _lines(self, runs: Iterable[Run], reach: Mapping[str, Reached]) -> Iterator[Unsent]:
        """The runs that do not follow what the server holds of their desk: who reads them would refuse them."""
        for run in runs:
            there = reach[run.writer].tip.hex() if run.writer in reach else ""
            if run.first > 1 and self._context.record.digest_of(run.writer, run.first - 1) != there:
                yield Unsent(why=Obstacle.TWO_LINES, desk=run.writer, number=run.first - 1)

    def _runs(self, runs: Iterable[Run], reach: Mapping[str, Reached]) -> Unsent | None:
        """Portions of all desks in the order of their dates: those that read them can follow each at once."""
        stopped = {one.desk: one for one in self._lines(runs, reach)}
        follows = {writer: one.tip.hex() for writer, one in reach.items()}
        for entries in merge(*map(self._portions, runs), key=lambda portion: portion[0].body.recorded_at):
            writer = entries[0].body.desk
            if writer in stopped:
                continue
            barred = None if self._may_carry(writer) else self._barred(entries)
            able = entries if barred is None else entries[: entries.index(barred)]
            if able:
                with self._steps.whole():
                    self._post(writer, follows.get(writer, ""), able)
                self._steps.told(Going(SENT, self._sent, self._total, "entries"))
                follows[writer] = able[-1].digest
            if barred is not None:
                body = barred.body
                stopped[writer] = Unsent(
                    why=Obstacle.NOT_THIS_PERSON, desk=body.desk, number=body.desk_seq, person=body.actor,
                    role=self._rights.role, url=self._shared.url, keeps=self._rights.keeps,
                    listed=self._context.definitions.person(body.actor) is not None,
                )  # fmt: skip
            if self._steps.stop():
                return Unsent(why=Obstacle.STOPPED)
        return next(reversed(stopped.values()), None)

    def _portions(self, run: Run) -> Iterator[list[Sent]]:
        return portions(self._context.record.entries_of(run.writer, run.first - 1))

    def _may_carry(self, writer: str) -> bool:
        """What a keeper sends for another desk was signed there."""
        return self._rights.keeps and writer != self._context.record.info.desk

    def _barred(self, entries: Iterable[Sent]) -> Sent | None:
        """The first entry in which somebody speaks for whom this role may not."""
        for entry in entries:
            if entry.body.entity in SPEAKING and not self._rights.signs_as(entry.body.actor):
                return entry
        return None

    def _post(self, writer: str, follows: str, entries: list[Sent]) -> None:
        pack = self._pack(writer, follows, entries)
        posted = self._server.post(self._record, pack)
        self._sent += len(entries)
        is_what_was_sent = self._is_what_was_sent(pack, posted)
        follows_what_was_read = posted.number == self._shared.number + len(self._own) + 1
        if (
            is_what_was_sent
            and follows_what_was_read
            and posted.chain == next_chain(self._chain, posted.digest)
        ):
            self._own.append(posted.digest)
            self._chain = posted.chain
            self._watching.sent(posted.number, posted.sent_at)
        else:
            self._between = True
        there = self._reach.get(writer)
        role = there.role if there is not None else self._role_of(writer)
        self._reach[writer] = Reached(
            writer, entries[-1].body.desk_seq, bytes.fromhex(entries[-1].digest), role
        )

    def _is_what_was_sent(self, pack: NewPack, posted: Posted) -> bool:
        """Nobody else can tell: all that the server shows of a pack fits what it made of it."""
        if hashlib.sha256(pack.content).digest() == posted.digest:
            return True
        said = f"pack {posted.number} on the server {CHANGED_AS_IT_CAME}"
        noted.note_fault(self._context, self._shared, Trouble.CONTENT, posted.number, said)
        return False

    def _role_of(self, writer: str) -> str:
        """Whose desk it is: this one was registered before anything was sent, another one by nobody."""
        return self._rights.role if writer == self._context.record.info.desk else ""

    def _pack(self, writer: str, follows: str, entries: list[Sent]) -> NewPack:
        info = self._context.record.info
        blobs = evidence.along(self._context, self._server, entries)
        signs = tuple(sorted({one.body.actor for one in entries if one.body.entity in SPEAKING}))
        first, last = entries[0].body.desk_seq, entries[-1].body.desk_seq
        seen = Seen(self._shared.number, self._shared.chain)
        head = Head(
            record=info.record_id, desk=info.desk, writer=writer, first=first, last=last, follows=follows,
            tip=entries[-1].digest, signs=signs, seen=seen, entries=len(entries), blobs=len(blobs),
        )  # fmt: skip
        return NewPack(
            info.desk, writer, first, last, bytes.fromhex(follows), bytes.fromhex(entries[-1].digest),
            list(signs), write_mail(head, (entry.line for entry in entries), blobs),
        )  # fmt: skip

    # --- what was read thereby ----------------------------------------------------------------

    def _read_own(self) -> None:
        """Packs of this desk that came right behind what was read need not be received."""
        if not self._own:
            return
        before, begin = self._shared.number, bytes.fromhex(self._shared.chain)
        number = before + len(self._own)

        def change(shared: Shared) -> Shared:
            if (shared.number, shared.chain) != (before, begin.hex()):
                return shared  # another process of this desk read on meanwhile
            return read_on(shared, number, self._chain, ())

        self._context.record.keep_note(*change_of(self._shared.mailbox, change))
        try:
            log_of(self._context, self._shared).note(before, self._own, begin)
        except WorkbenchError as error:
            soundness.tell(self._context, error)
        self._shared = change(self._shared)


def portions(entries: Iterable[Sent]) -> Iterator[list[Sent]]:
    """Entries in portions of which each fits into a pack."""
    held, size = list[Sent](), 0
    for entry in entries:
        if held and (len(held) == MOST_ENTRIES or size + len(entry.line) > ENOUGH):
            yield held
            held, size = [], 0
        held.append(entry)
        size += len(entry.line)
    if held:
        yield held


def _stopped_by(error: WorkbenchError) -> Unsent:
    """What an error of the server means for what was to be sent."""
    why = next((why for kind, why in _WHY if isinstance(error, kind)), None)
    if why is None:
        raise error
    return Unsent(why=why, said=error.what, hint=error.hint or "")


_WHY: tuple[tuple[type[WorkbenchError], Obstacle], ...] = (
    (ServerFull, Obstacle.FULL),
    (ServerReadOnly, Obstacle.READ_ONLY),
    (RecordMovedAway, Obstacle.MOVED),
    (ServerBusy, Obstacle.BUSY),
    (DoesNotFollow, Obstacle.BUSY),
    (ServerUnavailable, Obstacle.LOST),
    (NotAllowed, Obstacle.NOT_ALLOWED),
)
