"""A desk whose owner means ill: it may log in and send, and tries what the server and the other desks have to refuse."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from tests.simulation.desk import SimulatedDesk

from workbench.mailbox.mail import Head, Seen, write_mail
from workbench.mailbox.server import NewPack, Server
from workbench.model.canonical import encode
from workbench.model.errors import WorkbenchError
from workbench.model.times import Clock
from workbench.parity import model as parity
from workbench.parity.model import Difference
from workbench.record import Record
from workbench.record.ledger import entry_digest
from workbench.usecases import nouns
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import connected, require_shared, shared_of

Line = dict[str, Any]


class Attacked(msgspec.Struct):
    """What was tried: what the server refused, what it let through against expectation, and what the desks have to notice.

    ``lies`` are numbers of packs that every desk refuses whole, ``bad`` digests of entries that every desk quarantines,
    ``behind`` those that wait behind them for ever.
    """

    refused: list[str] = []
    let_through: list[str] = []
    lies: list[int] = []
    bad: list[str] = []
    behind: list[str] = []


class MaliciousDesk(SimulatedDesk):
    """Acts as the others do until it attacks."""

    def second_history(self, moment: datetime, to: Path) -> list[str]:
        """Writes other entries under its next numbers on a clone, and packs them for a victim; their digests."""
        with self.at(moment, "second history"):
            clone = self._clone()
            with clone.record as record:
                before = record.head.seq
                for number in range(3):
                    self._add(clone, f"for your eyes only {number}")
                record.write_pack(to)
                sql = "SELECT digest FROM ledger WHERE seq > ?"
                return [digest.hex() for (digest,) in record.query(sql, (before,))]

    def attack(self, moment: datetime, port: int, victim: str) -> Attacked:
        """Everything that it can think of, through the database itself; ``victim`` is another person."""
        attacked = Attacked()
        with self.at(moment, "attack", port), connected(require_shared(self.context)) as server:
            self._try_statements(server, attacked)
            self._try_in_anothers_name(server, attacked, victim)
            self._send_bad_entries(server, attacked)
            self._send_lies(server, attacked, victim)
        return attacked

    # --- what the server refuses ----------------------------------------------------------------

    def _refused(self, attacked: Attacked, name: str, job: Callable[[], object]) -> None:
        try:
            job()
        except WorkbenchError:
            attacked.refused.append(name)
        else:
            attacked.let_through.append(name)

    def _try_statements(self, server: Server, attacked: Attacked) -> None:
        for statement in (
            "UPDATE workbench.pack SET content = ''::bytea",
            "DELETE FROM workbench.pack",
            "TRUNCATE workbench.pack",
            "DELETE FROM workbench.head",
            "UPDATE workbench.about SET version = 99",
            "INSERT INTO workbench.member (record, role, person) SELECT record, current_user, 'p00' FROM workbench.record",
        ):
            self._refused(attacked, statement, lambda text=statement: self._run(server, text))  # type: ignore[misc]

    def _run(self, server: Server, statement: str) -> None:
        with server.told() as connection:
            connection.execute(statement)

    def _try_in_anothers_name(self, server: Server, attacked: Attacked, victim: str) -> None:
        record = self.record.info.record_id
        own = self.record.info.desk
        others = [one for one in server.reach(record).values() if one.writer != own and one.last]
        other = min(others, key=lambda one: one.writer)
        [line] = self._lines(1)
        forged = rechained([line | {"desk": other.writer, "desk_seq": other.last + 1}], other.tip.hex())
        self._refused(
            attacked,
            "an entry of another desk",
            lambda: self._post(server, forged, writer=other.writer, follows=other.tip),
        )
        self._refused(
            attacked,
            "a pack sent by another desk",
            lambda: self._post(server, forged, desk=other.writer, writer=other.writer, follows=other.tip),
        )
        signed = self._signed_by(victim)
        self._refused(
            attacked, "a signature of another person", lambda: self._post(server, signed, signs=[victim])
        )

    # --- what the desks notice -------------------------------------------------------------------

    def _send_bad_entries(self, server: Server, attacked: Attacked) -> None:
        """Two sound entries, one whose value is none of its kind, and two that follow it."""
        lines = self._lines(5)
        lines[2]["value"] = [1, 2]
        made = rechained(lines, self._tip)
        self._post(server, made)
        digests = [entry_digest(line).hex() for line in made]
        attacked.bad.append(digests[2])
        attacked.behind += digests[3:]

    def _send_lies(self, server: Server, attacked: Attacked, victim: str) -> None:
        """Packs that are not what they say; each follows the one before as far as the server can see."""
        lines = rechained(self._lines(2), self._tip)
        attacked.lies.append(self._post(server, lines, told_desk="another"))
        attacked.lies.append(self._post(server, rechained(self._lines(1), self._tip), content=b"not a pack"))
        attacked.lies.append(self._post(server, self._signed_by(victim), signs=[]))

    # --- making them ----------------------------------------------------------------------------

    _tip = ""
    _last = 0

    def _lines(self, count: int) -> list[Line]:
        """So many sound entries, as this desk would write them next, behind what it has sent."""
        clone = self._clone()
        with clone.record as record:
            before = record.head.seq
            for number in range(count):
                self._add(clone, f"harmless {self._dice.getrandbits(40):x} {number}")
            found = record.query("SELECT body FROM ledger WHERE seq > ? ORDER BY seq", (before,))
            known = next(one for one in self.record.frontier() if one.desk == self.record.info.desk)
            if not self._tip:
                self._tip, self._last = known.digest, known.desk_seq
            made = [msgspec.json.decode(body, type=Line) for (body,) in found]
        for number, line in enumerate(made, self._last + 1):
            line["desk_seq"] = number
        return made

    def _add(self, clone: Context, title: str) -> None:
        """One entry, without the look at what was noted of the file: its owner does not want to know."""
        change = parity.new_difference(Difference(title=title), clone.clock.real())
        clone.record.commit([change], author=self.context.author(), clock=clone.clock)

    def _signed_by(self, person: str) -> list[bytes]:
        """A signature in the name of somebody else."""
        [line] = self._lines(1)
        value = {"person": person, "gate": "go", "decision": "approve"}
        return rechained(
            [line | {"entity": "signoff", "verb": "signed", "actor": person, "value": value}], self._tip
        )

    def _clone(self) -> Context:
        """A copy of its file that goes on as the same desk."""
        place = self.place.folder / "clone" / "record.db"
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir()
        self.record.backup(place)
        record = Record.open(place, nouns.NOUNS)
        record.settle_at(place)
        return msgspec.structs.replace(self.context, record=record, clock=Clock(real=self._tick))

    def _post(
        self,
        server: Server,
        lines: Sequence[bytes],
        *,
        desk: str = "",
        writer: str = "",
        follows: bytes = b"",
        signs: Sequence[str] | None = None,
        told_desk: str = "",
        content: bytes = b"",
    ) -> int:
        """Sends these entries; the number that their pack has then."""
        info = self.record.info
        own = not writer
        desk, writer = desk or info.desk, writer or info.desk
        follows = follows or bytes.fromhex(self._tip)
        first = msgspec.json.decode(lines[0], type=Line)["desk_seq"]
        tip = entry_digest(lines[-1])
        shared = shared_of(self.record)
        assert shared is not None
        head = Head(
            record=info.record_id, desk=told_desk or desk, writer=writer, first=first, last=first + len(lines) - 1,
            follows=follows.hex(), tip=tip.hex(), signs=tuple(signs or ()), seen=Seen(shared.number, shared.chain),
            entries=len(lines), blobs=0,
        )  # fmt: skip
        pack = NewPack(
            desk,
            writer,
            first,
            head.last,
            follows,
            tip,
            list(signs or ()),
            content or write_mail(head, lines, ()),
        )
        server.post(info.record_id, pack)
        if own:
            self._tip, self._last = tip.hex(), head.last
        return server.end(info.record_id)[0]


def rechained(lines: Sequence[Line], follows: str) -> list[bytes]:
    """The bytes of entries that follow each other, and the one with that digest."""
    made = []
    for line in lines:
        data = encode(line | {"desk_prev": follows})
        follows = entry_digest(data).hex()
        made.append(data)
    return made
