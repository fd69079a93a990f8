"""What a report says of code: which lines, branches and functions there are, and which of them ran."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec

What = Literal["lines", "branches", "functions"]
_ROUNDED = 0.005  # by which a share may be rounded in a report


class Code(msgspec.Struct):
    """One file: its lines by number, its branches and functions by anything that tells them apart, and which ``ran``."""

    lines: set[int] = set()
    lines_ran: set[int] = set()
    branches: set[Any] = set()
    branches_ran: set[Any] = set()
    functions: set[str] = set()
    functions_ran: set[str] = set()

    def add(self, other: Code) -> None:
        """Takes in what another run measured of the same file: what ran in either ran."""
        for mine, theirs in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True):
            mine |= theirs

    def add_line(self, number: int, *, ran: bool) -> None:
        """A line of code."""
        self.lines.add(number)
        if ran:
            self.lines_ran.add(number)

    def add_branches(self, line: int, ran: int, of: int) -> None:
        """Branches of a line, of which only their number is known.

        Of two runs the one with more counts: which ones ran is not told, so more cannot be proved.
        """
        self.branches |= {(line, number) for number in range(of)}
        self.branches_ran |= {(line, number) for number in range(ran)}


class Covered(msgspec.Struct):
    """A report: its files by name, and what it says of itself; ``claimed`` is its own share of lines."""

    files: dict[str, Code] = {}
    tool: str = ""
    timestamp: datetime | None = None
    zoned: bool = True
    claimed: float | None = None

    def file(self, name: str) -> Code:
        """The file with a name; a report may come to it several times."""
        return self.files.setdefault(name.replace("\\", "/").removeprefix("./"), Code())

    def add(self, other: Covered) -> None:
        """Takes in another report of the same code."""
        for name, code in other.files.items():
            self.file(name).add(code)

    def flaw(self) -> str:
        """Why the report proves nothing, as the end of a sentence; "" for most."""
        ran, of = counted(self.files, "lines")
        if self.claimed is not None and of and self.claimed + _ROUNDED < ran / of:
            return f"says that {self.claimed:.1%} of its lines ran, and lists {ran:,} of {of:,}"
        return ""


def counted(files: Mapping[str, Code], what: What) -> tuple[int, int]:
    """How many lines, branches or functions of files ran, and how many there are."""
    ran = sum(len(getattr(code, f"{what}_ran")) for code in files.values())
    return ran, sum(len(getattr(code, what)) for code in files.values())


def matching(files: Mapping[str, Code], patterns: Iterable[str] | None) -> dict[str, Code]:
    """The files whose names match a pattern, from the beginning of their path or from any folder of it."""
    if patterns is None:
        return dict(files)
    forms = [_form(pattern.replace("\\", "/").removeprefix("./")) for pattern in patterns]
    return {name: code for name, code in files.items() if any(form.fullmatch(name) for form in forms)}


@lru_cache(maxsize=100)
def _form(pattern: str) -> re.Pattern[str]:
    """A pattern, in which ``**`` is any number of folders and ``*`` anything within one."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    regular = {"**/": r"(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(r"(?:.*/)?" + "".join(regular.get(part) or re.escape(part) for part in parts))
