"""Addresses of servers: no secret is kept, and what leaves this machine goes over TLS."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.mailbox.addresses import Address, read_address
from workbench.model.errors import UsageError

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def plain_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, without anything that libpq would read there."""
    for name in (
        "PGHOST",
        "PGHOSTADDR",
        "PGSERVICE",
        "PGSERVICEFILE",
        "PGSYSCONFDIR",
        "PGSSLMODE",
        "PGSSLROOTCERT",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    return tmp_path


def refused(text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read_address(text)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://ada:{SECRET}@db.example/team",
        f"postgresql://ada@db.example/team?password={SECRET}",
        f"postgresql://ada@db.example/team?sslpassword={SECRET}",
        f"host=db.example password={SECRET}",
        f"postgresql://ada@db.example/team?oauth_client_secret={SECRET}",
        f"postgresql://ada:{SECRET}@",
        f"postgresql://ada:{SECRET}@/team?host=/run/postgresql",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    error = refused(text)
    assert "password" in error.what
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://ada:{SECRET}@ho st/team", f"postgresql://ada:{SECRET}@[::1/team", f"{SECRET}", "",
        f"postgresql://ada:{SECRET}@h/team?nothing=1", f"mysql://ada:{SECRET}@h/team", "postgresql://h\x1b[31m/team",
        "postgresql://" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_never_quoted(text: str) -> None:
    error = refused(text)
    assert SECRET not in str(error)
    assert error.hint


@given(some.text(max_size=60))
def test_any_text_is_an_address_or_a_clear_error(text: str) -> None:
    try:
        address = read_address(text)
    except UsageError as error:
        assert error.hint
    else:
        assert "password" not in address.parameters


# --- this machine, or another -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "postgresql:///team", "postgresql://ada@localhost/team", "postgresql://127.0.0.1:5433/team",
        "postgresql://127.8.9.1/team", "postgresql://[::1]/team", "postgresql:///team?host=/run/postgresql",
        "postgresql://LOCALHOST/team", "postgresql:///team?host=/run/postgresql,localhost", "dbname=team",
        "postgresql://db.example/team?hostaddr=127.0.0.1",
    ],
)  # fmt: skip
def test_a_server_on_this_machine_needs_no_tls(text: str) -> None:
    address = read_address(text)
    assert address.is_local
    assert "sslmode" not in address.parameters


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada@db.example/team", "postgresql://10.0.0.1/team", "postgresql://localhost,db.example/team",
        "postgresql://localhost/team?hostaddr=10.0.0.1", "postgresql://[fe80::1]/team", "postgresql://0.0.0.0/team",
        "postgresql://127.1/team", "postgresql://localhost.example/team", "host=/run/postgresql,db.example",
        "service=unheard-of",
    ],
)  # fmt: skip
def test_another_machine_shows_a_certificate_of_its_name(text: str) -> None:
    address = read_address(text)
    assert not address.is_local
    assert address.parameters["sslmode"] == "verify-full"
    assert address.parameters["gssencmode"] == "disable"
    assert address.told == ()


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_another_machine_is_never_reached_without_tls(mode: str) -> None:
    error = refused(f"postgresql://db.example/team?sslmode={mode}")
    assert mode in error.what
    assert read_address(f"postgresql://localhost/team?sslmode={mode}").parameters["sslmode"] == mode


@pytest.mark.parametrize(("mode", "says"), [("require", "not checked"), ("verify-ca", "not compared")])
def test_less_than_a_checked_certificate_is_told(mode: str, says: str) -> None:
    address = read_address(f"postgresql://db.example/team?sslmode={mode}")
    assert address.parameters["sslmode"] == mode
    (told,) = address.told
    assert says in told


def test_a_server_that_is_not_checked_never_gets_the_password_itself() -> None:
    assert (
        read_address("postgresql://db.example/team?sslmode=require").parameters["require_auth"] == "!password"
    )


def test_the_environment_may_lead_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    assert read_address("postgresql:///team").parameters["sslmode"] == "verify-full"
    assert read_address("postgresql://localhost/team").is_local
    monkeypatch.setenv("PGHOSTADDR", "10.0.0.1")
    monkeypatch.setenv("PGHOST", "localhost")
    assert not read_address("postgresql:///team").is_local


def test_the_environment_does_not_weaken_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert read_address("postgresql://db.example/team").parameters["sslmode"] == "verify-full"


def test_a_service_is_here_or_elsewhere(plain_environment: Path) -> None:
    services = "# ours\n[near]\nhost=/run/postgresql\ndbname=team\n\n[far]\ndbname=team\nhost = db.example\n[none]\ndbname=team\n"
    (plain_environment / "services").write_text(services)
    assert read_address("service=near").is_local
    assert read_address("service=far").parameters["sslmode"] == "verify-full"
    assert not read_address("service=none").is_local  # its host may come from anywhere


def test_several_servers_are_asked_for_one_that_takes_entries() -> None:
    assert (
        read_address("postgresql://a.example,b.example/team").parameters["target_session_attrs"]
        == "read-write"
    )
    said = read_address("postgresql://a.example,b.example/team?target_session_attrs=any")
    assert said.parameters["target_session_attrs"] == "any"
    assert "target_session_attrs" not in read_address("postgresql://a.example/team").parameters


# --- who may issue certificates ---------------------------------------------------------------------------


def test_certificates_are_issued_by_whom_this_machine_trusts_unless_one_is_named(
    plain_environment: Path,
) -> None:
    assert read_address("postgresql://db.example/team").parameters["sslrootcert"]
    named = read_address("postgresql://db.example/team?sslrootcert=/etc/team.crt")
    assert named.parameters["sslrootcert"] == "/etc/team.crt"
    (plain_environment / ".postgresql").mkdir()
    (plain_environment / ".postgresql/root.crt").touch()
    assert (
        "sslrootcert" not in read_address("postgresql://db.example/team").parameters
    )  # libpq takes that file


@pytest.mark.parametrize("name", ["sslrootcert", "sslcert", "sslkey"])
def test_files_have_whole_paths(name: str) -> None:
    error = refused(f"postgresql://db.example/team?{name}=team.crt")
    assert name in error.what
    assert error.hint and "/team.crt" in error.hint


def test_what_the_workbench_sets_itself_is_not_said_in_an_address() -> None:
    for name in ("application_name", "sslkeylogfile", "replication", "client_encoding"):
        assert name in refused(f"postgresql://db.example/team?{name}=a").what


def test_an_address_is_shown_as_it_was_written() -> None:
    text = "postgresql://ada@db.example:5433/team?sslrootcert=/etc/team.crt"
    address = read_address(text)
    assert isinstance(address, Address)
    assert address.shown == text


def test_an_option_that_nobody_knows_is_named_unless_it_could_be_a_piece_of_a_password() -> None:
    assert refused("postgresql://kim@db.example.org:5432/shop?foo=1").what == (
        "the address says foo, which the workbench does not use"
    )
    assert "foo" in refused("postgresql:///shop?host=/tmp&foo=1").what
    for text in (f"postgresql://kim:a?{SECRET}=b@db/shop", f"postgresql://kim@db/shop?a=b&{SECRET}=c@d"):
        assert SECRET not in str(refused(text)), text
