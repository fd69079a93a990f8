"""A real server that speaks TLS: certificates of the server and of roles, passwords from the environment."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.real import postgresql as servers
from tests.real.conftest import needs
from tests.real.tls import (
    BY_CERTIFICATE,
    CERTIFICATES_ONLY,
    DATABASE,
    PASSWORD,
    ROLE,
    TURNED_AWAY,
    Authority,
    TlsServer,
)

from workbench.mailbox.addresses import read_address
from workbench.mailbox.errors import ServerRefuses, ServerUnavailable
from workbench.mailbox.server import connect
from workbench.model.errors import UsageError, WorkbenchError

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServer]:
    needs(bool(servers.program("initdb") and shutil.which("openssl")), "postgresql (with openssl)")
    server = TlsServer(tmp_path_factory.mktemp("certificates"))
    server.start()
    server.prepare()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def plain_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password in the environment, and a home without certificates."""
    for name in ("PGHOST", "PGSSLMODE", "PGSSLROOTCERT", "PGSERVICE", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as another one, so that the rules for other machines hold."""
    monkeypatch.setattr("workbench.mailbox.addresses._is_here", lambda host: False)


def refused(text: str) -> WorkbenchError:
    with pytest.raises(WorkbenchError) as caught:
        connect(read_address(text))
    assert PASSWORD not in str(caught.value)
    assert caught.value.hint
    return caught.value


def encrypted(text: str) -> bool:
    with connect(read_address(text)) as server:
        return bool(server.connection.pgconn.ssl_in_use)


over_the_network = pytest.mark.usefixtures("elsewhere")


@over_the_network
def test_a_server_whose_certificate_is_that_of_its_name_is_asked_over_tls(tls: TlsServer) -> None:
    assert encrypted(tls.address(sslrootcert=tls.trusted.certificate))


@over_the_network
def test_a_certificate_for_another_host_is_refused(tls: TlsServer) -> None:
    error = refused(tls.address(host="db.example", sslrootcert=tls.trusted.certificate))
    assert isinstance(error, ServerRefuses)
    assert "another host" in error.what and "db.example" in error.what


@over_the_network
def test_a_certificate_of_an_unknown_issuer_is_refused(tls: TlsServer) -> None:
    for roots in (tls.foreign.certificate, None):
        error = refused(tls.address(sslrootcert=roots))
        assert isinstance(error, ServerRefuses)
        assert "nobody whom you trust issued it; nothing was sent" in error.what


@pytest.fixture
def shown(tls: TlsServer) -> Iterator[TlsServer]:
    """The server, whose own certificate is put back."""
    yield tls
    tls.present(*tls.trusted.issue("localhost", host="localhost"))


@over_the_network
def test_an_expired_certificate_of_the_server_is_refused(shown: TlsServer) -> None:
    shown.present(*shown.trusted.issue("localhost", host="localhost", days=-1))
    for mode in (None, "verify-ca"):
        error = refused(shown.address(sslrootcert=shown.trusted.certificate, sslmode=mode))
        assert isinstance(error, ServerRefuses)
        assert "it has expired; nothing was sent" in error.what


@over_the_network
@pytest.mark.parametrize("said", ["home", "environment"])
def test_what_is_wrong_with_a_certificate_is_told_by_the_issuers_that_libpq_would_take(
    shown: TlsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """docs/team.md has everybody copy ca.crt to ~/.postgresql/root.crt; the address names no file."""
    if said == "home":
        (tmp_path / ".postgresql").mkdir()
        shutil.copy(shown.trusted.certificate, tmp_path / ".postgresql" / "root.crt")
    else:
        monkeypatch.setenv("PGSSLROOTCERT", str(shown.trusted.certificate))
    assert encrypted(shown.address())
    shown.present(*shown.trusted.issue("localhost", host="localhost", days=-1))
    assert "it has expired; nothing was sent" in refused(shown.address()).what


@over_the_network
def test_the_certificate_is_looked_at_where_the_environment_leads(
    shown: TlsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.present(*shown.trusted.issue("localhost", host="records.example.org", days=-1))
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(shown.port))
    address = f"postgresql://{ROLE}@records.example.org/{DATABASE}?sslrootcert={shown.trusted.certificate}"
    assert "it has expired; nothing was sent" in refused(address).what


def test_who_is_turned_away_by_a_line_of_pg_hba_is_told_so(tls: TlsServer) -> None:
    """docs/compose ends with such a line."""
    error = refused(tls.address(database=TURNED_AWAY))
    assert isinstance(error, ServerRefuses)
    assert "takes no connection of this role, from this machine, to this database" in error.what


@over_the_network
def test_a_certificate_that_vouches_for_itself_has_to_be_named(shown: TlsServer, tmp_path: Path) -> None:
    own = Authority(tmp_path / "own", "localhost")
    shown.present(own.certificate, own.key)
    error = refused(shown.address(sslrootcert=shown.trusted.certificate))
    assert "it vouches for itself" in error.what
    assert encrypted(shown.address(sslrootcert=own.certificate, sslmode="verify-ca"))


@over_the_network
def test_less_than_a_checked_certificate_has_to_be_asked_for(tls: TlsServer) -> None:
    assert encrypted(tls.address(sslmode="require"))
    assert read_address(tls.address(sslmode="require")).told
    with pytest.raises(UsageError, match="sslmode=disable"):
        read_address(tls.address(sslmode="disable"))


@over_the_network
def test_a_file_of_issuers_that_is_missing_is_named(tls: TlsServer) -> None:
    error = refused(tls.address(sslrootcert="/missing/roots.crt"))
    assert isinstance(error, ServerRefuses)
    assert "/missing/roots.crt" in error.what


# --- roles that show a certificate ------------------------------------------------------------------------


def by_certificate(
    tls: TlsServer, certificate: Path | str, key: Path | str, role: str = BY_CERTIFICATE
) -> str:
    return tls.address(
        role=role, database=CERTIFICATES_ONLY, sslmode="verify-full", sslrootcert=tls.trusted.certificate,
        sslcert=certificate, sslkey=key,
    )  # fmt: skip


def test_a_role_comes_in_with_its_certificate_and_no_password(
    tls: TlsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    with connect(read_address(by_certificate(tls, *tls.trusted.issue(BY_CERTIFICATE)))) as server:
        assert server.role() == BY_CERTIFICATE


def test_a_certificate_that_the_server_does_not_take(tls: TlsServer, tmp_path: Path) -> None:
    good, key = tls.trusted.issue(BY_CERTIFICATE)
    expired = refused(by_certificate(tls, *tls.trusted.issue(BY_CERTIFICATE, days=-1)))
    foreign = refused(by_certificate(tls, *tls.foreign.issue(BY_CERTIFICATE)))
    another = refused(by_certificate(tls, good, key, role=ROLE))
    none = refused(by_certificate(tls, tmp_path / "missing.crt", key))
    assert "it has expired" in expired.what
    assert "was not issued by an authority that the server trusts" in foreign.what
    assert "not that of this role" in another.what
    assert "asks for a certificate" in none.what
    assert all(isinstance(error, ServerRefuses) for error in (expired, foreign, another, none))


def test_a_key_that_cannot_be_used_is_named(tls: TlsServer, tmp_path: Path) -> None:
    good, key = tls.trusted.issue(BY_CERTIFICATE)
    open_key = tmp_path / "open.key"
    open_key.write_bytes(key.read_bytes())
    open_key.chmod(0o644)
    _, foreign = tls.foreign.issue(BY_CERTIFICATE)
    for wrong in (open_key, foreign, tmp_path / "missing.key"):
        error = refused(by_certificate(tls, good, wrong))
        assert isinstance(error, ServerRefuses)
        assert wrong.name in error.what and "sslkey" in str(error.hint)


# --- passwords --------------------------------------------------------------------------------------------


def trusted(tls: TlsServer, **said: str) -> str:
    return tls.address(sslmode="verify-full", sslrootcert=tls.trusted.certificate, **said)


def test_a_wrong_password_and_none(tls: TlsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "not-the-password")
    wrong = refused(trusted(tls))
    monkeypatch.delenv("PGPASSWORD")
    none = refused(trusted(tls))
    assert isinstance(wrong, ServerRefuses) and isinstance(none, ServerRefuses)
    assert "password authentication failed" in wrong.what and "not-the-password" not in str(wrong)
    assert "there is none" in none.what and "PGPASSWORD" in str(none.hint)


def test_a_password_comes_from_the_file_of_passwords(
    tls: TlsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "passwords"
    file.touch(0o600)
    file.write_text(f"*:*:{DATABASE}:{ROLE}:{PASSWORD}\n")
    monkeypatch.setenv("PGPASSFILE", str(file))
    with connect(read_address(trusted(tls))) as server:
        assert server.role() == ROLE
        assert PASSWORD not in repr(server.address)


def test_a_service_names_server_and_password(
    tls: TlsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    services = tmp_path / "services"
    services.write_text(
        f"[team]\nhost=localhost\nport={tls.port}\ndbname={DATABASE}\nuser={ROLE}\npassword={PASSWORD}\n"
        f"sslrootcert={tls.trusted.certificate}\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    address = read_address("service=team")
    with connect(address) as server:
        assert server.role() == ROLE
    assert PASSWORD not in repr(address)
    assert "not known here" in refused("service=another").what


def test_a_name_that_is_not_there(tls: TlsServer) -> None:
    database, role = refused(trusted(tls, database="missing")), refused(trusted(tls, role="missing"))
    assert "no such database" in database.what
    assert "does not let this role in" in role.what


def test_a_server_that_takes_nobody_without_tls(tls: TlsServer) -> None:
    error = refused(tls.address(sslmode="disable"))
    assert isinstance(error, ServerRefuses)
    assert "takes no connection of this role" in error.what


# --- what is no PostgreSQL --------------------------------------------------------------------------------


def test_something_else_answers(elsewhere: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        answering = threading.Thread(target=_answer, args=(other,))
        answering.start()
        error = refused(f"postgresql://{ROLE}@localhost:{other.getsockname()[1]}/team?hostaddr=127.0.0.1")
        answering.join()
    assert isinstance(error, ServerRefuses)
    assert "does not speak TLS" in error.what


def _answer(other: socket.socket) -> None:
    connection, _ = other.accept()
    with connection:
        connection.recv(8)
        connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")


def test_nothing_answers() -> None:
    error = refused("postgresql://ada@127.0.0.1:1/team")
    assert isinstance(error, ServerUnavailable)
    assert "nothing answers" in error.what
    lost = refused("postgresql://ada@nowhere.invalid/team")
    assert isinstance(lost, ServerUnavailable)
    assert "no machine of that name" in lost.what
    local = refused("postgresql:///team?host=/nowhere")
    assert isinstance(local, ServerUnavailable)
