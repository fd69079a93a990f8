"""Whatever is damaged in the record: exit code 4, words, and never a mistake of ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests import building as build

from workbench.cli.running import run

UNDECODABLE = "CAST(x'ff' AS TEXT)"
DAMAGE = [
    "UPDATE measurement SET value = '0.6X'",
    "UPDATE measurement SET measured_at = '2026'",
    f"UPDATE measurement SET measured_at = {UNDECODABLE}",
    "UPDATE e_release SET value = '{'",
    "UPDATE e_release SET value = '[]'",
    f"UPDATE e_release SET value = {UNDECODABLE}",
    "UPDATE e_release SET recorded_at = 'soon'",
    "UPDATE ledger SET body = x'ff' WHERE seq = 1",
    "UPDATE ledger SET body = x'5b5d' WHERE seq = (SELECT max(seq) FROM ledger)",
    "UPDATE meta SET value = '7' WHERE key = 'projections'",
    "UPDATE meta SET value = 'x' WHERE key = 'desk'",
    "DELETE FROM meta",
    "DELETE FROM ledger",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with build.shop(tmp_path / "shop") as context:
        build.clear(context)
        build.add_difference(context)
    return tmp_path / "shop"


def codes(root: Path) -> dict[str, int]:
    return {
        words: run([*words.split(), "--project", str(root)])
        for words in ("verify", "gate", "notes", "history", "release list")
    }


@pytest.mark.parametrize("sql", DAMAGE)
def test_odd_values_are_damage(root: Path, sql: str) -> None:
    with sqlite3.connect(root / ".workbench" / "record.db") as raw:
        assert raw.execute(sql).rowcount
    raw.close()
    found = codes(root)
    assert found["verify"] == 4
    assert set(found.values()) <= {0, 1, 4}, found


@pytest.mark.parametrize("at", range(16, 4096, 401))
def test_bytes_of_sqlites_own_schema_are_damage(root: Path, at: int) -> None:
    path = root / ".workbench" / "record.db"
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    found = codes(root)
    assert set(found.values()) <= {0, 1, 2, 4}, found
