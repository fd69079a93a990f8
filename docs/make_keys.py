"""Write the tables of docs/keys.md from the app: `make keys`, after a key or what it does has changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from workbench.tui.key_list import KeyRow, key_rows
from workbench.tui.keyboard import STANDARD
from workbench.tui.keys import MEANINGS, spoken

PAGE = Path(__file__).with_name("keys.md")
END = "<!-- end -->"
COUNTS = "## How many keys"


def written(page: str, rows: Sequence[KeyRow]) -> str:
    """The page with each table between its marks as the app has it now."""
    tables = {"all": every_key(rows)} | {screen: of_screen(rows, screen) for screen in screens(rows)}
    for name, table in tables.items():
        begin = f"<!-- keys: {name} -->\n"
        if begin not in page:  # what is new comes last of all tables
            title = f"{name[:1].upper()}{name[1:]}:"
            page = page.replace(COUNTS, f"{title}\n\n{begin}{END}\n\n{COUNTS}", 1)
        found = re.compile(re.escape(begin) + ".*?" + re.escape(END), re.DOTALL)
        page = found.sub(lambda _, begin=begin, table=table: f"{begin}{table}{END}", page)
    return page


def screens(rows: Sequence[KeyRow]) -> list[str]:
    return list(dict.fromkeys(row.screen for row in rows))


def every_key(rows: Sequence[KeyRow]) -> str:
    """One line for each meaning, with its keys and the places that know it."""
    lines = []
    for meaning in MEANINGS:
        keys = [spoken(key) for key in (meaning.key, *meaning.also)]
        where = [row.screen for row in rows if row.key in keys]
        if where:
            lines.append(
                (" ".join(f"`{key}`" for key in keys), meaning.label, ", ".join(dict.fromkeys(where)))
            )
    return _table(("key", "means", "where"), lines)


def of_screen(rows: Sequence[KeyRow], screen: str) -> str:
    """The keys of one screen; several for one thing stand together."""
    merged: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.screen == screen:
            merged.setdefault((row.label, row.help), []).append(f"`{row.key}`")
    return _table(
        ("key", "means", "what it does"), [(" ".join(keys), *said) for said, keys in merged.items()]
    )


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    told = [tuple(cell.replace("|", "\\|") for cell in line) for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ["---"] * len(head), *told))


if __name__ == "__main__":
    now = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(now, key_rows(STANDARD)), encoding="utf-8")
