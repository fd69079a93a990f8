"""The head of a benchmark's page."""

from __future__ import annotations

from workbench.model.width import cells
from workbench.tui.screens.benchmark_verdict import head_lines
from workbench.tui.widgets.ruled import ruled_line

LONG = "Signing in takes no longer than on the stable pods"


def lines(title: str, about: str, width: int) -> list[str]:
    return ["".join(piece.text for piece in line) for line in head_lines(title, about, width)]


def test_what_it_is_stands_beside_its_title_where_both_fit() -> None:
    assert lines("Checkout p95", "Checkout, critical · blocking", 80) == [
        " Checkout p95   Checkout, critical · blocking"
    ]


def test_a_line_without_a_title_has_no_gap() -> None:
    assert "".join(piece.text for piece in ruled_line("", "", 20)) == "─" * 20


def test_nothing_of_a_long_title_or_of_what_stands_beside_it_is_cut() -> None:
    about = "Signing in, critical · blocking · looked at 4 times"
    for width in (60, 80):
        found = lines(LONG, about, width)
        assert " ".join(line.strip() for line in found) == f"{LONG} {about}"
        assert all(cells(line) <= width for line in found)
