"""A real PostgreSQL that is treated badly: stopped, killed, filled up, put back to an earlier day, failed over."""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import subprocess
import tempfile
import threading
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

    def becomes(self, replica: Replica) -> None:
        """The replica that took its place is the server from now on; it keeps the files where tests look for them."""
        self._run(program("pg_ctl"), "stop", "--wait", "-D", str(replica.data), "-m", "fast")
        shutil.rmtree(self._data)
        shutil.copytree(replica.data, self._data, copy_function=shutil.copy2)
        self._own(self._data)
        self.go_on()

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
        self.data = data
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
        server, data = self._server, self.data
        server.halt("immediate")
        server._run(program("pg_ctl"), "stop", "--wait", "-D", str(data), "-m", "fast")
        server._start_there(data, server.port)
        if promoted:
            server._run(program("pg_ctl"), "promote", "--wait", "-D", str(data))

    def gives_it_back(self) -> None:
        """The server answers at its port again."""
        self._server._run(program("pg_ctl"), "stop", "--wait", "-D", str(self.data), "-m", "immediate")
        self._server.go_on()


def kill(pid: int) -> None:
    """``kill -9`` of one process of the server: all its sessions end, and it recovers."""
    subprocess.run(["kill", "-9", str(pid)], check=True)


class CutLine:
    """A line between a desk and its server that is cut in the middle of sending a pack, at the moment that is chosen.

    ``before`` cuts once the server was told half of it; ``after`` once the server has answered, and before the desk
    hears it: whether the pack was kept is then unknown to the desk.
    """

    def __init__(self, port: int, when: str) -> None:
        self._server, self._when = port, when
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cut = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> CutLine:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._thread.join(20)

    def _serve(self) -> None:
        while True:
            try:
                desk, _ = self._listener.accept()
            except OSError:
                return
            with desk, socket.create_connection(("127.0.0.1", self._server)) as server:
                self._carry(desk, server)

    def _carry(self, desk: socket.socket, server: socket.socket) -> None:
        """Carries bytes both ways until an end hangs up or the line is cut."""
        sent = b""
        with selectors.DefaultSelector() as ends:
            ends.register(desk, selectors.EVENT_READ)
            ends.register(server, selectors.EVENT_READ)
            while True:
                for key, _ in ends.select(20):
                    here = key.fileobj
                    try:
                        data = here.recv(2**16)  # type: ignore[union-attr]
                    except OSError:
                        return
                    if not data:
                        return
                    if here is desk:
                        sent += data
                    if not self.cut and b"INSERT INTO workbench.pack" in sent:
                        if self._when == "before":
                            self.cut = True
                            server.sendall(data[: len(data) // 2])
                            return
                        if here is server and b"INSERT 0 1" in data:
                            self.cut = True
                            return
                    (server if here is desk else desk).sendall(data)
