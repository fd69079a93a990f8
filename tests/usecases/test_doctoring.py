"""``doctor``: every complaint has its cause and its way out, and looking changes nothing."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.ssh import make_key, public_line
from tests.usecases.projects import SMALL, opened

from workbench.releases.model import Candidate, Release
from workbench.usecases import doctoring, releasing, trusting
from workbench.usecases.doctoring import Check, examine, worst
from workbench.usecases.project import Options
from workbench.usecases.safekeeping import backup

LATER = datetime(2100, 1, 1, tzinfo=UTC)
ASKING = SMALL + (
    "environments: [{key: staging, kind: staging}]\n"
    "sources:\n"
    "  - {key: metrics, kind: prometheus, url: 'http://127.0.0.1:%d', token: '${METRICS_TOKEN}'}\n"
    "benchmarks:\n"
    "  - key: errors\n"
    "    title: Errors\n"
    "    environment: staging\n"
    "    measure: {source: metrics, query: up}\n"
    "    pass: '== 1'\n"
)


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("METRICS_TOKEN", raising=False)
    monkeypatch.setenv("WORKBENCH_AS", "kim")


@pytest.fixture
def project(tmp_path) -> Path:
    with opened(tmp_path / "shop"):
        pass
    return tmp_path / "shop"


def found(project: Path, *, ask: bool = False, now: datetime = LATER) -> dict[str, Check]:
    checks = examine(Options(project=project), ask=ask, now=now)
    assert all(check.fix for check in checks if check.state != "ok"), checks
    return {check.what: check for check in checks}


def test_a_sound_project_has_only_its_copy_missing(project):
    checks = found(project)
    assert {name for name, check in checks.items() if check.state != "ok"} <= {
        "backup",
        "terminal",
        "encoding",
    }
    assert checks["record"].why.endswith("entries, as last seen")
    assert checks["person"].why == "Kim (asserted by --as)"


def test_looking_changes_nothing(project):
    def state():
        places = [project, project.parent / "data"]
        files = [file for place in places for file in place.rglob("*") if file.is_file()]
        return {file: file.read_bytes() for file in files if not file.name.endswith(("-shm", "-wal"))}

    before = state()
    found(project)
    assert state() == before


def test_a_folder_without_a_project_says_what_to_run(tmp_path):
    check = found(tmp_path)["project"]
    assert check.state == "warn" and "workbench init" in check.fix


def test_a_project_without_a_record_says_what_to_run(tmp_path):
    (tmp_path / "workbench.yaml").write_text(SMALL)
    assert "workbench release new" in found(tmp_path)["record"].fix


def test_mistakes_in_the_definitions_are_counted(project):
    (project / "workbench.yaml").write_text(SMALL + "sorces: []\nzones: []\n")
    check = found(project)["definitions"]
    assert check.state == "fail" and check.why.startswith("2 mistakes") and "workbench.yaml:" in check.why
    assert found(project)["record"].state == "ok"  # the rest is looked at all the same


def test_what_is_no_record_is_told(project):
    (project / ".workbench" / "record.db").write_bytes(b"this is no database, whatever its name says" * 100)
    assert found(project)["record"].state == "fail"


def test_a_cut_record_is_noticed(project):
    with opened(project) as context:
        releasing.plan(context, Release(version="1.0.0"))
        releasing.plan(context, Release(version="1.1.0"))
    assert found(project)["record"].why.endswith("as last seen")
    connection = sqlite3.connect(project / ".workbench" / "record.db")
    connection.execute("DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")
    connection.commit()
    connection.close()
    check = found(project)["record"]
    assert check.state == "fail" and "cut or replaced" in check.why and "workbench verify" in check.fix


def test_a_copy_is_seen(project):
    with opened(project) as context:
        backup(context)
    assert found(project)["backup"].state == "ok"


def test_a_clock_behind_the_record_is_noticed(project):
    assert found(project, now=datetime(2025, 6, 1, tzinfo=UTC))["time"].state == "warn"
    assert found(project, now=datetime(1970, 1, 1, tzinfo=UTC))["clock"].state == "fail"


def test_somebody_unknown_is_told(project, monkeypatch):
    (project / "workbench.yaml").write_text(SMALL.replace("key: kim", "key: nobody-here"))
    monkeypatch.delenv("WORKBENCH_AS")
    check = found(project)["person"]
    assert check.state == "warn" and "--as" in check.fix


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_that_cannot_be_written_is_told(project):
    (project / ".workbench").chmod(0o500)
    try:
        assert found(project)["record's folder"].state == "fail"
    finally:
        (project / ".workbench").chmod(0o700)


def test_a_file_where_a_folder_belongs_is_told(project, monkeypatch):
    (project / "taken").touch()
    monkeypatch.setenv("WORKBENCH_DATA", str(project / "taken" / "data"))
    assert "in the way" in found(project)["data folder"].why


def test_old_programs_are_told(project, monkeypatch):
    monkeypatch.setattr(doctoring, "_SQLITE", (99, 0))
    monkeypatch.setattr(doctoring, "_PYTHON", (3, 99))
    monkeypatch.setenv("PATH", "")
    checks = found(project)
    assert checks["SQLite"].state == "fail" and "99.0 or newer" in checks["SQLite"].why
    assert checks["Python"].state == "fail"
    assert checks["git"].state == "warn"


class _Terminal:
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "state", "words"),
    [
        ({"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}, "ok", "256 colours"),
        ({"TERM": "xterm", "COLUMNS": "120", "LINES": "40", "NO_COLOR": "1"}, "ok", "no colours"),
        ({"TERM": "xterm", "COLUMNS": "120", "LINES": "40", "COLORTERM": "truecolor"}, "ok", "all colours"),
        ({"TERM": "dumb"}, "warn", "TERM=dumb"),
        ({"TERM": "xterm", "COLUMNS": "70", "LINES": "20"}, "warn", "70×20 is small"),
    ],
)
def test_the_terminal_is_looked_at(project, monkeypatch, environ, state, words):
    for name in ("TERM", "COLUMNS", "LINES", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for name in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, _Terminal())
    check = found(project)["terminal"]
    assert check.state == state and words in check.why


def test_without_a_terminal_only_the_app_is_lost(project, monkeypatch):
    monkeypatch.setattr(sys, "__stdin__", None)
    assert "commands work, the app does not" in found(project)["terminal"].why


# --- sources -----------------------------------------------------------------------------


class _Server(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self._answer(b'{"status":"success","data":{"version":"2.42.0"}}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(
            b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}'
        )

    def _answer(self, body: bytes) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server():
    _Server.asked = []
    with HTTPServer(("127.0.0.1", 0), _Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def asking(tmp_path, server) -> Path:
    with opened(tmp_path / "asking", ASKING % server.server_port) as context:
        releasing.plan(context, Release(version="1.0.0"), Candidate(release="", number=0, commit="a" * 40))
    return tmp_path / "asking"


def test_variables_are_named_and_never_shown(asking, monkeypatch):
    assert found(asking)["$METRICS_TOKEN"].state == "warn"
    monkeypatch.setenv("METRICS_TOKEN", "tok-tok-tok-tok")
    checks = found(asking)
    assert checks["$METRICS_TOKEN"] == Check("ok", "$METRICS_TOKEN", "set")
    assert "tok-tok" not in repr(checks)


def test_nothing_is_sent_without_being_told_to_and_without_trust(asking):
    assert found(asking)["trust"].state == "warn"
    assert found(asking, ask=True)["sources"].fix == "workbench trust"
    trusting.agree(trusting.look(Options(project=asking)))
    assert found(asking)["trust"].state == "ok"
    assert _Server.asked == []


def test_a_trusted_projects_sources_are_asked(asking, monkeypatch):
    monkeypatch.setenv("METRICS_TOKEN", "tok-tok-tok-tok")
    trusting.agree(trusting.look(Options(project=asking)))
    check = found(asking, ask=True, now=datetime.now(UTC) + timedelta(seconds=1))["source metrics"]
    assert check.state == "ok" and "2.42.0" in check.why
    assert "/api/v1/query" in _Server.asked


def test_a_dead_source_is_told(asking, server, monkeypatch):
    monkeypatch.setenv("METRICS_TOKEN", "tok-tok-tok-tok")
    trusting.agree(trusting.look(Options(project=asking)))
    server.server_close()
    assert found(asking, ask=True)["source metrics"].state == "warn"


def test_trust_is_taken_back_and_asked_again_after_a_change(asking):
    options = Options(project=asking)
    trusting.agree(trusting.look(options))
    assert trusting.look(options).trusted
    text = (asking / "workbench.yaml").read_text()
    (asking / "workbench.yaml").write_text(text.replace("127.0.0.1", "localhost"))
    assert not trusting.look(options).trusted
    (asking / "workbench.yaml").write_text(text)
    trusting.forget(trusting.look(options))
    assert not trusting.look(options).trusted


def test_the_worst_decides():
    ok, warn, fail = Check("ok", "a", ""), Check("warn", "b", ""), Check("fail", "c", "")
    assert (worst((ok,)), worst((ok, warn)), worst((warn, fail, ok))) == ("ok", "warn", "fail")


def test_whoever_has_a_key_is_told_whether_it_counts_today(project, tmp_path):
    assert "your key" not in found(project)
    key = make_key(tmp_path)
    file = project / "workbench.yaml"
    text = file.read_text(encoding="utf-8")

    def listed(more: str) -> None:
        keys = f'name: Kim, keys: [{{key: "{public_line(key)}"{more}}}],'
        file.write_text(text.replace("name: Kim,", keys), encoding="utf-8")

    listed("")
    assert found(project)["your key"].why.startswith("SHA256:")
    listed(", until: 2020-01-01")
    assert found(project)["your key"].state == "warn"
