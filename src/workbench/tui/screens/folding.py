"""Sections of a list that fold themselves, so that the whole fits the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.rows import Cell, Heading, Item, Row

FOLD = "fold/"
REST = "More"


class Group(msgspec.Struct, frozen=True):
    """A section: its rows, and the one line that stands for it where there is no room.

    ``least`` rows are shown in any case; a group whose ``least`` is 0 may become one line.
    ``steps`` are the numbers of rows to grow to as long as there is room, in order of
    ``rank``; none of them leaves it folded until somebody unfolds it.  ``note`` stands beside
    the title in place of the number of rows.
    """

    key: str
    title: str
    rows: tuple[Row, ...]
    mark: Mark
    folded: str
    words: str
    least: int = 0
    steps: tuple[tuple[int, int], ...] = ()
    note: str = ""


def plan(groups: Sequence[Group], room: int, unfolded: Iterable[str] = ()) -> dict[str, int]:
    """How many rows of each group are shown in ``room`` lines; what was unfolded is whole."""
    open_ = set(unfolded)
    shown = {
        group.key: _whole(group, len(group.rows) if group.key in open_ else group.least) for group in groups
    }
    grow = sorted((rank, place, count) for place, group in enumerate(groups) for rank, count in group.steps)
    for _, place, count in grow:
        group = groups[place]
        wider = {**shown, group.key: max(shown[group.key], _whole(group, count))}
        if height(groups, wider) <= room:
            shown = wider
    return shown


def _whole(group: Group, count: int) -> int:
    """A line that says “1 more” takes as much room as that row."""
    return len(group.rows) if count and count >= len(group.rows) - 1 else count


def height(groups: Sequence[Group], shown: Mapping[str, int]) -> int:
    """The lines that the groups take, headings and empty lines included."""
    sections = [
        1 + shown[group.key] + (shown[group.key] < len(group.rows)) for group in groups if shown[group.key]
    ]
    folded = [group for group in groups if group.rows and not shown[group.key]]
    if folded:
        sections.append(1 + len(folded))
    return sum(sections) + max(0, len(sections) - 1)


def items(groups: Sequence[Group], shown: Mapping[str, int], unfolded: Iterable[str] = ()) -> list[Item]:
    """Headings and rows for a table; the folded groups come last, a line each."""
    open_ = set(unfolded)
    found: list[Item] = []
    for group in groups:
        count = shown[group.key]
        if not count:
            continue
        found += [Heading(group.title, group.note or str(len(group.rows))), *group.rows[:count]]
        if count < len(group.rows):
            found.append(_line(group, f"… {len(group.rows) - count} more", "", None))
        elif group.key in open_:
            found.append(_line(group, "… fewer", "", None))
    folded = [group for group in groups if group.rows and not shown[group.key]]
    if folded:
        found.append(Heading(REST, "enter expands"))
        found += [_line(group, group.folded, group.words, group.mark) for group in folded]
    return found


def _line(group: Group, text: str, words: str, mark: Mark | None) -> Row:
    said = f"{text}: {words}" if words else text
    return Row(FOLD + group.key, (Cell(said, Role.MUTED),), mark)
