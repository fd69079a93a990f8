"""A team's table as it stands in Markdown: between bars, with a line of dashes below the header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.model.cells import clean
from workbench.model.errors import UsageError
from workbench.usecases.table_rows import Row

_DASHES = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*\Z")
_BAR = re.compile(r"(?<!\\)\|")
_LOOKED_AT = 50  # so many lines may stand above it


def markdown_rows(lines: Sequence[str], shown: str) -> list[Row] | None:
    """Header and rows of the one table in a text; ``None`` where there is none.

    ``UsageError`` where a second one follows: whose rows are meant is not known.
    """
    dashes = [
        n for n, line in enumerate(lines[:_LOOKED_AT]) if n and _is_dashes(line) and "|" in lines[n - 1]
    ]
    if not dashes:
        return None
    head = dashes[0] - 1
    rows = [Row(head + 1, _cells(lines[head]))]
    end = head + 2
    while end < len(lines) and "|" in lines[end]:
        rows.append(Row(end + 1, _cells(lines[end])))
        end += 1
    for number in range(end, len(lines)):
        if "|" in lines[number]:
            raise UsageError(
                "a second table begins here",
                where=f"{shown}:{number + 1}",
                hint="put it into a file of its own",
            )
    return rows


def _is_dashes(line: str) -> bool:
    return "|" in line and _DASHES.match(line) is not None


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(clean(cell.replace("\\|", "|")) for cell in _BAR.split(inner))
