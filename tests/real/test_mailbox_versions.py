"""Versions of the tables on a real server: making them, bringing them up to date, desks of other versions."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.real.conftest import needs, wait_until
from tests.real.mailbox import KEEPER, PASSWORD, READER, RECORD, TABLES_OWNER, WRITER, Mailbox, make_roles
from tests.real.postgresql import OWNER, PostgreSQLServer, program

from workbench.mailbox import versions
from workbench.mailbox.addresses import read_address
from workbench.mailbox.errors import NoSharedRecord, ServerRefuses
from workbench.mailbox.server import Server, SharedRecord, connect, require_version
from workbench.mailbox.versions import Step
from workbench.usecases.sharing.administering import statements

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]

# What later versions could be: a column more, which older desks do not see, and one that they would not survive.
WIDER = Step(2, 1, "ALTER TABLE workbench.desk ADD COLUMN place text NOT NULL DEFAULT ''")
OTHER = Step(3, 3, "ALTER TABLE workbench.pack ADD COLUMN form integer NOT NULL DEFAULT 1;")
BROKEN = Step(4, 3, "CREATE TABLE workbench.more (a int); ALTER TABLE workbench.missing ADD COLUMN b int;")


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


def opened(mailbox: Mailbox, role: str) -> Server:
    return connect(read_address(f"postgresql://{role}@127.0.0.1:{mailbox.server.port}/{mailbox.database}"))


def test_tables_of_this_version_are_met_without_a_word(mailbox: Mailbox) -> None:
    with opened(mailbox, READER) as server:
        require_version(server)
        assert server.notes == ()


def test_older_desks_go_on_after_a_step_that_they_survive_and_are_told(mailbox: Mailbox) -> None:
    with opened(mailbox, TABLES_OWNER) as server:
        assert versions.upgrade(server.connection, "", (WIDER,)) == [2]
        assert versions.upgrade(server.connection, "", (WIDER,)) == []
    with opened(mailbox, WRITER) as server:
        require_version(server)
        (told,) = server.notes
        assert "newer (2)" in told and "update this workbench" in told
        server.add_desk(RECORD, "another-desk", "walt")
    assert mailbox.send(WRITER, f"desk-{WRITER}")[0] == 3


def test_older_desks_are_refused_after_a_step_that_they_do_not_survive(mailbox: Mailbox) -> None:
    with opened(mailbox, TABLES_OWNER) as server:
        assert versions.upgrade(server.connection, "", (WIDER, OTHER)) == [2, 3]
    with (
        opened(mailbox, WRITER) as server,
        pytest.raises(ServerRefuses, match="need a workbench for version 3"),
    ):
        require_version(server)


def test_a_step_that_fails_leaves_everything_as_it_was(mailbox: Mailbox) -> None:
    with opened(mailbox, TABLES_OWNER) as server, pytest.raises(psycopg.errors.UndefinedTable):
        versions.upgrade(server.connection, "", (WIDER, OTHER, BROKEN))
    with opened(mailbox, READER) as server:
        assert server.version() == (1, 1)
    assert mailbox.as_(OWNER).execute("SELECT to_regclass('workbench.more')").fetchone() == (None,)


def test_a_newer_desk_works_with_older_tables_and_says_so() -> None:
    note = versions.standing(1, 1, "", own=3, oldest=1)
    assert note is not None and "older (1)" in note and "share --upgrade" in note
    with pytest.raises(ServerRefuses, match="needs 2 at least"):
        versions.standing(1, 1, "", own=3, oldest=2)


def test_only_the_owner_of_the_tables_brings_them_up_to_date(mailbox: Mailbox) -> None:
    for role in (WRITER, KEEPER):
        with opened(mailbox, role) as server, pytest.raises(ServerRefuses, match=TABLES_OWNER) as caught:
            versions.upgrade(server.connection, server.address.shown, (WIDER,))
        assert "--sql" in str(caught.value.hint)


def test_two_who_upgrade_at_once_take_each_step_once(mailbox: Mailbox) -> None:
    first, second = opened(mailbox, TABLES_OWNER), opened(mailbox, TABLES_OWNER)
    done: list[list[int]] = []
    with first, second:
        with first.connection.transaction():
            assert versions.upgrade(first.connection, "", (WIDER,)) == [2]
            thread = threading.Thread(
                target=lambda: done.append(versions.upgrade(second.connection, "", (WIDER,)))
            )
            thread.start()
            wait_until(lambda: _waits(mailbox, second), "the second who upgrades")
        thread.join()
    assert done == [[]]


def _waits(mailbox: Mailbox, server: Server) -> bool:
    with psycopg.connect(mailbox.server.url(mailbox.database, user=OWNER), autocommit=True) as looking:
        sql = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
        return looking.execute(sql, (server.connection.info.backend_pid,)).fetchone() == (True,)


def test_the_server_itself_is_new_enough() -> None:
    versions.check_engine(130_000, "")
    versions.check_engine(170_002, "")
    with pytest.raises(ServerRefuses, match="PostgreSQL 12, and 13 is the oldest"):
        versions.check_engine(120_015, "")


# --- a database without tables ----------------------------------------------------------------------------


@pytest.fixture
def empty(postgresql: PostgreSQLServer) -> Iterator[Mailbox]:
    make_roles(postgresql)
    postgresql.database("mailbox_empty", "")
    box = Mailbox(postgresql, "mailbox_empty")
    yield box
    box.close()


def test_a_database_that_holds_something_else(empty: Mailbox) -> None:
    with opened(empty, READER) as server, pytest.raises(NoSharedRecord):
        require_version(server)
    empty.as_(OWNER).execute("CREATE SCHEMA workbench; GRANT USAGE ON SCHEMA workbench TO rita")
    with opened(empty, READER) as server, pytest.raises(ServerRefuses, match="not of a shared record"):
        require_version(server)
    empty.as_(OWNER).execute("REVOKE USAGE ON SCHEMA workbench FROM rita")
    with opened(empty, READER) as server, pytest.raises(ServerRefuses, match="not of a shared record"):
        require_version(server)


def test_who_may_not_make_tables_is_told_what_an_administrator_runs(empty: Mailbox) -> None:
    with (
        opened(empty, KEEPER) as server,
        pytest.raises(ServerRefuses, match="may not make the tables") as caught,
    ):
        server.make_schema()
    assert "share --sql" in str(caught.value.hint)
    with opened(empty, KEEPER) as server:
        assert server.version() is None


def test_what_an_administrator_runs_makes_all_of_it(empty: Mailbox, tmp_path: Path) -> None:
    needs(bool(program("psql") or shutil.which("psql")), "psql")
    text = statements(role='odd "role"')
    empty.as_(OWNER).execute(f'CREATE ROLE "odd ""role""" LOGIN PASSWORD \'{PASSWORD}\''.encode())
    _psql(empty, text, tmp_path)
    with connect(
        read_address(f"postgresql://odd%20%22role%22@127.0.0.1:{empty.server.port}/{empty.database}")
    ) as server:
        require_version(server)
        server.add_record(SharedRecord("a-record", "shop", "a-box", None))
        server.add_member("a-record", "rita", may="reader")
        assert [one.record for one in server.records()] == ["a-record"]
    assert "already exists" in _psql(empty, text, tmp_path, fails=True)  # a second time changes nothing


def _psql(box: Mailbox, text: str, folder: Path, *, fails: bool = False) -> str:
    file = folder / "share.sql"
    file.write_text(text)
    url = box.server.url(box.database, user=OWNER)
    done = subprocess.run(
        [program("psql"), "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname", url, "--file", str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode != 0) == fails, done.stderr
    return done.stderr
