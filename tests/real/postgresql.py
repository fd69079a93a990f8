"""A real PostgreSQL, started for the tests by a user who is not root, with databases of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.real.conftest import free_port

OWNER, OWNER_PASSWORD = "owner", "owner-of-the-tests"
READER, READER_PASSWORD = "reader", "may-only-read"


def program(name: str) -> str:
    """Where a program of the server is; Debian keeps them out of the way.  "" if it is not installed."""
    found = shutil.which(name)
    if found and not Path(found).is_relative_to("/usr/local"):
        return found
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(places[-1]) if places else found or ""


class PostgreSQLServer:
    """A server on a free port of this machine.  ``owner`` is its superuser, ``reader`` may log in."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="workbench-postgresql-"))
        self._data = self._folder / "data"
        password = self._folder / "password"
        password.write_text(OWNER_PASSWORD + "\n")
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self._folder, "postgres", "postgres")
            shutil.chown(password, "postgres", "postgres")
        self._run(
            program("initdb"), "--pgdata", str(self._data), "--username", OWNER, "--pwfile", str(password),
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.port = 0

    def start(self) -> None:
        """Starts it for the first time."""
        self.start_again()
        self.execute("postgres", f"CREATE ROLE {READER} LOGIN PASSWORD '{READER_PASSWORD}'")

    def start_again(self) -> None:
        """Starts it, on another port than before; tries one more if somebody was faster."""
        for _ in range(3):
            self.port = free_port()
            options = (
                f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off "
                "-c full_page_writes=off -c autovacuum=off -c jit=off"
            )
            log = str(self._folder / "log")
            done = self._run(
                program("pg_ctl"), "start", "--wait", "-t", "60", "-D", str(self._data), "-l", log, "-o", options,
                check=False,
            )  # fmt: skip
            if done.returncode == 0:
                return
        pytest.fail(f"PostgreSQL does not start: {(self._folder / 'log').read_text()[-2000:]}")

    def kill(self) -> None:
        """Ends it as a crash would: nobody is told, nothing is put in order; its files stay."""
        self._run(program("pg_ctl"), "stop", "-D", str(self._data), "-m", "immediate", check=False)

    def stop(self) -> None:
        """Ends the server and removes its files."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str, *, user: str = READER, password: str | None = None) -> str:
        """The address of a database for one of the two users."""
        secret = password or (READER_PASSWORD if user == READER else OWNER_PASSWORD)
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def execute(self, database: str, script: str) -> None:
        """Runs statements as the owner."""
        import psycopg

        with psycopg.connect(self.url(database, user=OWNER), autocommit=True) as connection:
            connection.execute(script.encode())

    def found_in_files(self, database: str, pieces: Sequence[bytes]) -> set[bytes]:
        """Those of the pieces that a file of the database holds; not the write-ahead log, which is written over in time."""
        import psycopg

        with psycopg.connect(self.url(database, user=OWNER), autocommit=True) as connection:
            row = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        assert row is not None
        found: set[bytes] = set()
        for path in (self._data / "base" / str(row[0])).iterdir():
            data = path.read_bytes() if path.is_file() else b""
            found.update(piece for piece in pieces if piece in data)
        return found

    def database(self, name: str, script: str, *, like: str = "template1") -> None:
        """A new database, a copy of another one, changed by a script."""
        self.execute("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE {like}")
        if script:
            self.execute(name, script)

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        account = {}
        if os.geteuid() == 0:
            found = pwd.getpwnam("postgres")
            account = {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
        return subprocess.run(
            command, check=check, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=self._folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}, **account,
        )  # fmt: skip
