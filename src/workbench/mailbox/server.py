"""A connection to the server: what is asked of it, and what is sent to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from workbench.mailbox import versions
from workbench.mailbox.addresses import Address
from workbench.mailbox.errors import (
    PUT_THERE,
    NoSharedRecord,
    RecordIsThere,
    ServerBusy,
    ServerRefuses,
    driver,
    in_words,
    reason,
)
from workbench.mailbox.moments import read_any_date
from workbench.mailbox.patience import patient
from workbench.model.canonical import MAX_INTEGER

VERSION = versions.VERSION
CHANNEL = "workbench"
_IS_KEEPER = "SELECT pg_has_role(current_user, 'workbench_keeper', 'USAGE')"
# A server that is gone is given up after about half a minute, also in the middle of a statement; one whose connection
# lives and that says nothing, by :mod:`~workbench.mailbox.patience`.
_SETTINGS = {
    "connect_timeout": "10",
    "application_name": "workbench",
    "client_encoding": "UTF8",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# No object of another schema is ever meant, dates come in the one form that is read, and no desk keeps others waiting.
_SESSION = (
    "SET datestyle = 'ISO'; SET timezone = 'UTC'; SET search_path = pg_catalog, pg_temp; "
    "SET default_transaction_isolation = 'read committed'; "
    "SET lock_timeout = '20s'; SET idle_in_transaction_session_timeout = '60s'"
)
# Questions about one record, ``record``: asked alone, or several at once (:mod:`workbench.mailbox.present`).
ABOUT = "SELECT version, works_with FROM workbench.about"
_SCHEMA = (  # a row where the schema is there, and how many of those columns it has
    "SELECT (SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = n.oid "
    "AND c.relname = 'about' AND a.attname IN ('version', 'works_with')) FROM pg_namespace n WHERE n.nspname = 'workbench'"
)
RECORDS = "SELECT record, project, mailbox, moved_to FROM workbench.record"
RIGHTS = (
    "SELECT current_user::text, coalesce(bool_or(writes), false), coalesce(bool_or(keeps), false), "
    "coalesce(array_agg(person) FILTER (WHERE signs), '{}'), pg_is_in_recovery() FROM workbench.mine WHERE record = %(record)s"
)
REACH = f"SELECT left(writer, 300), least(last, {MAX_INTEGER}), tip, coalesce(role::text, '') FROM workbench.reach WHERE record = %(record)s"
END = "SELECT number, chain FROM workbench.pack WHERE record = %(record)s ORDER BY number DESC LIMIT 1"
# The rules of the tables bound each column; a server without them gives no more than this all the same.
_LARGEST = 16 * 2**20
PACK = (
    "number, left(desk, 300), left(writer, 300), first, last, follows, tip, "
    "CASE WHEN octet_length(signs::text) <= 100000 THEN signs ELSE '{}' END, digest, chain, "
    f"CASE WHEN octet_length(content) <= {_LARGEST} THEN content ELSE '' END, purged, role, sent_at"
)


class SharedRecord(msgspec.Struct, frozen=True):
    """A record on the server."""

    record: str
    project: str
    mailbox: str
    moved_to: str | None


class Reached(msgspec.Struct, frozen=True):
    """How far the server holds the entries of a desk: the number and the digest of the last one, and whose desk it is.

    ``role`` is "" where nobody has registered it.
    """

    writer: str
    last: int
    tip: bytes
    role: str


class ServerPack(msgspec.Struct, frozen=True):
    """A pack as the server gives it."""

    number: int
    desk: str
    writer: str
    first: int
    last: int
    follows: bytes
    tip: bytes
    signs: list[str]
    digest: bytes
    chain: bytes
    content: bytes
    purged: bool
    role: str
    sent_at: datetime


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """As which role the desk is connected, what it may do with the record, and as which persons it may sign.

    ``keeps`` says that it may send for every desk.  ``replica``: a standby answers, which takes nothing.
    """

    role: str
    writes: bool
    keeps: bool
    persons: frozenset[str]
    replica: bool

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Rights:
        """The answer to ``RIGHTS``."""
        role, writes, keeps, persons, replica = row
        return cls(role=role, writes=writes, keeps=keeps, persons=frozenset(persons), replica=replica)

    def signs_as(self, person: str) -> bool:
        """Whether the server takes what that person says for themselves."""
        return person in self.persons


class NewPack(msgspec.Struct, frozen=True):
    """A pack to be sent."""

    desk: str
    writer: str
    first: int
    last: int
    follows: bytes
    tip: bytes
    signs: list[str]
    content: bytes


class Posted(msgspec.Struct, frozen=True):
    """What the server made of a pack that was sent."""

    number: int
    digest: bytes
    chain: bytes
    sent_at: datetime


class Server:
    """An open connection; each method is one transaction.  Errors are told in words, and never hold a password."""

    def __init__(self, connection: Any, address: Address) -> None:
        self._connection = connection
        self._address = address
        self._library = driver()
        self.notes: tuple[str, ...] = address.told  # what a person should know of this connection
        self.made_whole = False  # whether evidence that one side lacked was looked for over this connection

    @property
    def connection(self) -> Any:
        """psycopg's own connection: for what only one caller asks."""
        return self._connection

    @property
    def address(self) -> Address:
        return self._address

    @contextmanager
    def told(self) -> Iterator[Any]:
        """The connection; what goes wrong meanwhile is told in words."""
        try:
            yield self._connection
        except self._library.Error as error:
            raise in_words(error, self._address.shown) from None

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """The answer to one question, in the binary form of values."""
        with self.told() as connection:
            return list(connection.execute(sql, values, binary=True).fetchall())

    # --- what it is ---------------------------------------------------------------------------

    def version(self) -> tuple[int, int] | None:
        """The version of the tables and the oldest version that works with them; ``None`` where there are none.

        ``ServerRefuses`` where somebody else's tables have their place.
        """
        found = self.rows(_SCHEMA)
        if not found:
            return None
        if found[0][0] < 2:
            raise ServerRefuses(
                "this database has a schema workbench that is not of a shared record: another program made it",
                where=self._address.shown,
                hint="use another database: check the end of the address",
            )
        row = self.rows(ABOUT)
        return (row[0][0], row[0][1]) if row else None

    def role(self) -> str:
        """As which role the desk is connected."""
        return str(self.rows("SELECT current_user::text")[0][0])

    def rights(self, record: str) -> Rights:
        """What this role may do with a record at this moment."""
        return Rights.of(self.rows(RIGHTS, {"record": record})[0])

    def is_replica(self) -> bool:
        """Whether a standby answers: it follows another server, and may lag."""
        return bool(self.rows("SELECT pg_is_in_recovery()")[0][0])

    def make_schema(self) -> None:
        """Makes groups and tables; the role that is connected becomes a keeper that may let others in.

        ``ServerRefuses`` where it may not do so, and says what an administrator can run in its place; ``ServerBusy`` where
        somebody else makes them at the same moment.
        """
        errors = self._library.errors
        with self.told() as connection:
            try:
                with connection.transaction():
                    connection.execute(versions.groups())
                    if not connection.execute(_IS_KEEPER).fetchone()[0]:
                        connection.execute("GRANT workbench_keeper TO current_user WITH ADMIN OPTION")
                    connection.execute(versions.tables())
            except (
                errors.UniqueViolation,
                errors.DuplicateSchema,
                errors.DuplicateObject,
                errors.InternalError_,  # “tuple concurrently updated”: both grant a group
            ) as error:
                raise ServerBusy(
                    f"somebody else makes the tables at the same moment: {reason(error)}",
                    where=self._address.shown,
                    hint="workbench share URL again goes on",
                ) from None
            except errors.InsufficientPrivilege as error:
                raise ServerRefuses(
                    f"your role may not make the tables of a shared record here: {reason(error)}",
                    where=self._address.shown,
                    hint="workbench share --sql prints what an administrator runs once",
                ) from None

    def records(self) -> list[SharedRecord]:
        """The records that this role may see."""
        return [SharedRecord(*row) for row in self.rows(f"{RECORDS} ORDER BY made_at")]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A transaction that ends with ``ServerBusy`` where somebody else did what would have changed its answers."""
        with self.told() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            yield

    def add_record(self, record: SharedRecord) -> None:
        """Begins a mailbox for a record; ``RecordIsThere`` where there is one."""
        with self.told() as connection:
            try:
                connection.execute(
                    "INSERT INTO workbench.record (record, project, mailbox) VALUES (%s, %s, %s)",
                    (record.record, record.project, record.mailbox),
                )
            except self._library.errors.UniqueViolation:
                raise RecordIsThere(
                    "this record is on the server already",
                    where=self._address.shown,
                    hint="workbench join URL",
                ) from None

    def add_member(self, record: str, role: str, person: str = "", may: str = "writer") -> None:
        """Lets a role read, write or keep a record (``may``), or sign in it as a person; again is harmless."""
        with self.told() as connection:
            connection.execute(
                "INSERT INTO workbench.member (record, role, person, may) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (record, role, person, "signer" if person else may),
            )

    def add_desk(self, record: str, desk: str, named: str) -> None:
        """Registers a desk in one's own name; again is harmless."""
        with self.told() as connection:
            connection.execute(
                "INSERT INTO workbench.desk (record, desk, named) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                (record, desk, named),
            )

    # --- packs --------------------------------------------------------------------------------

    def reach(self, record: str) -> dict[str, Reached]:
        """How far the server holds the entries of each desk; registered desks of which it holds none are there, too."""
        return {row[0]: Reached(*row) for row in self.rows(REACH, {"record": record})}

    def end(self, record: str) -> tuple[int, bytes]:
        """The number of packs, and the chain there."""
        row = self.rows(END, {"record": record})
        return (row[0][0], row[0][1]) if row else (0, bytes(32))

    def chain_at(self, record: str, number: int) -> bytes | None:
        """The chain at a pack; ``None`` where there is none of that number."""
        row = self.rows(
            "SELECT chain FROM workbench.pack WHERE record = %s AND number = %s", (record, number)
        )
        return row[0][0] if row else (bytes(32) if number == 0 else None)

    def digests(self, record: str, after: int = 0) -> list[tuple[int, bytes]]:
        """Number and digest of all packs after a number."""
        sql = "SELECT number, digest FROM workbench.pack WHERE record = %s AND number > %s ORDER BY number"
        return [(row[0], row[1]) for row in self.rows(sql, (record, after))]

    def packs(self, record: str, after: int, most: int = 200, size: int = 2**25) -> list[ServerPack]:
        """The packs that come after a number, in their order: at most so many, and no more once they have ``size`` bytes."""
        sql = (
            "SELECT number FROM (SELECT number, sum(octet_length(content)) OVER (ORDER BY number) - "
            "octet_length(content) AS before FROM (SELECT number, content FROM workbench.pack "
            "WHERE record = %(record)s AND number > %(after)s ORDER BY number LIMIT %(most)s) p) q WHERE before < %(size)s"
        )
        asked = {"record": record, "after": after, "most": most, "size": size}
        with self.told() as connection:
            rows = connection.execute(
                f"SELECT {PACK} FROM workbench.pack WHERE record = %(record)s AND number IN ({sql}) ORDER BY number",
                asked,
                binary=True,
            ).fetchall()
        self.require_ascending(after, (row[0] for row in rows))
        return [ServerPack(*row) for row in rows]

    def require_ascending(self, after: int, numbers: Iterable[int]) -> None:
        """Raises ``ServerRefuses`` where packs are not after a number and in order: who asks for more would never end."""
        for number in numbers:
            if number <= after:
                raise ServerRefuses(
                    f"the server gives pack {number} where it was asked for those after {after}",
                    where=self._address.shown,
                    hint="tell the server's administrator: it does not answer what it is asked",
                )
            after = number

    def packs_of(self, record: str, writer: str, number: int) -> list[ServerPack]:
        """The pack that holds an entry of a desk, and the one that goes on behind it, as far as they are there."""
        sql = (
            f"SELECT {PACK} FROM workbench.pack WHERE record = %s AND writer = %s AND first <= %s AND last >= %s "
            "ORDER BY first DESC"
        )
        return [ServerPack(*row) for row in self.rows(sql, (record, writer, number + 1, number))]

    def post(self, record: str, pack: NewPack) -> Posted:
        """Appends a pack, which is there once this returns."""
        rows = self.rows(
            "INSERT INTO workbench.pack (record, desk, writer, first, last, follows, tip, signs, content) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %b) RETURNING number, digest, chain, sent_at",
            (
                record, pack.desk, pack.writer, pack.first, pack.last, pack.follows, pack.tip, pack.signs,
                pack.content,
            ),
        )  # fmt: skip
        return Posted(*rows[0])

    # --- news ---------------------------------------------------------------------------------

    def listen(self) -> None:
        """Asks to be told of new packs."""
        with self.told() as connection:
            connection.execute(f"LISTEN {CHANNEL}")

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(address: Address, seconds: int = 0) -> Server:
    """A connection, which does not wait for ever; an error of :mod:`~workbench.mailbox.errors` where there is none.

    ``seconds`` is how long to wait for it at most, where that is not as usual.
    """
    library = driver()
    try:
        limit = {"connect_timeout": str(seconds)} if seconds else {}
        connection = patient(library).connect(**(_SETTINGS | address.parameters | limit), autocommit=True)
    except library.Error as error:
        if "certificate verify failed" in str(error):
            from workbench.mailbox.certificates import untrusted  # it asks the server once more

            raise untrusted(address) from None
        raise in_words(error, address.shown) from None
    server = Server(connection, address)
    try:
        read_any_date(connection)
        versions.check_engine(connection.info.server_version, address.shown)
        with server.told():
            connection.execute(_SESSION)
    except BaseException:
        server.close()
        raise
    return server


def make_tables(server: Server) -> bool:
    """Makes the tables where there are none, and says whether it did; somebody else may be a moment earlier."""
    if server.version() is not None:
        return False
    try:
        server.make_schema()
    except (ServerBusy, ServerRefuses):
        if server.version() is None:
            raise
        return False
    return True


def require_version(server: Server) -> None:
    """Looks whether this workbench and the server's tables fit; where they only just do, ``server.notes`` says so.

    ``NoSharedRecord`` where there are none, ``ServerRefuses`` where they do not fit.
    """
    found = server.version()
    if found is None:
        raise NoSharedRecord(
            "this database holds no shared record", where=server.address.shown, hint=PUT_THERE
        )
    note_version(server, found)


def note_version(server: Server, found: tuple[int, int]) -> None:
    """The same where the version of the tables, and the oldest that works with them, were asked already."""
    note = versions.standing(*found, server.address.shown)
    server.notes = (*server.address.told, *((note,) if note else ()))
