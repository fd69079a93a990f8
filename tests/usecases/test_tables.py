"""Tables as people have them: with lines above the header, grouped headers, bars, Markdown, JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from workbench.model.errors import UsageError
from workbench.usecases.columns import guess, read
from workbench.usecases.table_rows import Table

HEADER = ("What differs", "Staging", "Production", "Severity")
ROW = ("Payment gateway", "mock", "live", "High")


def table(folder: Path, text: str, name: str = "t.csv", kind: str = "differences") -> Table:
    (folder / name).write_text(text, encoding="utf-8")
    return read(folder / name, kind, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "Parity map of the fourth quarter,,,\nas of 31.12.2026,,,\n{}\n{}\n"),
        ("t.csv", "Parity map\n\n{}\n{}\n"),
        ("t.csv", "# exported on Monday, by hand\n{}\n{}\n"),
        ("t.csv", "What differs between staging and production,,,\n{}\n{}\n"),
        ("t.csv", ",Environments,,\n{}\n{}\n"),
    ],
)
def test_the_header_is_found_below_other_lines_which_are_told(tmp_path, name, text):
    found = table(tmp_path, text.format(",".join(HEADER), ",".join(ROW)), name)
    assert (found.columns, [row.cells for row in found.rows]) == (HEADER, [ROW])
    assert any(re.search("above the header and (is|are) skipped", note) for note in found.notes)


@pytest.mark.parametrize("mark", ["|", ";", "\t", " | "])
@pytest.mark.parametrize("title", ["", "Parity map, fourth quarter; all of it\n"])
def test_bars_and_other_delimiters_part_cells(tmp_path, mark, title):
    found = table(tmp_path, f"{title}{mark.join(HEADER)}\n{mark.join(ROW)}\n")
    assert (found.columns, [row.cells for row in found.rows]) == (HEADER, [ROW])


def test_names_that_stand_twice_go_with_the_group_above_them(tmp_path):
    grouped = table(tmp_path, ",Staging,,Production,\nTitle,Value,Version,Value,Version\nCache,1,a,2,b\n")
    assert grouped.columns == (
        "Title",
        "Staging Value",
        "Staging Version",
        "Production Value",
        "Production Version",
    )
    mapping = guess(grouped.columns, "differences").mapping
    assert (mapping["staging"], mapping["production"]) == ("Staging Value", "Production Value")


def test_markdown_is_read_with_its_bars_escaped(tmp_path):
    text = (
        "# Parity\n\nWhat we know.\n\n| What differs | Staging | Production | Severity |\n|---|:---:|---|--:|\n"
        "| Payment gateway | a\\|b | live | High |\n| Cache | | 2 |\n\nThat is all.\n"
    )
    for name in ("t.md", "t.csv", "t.txt"):
        found = table(tmp_path, text, name)
        assert found.columns == HEADER
        assert [(row.line, row.cells) for row in found.rows] == [
            (7, ("Payment gateway", "a|b", "live", "High")),
            (8, ("Cache", "", "2", "")),
        ]
    with pytest.raises(UsageError, match="a second table begins here"):
        table(tmp_path, text + "\n| x | y |\n|---|---|\n")


@pytest.mark.parametrize("name", ["t.json", "t.csv"])
def test_json_is_read_as_the_rows_it_holds(tmp_path, name):
    rows = [
        {"title": 'a "é" 😀\n', "staging": 1.50, "production": None, "flows": ["x", "y; z"], "core": True},
        {"title": "b", "staging": 10**400},
    ]
    found = table(tmp_path, json.dumps(rows, indent="\t"), name)
    assert found.columns == ("title", "staging", "production", "flows", "core")
    assert found.rows[0].cells == ('a "é" 😀', "1.5", "", 'x; "y; z"', "yes")
    assert found.rows[0].line == 2 and found.rows[1].line == 12


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"differences": []}', "a list of rows"), ('[{"a": {"b": 1}}]', "a list of texts"), ('[{"a": 1', "not valid JSON"), ('[{"a": 1} 2]', "a comma"),
        ("[]", "is empty"), ('[{"a": ' + "[" * 100_000, "deep|list|JSON"), ('[{"a": 1}', "a comma"), ("[1]", "names and values"),
    ],
)  # fmt: skip
def test_json_that_is_no_table_is_refused(tmp_path, text, said):
    with pytest.raises(UsageError, match=said) as caught:
        table(tmp_path, text, "t.json")
    assert caught.value.hint


def test_one_column_is_not_taken_for_what_its_heading_merely_holds(tmp_path):
    assert guess(table(tmp_path, "What differs~Severity\nDNS~high\n").columns, "differences").missing
    assert not guess(table(tmp_path, "What differs\nDNS\n").columns, "differences").missing


def test_a_row_that_is_too_long_says_what_helps(tmp_path):
    with pytest.raises(UsageError, match="5 cells") as caught:
        table(tmp_path, "Things\na,b,c,d,e\n")
    assert "delete lines above the header" in (caught.value.hint or "")
