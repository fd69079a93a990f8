"""Attacks on a shared record by roles that may send to it, or keep it."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import psycopg
import pytest
from tests.real.conftest import wait_until
from tests.real.mailbox import (
    ELSEWHERE,
    GROUPED,
    KEEPER,
    READER,
    RECORD,
    SECOND_WRITER,
    SIGNER,
    STRANGER,
    WRITER,
    Mailbox,
    groups,
    removing,
    tip_of,
)
from tests.real.postgresql import OWNER

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]

DENIED, MOVED, NOT_FOLLOWING, KEPT = "42501", "WB001", "WB002", "WB003"
CHECKED, TAKEN, MISSING = "23514", "23505", "23502"


def test_a_writer_sends_from_the_desk_of_another(mailbox: Mailbox) -> None:
    """A writer appends a pack in the name of a desk that another role registered.

    A rule for rows asks that the desk belongs to the role that sends.
    """
    mailbox.unsent(WRITER, "desk-walt", by=DENIED, says='"pack_from_own_desk"')
    mailbox.unsent(WRITER, "desk-of-nobody", by=DENIED, says='"pack_from_own_desk"')


def test_a_writer_makes_up_entries_of_another_desk(mailbox: Mailbox) -> None:
    """A writer sends, from its own desk, entries that another role's desk is said to have written.

    Entries of a desk that a role has registered are sent by that role, or carried by a keeper.
    """
    mailbox.unsent(WRITER, "desk-will", writer="desk-walt", by=DENIED, says='"pack_of_nobody_else"')
    mailbox.unsent(WRITER, "desk-will", writer="desk-sina", by=DENIED, says='"pack_of_nobody_else"')


def test_a_writer_replaces_leaves_out_or_repeats_entries(mailbox: Mailbox) -> None:
    """A writer sends entries again under numbers that are there, leaves some out, or counts below one.

    The numbers of each desk follow one another without a gap, which a trigger asks for.
    """
    tip = tip_of("desk-will", 1)
    for first in (1, 3, 0, -5, 2**62):
        mailbox.unsent(
            WRITER,
            "desk-will",
            first=first,
            last=first,
            follows=tip,
            by=NOT_FOLLOWING,
            says="entry 1 of that desk",
        )
    mailbox.unsent(WRITER, "desk-will", last=1, by=CHECKED)
    mailbox.unsent(WRITER, "desk-will", last=2**62, by=CHECKED)


def test_a_writer_goes_on_from_another_past(mailbox: Mailbox) -> None:
    """A copy of a desk goes on under the same name, with other entries than those on the server.

    A pack names the digest of the entry before its first one; it has to be that of the last one here.
    """
    for follows in (b"", bytes(32), tip_of("desk-will", 7)):
        mailbox.unsent(WRITER, "desk-will", follows=follows, by=NOT_FOLLOWING)
    for follows in (b"short", bytes(33)):
        mailbox.unsent(WRITER, "desk-will", follows=follows, by=NOT_FOLLOWING)
    mailbox.unsent(WRITER, "desk-will", tip=b"short", by=CHECKED)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", 1), ("number", 99), ("digest", bytes(32)), ("chain", bytes(32)), ("role", "sina"),
        ("sent_at", "2001-01-01"), ("purged", True),
    ],
)  # fmt: skip
def test_a_writer_forges_what_the_server_gives(column: str, value: object, mailbox: Mailbox) -> None:
    """A writer gives its pack a number, a digest, a chain, a role or a time of its own choice.

    Writers may fill in the columns that are theirs to say, and no others.
    """
    mailbox.unsent(WRITER, "desk-will", by=DENIED, says="permission denied", **{column: value})


def test_a_writer_signs(mailbox: Mailbox) -> None:
    """A writer who is no signer sends entries that speak for a person, or for nobody by odd arrays.

    Who signs has to be a member as that person; no array that is not empty passes for one that is.
    """
    for signs in (["sina"], ["will"], [""], [None]):
        mailbox.unsent(WRITER, "desk-will", signs=signs, by=DENIED, says='"pack_signs_for_oneself"')
    mailbox.unsent(WRITER, "desk-will", signs=None, by=DENIED)


def test_a_signer_signs_for_another(mailbox: Mailbox) -> None:
    """A signer sends an approval of another person, alone or beside its own.

    All persons for whom a pack speaks have to be persons that the role is a member as.
    """
    for signs in (["petra"], ["sina", "petra"], ["SINA"], ["sina "]):
        mailbox.unsent(SIGNER, "desk-sina", signs=signs, by=DENIED, says='"pack_signs_for_oneself"')
    assert mailbox.send(SIGNER, "desk-sina", signs=["sina"])[3] == SIGNER


def test_a_signer_without_the_group(mailbox: Mailbox) -> None:
    """A writer has a keeper write it down as a person, and signs, without being in the group of signers.

    A right needs both: the row of the member, and the group.
    """
    sql = "INSERT INTO workbench.member (record, role, person, may) VALUES (%s, 'will', 'will', 'signer')"
    mailbox.as_(KEEPER).execute(sql, (RECORD,))
    mailbox.unsent(WRITER, "desk-will", signs=["will"], by=DENIED, says='"pack_signs_for_oneself"')
    mailbox.as_(OWNER).execute("GRANT workbench_signer TO will")
    try:
        assert mailbox.send(WRITER, "desk-will", signs=["will"])[0] == 3
    finally:
        mailbox.as_(OWNER).execute("REVOKE workbench_signer FROM will")


def test_a_writer_sends_very_much(mailbox: Mailbox) -> None:
    """A writer sends a pack of more than 16 MB, thousands of signers, or very long names.

    Every column has a largest size that the engine checks.
    """
    mailbox.unsent(WRITER, "desk-will", content=bytes(16 * 2**20 + 1), by=CHECKED)
    many = ["sina"] * 201
    mailbox.unsent(SIGNER, "desk-sina", signs=many, by=CHECKED)
    long = "d" * 201
    mailbox.stopped(
        WRITER, f"INSERT INTO workbench.desk (record, desk) VALUES ('{RECORD}', '{long}')", by=CHECKED
    )
    mailbox.stopped(WRITER, f"UPDATE workbench.desk SET named = '{long}'", by=CHECKED)
    mailbox.unsent(WRITER, "desk-will", writer=long, by=CHECKED)
    note = "INSERT INTO workbench.head (record, number, desk, note) VALUES (%s, 1, 'desk-will', %s)"
    mailbox.stopped(WRITER, note, by=CHECKED, values=(RECORD, "n" * 65537))


def test_evidence_is_not_what_its_digest_says(mailbox: Mailbox) -> None:
    """A writer puts other content, or another size, under the digest of a piece of evidence.

    The engine works the digest out itself, and a digest that is there is not written a second time.
    """
    sql = (
        "INSERT INTO workbench.evidence (record, digest, media, size, content, desk) "
        "VALUES (%s, %s, 'text/plain', %s, %s, 'desk-will')"
    )
    digest = hashlib.sha256(b"a").hexdigest()
    mailbox.stopped(WRITER, sql, by=CHECKED, values=(RECORD, digest, 1, b"b"))
    mailbox.stopped(WRITER, sql, by=CHECKED, values=(RECORD, digest, 2, b"a"))
    mailbox.stopped(WRITER, sql, by=CHECKED, values=(RECORD, digest.upper(), 1, b"a"))
    mailbox.as_(WRITER).execute(sql, (RECORD, digest, 1, b"a"))
    mailbox.stopped(WRITER, sql, by=TAKEN, values=(RECORD, digest, 1, b"a"))


def test_evidence_and_heads_in_the_name_of_another(mailbox: Mailbox) -> None:
    """A writer sends evidence or a head in the name of another role's desk.

    The same rule as for packs: the desk has to belong to the role that sends.
    """
    evidence = (
        "INSERT INTO workbench.evidence (record, digest, media, size, content, desk) "
        f"VALUES ('{RECORD}', encode(sha256('a'), 'hex'), 'text/plain', 1, 'a', 'desk-walt')"
    )
    mailbox.stopped(WRITER, evidence, by=DENIED, says='"evidence_from_own_desk"')
    head = f"INSERT INTO workbench.head (record, number, desk, note) VALUES ('{RECORD}', 1, 'desk-walt', '')"
    mailbox.stopped(WRITER, head, by=DENIED, says='"head_from_own_desk"')
    for column, value in (("role", "'walt'"), ("sent_at", "'2001-01-01'")):
        forged = f"INSERT INTO workbench.head (record, number, desk, note, {column}) VALUES ('{RECORD}', 1, 'desk-will', '', {value})"
        mailbox.stopped(WRITER, forged, by=DENIED)


def test_a_desk_of_another_is_registered(mailbox: Mailbox) -> None:
    """A writer registers a desk that is another role's, takes it over, or one whose entries others have sent.

    A desk has one role; whose entries are here already can be given to a role by a keeper alone.
    """
    register = "INSERT INTO workbench.desk (record, desk) VALUES (%s, %s)"
    mailbox.stopped(WRITER, register, by=TAKEN, values=(RECORD, "desk-walt"))
    take = " ON CONFLICT (record, desk) DO UPDATE SET role = excluded.role"
    mailbox.stopped(WRITER, register + take, by=DENIED, values=(RECORD, "desk-walt"))
    mailbox.stopped(WRITER, "UPDATE workbench.desk SET role = 'will'", by=DENIED)
    mailbox.stopped(WRITER, "UPDATE workbench.desk SET desk = 'desk-walt'", by=DENIED)
    mailbox.stopped(
        WRITER, f"INSERT INTO workbench.desk (record, desk, role) VALUES ('{RECORD}', 'd', 'walt')", by=DENIED
    )
    mailbox.send(SECOND_WRITER, "desk-walt", writer="desk-of-a-file")
    mailbox.stopped(
        WRITER, register, by=DENIED, says='"desk_of_nobody_else"', values=(RECORD, "desk-of-a-file")
    )
    before = mailbox.all_rows()
    mailbox.as_(WRITER).execute("UPDATE workbench.desk SET left_at = now() WHERE desk <> 'desk-will'")
    assert mailbox.all_rows() == before


def test_a_desk_that_has_left_sends(mailbox: Mailbox) -> None:
    """A desk that has left goes on sending.

    It has to be said first that it is back, which everybody sees.
    """
    mailbox.as_(WRITER).execute("UPDATE workbench.desk SET left_at = now() WHERE desk = 'desk-will'")
    mailbox.unsent(WRITER, "desk-will", by=DENIED, says='"pack_from_own_desk"')


def test_a_writer_changes_what_was_sent(mailbox: Mailbox) -> None:
    """A writer changes, deletes or empties what it sent itself, by every statement that could.

    No group has UPDATE, DELETE or TRUNCATE on what was sent; a setting of the session opens nothing.
    """
    statements = (
        "UPDATE workbench.pack SET content = ''", "DELETE FROM workbench.pack", "TRUNCATE workbench.pack CASCADE",
        "WITH gone AS (DELETE FROM workbench.pack RETURNING 1) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM workbench.pack", "DO $$ BEGIN DELETE FROM workbench.pack; END $$",
        "DELETE FROM workbench.head", "DELETE FROM workbench.evidence", "UPDATE workbench.evidence SET content = ''",
        "DELETE FROM workbench.desk", "DELETE FROM workbench.member", "DELETE FROM workbench.record",
        "UPDATE workbench.ending SET number = 0", "DELETE FROM workbench.reached", "SELECT FROM workbench.ending",
        "INSERT INTO workbench.reached VALUES ('a', 'b', 1, '')", "UPDATE workbench.record SET moved_to = 'x'",
        "INSERT INTO workbench.purge (record, number, content) VALUES ('r', 1, '')",
        f"SELECT workbench.purge_pack('{RECORD}', 1, '')",
    )  # fmt: skip
    for statement in statements:
        mailbox.stopped(WRITER, "SET workbench.purging = 'yes'", statement, by=DENIED)


def test_objects_of_the_same_names_stand_in_the_way(mailbox: Mailbox) -> None:
    """A writer makes temporary tables, functions and operators with the names that triggers use, and sends.

    Functions of the schema have a fixed search path, and everything they use is named with its schema.
    """
    mailbox.as_(OWNER).execute("GRANT CREATE ON SCHEMA public TO will")
    connection = mailbox.as_(WRITER)
    connection.execute(
        "CREATE TEMP TABLE ending (record text, number bigint, chain bytea);"
        "CREATE TEMP TABLE mine (record text, writes boolean);"
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT 'forged'::bytea $$;"
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2001-01-01'::timestamptz $$;"
        "CREATE FUNCTION public.joined(bytea, bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT 'forged'::bytea $$;"
        "CREATE OPERATOR public.|| (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = public.joined);"
        "SET search_path = public, pg_temp, pg_catalog"
    )
    row = (RECORD, tip_of("desk-will", 1), tip_of("desk-will", 2), b"content")
    sql = (
        "INSERT INTO workbench.pack (record, desk, writer, first, last, follows, tip, content) "
        "VALUES (%s, 'desk-will', 'desk-will', 2, 2, %s, %s, %s) RETURNING digest, chain, sent_at > '2002-01-01'"
    )
    digest, chain, recent = connection.execute(sql, row).fetchone()
    assert (digest, recent) == (hashlib.sha256(b"content").digest(), True)
    assert chain == _chains(mailbox)[-1]


def test_two_desks_send_at_once(mailbox: Mailbox) -> None:
    """Two desks send at the same moment, so that both would get the same number, or a later one be seen first.

    The second waits until the first is decided, takes the next number, and the chain holds both.
    """
    first = mailbox.as_(WRITER)
    first.autocommit = False
    _append(first, "desk-will", 2, tip_of("desk-will", 1))
    second = mailbox.as_(SECOND_WRITER)
    thread = threading.Thread(target=_append, args=(second, "desk-walt", 1, b""))
    thread.start()
    wait_until(lambda: _is_waiting(mailbox, second.info.backend_pid), "the second desk")
    seen = mailbox.as_(READER).execute("SELECT max(number) FROM workbench.pack").fetchone()
    first.commit()
    thread.join()
    rows = mailbox.as_(READER).execute("SELECT number, desk FROM workbench.pack ORDER BY number").fetchall()
    assert (seen, rows[2:]) == ((2,), [(3, "desk-will"), (4, "desk-walt")])
    assert _chains(mailbox) == [
        row[0] for row in mailbox.as_(READER).execute("SELECT chain FROM workbench.pack ORDER BY number")
    ]


def test_many_desks_send_at_once(mailbox: Mailbox) -> None:
    """Many desks send as fast as they can, so that numbers come twice, are left out, or the chain breaks.

    Each waits for its turn: numbers follow one another, times too, and the chain is that of all contents in their order.
    """
    threads = [
        threading.Thread(target=_append_many, args=(mailbox, role, 20)) for role in (SECOND_WRITER, KEEPER)
    ]
    threads.append(threading.Thread(target=_append_many, args=(mailbox, SECOND_WRITER, 20, "desk-carried")))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = (
        mailbox.as_(READER)
        .execute("SELECT number, writer, first, chain, sent_at FROM workbench.pack ORDER BY number")
        .fetchall()
    )
    assert [row[0] for row in rows] == list(range(1, 63))
    for writer in ("desk-walt", "desk-kim", "desk-carried"):
        assert [row[2] for row in rows if row[1] == writer] == list(range(1, 21))
    assert [row[3] for row in rows] == _chains(mailbox)
    assert [row[4] for row in rows] == sorted(row[4] for row in rows)


def test_one_who_waits_is_dated_when_its_turn_comes(mailbox: Mailbox) -> None:
    """A pack that had to wait for another one is dated before it, so that the order in time is another one.

    The server's clock is read once the place is held.
    """
    first = mailbox.as_(WRITER)
    first.autocommit = False
    second = mailbox.as_(SECOND_WRITER)
    first.execute("SELECT FROM workbench.desk")
    _append(first, "desk-will", 2, tip_of("desk-will", 1))
    thread = threading.Thread(target=_append, args=(second, "desk-walt", 1, b""))
    thread.start()
    wait_until(lambda: _is_waiting(mailbox, second.info.backend_pid), "the second desk")
    _append(first, "desk-will", 3, tip_of("desk-will", 2))
    first.commit()
    thread.join()
    times = [
        row[0] for row in mailbox.as_(READER).execute("SELECT sent_at FROM workbench.pack ORDER BY number")
    ]
    assert len(times) == 5 and times == sorted(times)


def test_numbers_are_used_up_without_a_pack(mailbox: Mailbox) -> None:
    """A writer has triggers give out a number, and no row come of it: by a conflict that does nothing, or half a statement.

    Where a pack would conflict the trigger refuses it first, and whatever fails takes its number back with it.
    """
    values = f"('{RECORD}', 'desk-will', 'desk-will', 1, 1, '', sha256('a'), 'x')"
    follow = (
        f"('{RECORD}', 'desk-will', 'desk-will', 2, 2, '\\x{tip_of('desk-will', 1).hex()}', sha256('b'), 'x')"
    )
    insert = "INSERT INTO workbench.pack (record, desk, writer, first, last, follows, tip, content) VALUES "
    for ends in ("DO NOTHING", "(record, number) DO NOTHING", "(record, writer, first) DO NOTHING"):
        mailbox.stopped(WRITER, f"{insert} {values} ON CONFLICT {ends}", by=NOT_FOLLOWING)
    mailbox.stopped(WRITER, f"{insert} {follow}, {follow}", by=NOT_FOLLOWING)
    mailbox.stopped(
        WRITER,
        "BEGIN",
        "SAVEPOINT a",
        f"{insert} {follow}",
        "ROLLBACK TO a",
        f"{insert} {values}",
        by=NOT_FOLLOWING,
    )
    assert mailbox.send(WRITER, "desk-will")[0] == 3


def test_a_writer_makes_up_entries_of_a_desk_that_nobody_registered(mailbox: Mailbox) -> None:
    """A writer sends entries in the name of a desk that exchanges files only, and that no role has registered.

    It can, as it could by a file: they stand there with the role that sent them, and never speak for a person. A desk that registers first is safe.
    """
    assert mailbox.send(WRITER, "desk-will", writer="desk-of-a-file")[3] == WRITER
    mailbox.unsent(
        WRITER,
        "desk-will",
        writer="desk-of-a-file",
        signs=["petra"],
        by=DENIED,
        says='"pack_signs_for_oneself"',
    )
    mailbox.as_(SECOND_WRITER).execute(
        "INSERT INTO workbench.desk (record, desk) VALUES (%s, 'desk-new')", (RECORD,)
    )
    mailbox.unsent(WRITER, "desk-will", writer="desk-new", by=DENIED, says='"pack_of_nobody_else"')


def test_one_that_gives_up_leaves_no_gap(mailbox: Mailbox) -> None:
    """A writer sends and rolls back, again and again, so that numbers are missing.

    Numbers are taken from the row where the mailbox ends, which rolls back with the rest.
    """
    for _ in range(3):
        connection = mailbox.as_(WRITER)
        connection.autocommit = False
        _append(connection, "desk-will", 2, tip_of("desk-will", 1))
        connection.rollback()
    assert mailbox.send(SECOND_WRITER, "desk-walt")[0] == 3


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_writer_looks_at_an_older_state(level: str, mailbox: Mailbox) -> None:
    """A writer opens a transaction that keeps seeing an older state, and appends after others have.

    The engine refuses it: the row where the mailbox ends was changed meanwhile.
    """
    connection = mailbox.as_(WRITER)
    connection.execute(f"BEGIN ISOLATION LEVEL {level}".encode())
    connection.execute("SELECT count(*) FROM workbench.pack")
    mailbox.send(SECOND_WRITER, "desk-walt")
    with pytest.raises(psycopg.errors.SerializationFailure):
        _append(connection, "desk-will", 2, tip_of("desk-will", 1))
    assert len(mailbox.all_rows()["pack"]) == 3


def test_a_writer_keeps_everybody_waiting(mailbox: Mailbox) -> None:
    """A writer appends, does not commit, and so holds the place where others have to append.

    It cannot be prevented by rules; others give up after their own time, lose nothing, and see which role it is.
    """
    holding = mailbox.as_(WRITER)
    holding.autocommit = False
    _append(holding, "desk-will", 2, tip_of("desk-will", 1))
    other = mailbox.as_(SECOND_WRITER)
    other.execute("SET lock_timeout = '1ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        _append(other, "desk-walt", 1, b"")
    who = (
        "SELECT a.usename FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.granted "
        "AND l.locktype = 'relation' AND l.relation = 'workbench.pack'::regclass AND l.mode = 'RowExclusiveLock'"
    )
    assert mailbox.as_(SECOND_WRITER).execute(who).fetchall() == [("will",)]
    holding.rollback()
    assert mailbox.send(SECOND_WRITER, "desk-walt")[0] == 3


def test_a_writer_leaves_a_prepared_transaction(mailbox: Mailbox) -> None:
    """A writer appends, prepares the transaction for a second phase, and leaves, so that the place stays held with no session to end.

    PostgreSQL prepares no transactions unless its administrator allows them, and the workbench needs none.
    """
    connection = mailbox.as_(WRITER)
    connection.autocommit = False
    _append(connection, "desk-will", 2, tip_of("desk-will", 1))
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("PREPARE TRANSACTION 'held'")
    assert caught.value.sqlstate == "55000"
    connection.rollback()
    assert mailbox.send(SECOND_WRITER, "desk-walt")[0] == 3


def test_rows_are_copied_in(mailbox: Mailbox) -> None:
    """A writer copies rows into the table of packs, a way in that rules for rows might not look at.

    The engine copies nothing into a table whose rows are under rules, unless its owner does; that one meets the triggers.
    """
    columns = "record, desk, writer, first, last, follows, tip, content"
    for role in (WRITER, SIGNER, KEEPER):
        mailbox.stopped(
            role, f"COPY workbench.pack ({columns}) FROM STDIN", by="0A000", says="row-level security"
        )


def test_a_mailbox_that_was_closed(mailbox: Mailbox) -> None:
    """A desk sends to a mailbox after the record was moved to another server, or a keeper opens it again.

    A closed mailbox takes nothing more, and stays closed.
    """
    keeper = mailbox.as_(KEEPER)
    keeper.execute("UPDATE workbench.record SET moved_to = 'postgresql://elsewhere/team'")
    mailbox.unsent(WRITER, "desk-will", by=MOVED, says="was moved")
    mailbox.stopped(KEEPER, "UPDATE workbench.record SET moved_to = NULL", by=KEPT)
    mailbox.stopped(KEEPER, "UPDATE workbench.record SET moved_to = 'postgresql://another/team'", by=KEPT)
    mailbox.stopped(KEEPER, "UPDATE workbench.record SET mailbox = 'another'", by=DENIED)


def test_a_pack_is_sent_while_the_mailbox_is_closed(mailbox: Mailbox) -> None:
    """A pack is on its way while a keeper closes the mailbox, so that it would lie where nobody looks any more.

    Closing waits for what is being sent; what comes after it is refused.
    """
    sending = mailbox.as_(WRITER)
    sending.autocommit = False
    _append(sending, "desk-will", 2, tip_of("desk-will", 1))
    closing = mailbox.as_(KEEPER)
    thread = threading.Thread(
        target=closing.execute, args=("UPDATE workbench.record SET moved_to = 'elsewhere'",)
    )
    thread.start()
    wait_until(lambda: _is_waiting(mailbox, closing.info.backend_pid), "closing")
    sending.commit()
    thread.join()
    assert len(mailbox.all_rows()["pack"]) == 3
    mailbox.unsent(SECOND_WRITER, "desk-walt", by=MOVED)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize(
    "meanwhile",
    [
        f"UPDATE workbench.record SET moved_to = 'elsewhere' WHERE record = '{RECORD}'",
        removing("will"),
    ],
    ids=["closed", "removed"],
)
def test_a_writer_appends_from_before_an_end(meanwhile: str, level: str, mailbox: Mailbox) -> None:
    """A writer looks at an older state, waits until the mailbox is closed or its own right is taken away, and appends then.

    Both change the row where the mailbox ends, so that the engine refuses whoever looks at an older one.
    """
    connection = mailbox.as_(WRITER)
    connection.execute(f"BEGIN ISOLATION LEVEL {level}".encode())
    connection.execute("SELECT count(*) FROM workbench.pack")
    mailbox.as_(KEEPER).execute(meanwhile.encode())
    with pytest.raises(psycopg.errors.SerializationFailure):
        _append(connection, "desk-will", 2, tip_of("desk-will", 1))
    assert len(mailbox.all_rows()["pack"]) == 2


# --- keepers ----------------------------------------------------------------------------------------------------------


def test_a_keeper_changes_what_was_sent(mailbox: Mailbox) -> None:
    """A keeper changes or deletes a pack, evidence or a head by a plain statement.

    Keepers have no such right either; a purge alone replaces content.
    """
    for statement in (
        "UPDATE workbench.pack SET content = ''", "DELETE FROM workbench.pack", "TRUNCATE workbench.pack CASCADE",
        "UPDATE workbench.evidence SET purged = true", "DELETE FROM workbench.head", "DELETE FROM workbench.purge",
        "DELETE FROM workbench.desk", "DELETE FROM workbench.record", "UPDATE workbench.member SET may = 'keeper'",
        "DELETE FROM workbench.member", "DELETE FROM workbench.member WHERE role = 'rita'", "DELETE FROM workbench.removal",
        "UPDATE workbench.removal SET role = 'will'", "TRUNCATE workbench.removal", "DELETE FROM workbench.mine",
        "UPDATE workbench.mine SET may = 'signer'", "UPDATE workbench.about SET works_with = 99",
    ):  # fmt: skip
        mailbox.stopped(KEEPER, statement, by=DENIED)


def test_a_purge_in_secret(mailbox: Mailbox) -> None:
    """A keeper purges a pack to make others believe that something else was sent, or that nothing was purged.

    Digest and chain stay those of what was sent, the pack is marked, and who purged it stands where all members read it.
    """
    before = (
        mailbox.as_(READER)
        .execute("SELECT digest, chain, sent_at, tip FROM workbench.pack WHERE number = 1")
        .fetchall()
    )
    mailbox.as_(KEEPER).execute("SELECT workbench.purge_pack(%s, 1, %b)", (RECORD, b"cleaned"))
    reader = mailbox.as_(READER)
    after = reader.execute(
        "SELECT digest, chain, sent_at, tip FROM workbench.pack WHERE number = 1"
    ).fetchall()
    assert after == before
    assert reader.execute("SELECT content, purged FROM workbench.pack WHERE number = 1").fetchall() == [
        (b"cleaned", True)
    ]
    assert reader.execute("SELECT number, content, role FROM workbench.purge").fetchall() == [
        (1, None, KEEPER)
    ]
    for column, value in (("role", "'will'"), ("purged_at", "'2001-01-01'")):
        forged = f"INSERT INTO workbench.purge (record, number, content, {column}) VALUES ('{RECORD}', 2, '', {value})"
        mailbox.stopped(KEEPER, forged, by=DENIED)


def test_a_purge_of_nothing(mailbox: Mailbox) -> None:
    """A keeper purges what is not there, or a pack and a piece of evidence at once.

    A purge names one thing that exists.
    """
    mailbox.stopped(KEEPER, f"SELECT workbench.purge_pack('{RECORD}', 99, '')", by="WB005")
    mailbox.stopped(KEEPER, f"SELECT workbench.purge_evidence('{RECORD}', repeat('a', 64))", by="WB005")
    both = f"INSERT INTO workbench.purge (record, number, digest) VALUES ('{RECORD}', 1, '')"
    mailbox.stopped(KEEPER, both, by=CHECKED)


def test_a_keeper_signs_for_others(mailbox: Mailbox) -> None:
    """A keeper sends entries of its own desk that speak for another person.

    A keeper carries what others wrote; at its own desk it signs as nobody, unless it is a member as that person.
    """
    mailbox.unsent(KEEPER, "desk-kim", signs=["sina"], by=DENIED, says='"pack_signs_for_oneself"')
    mailbox.unsent(KEEPER, "desk-walt", by=DENIED, says='"pack_from_own_desk"')


def test_a_keeper_forges_who_let_somebody_in(mailbox: Mailbox) -> None:
    """A keeper lets a role in or removes one, in the name of another keeper or at another time, or is a keeper as a person.

    Who added or removed a member, and when, is the server's to say; what a row may mean is checked.
    """
    for column, value in (("added_by", "'sina'"), ("added_at", "'2001-01-01'")):
        sql = f"INSERT INTO workbench.member (record, role, may, {column}) VALUES ('{RECORD}', 'stan', 'reader', {value})"
        mailbox.stopped(KEEPER, sql, by=DENIED)
    for column, value in (("removed_by", "'sina'"), ("removed_at", "'2001-01-01'"), ("may", "'writer'")):
        sql = f"INSERT INTO workbench.removal (record, role, {column}) VALUES ('{RECORD}', 'rita', {value})"
        mailbox.stopped(KEEPER, sql, by=DENIED)
    for may, person in (("keeper", "sina"), ("signer", ""), ("owner", "")):
        sql = f"INSERT INTO workbench.member (record, role, person, may) VALUES ('{RECORD}', 'stan', '{person}', '{may}')"
        mailbox.stopped(KEEPER, sql, by=CHECKED)
    mailbox.stopped(
        KEEPER,
        "INSERT INTO workbench.record (record, project, mailbox, made_by) VALUES ('a', 'a', 'a', 'sina')",
        by=DENIED,
    )


def test_the_last_keeper_is_removed(mailbox: Mailbox) -> None:
    """The last keeper removes itself, so that nobody can let anybody in or out.

    The last one stays until there is another.
    """
    mailbox.stopped(KEEPER, removing(KEEPER), by="WB004", says="nobody else keeps")
    everybody = "INSERT INTO workbench.removal (record, role, person) SELECT record, role, person FROM workbench.member"
    mailbox.stopped(KEEPER, everybody, by="WB004")
    mailbox.stopped(OWNER, "DELETE FROM workbench.member WHERE role = 'kim'", by="WB004")


def test_two_keepers_remove_each_other(mailbox: Mailbox) -> None:
    """Two keepers remove each other at the same moment, so that none is left.

    The second waits for the first, and then is the last one.
    """
    mailbox.as_(KEEPER).execute(
        "INSERT INTO workbench.member (record, role, may) VALUES (%s, 'greta', 'keeper')", (RECORD,)
    )
    first, second = mailbox.as_(KEEPER), mailbox.as_("greta")
    first.autocommit = False
    first.execute(removing("greta").encode())
    refused: list[Exception] = []
    thread = threading.Thread(target=_tried, args=(second, removing(KEEPER), refused))
    thread.start()
    wait_until(lambda: _is_waiting(mailbox, second.info.backend_pid), "the other keeper")
    first.commit()
    thread.join()
    assert [getattr(error, "sqlstate", None) for error in refused] == ["WB004"]
    keepers = mailbox.as_(READER).execute(
        "SELECT role FROM workbench.member WHERE may = 'keeper' AND record = %s", (RECORD,)
    )
    assert keepers.fetchall() == [(KEEPER,)]


def test_a_keeper_makes_a_keeper_of_the_group(mailbox: Mailbox) -> None:
    """A keeper puts a role into the group of keepers without having been given that right.

    Keepers may put roles into the groups of readers, writers and signers; the group of keepers needs more.
    """
    mailbox.stopped(KEEPER, "GRANT workbench_keeper TO stan", by=DENIED)
    mailbox.as_(KEEPER).execute("GRANT workbench_reader TO stan")
    try:
        assert mailbox.as_(STRANGER).execute("SELECT * FROM workbench.pack").fetchall() == []
    finally:
        # From PostgreSQL 16 on, who gave the group has to take it away.
        mailbox.as_(KEEPER).execute("REVOKE workbench_reader FROM stan")


def test_a_keeper_takes_roles_out_of_groups(mailbox: Mailbox) -> None:
    """A role in the group of keepers takes roles out of the other groups, or one group out of another, so that others cannot work.

    From PostgreSQL 16 on only those that keepers put there. Before that it cannot be prevented: it opens nothing, and the script of the groups puts them right again.
    """
    connection = mailbox.as_(GROUPED)
    newer = connection.info.server_version >= 160000
    for group, out in (
        ("workbench_writer", WRITER),
        ("workbench_writer", "workbench_signer"),
        ("workbench_signer", "workbench_keeper"),
    ):
        with connection.transaction(force_rollback=True):
            connection.execute(f"REVOKE {group} FROM {out}".encode())
            assert _is_in(connection, group, out) == newer
    mailbox.as_(KEEPER).execute("GRANT workbench_reader TO stan")
    connection.execute("REVOKE workbench_reader FROM stan")
    assert not _is_in(connection, "workbench_reader", STRANGER)
    again = mailbox.as_(OWNER)
    with again.transaction(force_rollback=True):
        before = again.execute(_GROUPS).fetchall()
        again.execute("SET LOCAL SESSION AUTHORIZATION greta")
        again.execute("REVOKE workbench_writer FROM workbench_signer, workbench_keeper")
        again.execute("REVOKE ADMIN OPTION FOR workbench_signer FROM workbench_keeper")
        again.execute("RESET SESSION AUTHORIZATION")
        assert (again.execute(_GROUPS).fetchall() == before) == newer
        again.execute(groups().encode())
        assert again.execute(_GROUPS).fetchall() == before


def test_a_keeper_keeps_what_it_gave_itself(mailbox: Mailbox) -> None:
    """A role in the group of keepers gives itself the other groups, with the right to give them on, and is then put out of that of keepers.

    It cannot be prevented, and opens no record, which needs an entry there; the administrator takes those groups from it, too.
    """
    connection = mailbox.as_(OWNER)
    three = "workbench_reader, workbench_writer, workbench_signer"
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL SESSION AUTHORIZATION greta")
        connection.execute(f"GRANT {three} TO greta WITH ADMIN OPTION".encode())
        connection.execute("RESET SESSION AUTHORIZATION; REVOKE workbench_keeper FROM greta")
        connection.execute("SET LOCAL SESSION AUTHORIZATION greta; GRANT workbench_writer TO stan")
        assert connection.execute("SELECT FROM workbench.pack").fetchall() == []
        for table in ("record", "member", "removal", "purge"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"INSERT INTO workbench.{table} (record) VALUES ('{RECORD}')".encode())
        connection.execute("SET LOCAL SESSION AUTHORIZATION stan")
        assert connection.execute("SELECT FROM workbench.pack").fetchall() == []
        connection.execute("RESET SESSION AUTHORIZATION")
        by = " GRANTED BY workbench_keeper" if connection.info.server_version >= 160000 else ""
        connection.execute(f"REVOKE {three} FROM greta{by} CASCADE".encode())
        assert not any(_is_in(connection, group, GROUPED) for group in three.split(", "))


def test_a_role_drops_what_its_group_was_given(mailbox: Mailbox) -> None:
    """A role drops all that its group owns or was given, so that nobody in it can work, or alters, renames or drops the group.

    Nobody takes away a right that it could not give; only an administrator alters roles.
    """
    before = mailbox.as_(OWNER).execute(_GIVEN).fetchall()
    for role, group in ((READER, "reader"), (WRITER, "writer"), (SIGNER, "signer"), (KEEPER, "keeper")):
        mailbox.as_(role).execute(f"DROP OWNED BY workbench_{group}".encode())
        mailbox.as_(role).execute(f"REASSIGN OWNED BY workbench_{group} TO {role}".encode())
        assert mailbox.as_(OWNER).execute(_GIVEN).fetchall() == before
        for statement in (
            "DROP ROLE workbench_{}", "ALTER ROLE workbench_{} RENAME TO x", "ALTER ROLE workbench_{} LOGIN NOINHERIT",
            "ALTER ROLE workbench_{} SET search_path = pg_temp", "GRANT workbench_keeper TO workbench_{}",
        ):  # fmt: skip
            mailbox.stopped(role, statement.format(group), by=DENIED)


def test_a_keeper_of_another_record(mailbox: Mailbox) -> None:
    """A keeper of another record, who may read this one, does here what keepers do.

    Rights are given record by record.
    """
    for statement in (
        f"INSERT INTO workbench.member (record, role, may) VALUES ('{RECORD}', 'elsa', 'keeper')",
        f"SELECT workbench.purge_pack('{RECORD}', 1, '')",
        f"INSERT INTO workbench.removal (record, role) VALUES ('{RECORD}', '{READER}')",
        removing(KEEPER),
        f"DELETE FROM workbench.member WHERE record = '{RECORD}'",
        f"INSERT INTO workbench.desk (record, desk) VALUES ('{RECORD}', 'desk-elsa')",
    ):
        mailbox.stopped(ELSEWHERE, statement, by=DENIED)
    mailbox.unsent(ELSEWHERE, "desk-elsa", by=DENIED)
    before = mailbox.all_rows()
    for statement in (
        f"UPDATE workbench.record SET moved_to = 'x' WHERE record = '{RECORD}'",
        f"UPDATE workbench.desk SET role = 'elsa' WHERE record = '{RECORD}'",
    ):
        assert mailbox.as_(ELSEWHERE).execute(statement.encode()).rowcount == 0
    assert mailbox.all_rows() == before


def test_a_record_is_begun_under_a_name_that_is_taken(mailbox: Mailbox) -> None:
    """A keeper of another record begins a mailbox for this record, to be asked in its place.

    A record is on a server once.
    """
    sql = "INSERT INTO workbench.record (record, project, mailbox) VALUES (%s, 'shop', 'another')"
    mailbox.stopped(ELSEWHERE, sql, by=TAKEN, values=(RECORD,))


def test_rights_that_were_removed_end_at_once(mailbox: Mailbox) -> None:
    """A role goes on reading and sending over a connection that it opened before it was removed.

    Each statement asks anew who is a member, and which groups the role is in.
    """
    connection = mailbox.as_(WRITER)
    assert len(connection.execute("SELECT FROM workbench.pack").fetchall()) == 2
    mailbox.as_(KEEPER).execute(removing("will").encode())
    assert connection.execute("SELECT FROM workbench.pack").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="may not write"):
        _append(connection, "desk-will", 2, tip_of("desk-will", 1))


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_keeper_removes_the_last_one_from_an_older_state(level: str, mailbox: Mailbox) -> None:
    """A keeper looks at a state in which there are two, waits until one is removed, and removes the other.

    Whoever looks at an older state than the last removal is refused by the engine.
    """
    mailbox.as_(KEEPER).execute(
        "INSERT INTO workbench.member (record, role, may) VALUES (%s, 'greta', 'keeper')", (RECORD,)
    )
    older = mailbox.as_(KEEPER)
    older.execute(f"BEGIN ISOLATION LEVEL {level}".encode())
    older.execute("SELECT count(*) FROM workbench.member")
    mailbox.as_(KEEPER).execute(removing("greta").encode())
    with pytest.raises(psycopg.errors.SerializationFailure):
        older.execute(removing(KEEPER).encode())


# Which group is in which, and what each was given in this database: on tables, columns, functions and the schema.
_GROUPS = (
    "SELECT roleid::regrole::text, member::regrole::text, bool_or(admin_option) FROM pg_auth_members "
    "WHERE member::regrole::text LIKE 'workbench_%' GROUP BY 1, 2 ORDER BY 1, 2"
)
_GIVEN = (
    "SELECT c.relname, a.grantee, a.privilege_type, '' FROM pg_class c, aclexplode(c.relacl) a "
    "WHERE c.relnamespace = 'workbench'::regnamespace UNION "
    "SELECT c.relname, a.grantee, a.privilege_type, t.attname FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, "
    "aclexplode(t.attacl) a WHERE c.relnamespace = 'workbench'::regnamespace UNION "
    "SELECT p.proname, a.grantee, a.privilege_type, '' FROM pg_proc p, aclexplode(p.proacl) a "
    "WHERE p.pronamespace = 'workbench'::regnamespace UNION "
    "SELECT n.nspname, a.grantee, a.privilege_type, '' FROM pg_namespace n, aclexplode(n.nspacl) a "
    "WHERE n.nspname = 'workbench' ORDER BY 1, 2, 3, 4"
)


def _is_in(connection: Any, group: str, role: str) -> bool:
    sql = "SELECT EXISTS (SELECT FROM pg_auth_members WHERE roleid = %s::regrole AND member = %s::regrole)"
    return bool(connection.execute(sql, (group, role)).fetchone()[0])


def _tried(connection: Any, sql: str, refused: list[Exception]) -> None:
    try:
        connection.execute(sql)
    except psycopg.Error as error:
        refused.append(error)


def _append_many(mailbox: Mailbox, role: str, count: int, writer: str = "") -> None:
    with psycopg.connect(mailbox.url(role), autocommit=True) as connection:
        name = writer or f"desk-{role}"
        for place in range(1, count + 1):
            follows = tip_of(name, place - 1) if place > 1 else b""
            _append(connection, f"desk-{role}", place, follows, name)


def _append(connection: Any, desk: str, place: int, follows: bytes, writer: str = "") -> None:
    writer = writer or desk
    connection.execute(
        "INSERT INTO workbench.pack (record, desk, writer, first, last, follows, tip, content) "
        "VALUES (%s, %s, %s, %s, %s, %b, %b, %b)",
        (RECORD, desk, writer, place, place, follows, tip_of(writer, place), b"content of " + desk.encode()),
    )


def _is_waiting(mailbox: Mailbox, pid: int) -> bool:
    with psycopg.connect(mailbox.server.url(mailbox.database, user=OWNER), autocommit=True) as looking:
        sql = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
        return looking.execute(sql, (pid,)).fetchone() == (True,)


def _chains(mailbox: Mailbox) -> list[bytes]:
    """The chain after each pack, worked out from the contents."""
    chain, found = bytes(32), []
    for (content,) in mailbox.as_(READER).execute("SELECT content FROM workbench.pack ORDER BY number"):
        chain = hashlib.sha256(chain + hashlib.sha256(content).digest()).digest()
        found.append(chain)
    return found
