"""The record's file: damaged bytes, rows that another program wrote, and files beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop

FILE = ".workbench/record.db"
COMMANDS = st.sampled_from(
    (
        ["gate"],
        ["gate", "--json"],
        ["notes"],
        ["history"],
        ["parity", "list"],
        ["flow", "list"],
        ["release", "show"],
        ["benchmark", "show", "checkout-p95"],
        ["checklist", "list"],
        ["export", "differences"],
        ["excerpt"],
        ["doctor"],
        ["export", "table", "measurement"],
        ["parity", "add", "x"],
        ["fetch"],
        ["undo"],
        ["backup"],
        ["contested"],
        ["shown"],
    )
)
CELLS = st.one_of(
    st.sampled_from(
        (None, 0, -1, 2**62, 0.5, b"", b"\x00\xff", b"{}", b"[" * 5000, "x" * 9000, float("inf"))
    ),
    odd.texts,
    odd.texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
)


@cache
def tables() -> tuple[tuple[str, str], ...]:
    """Every column of every table of the shop's record."""
    place = web_shop()
    place.put_back()
    with closing(sqlite3.connect(place.root / FILE)) as raw:
        return tuple(_columns(raw))


def _columns(raw: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall():
        for row in raw.execute(f'PRAGMA table_info("{name}")').fetchall():
            yield name, row[1]


@SOME
@given(
    st.lists(
        st.tuples(st.deferred(lambda: st.sampled_from(tables())), CELLS, st.integers(0, 60)),
        min_size=1,
        max_size=2,
    ),
    COMMANDS,
)
def test_rows(changes: list[tuple[tuple[str, str], Any, int]], words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    with closing(sqlite3.connect(place.root / FILE, isolation_level=None)) as raw:
        for (table, column), value, number in changes:
            with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
                raw.execute("PRAGMA writable_schema = ON")
                rows = raw.execute(f'SELECT rowid FROM "{table}"').fetchall()
                if rows:
                    (rowid,) = rows[number % len(rows)]
                    raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, rowid))
    place.survives(*words)
    place.survives("verify")


@SOME
@given(st.deferred(lambda: odd.bytes_of([web_shop().original(FILE)], most=3)), COMMANDS)
def test_record_bytes(data: bytes, words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    (place.root / FILE).write_bytes(data)
    place.survives(*words)
    place.survives("verify")


BESIDE = st.sampled_from(
    (".workbench/person", ".workbench/record.db-wal", ".workbench/record.db-shm", ".workbench/record.db-journal",
     ".workbench/.gitignore", "x.excerpt.jsonl", "checklists/team.yaml", ".git", ".git/HEAD", ".git/config", "README.md")
)  # fmt: skip


@SOME
@given(
    BESIDE,
    st.one_of(st.sampled_from(odd.PIECES), st.binary(max_size=60), odd.texts.map(str.encode)),
    COMMANDS,
)
def test_files_beside_the_record(name: str, data: bytes, words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    path = place.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    place.survives(*words)
    place.survives("verify")


KEPT = st.deferred(
    lambda: st.sampled_from(sorted(name for name in web_shop().names() if name.startswith("data/")))
)


@SOME
@given(
    KEPT, st.one_of(st.sampled_from(odd.PIECES), st.binary(max_size=60), odd.texts.map(str.encode)), COMMANDS
)
def test_data_folder(name: str, data: bytes, words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    (place.folder / name).write_bytes(data)
    place.survives(*words)
    place.survives("verify")
