"""The command as a process of its own: what it imports, pipes, encodings, no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import __version__

HEAVY = (
    "textual", "httpx", "numpy", "sqlite_utils", "asyncio", "rich", "unittest", "pydantic", "statistics",
    "fractions", "difflib",
)  # fmt: skip


def workbench(
    *words: str, cwd: Path | None = None, python: tuple[str, ...] = (), **env: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *python, "-m", "workbench", *words],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        timeout=60,
        check=False,
    )


def imported(*words: str, cwd: Path | None = None) -> set[str]:
    """Every module that is imported when a command has ended."""
    script = (
        "import sys\nfrom workbench.__main__ import main\nsys.argv[1:] = sys.argv[2:]\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--", *words], cwd=cwd, capture_output=True, timeout=60, check=False
    )
    return set(done.stderr.decode().splitlines()[-1].split())


@pytest.mark.parametrize(
    "words",
    [
        ("gate",),
        ("gate", "--json"),
        ("check",),
        ("parity", "list"),
        ("try", "<= 5", "--value", "3"),
        ("--help",),
    ],
)
def test_nothing_heavy_is_imported(shop: Path, words: tuple[str, ...]) -> None:
    found = imported(*words, cwd=shop)
    assert "workbench.cli.running" in found, "otherwise this proves nothing"
    heavy = {name for name in found if name.partition(".")[0] in HEAVY}
    assert not heavy


def test_check_imports_nothing_that_judges(shop: Path) -> None:
    found = imported("check", cwd=shop)
    assert {"workbench.gates.kinds.benchmarks", "workbench.sources.prometheus"} <= found
    rooms = (
        "record",
        "releases",
        "flows",
        "parity",
        "checklists",
        "signoff.model",
        "gates.kind",
        "gates.model",
    )
    assert not {f"workbench.{room}" for room in rooms} & found
    assert not found & {"sqlite3", "hashlib", "workbench.criteria.charting", "workbench.criteria.comparing"}
    assert not [name for name in found if name.endswith((".judging", ".ask", ".found"))]


def test_help_imports_no_command(shop: Path) -> None:
    assert not [name for name in imported("--help") if name.startswith("workbench.cli.commands.")]


def test_a_command_imports_only_its_own_module(shop: Path) -> None:
    commands = [name for name in imported("gate", cwd=shop) if name.startswith("workbench.cli.commands.")]
    assert commands == ["workbench.cli.commands.gate"]


def test_version_imports_nothing_of_ours(tmp_path: Path) -> None:
    found = imported("--version", cwd=tmp_path)
    assert {name for name in found if name.startswith("workbench.")} == {"workbench.__main__"}
    assert not found & {"click", "msgspec", "yaml", "sqlite3"}
    assert workbench("--version").stdout.decode().strip() == f"workbench {__version__}"
    assert workbench("-V").stdout == workbench("--version").stdout


def test_a_reader_that_leaves_is_no_error(shop: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "history", "--limit", "1000", "--json"],
        cwd=shop,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(60)


def test_output_that_knows_only_ascii_gets_words(shop: Path) -> None:
    done = workbench("gate", cwd=shop, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    text = done.stdout.decode("ascii")
    assert "NO blocked" in text
    assert "?" not in text
    assert done.returncode == 1


def test_no_terminal_no_colour(shop: Path) -> None:
    assert b"\x1b" not in workbench("gate", cwd=shop).stdout
    assert b"\x1b" not in workbench("gate", "nope", cwd=shop, FORCE_COLOR="1").stderr


def test_the_app_does_not_hang_without_a_terminal(shop: Path) -> None:
    done = workbench(cwd=shop)
    assert done.returncode == 2
    assert b"workbench gate" in done.stderr


def test_the_record_can_be_named_before_and_after_the_command(shop: Path, tmp_path: Path) -> None:
    record = str(shop / ".workbench" / "record.db")
    before = workbench("--project", str(shop), "--record", record, "gate", "--json", cwd=tmp_path)
    after = workbench("gate", "--json", "--project", str(shop), "--record-file", record, cwd=tmp_path)
    assert before.returncode == after.returncode == 1
    assert before.stdout == after.stdout
