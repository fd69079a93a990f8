"""docs/compose: valid, and what it mounts and runs is tried on this machine's PostgreSQL."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.docs import compose
from tests.docs.compose import FOLDER, ComposeServer
from tests.real.conftest import needs
from tests.real.postgresql import program

SERVICE = compose.read()["services"]["server"]


def test_the_file_says_what_compose_knows() -> None:
    whole = compose.read()
    assert set(whole) == {"name", "services", "volumes", "secrets"}
    assert set(SERVICE) <= {
        "image", "restart", "entrypoint", "command", "environment", "secrets", "ports", "volumes", "healthcheck",
    }  # fmt: skip
    assert re.fullmatch(r"postgres:\d+", SERVICE["image"])
    assert all(
        isinstance(word, str) for word in (*SERVICE["command"], *SERVICE["ports"], *SERVICE["entrypoint"])
    )
    assert all(isinstance(value, str) for value in SERVICE["environment"].values())
    for duration in ("interval", "timeout"):
        assert re.fullmatch(r"\d+s", SERVICE["healthcheck"][duration])


def test_what_it_mounts_is_there_or_made_by_the_page() -> None:
    volumes = compose.read()["volumes"]
    made = {"./tls"}  # by tls.sh
    for volume in SERVICE["volumes"]:
        outside = volume.split(":")[0]
        assert outside in volumes or outside in made or (FOLDER / outside).exists(), volume
    assert not (FOLDER / "tls").exists() and not (FOLDER / "ca").exists()  # no key of anybody's is shipped


def test_the_scripts_are_the_groups_and_the_tables_of_the_workbench() -> None:
    spec = importlib.util.spec_from_file_location("make_compose", FOLDER.parent / "make_compose.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "init").iterdir()}
    assert written == module.scripts(), "run docs/make_compose.py"


def test_an_authority_whose_key_lies_elsewhere_is_not_replaced(tmp_path: Path) -> None:
    """The page asks to keep ca.key away from the server: another one would make all certificates worthless."""
    script = ["sh", str(FOLDER / "tls.sh"), "server", "records.example.org"]
    subprocess.run(script, cwd=tmp_path, check=True, capture_output=True)
    authority = (tmp_path / "ca" / "ca.crt").read_bytes()
    (tmp_path / "ca" / "ca.key").rename(tmp_path / "elsewhere.key")
    again = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 2
    assert "put it back beside ca/ca.crt" in again.stderr
    assert (
        (tmp_path / "ca" / "ca.crt").read_bytes() == authority == (tmp_path / "tls" / "ca.crt").read_bytes()
    )
    (tmp_path / "elsewhere.key").rename(tmp_path / "ca" / "ca.key")
    subprocess.run(script, cwd=tmp_path, check=True, capture_output=True)


def test_without_openssl_that_is_said(tmp_path: Path) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    said = subprocess.run(
        [shell, str(FOLDER / "tls.sh"), "server", "records.example.org"],
        cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (2, "openssl is not installed\n")


def test_its_shell_scripts_can_be_read_by_any_shell() -> None:
    for script in ("start.sh", "tls.sh"):
        subprocess.run(["sh", "-n", str(FOLDER / script)], check=True)
    assert (FOLDER / "start.sh").stat().st_mode & 0o111, "the entrypoint has to be a program"


@pytest.mark.parametrize(
    "arguments", ("", "server", "server 'a b'", "person Ada", "person 'ada;x'", "other x")
)
def test_certificates_are_made_for_names_alone(tmp_path: Path, arguments: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"sh {FOLDER / 'tls.sh'} {arguments}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2 and done.stderr.strip()
    assert not list(tmp_path.rglob("*.crt"))


@pytest.fixture(scope="module")
def server() -> Iterator[ComposeServer]:
    installed = bool(program("initdb") and program("pg_ctl") and program("openssl"))
    needs(
        installed and importlib.util.find_spec("psycopg") is not None, "postgresql (with psycopg and openssl)"
    )
    made = ComposeServer.new()
    try:
        made.start()
        made.inside("CREATE ROLE ada LOGIN PASSWORD 'of-ada' IN ROLE workbench_signer")
        made.inside("CREATE ROLE cert_ada LOGIN IN ROLE workbench_signer, workbench_certificate")
        yield made
    finally:
        made.remove()


def connect(server: ComposeServer, role: str, password: str = "", **parameters: str) -> Any:
    import psycopg

    return psycopg.connect(server.url(role, **parameters), password=password, autocommit=True)


def refused(server: ComposeServer, role: str, password: str = "", **parameters: str) -> str:
    import psycopg

    with pytest.raises(psycopg.OperationalError) as caught:
        connect(server, role, password, **parameters)
    return str(caught.value)


def test_the_tables_belong_to_nobody_who_works_with_them(server: ComposeServer) -> None:
    assert server.inside("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'workbench'") == [
        "postgres"
    ]
    assert server.inside("SELECT version FROM workbench.about") == ["1"]
    assert server.inside("SELECT rolname FROM pg_roles WHERE rolname LIKE 'workbench%' ORDER BY 1") == [
        "workbench_certificate", "workbench_keeper", "workbench_reader", "workbench_signer", "workbench_writer",
    ]  # fmt: skip


def test_every_rule_of_who_may_connect_is_understood(server: ComposeServer) -> None:
    rules = server.inside(
        "SELECT type, database, user_name, auth_method FROM pg_hba_file_rules ORDER BY line_number"
    )
    assert server.inside("SELECT error FROM pg_hba_file_rules WHERE error IS NOT NULL") == []
    assert rules == [
        "local|{all}|{postgres}|peer", "local|{all}|{all}|scram-sha-256", "hostssl|{all}|{postgres}|reject",
        "hostssl|{workbench}|{+workbench_certificate}|cert", "hostssl|{workbench}|{all}|scram-sha-256",
        "host|{all}|{all}|reject",
    ]  # fmt: skip


def test_a_role_connects_with_its_password_and_the_servers_certificate_checked(server: ComposeServer) -> None:
    for host in ("localhost", "127.0.0.1"):
        with connect(server, "ada", "of-ada", host=host, sslmode="verify-full") as connection:
            (ssl, version) = connection.execute(
                "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            ).fetchone()
            assert ssl and version in ("TLSv1.2", "TLSv1.3")
            assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)


def test_without_tls_nobody_connects(server: ComposeServer) -> None:
    assert "pg_hba.conf rejects connection" in refused(server, "ada", "of-ada", sslmode="disable")


def test_the_administrator_does_not_come_from_outside(server: ComposeServer) -> None:
    said = refused(server, "postgres", compose.PASSWORD, sslmode="verify-full")
    assert "pg_hba.conf rejects connection" in said


def test_a_wrong_password_and_a_foreign_authority_are_refused(server: ComposeServer, tmp_path: Path) -> None:
    assert "password authentication failed" in refused(server, "ada", "guessed", sslmode="verify-full")
    subprocess.run(
        ["sh", str(FOLDER / "tls.sh"), "server", "localhost"], cwd=tmp_path, check=True, capture_output=True
    )
    other = {"sslrootcert": str(tmp_path / "ca/ca.crt"), "sslmode": "verify-full"}
    assert "certificate verify failed" in refused(server, "ada", "of-ada", **other)


def test_who_has_a_certificate_needs_it_and_no_password(server: ComposeServer) -> None:
    server.type("sh tls.sh person cert_ada && sh tls.sh person ada")
    own, other = (
        {"sslcert": str(server.own / f"people/{name}.crt"), "sslkey": str(server.own / f"people/{name}.key")}
        for name in ("cert_ada", "ada")
    )
    with connect(server, "cert_ada", sslmode="verify-full", **own) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("cert_ada",)
    assert "certificate authentication failed" in refused(server, "cert_ada", sslmode="verify-full", **other)
    assert "connection requires a valid client certificate" in refused(
        server, "cert_ada", sslmode="verify-full"
    )


def test_the_key_is_readable_by_the_server_alone(server: ComposeServer) -> None:
    key = server.own.parent / "inside/var/lib/postgresql/tls/server.key"
    assert key.stat().st_mode & 0o077 == 0


def test_a_renewed_certificate_counts_after_a_restart_and_what_was_stored_stays(
    server: ComposeServer,
) -> None:
    server.stop()
    server.type("sh tls.sh server localhost 127.0.0.1 ::1")
    server.start()
    with connect(server, "ada", "of-ada", sslmode="verify-full") as connection:
        assert connection.execute("SELECT version FROM workbench.about").fetchone() == (1,)
