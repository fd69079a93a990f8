"""A real PostgreSQL that speaks TLS, with certificates that openssl makes for the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from tests.real.conftest import wait_until
from tests.real.postgresql import OWNER, PostgreSQLServer

ROLE, PASSWORD, BY_CERTIFICATE = "tess", "for-the-tests-of-tls", "cora"
DATABASE, CERTIFICATES_ONLY, TURNED_AWAY = "over_tls", "by_certificate", "turned_away"
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_RULES = f"""
local all all scram-sha-256
hostssl {CERTIFICATES_ONLY} all 127.0.0.1/32 cert
host {TURNED_AWAY} all 127.0.0.1/32 reject
hostssl all all 127.0.0.1/32 scram-sha-256
hostnossl all {OWNER} 127.0.0.1/32 scram-sha-256
"""


class Authority:
    """Who issues certificates: a key of its own, and what it signs."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        self.certificate, self.key = folder / "ca.crt", folder / "ca.key"
        _openssl(
            "req",
            "-x509",
            *_CURVE,
            "-keyout",
            self.key,
            "-out",
            self.certificate,
            "-days",
            "30",
            "-subj",
            f"/CN={name}",
        )

    def issue(self, name: str, *, days: int = 30, host: str = "") -> tuple[Path, Path]:
        """A certificate and its key; with fewer than no days it has expired."""
        made = self._folder / f"{name} {days} {host}".strip().replace(" ", "_")
        certificate, key, request = (made.with_suffix(end) for end in (".crt", ".key", ".csr"))
        names = ("-addext", f"subjectAltName=DNS:{host}") if host else ()
        _openssl("req", *_CURVE, "-keyout", key, "-out", request, "-subj", f"/CN={name}", *names)
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", days,
            "-copy_extensions", "copy", "-out", certificate,
        )  # fmt: skip
        key.chmod(0o600)
        return certificate, key


class TlsServer(PostgreSQLServer):
    """A server whose certificate can be exchanged while it runs; over TCP it takes nobody without TLS but its superuser."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.trusted, self.foreign = (
            Authority(folder / "trusted", "trusted"),
            Authority(folder / "foreign", "foreign"),
        )
        settings = (
            "ssl = on\nssl_ca_file = 'ca.crt'\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\n"
        )
        self._put("postgresql.auto.conf", settings.encode())
        self._put("pg_hba.conf", _RULES.encode())
        self._put("ca.crt", self.trusted.certificate.read_bytes())
        self._present(*self.trusted.issue("localhost", host="localhost"))

    def prepare(self) -> None:
        """Makes roles and databases."""
        self.execute("postgres", f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")
        self.execute("postgres", f"CREATE ROLE {BY_CERTIFICATE} LOGIN")
        for name in (DATABASE, CERTIFICATES_ONLY):
            self.execute("postgres", f"CREATE DATABASE {name}")

    def present(self, certificate: Path, key: Path) -> None:
        """Lets the server show another certificate from the next connection on."""
        before = self._loaded()
        self._present(certificate, key)
        self.execute("postgres", "SELECT pg_reload_conf()")
        wait_until(lambda: self._loaded() != before, "the other certificate")

    def address(
        self, *, host: str = "localhost", role: str = ROLE, database: str = DATABASE, **said: object
    ) -> str:
        """An address without a password; ``hostaddr`` leads to this machine whatever the host is called."""
        said = {"hostaddr": "127.0.0.1"} | said
        words = "&".join(f"{name}={value}" for name, value in said.items() if value is not None)
        return f"postgresql://{role}@{host}:{self.port}/{database}?{words}"

    def _loaded(self) -> object:
        with psycopg.connect(
            self.url("postgres", user=OWNER) + "?sslmode=disable", autocommit=True
        ) as connection:
            return connection.execute("SELECT pg_conf_load_time()").fetchone()

    def _present(self, certificate: Path, key: Path) -> None:
        self._put("server.crt", certificate.read_bytes())
        self._put("server.key", key.read_bytes())

    def _put(self, name: str, content: bytes) -> None:
        path = self._data / name
        path.write_bytes(content)
        path.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(path, "postgres", "postgres")


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
