"""What a real server refuses or cannot do, in words with what to do; and what kind of error each is."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from tests.real.mailbox import (
    ELSEWHERE,
    KEEPER,
    PASSWORD,
    READER,
    RECORD,
    SIGNER,
    STRANGER,
    WRITER,
    Mailbox,
    removing,
    tip_of,
)
from tests.real.postgresql import OWNER, PostgreSQLServer

from workbench.mailbox import errors
from workbench.mailbox.addresses import read_address
from workbench.mailbox.errors import (
    DoesNotFollow,
    NoSharedRecord,
    RecordMovedAway,
    ServerBusy,
    ServerFull,
    ServerReadOnly,
    ServerRefuses,
    ServerUnavailable,
)
from workbench.mailbox.server import NewPack, Server, connect
from workbench.model.errors import WorkbenchError

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


def opened(mailbox: Mailbox, role: str) -> Server:
    return connect(read_address(f"postgresql://{role}@127.0.0.1:{mailbox.server.port}/{mailbox.database}"))


def pack(
    desk: str, *, writer: str = "", first: int = 2, signs: tuple[str, ...] = (), content: bytes = b"x"
) -> NewPack:
    writer = writer or desk
    follows = tip_of(writer, first - 1) if first > 1 else b""
    return NewPack(desk, writer, first, first, follows, tip_of(writer, first), list(signs), content)


def told(mailbox: Mailbox, role: str, one: NewPack) -> WorkbenchError:
    with opened(mailbox, role) as server, pytest.raises(WorkbenchError) as caught:
        server.post(RECORD, one)
    error = caught.value
    assert error.hint and error.where and "\n" not in error.what
    assert PASSWORD not in str(error)
    return error


@pytest.mark.parametrize(
    ("role", "one", "kind", "says"),
    [
        (WRITER, pack("desk-walt", first=1), ServerRefuses, "belongs to another role"),
        (
            WRITER,
            pack("desk-will", writer="desk-sina"),
            ServerRefuses,
            "another role's desk, which that role sends",
        ),
        (WRITER, pack("desk-will", signs=("sina",)), ServerRefuses, "your role may not sign for them"),
        (SIGNER, pack("desk-sina", signs=("petra",)), ServerRefuses, "your role may not sign for them"),
        (WRITER, pack("desk-will", first=9), DoesNotFollow, "do not follow entry 1 of that desk"),
        (WRITER, pack("desk-will", content=bytes(16 * 2**20 + 1)), ServerRefuses, "does not take this"),
        (READER, pack("desk-will"), ServerRefuses, "does not have the right"),
        (STRANGER, pack("desk-will"), ServerRefuses, "does not have the right"),
        (ELSEWHERE, pack("desk-elsa", first=1), ServerRefuses, "may not write to that record"),
    ],
)
def test_what_a_server_refuses_of_a_pack(
    role: str, one: NewPack, kind: type[WorkbenchError], says: str, mailbox: Mailbox
) -> None:
    error = told(mailbox, role, one)
    assert type(error) is kind
    assert says in error.what


def test_rights_that_were_taken_away(mailbox: Mailbox) -> None:
    mailbox.as_(OWNER).execute("REVOKE workbench_writer FROM will")
    try:
        error = told(mailbox, WRITER, pack("desk-will"))
    finally:
        mailbox.as_(OWNER).execute("GRANT workbench_writer TO will")
    assert isinstance(error, ServerRefuses)
    assert "does not have the right" in error.what and "member list" in str(error.hint)
    mailbox.as_(KEEPER).execute(removing("will").encode())
    assert "may not write to that record" in told(mailbox, WRITER, pack("desk-will")).what


def test_a_record_that_was_moved(mailbox: Mailbox) -> None:
    mailbox.as_(KEEPER).execute("UPDATE workbench.record SET moved_to = 'elsewhere'")
    assert isinstance(told(mailbox, WRITER, pack("desk-will")), RecordMovedAway)


def test_a_server_that_only_reads(mailbox: Mailbox) -> None:
    mailbox.as_(OWNER).execute(f"ALTER DATABASE {mailbox.database} SET default_transaction_read_only = on")
    error = told(mailbox, WRITER, pack("desk-will"))
    assert type(error) is ServerReadOnly
    assert "takes nothing at present" in error.what


def test_too_many_connections(mailbox: Mailbox) -> None:
    mailbox.as_(OWNER).execute(f"ALTER DATABASE {mailbox.database} CONNECTION LIMIT 0")
    with pytest.raises(ServerBusy, match="too many connections") as caught:
        opened(mailbox, WRITER)
    assert "nothing here is lost" in str(caught.value.hint)


def test_a_connection_that_is_ended_in_the_middle(mailbox: Mailbox) -> None:
    with opened(mailbox, WRITER) as server:
        mailbox.as_(OWNER).execute("SELECT pg_terminate_backend(%s)", (server.connection.info.backend_pid,))
        with pytest.raises(ServerUnavailable, match=r"starting, stopping or recovering|was lost"):
            server.post(RECORD, pack("desk-will"))
        with pytest.raises(ServerUnavailable):  # and stays so until somebody connects again
            server.post(RECORD, pack("desk-will"))


def test_another_desk_that_keeps_this_one_waiting(mailbox: Mailbox) -> None:
    with opened(mailbox, "walt") as first, opened(mailbox, WRITER) as second:
        second.connection.execute("SET lock_timeout = '1ms'")
        with first.connection.transaction(force_rollback=True):
            first.post(RECORD, pack("desk-walt", first=1))
            with pytest.raises(ServerBusy, match="another desk is sending at this moment"):
                second.post(RECORD, pack("desk-will"))
        second.post(RECORD, pack("desk-will"))


def test_a_session_keeps_nobody_waiting_for_ever(mailbox: Mailbox) -> None:
    with opened(mailbox, WRITER) as server:
        settings = (
            "SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')"
        )
        assert server.connection.execute(settings).fetchone() == ("20s", "1min")
        assert server.connection.execute("SHOW search_path").fetchone() == ("pg_catalog, pg_temp",)


def test_settings_of_a_role_do_not_change_how_a_desk_sends(mailbox: Mailbox) -> None:
    mailbox.as_(WRITER).execute("ALTER ROLE will SET default_transaction_isolation = 'serializable'")
    mailbox.as_(WRITER).execute("ALTER ROLE will SET search_path = public")
    try:
        with opened(mailbox, WRITER) as server:
            assert server.post(RECORD, pack("desk-will")).number == 3
            assert server.connection.execute("SHOW default_transaction_isolation").fetchone() == (
                "read committed",
            )
    finally:
        mailbox.as_(WRITER).execute("ALTER ROLE will RESET ALL")


def test_a_database_that_was_dropped(mailbox_template: PostgreSQLServer) -> None:
    mailbox_template.database("mailbox_dropped", "")
    address = read_address(f"postgresql://{WRITER}@127.0.0.1:{mailbox_template.port}/mailbox_dropped")
    with connect(address) as server:
        mailbox_template.execute("postgres", "DROP DATABASE mailbox_dropped WITH (FORCE)")
        with pytest.raises(ServerUnavailable):
            server.version()
    with pytest.raises(ServerRefuses, match="no such database"):
        connect(address)


@pytest.fixture
def own_server() -> Iterator[PostgreSQLServer]:
    """A server that a test may end."""
    server = PostgreSQLServer()
    server.start()
    yield server
    server.stop()


def test_a_server_that_is_shut_down_in_the_middle(
    own_server: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.real.postgresql import OWNER_PASSWORD

    monkeypatch.setenv("PGPASSWORD", OWNER_PASSWORD)
    address = read_address(f"postgresql://{OWNER}@127.0.0.1:{own_server.port}/postgres")
    with connect(address) as server:
        own_server.kill()
        with pytest.raises(ServerUnavailable) as caught:
            server.version()
        assert "nothing here is lost" in str(caught.value.hint)
    with pytest.raises(ServerUnavailable, match="nothing answers"):
        connect(address)


# --- what cannot be brought about here, by the numbers that PostgreSQL gives it ---------------------------


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("53100", ServerFull), ("53200", ServerFull), ("53300", ServerBusy), ("54000", ServerFull),
        ("25006", ServerReadOnly), ("57P01", ServerUnavailable), ("57P02", ServerUnavailable),
        ("57P03", ServerUnavailable), ("57P04", ServerRefuses), ("57014", ServerBusy), ("08006", ServerUnavailable),
        ("28P01", ServerRefuses), ("28000", ServerRefuses), ("3D000", ServerRefuses), ("42P01", NoSharedRecord),
        ("3F000", NoSharedRecord), ("42501", ServerRefuses), ("40001", ServerBusy), ("40P01", ServerBusy),
        ("55P03", ServerBusy), ("58030", ServerUnavailable), ("XX001", ServerRefuses), ("XX002", ServerRefuses),
        ("23505", ServerBusy), ("23514", ServerRefuses), ("42704", ServerRefuses), ("22000", ServerUnavailable),
    ],
)  # fmt: skip
def test_each_number_has_its_words(state: str, kind: type[WorkbenchError]) -> None:
    error = errors.in_words(psycopg.errors.lookup(state)("could not extend file \x1b[31m"), "the server")
    assert type(error) is kind
    assert error.hint and error.where == "the server"
    assert "\x1b" not in str(error)


def test_what_passes_by_itself_is_told_apart_from_what_a_person_has_to_do() -> None:
    for kind in (ServerFull, ServerReadOnly, ServerBusy):
        assert issubclass(kind, ServerUnavailable)
    assert not issubclass(ServerRefuses, ServerUnavailable)
    assert ServerUnavailable("").exit_code == 3


def test_a_wrong_password_is_known_in_any_language() -> None:
    class Refusing:
        used_password = True

    error = psycopg.OperationalError("connection failed: FATAL:  autenticazione fallita")
    error._pgconn = Refusing()  # type: ignore[assignment]
    told = errors.in_words(error, "the server")
    assert type(told) is ServerRefuses and "PGPASSWORD" in str(told.hint)
