"""Attacks on a shared record by roles that may log in to its database, and by those who may only read it."""

from __future__ import annotations

import psycopg
import pytest
from tests.real.mailbox import ELSEWHERE, GROUPED, OTHER, READER, RECORD, STRANGER, WRITER, Mailbox, tip_of
from tests.real.postgresql import OWNER
from tests.real.rights import COLUMNS

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]

_TABLES = [
    "about",
    "record",
    "member",
    "desk",
    "pack",
    "ending",
    "reached",
    "evidence",
    "head",
    "purge",
    "removal",
    "mine",
    "reach",
]
_OF_RECORDS = [
    table for table in _TABLES if table not in ("about", "ending", "reached")
]  # what a member sees rows of
DENIED = "42501"


def test_a_stranger_reads_a_table(mailbox: Mailbox) -> None:
    """Any other login of the database reads a table or a view of the shared record.

    PUBLIC has no right at all on the schema, so that the engine refuses before it looks at any row.
    """
    for table in _TABLES:
        mailbox.stopped(STRANGER, f"SELECT * FROM workbench.{table}", by=DENIED, says="schema workbench")
    mailbox.stopped(STRANGER, "COPY workbench.pack TO STDOUT", by=DENIED)


def test_a_stranger_calls_a_function(mailbox: Mailbox) -> None:
    """Any other login calls a function of the schema, or lets a trigger of its own call one.

    PUBLIC may run none of them, and what runs with the owner's rights is a trigger, which nobody can call.
    """
    mailbox.stopped(STRANGER, f"SELECT workbench.purge_pack('{RECORD}', 1, '')", by=DENIED)
    mailbox.stopped(STRANGER, "SELECT workbench.number_pack()", by=DENIED)
    own = "CREATE TEMP TABLE mine (LIKE pg_class)"
    trigger = "CREATE TRIGGER t BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION workbench.{}()"
    for function in ("number_pack", "begin_record", "carry_out_purge", "remove_member"):
        mailbox.stopped(STRANGER, own, trigger.format(function), by=DENIED)
        mailbox.stopped(READER, own, trigger.format(function), by=DENIED)
    mailbox.stopped(READER, "SELECT workbench.number_pack()", by=DENIED)


def test_a_member_of_nothing_looks_around(mailbox: Mailbox) -> None:
    """A role in the group of keepers that is a member of no record reads every table.

    Rules for rows show a record to its members alone: it gets no row of any.
    """
    for table in _OF_RECORDS:
        assert mailbox.as_(GROUPED).execute(f"SELECT * FROM workbench.{table}".encode()).fetchall() == []


def test_a_member_of_nothing_asks_where_a_desk_ends(mailbox: Mailbox) -> None:
    """A role that is no member sends a pack with a guessed number, to learn from the answer how far a desk is.

    Whether it is a member is asked first, and the answer is the same whatever it guesses.
    """
    for first, follows in ((1, b""), (2, tip_of("desk-will", 1)), (9, b"")):
        said = mailbox.unsent(
            GROUPED, "desk-will", first=first, last=first, follows=follows, by=DENIED, says="may not write"
        )
        assert "entry" not in said


def test_a_member_of_another_record_reads_this_one(mailbox: Mailbox) -> None:
    """A keeper of one record reads the packs of another record in the same database.

    What a group may do counts only for records of which the role is a member.
    """
    mailbox.as_(OWNER).execute("DELETE FROM workbench.member WHERE role = 'elsa' AND may = 'reader'")
    rows = mailbox.as_(ELSEWHERE).execute("SELECT DISTINCT record FROM workbench.record").fetchall()
    assert rows == [(OTHER,)]
    for table in ("pack", "desk", "member", "reach"):
        asked = f"SELECT * FROM workbench.{table} WHERE record = '{RECORD}'"
        assert mailbox.as_(ELSEWHERE).execute(asked.encode()).fetchall() == []


def test_rules_for_rows_are_switched_off(mailbox: Mailbox) -> None:
    """A reader switches the rules for rows off for its session, or on the table, and reads another record.

    With the rules off the engine answers nothing to a role that is under them, and only the owner can alter a table.
    """
    mailbox.stopped(
        READER, "SET row_security = off", "SELECT * FROM workbench.pack", by=DENIED, says="row-level security"
    )
    for table in ("pack", "member", "ending"):
        mailbox.stopped(READER, f"ALTER TABLE workbench.{table} DISABLE ROW LEVEL SECURITY", by=DENIED)
        mailbox.stopped(READER, f"CREATE POLICY all_of_it ON workbench.{table} USING (true)", by=DENIED)
    mailbox.stopped(READER, "DROP POLICY see ON workbench.pack", by=DENIED)


def test_a_function_in_a_query_tells_what_it_was_shown(mailbox: Mailbox) -> None:
    """A reader filters by a function of its own that is cheap and tells every row that it is shown.

    Rules for rows and views are barriers: such a function sees only rows that its role may see.
    """
    connection = mailbox.as_(ELSEWHERE)
    told: list[str] = []
    connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    mailbox.as_(OWNER).execute("DELETE FROM workbench.member WHERE role = 'elsa' AND may = 'reader'")
    connection.execute(
        "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS "
        "'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'"
    )
    for table in ("record", "member", "desk", "pack", "mine", "reach"):
        connection.execute(f"SELECT FROM workbench.{table} WHERE pg_temp.tell(record)".encode())
    assert set(told) == {OTHER}


def test_statistics_of_the_planner_are_read(mailbox: Mailbox) -> None:
    """A reader looks for rows of other records in the statistics that the planner keeps of columns.

    The engine shows no statistics of a table to a role that is under rules for its rows.
    """
    mailbox.as_(OWNER).execute("ANALYZE")
    asked = "SELECT count(*) FROM pg_stats WHERE schemaname = 'workbench' AND tablename <> 'about'"
    assert mailbox.as_(OWNER).execute(asked).fetchone() != (0,)
    assert mailbox.as_(READER).execute(asked).fetchone() == (0,)


def test_a_reader_takes_another_role(mailbox: Mailbox) -> None:
    """A reader sets its role to that of a keeper, of a group, or of the tables' owner.

    A role can only become one that it was made a member of; readers are members of the group of readers alone.
    """
    for role in ("kim", "workbench_keeper", "workbench_writer", "tessa", OWNER):
        mailbox.stopped(READER, f"SET ROLE {role}", by=DENIED)
        mailbox.stopped(READER, f"SET SESSION AUTHORIZATION {role}", by=DENIED)
    mailbox.stopped(READER, "GRANT workbench_keeper TO rita", by=DENIED)


def test_a_reader_makes_itself_a_writer(mailbox: Mailbox) -> None:
    """A reader raises its own right in the table of members, or in the view of its own rights.

    Readers have SELECT alone, on the view too, through which a row could otherwise be changed.
    """
    for target in ("member", "mine"):
        mailbox.stopped(READER, f"UPDATE workbench.{target} SET may = 'keeper'", by=DENIED)
        mailbox.stopped(
            READER,
            f"INSERT INTO workbench.{target} (record, person, may) VALUES ('{RECORD}', 'sina', 'signer')",
            by=DENIED,
        )
    mailbox.as_(OWNER).execute(
        "INSERT INTO workbench.member (record, role, person, may) VALUES (%s, 'rita', 'sina', 'signer')",
        (RECORD,),
    )
    rights = mailbox.as_(READER).execute("SELECT writes, signs, keeps FROM workbench.mine").fetchall()
    assert set(rights) == {(False, False, False)}


def test_a_reader_sends(mailbox: Mailbox) -> None:
    """A reader appends a pack, evidence or a head, registers a desk, or copies rows into a table.

    Readers have no INSERT on anything.
    """
    mailbox.unsent(READER, "desk-will", by=DENIED, says="permission denied")
    mailbox.stopped(READER, f"INSERT INTO workbench.desk (record, desk) VALUES ('{RECORD}', 'd')", by=DENIED)
    mailbox.stopped(
        READER,
        f"INSERT INTO workbench.head (record, number, desk, note) VALUES ('{RECORD}', 1, 'd', '')",
        by=DENIED,
    )
    for table in ("pack", "evidence", "member"):
        mailbox.stopped(READER, f"COPY workbench.{table} FROM STDIN", by=DENIED)


def test_files_and_programs_of_the_server(mailbox: Mailbox) -> None:
    """A reader copies packs into a file of the server, or into a program that the server starts.

    Only roles that may read and write the server's files can; no group has that right.
    """
    for target in ("'/tmp/packs'", "PROGRAM 'cat'"):
        mailbox.stopped(READER, f"COPY workbench.pack TO {target}", by=DENIED)


def test_a_reader_locks_what_others_write(mailbox: Mailbox) -> None:
    """A reader locks the tables, or rows of them, so that nobody else can send.

    A lock that stops writers needs a right to write, which readers do not have.
    """
    for mode in ("SHARE", "EXCLUSIVE", "ACCESS EXCLUSIVE"):
        mailbox.stopped(READER, "BEGIN", f"LOCK TABLE workbench.pack IN {mode} MODE", by=DENIED)
    for locks in ("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"):
        mailbox.stopped(READER, "BEGIN", f"SELECT FROM workbench.record FOR {locks}", by=DENIED)
    mailbox.stopped(READER, "SELECT FROM workbench.ending FOR UPDATE", by=DENIED)


def test_a_table_is_locked(mailbox: Mailbox) -> None:
    """A role in any group, member of a record or of none, locks a whole table or view, so that no record can be read or sent to.

    Such a lock needs UPDATE, DELETE or TRUNCATE on the whole table, which no group has on any, nor on a view.
    """
    modes = ("SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE")
    for role in COLUMNS:
        connection = mailbox.as_(role)
        for table in (*_TABLES, "ending", "reached"):
            for mode in modes:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(f"LOCK TABLE workbench.{table} IN {mode} MODE".encode())
    granted = (
        "SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'workbench'::regnamespace AND a.grantee <> c.relowner"
    )
    assert {right for _, right in mailbox.as_(OWNER).execute(granted)} == {"SELECT"}


def test_a_member_of_nothing_purges_or_removes(mailbox: Mailbox) -> None:
    """A role in the group of keepers that is a member of no record purges or removes, to learn what is there or to hold it.

    Whether it keeps the record is asked with its own rights first, and the answer is the same whatever it names.
    """
    asked = {
        mailbox.stopped(GROUPED, sql, by=DENIED, says="does not keep")
        for sql in (
            f"SELECT workbench.purge_pack('{RECORD}', 1, '')",
            f"SELECT workbench.purge_pack('{RECORD}', 99, '')",
            f"SELECT workbench.purge_evidence('{RECORD}', repeat('a', 64))",
            f"INSERT INTO workbench.removal (record, role) VALUES ('{RECORD}', 'rita')",
            f"INSERT INTO workbench.removal (record, role) VALUES ('{RECORD}', 'nobody')",
            "INSERT INTO workbench.removal (record, role) VALUES ('no-such-record', 'rita')",
        )
    }
    assert len({said.splitlines()[0] for said in asked}) == 1


def test_advisory_locks_are_held(mailbox: Mailbox) -> None:
    """Any login takes every advisory lock that it can think of, and holds them while a desk sends.

    Sending waits for the row where the mailbox ends, which nobody can lock, and for no advisory lock.
    """
    holding = mailbox.as_(STRANGER)
    for word in (RECORD, f"workbench.pack {RECORD}", "workbench", "pack"):
        holding.execute(
            "SELECT pg_advisory_lock(hashtextextended(%s, 0)), pg_advisory_lock(hashtext(%s))", (word, word)
        )
    for oid in ("pack", "record", "ending"):
        holding.execute("SELECT pg_advisory_lock(oid::bigint) FROM pg_class WHERE relname = %s", (oid,))
    assert mailbox.send(WRITER, "desk-will")[0] == 3


def test_another_session_is_ended(mailbox: Mailbox) -> None:
    """Any login ends the session of a desk that is sending, or cancels what it does.

    The engine lets a role end its own sessions alone.
    """
    sending = mailbox.as_(WRITER)
    for role in (STRANGER, READER):
        for ending in ("pg_terminate_backend", "pg_cancel_backend"):
            mailbox.stopped(role, f"SELECT {ending}({sending.info.backend_pid})", by=DENIED)
    assert sending.execute("SELECT 1").fetchone() == (1,)


def test_triggers_are_switched_off_for_a_session(mailbox: Mailbox) -> None:
    """A role sets its session to one in which no triggers run, as replication does.

    Only a superuser may.
    """
    for role in (STRANGER, READER, WRITER, "kim", "tessa"):
        mailbox.stopped(role, "SET session_replication_role = replica", by=DENIED)


def test_something_is_put_into_the_schema(mailbox: Mailbox) -> None:
    """A role makes a table, a view, a function or an operator in the schema of the shared record.

    No group may CREATE there, and PUBLIC may not even look something up in it.
    """
    for role in (STRANGER, READER, WRITER, "kim"):
        mailbox.stopped(role, "CREATE TABLE workbench.more (a int)", by=DENIED)
        mailbox.stopped(role, "CREATE VIEW workbench.more AS SELECT 1", by=DENIED)
        mailbox.stopped(
            role,
            "CREATE FUNCTION workbench.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
            by=DENIED,
        )


def test_objects_are_dropped_or_renamed(mailbox: Mailbox) -> None:
    """A role drops, renames or alters tables, triggers, functions or the schema, or gives rights on them.

    All of that is for the owner of the tables; no group owns any.
    """
    statements = (
        "DROP SCHEMA workbench CASCADE", "ALTER SCHEMA workbench RENAME TO mine", "DROP TABLE workbench.pack CASCADE",
        "ALTER TABLE workbench.pack RENAME TO old", "ALTER TABLE workbench.pack DISABLE TRIGGER ALL",
        "DROP TRIGGER keep_rows ON workbench.pack", "ALTER TABLE workbench.pack OWNER TO rita",
        "CREATE RULE r AS ON INSERT TO workbench.pack DO INSTEAD NOTHING", "DROP FUNCTION workbench.number_pack() CASCADE",
        "CREATE TRIGGER t BEFORE INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER FUNCTION workbench.number_pack() SECURITY INVOKER", "UPDATE workbench.about SET version = 99",
        "REINDEX TABLE workbench.pack", "CLUSTER workbench.pack USING pack_pkey", "COMMENT ON TABLE workbench.pack IS ''",
    )  # fmt: skip
    for role in (READER, "kim"):
        for statement in statements:
            mailbox.stopped(role, statement, by=DENIED)
        mailbox.as_(role).execute(
            "GRANT ALL ON workbench.pack TO PUBLIC"
        )  # a warning: the role has nothing to give
    mailbox.stopped(STRANGER, "SELECT FROM workbench.pack", by=DENIED)


def test_notifications_are_made_up(mailbox: Mailbox) -> None:
    """Any login sends notifications of packs that do not exist, thousands of them.

    A notification is a hint to look, and carries nothing: what a desk receives, it reads from the tables.
    """
    before = mailbox.all_rows()
    connection = mailbox.as_(STRANGER)
    connection.execute(
        f"SELECT pg_notify('workbench', '{RECORD} ' || n) FROM generate_series(1, 5000) n".encode()
    )
    assert mailbox.all_rows() == before
    with pytest.raises(psycopg.Error, match="payload string too long"):
        connection.execute("SELECT pg_notify('workbench', repeat('x', 9000))")


def test_a_stranger_listens(mailbox: Mailbox) -> None:
    """Any login of the database listens, to learn what is sent.

    It learns the id of a record and how many packs it has, and nothing of what they hold; who may connect at all, pg_hba.conf says.
    """
    listening = mailbox.as_(STRANGER)
    listening.execute("LISTEN workbench")
    mailbox.send(WRITER, "desk-will", content=b"something that nobody else may know")
    (heard,) = listening.notifies(timeout=60, stop_after=1)
    assert heard.payload == f"{RECORD} 3"


def test_something_is_hung_onto_a_table(mailbox: Mailbox) -> None:
    """A writer makes a table that inherits from that of the packs, refers to it, indexes it, or watches what is done to the database.

    Only the owner of a table can have others inherit from it or index it, and nobody was given the right to refer to it.
    """
    for role in (READER, WRITER, "kim"):
        mailbox.stopped(role, "CREATE TEMP TABLE more () INHERITS (workbench.pack)", by=DENIED)
        mailbox.stopped(role, "CREATE TEMP TABLE more (r text REFERENCES workbench.record)", by="42P16")
        mailbox.stopped(role, "CREATE INDEX more ON workbench.pack (sent_at)", by=DENIED)
        mailbox.stopped(role, "CREATE STATISTICS more ON record, desk FROM workbench.pack", by=DENIED)
        mailbox.stopped(
            role, "CREATE EVENT TRIGGER more ON sql_drop EXECUTE FUNCTION pg_catalog.now()", by=DENIED
        )
    mailbox.as_(OWNER).execute("GRANT CREATE ON SCHEMA public TO will")
    mailbox.stopped(WRITER, "CREATE TABLE public.more (r text REFERENCES workbench.record)", by=DENIED)
    mailbox.stopped(WRITER, "CREATE TABLE public.more () INHERITS (workbench.pack)", by=DENIED)


def test_a_view_of_ones_own_shows_more(mailbox: Mailbox) -> None:
    """A member makes a view of the packs and gives it to others, who are no members, to read.

    Rules for rows ask who is reading, through any view: whoever is no member gets no row.
    """
    mailbox.as_(OWNER).execute("GRANT CREATE, USAGE ON SCHEMA public TO will, stan")
    mailbox.as_(WRITER).execute(
        "CREATE VIEW public.packs AS SELECT * FROM workbench.pack; GRANT SELECT ON public.packs TO stan"
    )
    assert len(mailbox.as_(WRITER).execute("SELECT FROM public.packs").fetchall()) == 2
    assert mailbox.as_(STRANGER).execute("SELECT FROM public.packs").fetchall() == []
    mailbox.as_(WRITER).execute("GRANT SELECT ON public.packs TO greta")
    assert mailbox.as_(GROUPED).execute("SELECT FROM public.packs").fetchall() == []
