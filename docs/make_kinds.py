"""Write the tables of docs/benchmarks.md from the built-in kinds: `make kinds`, after one has changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from workbench.usecases.views.benchmark_kinds import groups, kind_lines

PAGE = Path(__file__).with_name("benchmarks.md")
BEGIN, END = "<!-- kinds -->\n", "<!-- end -->"


def written(page: str) -> str:
    """The page with the tables between its marks as the program has them now."""
    tables = "\n".join(f"### {group[:1].upper()}{group[1:]}\n\n{of_group(group)}" for group in groups())
    found = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    return found.sub(lambda _: f"{BEGIN}{tables}{END}", page)


def of_group(group: str) -> str:
    """The kinds of one group."""
    rows = [
        (f"`{line.name}`", line.about, line.rule or "states its own", line.unit, line.asked)
        for line in kind_lines(group)
    ]
    return _table(("kind", "what it measures", "passes", "unit", "answered by"), rows)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    told = [tuple(cell.replace("|", "\\|") for cell in line) for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ["---"] * len(head), *told))


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
