"""Tables that people hand in: any bytes, under any name, end in a row that was taken or in words."""

from __future__ import annotations

import csv
import io
import json
import shutil

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import SHOP, web_shop

KINDS = ("flows", "parity")
ROWS = {
    name: list(csv.reader(io.StringIO((SHOP / f"{name}.csv").read_text(encoding="utf-8")))) for name in KINDS
}
NAMES = (
    "in.csv",
    "in.csv",
    "in.tsv",
    "in.yaml",
    "in.yml",
    "in.json",
    "in.md",
    "in.txt",
    "in",
    "in.xlsx",
    "in.CSV",
)
OPTIONS = st.sampled_from(
    (
        [],
        ["--dry-run"],
        ["--take", "file"],
        ["--take", "record"],
        ["--json"],
        ["--map", "title=title"],
        ["--map", "severity=owner"],
        ["--map", "title=title", "--map", "until=production", "--map", "decision=severity"],
    )
)
READERS = st.sampled_from(
    (["gate"], ["parity", "list"], ["flow", "list"], ["export", "differences"], ["notes"], ["history"])
)


def _written(rows: list[list[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


@st.composite
def tables(draw: st.DrawFn, kind: str) -> bytes:
    """The shop's table with odd cells, headers and rows."""
    rows = [[*row] for row in ROWS[kind][: draw(st.integers(1, 8))]]
    for _ in range(draw(st.integers(1, 6))):
        row = draw(st.sampled_from(rows))
        if row:
            row[draw(st.integers(0, len(row) - 1))] = draw(odd.texts)
    if draw(st.integers(0, 3)) == 0:
        rows.insert(draw(st.integers(0, len(rows))), draw(st.lists(odd.texts, max_size=5)))
    return _written(rows, draw(st.sampled_from((",", ",", ";", "\t", "|"))))


def _as_rows(kind: str) -> list[dict[str, str]]:
    head, *rest = ROWS[kind]
    return [dict(zip(head, row, strict=True)) for row in rest[:3]]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """What a table is of, the file's name, and its bytes."""
    kind, name = draw(st.sampled_from(KINDS)), draw(st.sampled_from(NAMES))
    match draw(st.integers(0, 3)):
        case 0:
            data = draw(odd.bytes_of([_written(ROWS[kind], ",")]))
        case 1:
            data = draw(odd.trees(_as_rows(kind)).map(odd.as_yaml))
        case 2:
            data = draw(odd.bytes_of([json.dumps(_as_rows(kind)).encode(), _written(ROWS[kind][:3], "|")]))
        case _:
            data = draw(tables(kind))
    return kind, name, data


@SOME
@given(files(), OPTIONS, READERS)
def test_tables(file: tuple[str, str, bytes], options: list[str], reader: list[str]) -> None:
    kind, name, data = file
    place = web_shop()
    place.put_back()
    (place.root / name).write_bytes(data)
    place.survives("import", {"parity": "differences"}.get(kind, kind), name, *options)
    place.survives(*reader)


@SOME
@given(files())
def test_first_tables(file: tuple[str, str, bytes]) -> None:
    """The tables that a new record starts from."""
    kind, _, data = file
    place = web_shop()
    place.put_back()
    shutil.rmtree(place.root / ".workbench")
    (place.root / f"{kind}.csv").write_bytes(data)
    place.survives("release", "new", "3.0", "--commit", "a" * 40, "--as", "kim")
    place.survives("gate")
