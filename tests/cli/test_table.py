"""The columns of a table on a terminal."""

import pytest

from workbench.cli.output import fitting


@pytest.mark.parametrize(
    ("widths", "width", "said"),
    [
        ((10, 20), 80, [10, 20]),
        ((3, 60, 40), 80, [3, 36, 36]),  # the widest give first
        ((3, 60, 20), 80, [3, 53, 20]),
        ((90, 90), 20, [12, 12]),  # no column is so narrow that nothing can be read
    ],
)
def test_the_widest_columns_give_room(widths: tuple[int, ...], width: int, said: list[int]) -> None:
    assert fitting(widths, width) == said
