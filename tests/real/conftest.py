"""Real servers for tests.  A missing program skips the test here and fails it in CI."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.real.mailbox import Mailbox
    from tests.real.postgresql import PostgreSQLServer

READY_WITHIN = 60.0  # seconds; a server that starts is ready in about one


def needs(condition: bool, what: str) -> None:
    """Skips the test when ``condition`` does not hold, or fails it where CI promises that it does."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI must have it")
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    """A loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a server and waits for it; one that does not listen is killed."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(ready: Callable[[], bool], what: str) -> None:
    """Looks until ``ready()`` holds; fails after a minute."""
    end = time.monotonic() + READY_WITHIN
    pause = threading.Event()
    while not ready():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not become ready")
        pause.wait(0.02)


class PrometheusServer:
    """A real Prometheus with nothing but the given samples in its database.

    ``config`` is its configuration, ``rules`` are those of its ``rules.yml``, ``features`` what it is started with
    beside the usual.
    """

    def __init__(
        self,
        folder: Path,
        openmetrics: str = "",
        config: str = "global: {scrape_interval: 1h}\n",
        features: tuple[str, ...] = (),
        rules: str = "",
    ) -> None:
        self._folder = folder
        (folder / "rules.yml").write_text(rules)
        self._features = [f"--enable-feature={feature}" for feature in features]
        (folder / "prometheus.yml").write_text(config)
        if openmetrics:
            source = folder / "samples.om"
            source.write_text(openmetrics, encoding="utf-8")
            subprocess.run(
                ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(source), str(folder / "data")],
                check=True,
                capture_output=True,
            )
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server on a free port; tries another one if somebody was faster."""
        for _ in range(3):
            port = free_port()
            self.url = f"http://127.0.0.1:{port}"
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    [
                        "prometheus",
                        f"--config.file={self._folder / 'prometheus.yml'}",
                        f"--storage.tsdb.path={self._folder / 'data'}",
                        "--storage.tsdb.retention.time=100y",
                        f"--web.listen-address=127.0.0.1:{port}",
                        "--log.level=warn",
                        *self._features,
                    ],
                    stdout=log,
                    stderr=log,
                )
            wait_until(lambda: self._ended() or self._ready(), "Prometheus")
            if not self._ended():
                return
        pytest.fail(f"Prometheus does not start: {(self._folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Ends the server and waits for it."""
        if self._process is not None:
            end(self._process)

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture(scope="session")
def prometheus_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., PrometheusServer]]:
    """``prometheus_server(openmetrics_text)``: a running server, ended with the test run.

    The text gives each sample its time stamp in seconds and ends with ``# EOF``.  Further words are those of
    :class:`PrometheusServer`.
    """
    needs(bool(shutil.which("prometheus") and shutil.which("promtool")), "prometheus (with promtool)")
    servers: list[PrometheusServer] = []

    def start(openmetrics: str = "", **more: Any) -> PrometheusServer:
        server = PrometheusServer(tmp_path_factory.mktemp("prometheus"), openmetrics, **more)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


class VictoriaServer:
    """A real VictoriaMetrics with nothing but what is imported into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server on a free port."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "victoria-metrics",
                    f"-storageDataPath={self._folder / 'data'}",
                    f"-httpListenAddr=127.0.0.1:{port}",
                    "-retentionPeriod=100y",
                    "-loggerLevel=WARN",
                ],
                stdout=log,
                stderr=log,
            )
        wait_until(self._ready, "VictoriaMetrics")

    def fill(self, lines: str) -> None:
        """Imports metrics in Prometheus' text form, their times in milliseconds, and makes them visible."""
        for path, data in (("/api/v1/import/prometheus", lines.encode()), ("/internal/force_flush", None)):
            with urllib.request.urlopen(f"{self.url}{path}", data=data, timeout=20) as answer:
                answer.read()

    def stop(self) -> None:
        """Ends the server and waits for it."""
        if self._process is not None:
            self._process.kill()  # nothing of it is kept
            self._process.wait()

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture(scope="session")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VictoriaServer]:
    """A running VictoriaMetrics, ended with the test run."""
    needs(bool(shutil.which("victoria-metrics")), "victoria-metrics")
    server = VictoriaServer(tmp_path_factory.mktemp("victoria"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQLServer]:
    """A running PostgreSQL, ended with the test run."""
    from tests.real import postgresql as servers

    installed = bool(servers.program("initdb") and servers.program("pg_ctl"))
    needs(installed and importlib.util.find_spec("psycopg") is not None, "postgresql (with psycopg)")
    server = servers.PostgreSQLServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mailbox_template(postgresql: PostgreSQLServer) -> PostgreSQLServer:
    """The server, with the database that each test of a shared record's roles copies."""
    from tests.real import mailbox

    mailbox.make_template(postgresql)
    return postgresql


@pytest.fixture
def mailbox(mailbox_template: PostgreSQLServer) -> Iterator[Mailbox]:
    """A database of this test alone, with a shared record, members, desks and two packs."""
    from tests.real.mailbox import TEMPLATE, Mailbox

    mailbox_template.database("mailbox_of_a_test", "", like=TEMPLATE)
    box = Mailbox(mailbox_template, "mailbox_of_a_test")
    yield box
    box.close()
