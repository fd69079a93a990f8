"""A real PostgreSQL that is treated badly: stopped, killed, filled up, put back to an earlier day, failed over."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.real.conftest import free_port, wait_until
from tests.real.postgresql import OWNER, OWNER_PASSWORD, PostgreSQLServer, program


class BadDays(PostgreSQLServer):
    """A server whose files a test may copy and put back; its port stays the same."""

    def halt(self, mode: str = "immediate") -> None:
        """Ends it at once, as a machine that loses its power does; its files stay."""
        self._run(program("pg_ctl"), "stop", "--wait", "-D", str(self._data), "-m", mode)

    def go_on(self) -> None:
        """Starts it again on the same port."""
        self._start_there(self._data, self.port)

    def _start_there(self, data: Path, port: int) -> None:
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off -c autovacuum=off"
        log = str(self._folder / f"log-{data.name}")
        done = self._run(
            program("pg_ctl"), "start", "--wait", "-t", "60", "-D", str(data), "-l", log, "-o", options, check=False
        )  # fmt: skip
        if done.returncode:
            pytest.fail(f"PostgreSQL does not start: {Path(log).read_text()[-2000:]}")

    def copy_of_today(self) -> Path:
        """A copy of all its files, as a backup of a machine keeps them."""
        copy = Path(tempfile.mkdtemp(prefix="copy-", dir=self._folder)) / "data"
        self.halt("fast")
        shutil.copytree(self._data, copy, copy_function=shutil.copy2)
        self._own(copy.parent)
        self.go_on()
        return copy

    def put_back(self, copy: Path) -> None:
        """The files are those of the copy again; what was written since is lost."""
        self.halt("fast")
        shutil.rmtree(self._data)
        shutil.copytree(copy, self._data, copy_function=shutil.copy2)
        self._own(self._data)
        self.go_on()

    def pids(self, database: str) -> list[int]:
        """The processes that serve a database's sessions at this moment, but for the one that asks."""
        import psycopg

        with psycopg.connect(self.url("postgres", user=OWNER), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
                (database,),
            ).fetchall()
        return [pid for (pid,) in rows]

    @contextmanager
    def replica(self) -> Iterator[Replica]:
        """A streaming replica of this server, made with ``pg_basebackup``."""
        folder = Path(tempfile.mkdtemp(prefix="replica-", dir=self._folder))
        self._own(folder)
        data = folder / "data"
        source = f"host=127.0.0.1 port={self.port} user={OWNER} password={OWNER_PASSWORD}"
        self._run(
            program("pg_basebackup"), "--pgdata", str(data), "--dbname", source, "--write-recovery-conf",
            "--wal-method", "stream", "--checkpoint", "fast", "--no-sync",
        )  # fmt: skip
        one = Replica(self, data)
        self._start_there(data, one.port)
        try:
            yield one
        finally:
            self._run(program("pg_ctl"), "stop", "--wait", "-D", str(data), "-m", "immediate", check=False)
            shutil.rmtree(folder, ignore_errors=True)

    def _own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            for place in (folder, *folder.rglob("*")):
                shutil.chown(place, "postgres", "postgres")


class Replica:
    """A standby: it follows the server until it is told to stand still, and can take its place."""

    def __init__(self, server: BadDays, data: Path) -> None:
        self._server = server
        self._data = data
        self.port = free_port()

    def ask(self, database: str, sql: str) -> object:
        """The first value that a statement answers with."""
        import psycopg

        url = self._server.url(database, user=OWNER).replace(f":{self._server.port}/", f":{self.port}/")
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def has_caught_up(self) -> None:
        """Waits until all that the server holds now has come."""
        import psycopg

        with psycopg.connect(self._server.url("postgres", user=OWNER), autocommit=True) as connection:
            (end,) = connection.execute("SELECT pg_current_wal_lsn()::text").fetchone() or ("",)
        wait_until(
            lambda: bool(self.ask("postgres", f"SELECT pg_last_wal_replay_lsn() >= '{end}'::pg_lsn")),
            "the replica",
        )

    def stand_still(self) -> None:
        """From now on nothing comes any more: it lags."""
        self.ask("postgres", "ALTER SYSTEM SET primary_conninfo = ''")
        self.ask("postgres", "SELECT pg_reload_conf()")
        wait_until(
            lambda: self.ask("postgres", "SELECT count(*) FROM pg_stat_wal_receiver") == 0, "the replica"
        )

    def take_its_place(self, *, promoted: bool = True) -> None:
        """The server is gone, and this answers at its port with what had come until it stood still."""
        server, data = self._server, self._data
        server.halt("immediate")
        server._run(program("pg_ctl"), "stop", "--wait", "-D", str(data), "-m", "fast")
        server._start_there(data, server.port)
        if promoted:
            server._run(program("pg_ctl"), "promote", "--wait", "-D", str(data))

    def gives_it_back(self) -> None:
        """The server answers at its port again."""
        self._server._run(program("pg_ctl"), "stop", "--wait", "-D", str(self._data), "-m", "immediate")
        self._server.go_on()


def kill(pid: int) -> None:
    """``kill -9`` of one process of the server: all its sessions end, and it recovers."""
    subprocess.run(["kill", "-9", str(pid)], check=True)
