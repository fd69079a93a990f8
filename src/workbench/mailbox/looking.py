"""What a server is like, asked of the engine itself: versions, TLS, rights, clock, size, and what it really refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.mailbox.errors import driver
from workbench.mailbox.server import Server
from workbench.model.times import Clock

GROUPS = ("reader", "writer", "signer", "keeper")
KEPT = ("pack", "evidence", "head")  # tables of which nothing may be changed or deleted
_WAIT = "500ms"  # at most so long for a lock: what is tried holds nobody up

_ABOUT = (
    "SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_database()::text, "
    "current_user::text, pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', "
    "current_setting('is_superuser') = 'on', "
    "pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'workbench.pack'::regclass), 'MEMBER')"
)
_TLS = "SELECT ssl, coalesce(version, ''), coalesce(cipher, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
_MEMBER = (
    "SELECT name, pg_has_role(current_user, 'workbench_' || name, 'USAGE') FROM unnest(%s::text[]) name "
    "WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'workbench_' || name)"
)
_MINE = "SELECT may, person, writes OR may = 'reader', signs, keeps FROM workbench.mine WHERE record = %s ORDER BY may, person"
_SIZE = (
    "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'workbench' AND c.relkind = 'r'"
)
_PACKS = (
    "SELECT count(*), coalesce(sum(last - first + 1), 0)::bigint, count(*) FILTER (WHERE purged) "
    "FROM workbench.pack WHERE record = %s"
)
_EVIDENCE = (
    "SELECT count(*), coalesce(sum(size), 0)::bigint FROM workbench.evidence WHERE record = %s AND NOT purged"
)
_DESKS = (
    "SELECT d.desk, d.role::text, d.named, d.joined_at, d.left_at, p.packs, p.sent_at FROM workbench.desk d "
    "LEFT JOIN (SELECT desk, count(*) AS packs, max(sent_at) AS sent_at FROM workbench.pack WHERE record = %(record)s "
    "GROUP BY desk) p ON p.desk = d.desk WHERE d.record = %(record)s ORDER BY d.joined_at, d.desk"
)
_GUARDS = (
    "SELECT c.relname::text, c.relrowsecurity, count(t.tgname) FILTER (WHERE t.tgenabled IN ('O', 'A')), "
    "count(t.tgname) FILTER (WHERE t.tgenabled NOT IN ('O', 'A')) FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal "
    "AND t.tgfoid IN (SELECT oid FROM pg_proc WHERE proname = 'refuse_change' AND pronamespace = n.oid) "
    "WHERE n.nspname = 'workbench' AND c.relname = ANY(%s) GROUP BY c.relname, c.relrowsecurity"
)
_ARCHIVED = "SELECT current_setting('archive_mode'), last_archived_time FROM pg_stat_archiver"
_ONE = "WHERE ctid = (SELECT ctid FROM workbench.{0} LIMIT 1)"
_CHANGES = {
    "change": f"UPDATE workbench.{{0}} SET role = role {_ONE}",
    "delete": f"DELETE FROM workbench.{{0}} {_ONE}",
    "empty": "TRUNCATE workbench.{0}",
}


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    """The server itself: its version as a number and as text, and how this connection stands to it."""

    version: int
    text: str
    database: str
    role: str
    read_only: bool
    superuser: bool
    owner: bool
    tls: bool
    protocol: str
    cipher: str


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """What the role may do with the record: ``may`` as it is entered, for a signer the ``person`` it signs for.

    ``counts``: the role is in the group of that name, too.
    """

    may: str
    person: str
    counts: bool


class ServerClock(msgspec.Struct, frozen=True, kw_only=True):
    """The server's clock beside this desk's: how far it is ahead, and how exactly that is known."""

    at: datetime
    ahead: timedelta
    within: timedelta


class ServerDesk(msgspec.Struct, frozen=True, kw_only=True):
    """A desk that is registered; ``sent_at`` is when its last pack came, ``None`` where it never sent one."""

    desk: str
    role: str
    named: str
    joined_at: datetime
    left_at: datetime | None
    packs: int
    sent_at: datetime | None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of one record, and the bytes that all tables take on the server's disk."""

    packs: int
    entries: int
    purged: int
    evidence: int
    evidence_bytes: int
    on_disk: int


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must not work, tried and rolled back: ``refused`` is ``None`` where there was nothing to try it on."""

    table: str
    what: str
    refused: bool | None


class Guarded(msgspec.Struct, frozen=True, kw_only=True):
    """What protects a table: row-level rules, and triggers that refuse changes; ``off`` counts those switched off."""

    table: str
    rules: bool
    triggers: int
    off: int


class Archiving(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the server archives its log, as a backup to any moment needs it, and when it last did."""

    mode: str
    last: datetime | None


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, for one record and the role that is connected."""

    engine: Engine
    groups: tuple[str, ...]
    rights: tuple[Right, ...]
    clock: ServerClock
    content: Content
    desks: tuple[ServerDesk, ...]
    attempts: tuple[Attempt, ...]
    guarded: tuple[Guarded, ...]
    archiving: Archiving


def look(server: Server, record: str, clock: Clock) -> Looked:
    """Looks at a server; nothing of it is changed."""
    return Looked(
        engine=read_engine(server),
        groups=tuple(name for name, held in _all(server, _MEMBER, (list(GROUPS),)) if held),
        rights=read_rights(server, record),
        clock=read_clock(server, clock),
        content=_content(server, record),
        desks=desks_of(server, record),
        attempts=tuple(_attempts(server)),
        guarded=tuple(
            Guarded(table=t, rules=r, triggers=n, off=o)
            for t, r, n, o in _all(server, _GUARDS, (list(KEPT),))
        ),
        archiving=Archiving(mode=(found := _all(server, _ARCHIVED)[0])[0], last=found[1]),
    )


def read_clock(server: Server, clock: Clock) -> ServerClock:
    """Asks the server what time it is, between two looks at this machine's clock."""
    before = clock.recording()
    at: datetime = _all(server, "SELECT clock_timestamp()")[0][0]
    after = clock.recording()
    half = (after - before) / 2
    return ServerClock(at=at, ahead=at - (before + half), within=half)


def read_engine(server: Server) -> Engine:
    """The server itself."""
    version, text, database, role, read_only, superuser, owner = _all(server, _ABOUT)[0]
    tls, protocol, cipher = (_all(server, _TLS) or [(False, "", "")])[0]
    return Engine(
        version=version, text=text.split(" ")[0], database=database, role=role, read_only=read_only,
        superuser=superuser, owner=owner, tls=tls, protocol=protocol, cipher=cipher,
    )  # fmt: skip


def read_rights(server: Server, record: str) -> tuple[Right, ...]:
    """What the role may do with a record."""
    return tuple(
        Right(
            may=may, person=person, counts=keeps if may == "keeper" else signs if may == "signer" else writes
        )
        for may, person, writes, signs, keeps in _all(server, _MINE, (record,))
    )


def _content(server: Server, record: str) -> Content:
    packs, entries, purged = _all(server, _PACKS, (record,))[0]
    evidence, size = _all(server, _EVIDENCE, (record,))[0]
    on_disk = _all(server, _SIZE)[0][0]
    return Content(
        packs=packs, entries=entries, purged=purged, evidence=evidence, evidence_bytes=size, on_disk=on_disk
    )


def desks_of(server: Server, record: str) -> tuple[ServerDesk, ...]:
    """The desks that are registered for a record, the first that joined first."""
    return tuple(
        ServerDesk(
            desk=desk, role=role, named=named, joined_at=joined, left_at=left, packs=packs or 0, sent_at=sent
        )
        for desk, role, named, joined, left, packs, sent in _all(server, _DESKS, {"record": record})
    )


def _attempts(server: Server) -> list[Attempt]:
    """Tries to change, to delete and to empty what was sent, and rolls all of it back."""
    library, found = driver(), list[Attempt]()
    with server.told() as connection, connection.transaction(force_rollback=True):
        connection.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
        for table in KEPT:
            for what, sql in _CHANGES.items():
                refused: bool | None
                try:
                    with connection.transaction(force_rollback=True):
                        touched = connection.execute(sql.format(table)).rowcount
                    refused = False if touched or what == "empty" else None
                except library.Error as error:
                    refused = True if error.sqlstate in ("42501", "WB003", "25006") else None
                found.append(Attempt(table=table, what=what, refused=refused))
    return found


def _all(server: Server, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
    with server.told() as connection:
        return list(connection.execute(sql, values or None).fetchall())
