"""Servers that `make servers` installs from npm: Unleash on PostgreSQL, and WireMock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.real.conftest import end, free_port, wait_until
from tests.real.postgresql import OWNER, OWNER_PASSWORD, PostgreSQLServer

MODULES = Path(__file__).parents[2] / ".cache" / "servers" / "node_modules"
UNLEASH = MODULES / "unleash-server" / "dist" / "server.js"
ADMIN = "*:*.administration-of-the-tests"


def wiremock_jar() -> Path | None:
    """WireMock's program, where it is installed and Java can run it."""
    jars = sorted((MODULES / "wiremock" / "build").glob("wiremock-standalone-*.jar"))
    return jars[-1] if jars and shutil.which("java") else None


class NodeServer:
    """One running server: it is asked with :meth:`call` and ended with :meth:`stop`."""

    def __init__(self, folder: Path, ready: str, headers: Mapping[str, str] = {}) -> None:
        self._log = folder / "log"
        self._headers = {"Content-Type": "application/json", **headers}
        self._ready = ready
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], environ: Mapping[str, str] = {}) -> None:
        """Starts it and waits until it answers."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, env={**os.environ, **environ}, stdout=log, stderr=subprocess.STDOUT
            )
        wait_until(lambda: self._ended() or self._answers(), command[0])
        if self._ended():
            pytest.fail(f"{command[0]} does not start: {self._log.read_text()[-2000:]}")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What it answers to a request, as JSON; an error fails the test."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, dict(self._headers), method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            pytest.fail(f"{method} {path}: {error.code} {error.read()[:500]!r}")
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text

    def stop(self) -> None:
        """Ends it and waits for it."""
        if self._process is not None:
            end(self._process)

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url + self._ready, timeout=20).close()
        except OSError:
            return False
        return True


def unleash(folder: Path, database: PostgreSQLServer) -> NodeServer:
    """Unleash with the environments staging, development and production."""
    database.execute("postgres", "CREATE DATABASE unleash")
    server = NodeServer(folder, "/health", {"Authorization": ADMIN})
    at = f"postgresql://{OWNER}:{OWNER_PASSWORD}@127.0.0.1:{database.port}/unleash"
    quiet = {
        "CHECK_VERSION": "false",
        "SEND_TELEMETRY": "false",
        "LOG_LEVEL": "error",
        "DATABASE_SSL": "false",
    }
    address = {"DATABASE_URL": at, "HTTP_PORT": str(server.port), "HTTP_HOST": "127.0.0.1"}
    environ = {**quiet, **address, "INIT_ADMIN_API_TOKENS": ADMIN}
    server.start(["node", str(UNLEASH)], environ)
    # The open source edition has development and production, and makes no other; this one has no client tokens.
    for statement in (
        "INSERT INTO environments (name, type, enabled, sort_order) VALUES ('staging', 'test', true, 2)",
        "INSERT INTO project_environments (project_id, environment_name) VALUES ('default', 'staging')",
    ):
        database.execute("unleash", statement)
    return server


def wiremock(folder: Path, *options: str) -> NodeServer:
    """WireMock without any stub."""
    server = NodeServer(folder, "/__admin/mappings")
    server.start([
        "java", "-jar", str(wiremock_jar()), "--port", str(server.port), "--root-dir", str(folder),
        "--bind-address", "127.0.0.1", *options,
    ])  # fmt: skip
    return server
