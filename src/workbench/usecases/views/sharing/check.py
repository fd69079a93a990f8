"""What ``share --check`` found, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.usecases.sharing.checking import Found

MARKS = {"ok": "✓", "warn": "▲", "fail": "✗"}


def lines(found: Found) -> Iterator[str]:
    """A line for each thing that was looked at, and below it what to do where something is not as it should be."""
    width = max(len(one.what) for one in found.checks)
    for one in found.checks:
        yield f"{MARKS[one.state]} {one.what:<{width}}  {one.why}"
        if one.fix and (one.state != "ok" or one.what == "backup"):
            yield f"  {'':<{width}}  {one.fix}"
