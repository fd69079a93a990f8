"""Rows of a benchmark's page, as functions."""

from __future__ import annotations

from workbench.gates.variants import Meets
from workbench.tui.screens.benchmark_page import variant_blocks, variant_rows
from workbench.tui.widgets.prose import Pair
from workbench.tui.widgets.rows import Heading, Row
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.variants import Figure, VariantRow, VariantTable

FIGURES = (
    Figure(benchmark="p95", title="p95", value="0.4 s", mark=Mark.DONE, why="0.1 s to spare"),
    Figure(benchmark="cost", title="Cost", value="5 EUR", mark=Mark.DONE, why="no rule"),
)
SMALL = VariantRow(
    label="m6.large", now=True, cheapest=True, mark=Mark.DONE, meets=Meets.YES, why="", figures=FIGURES
)
TABLE = VariantTable(
    key="machines",
    title="Machines",
    words="m6.large is the cheapest that meets the rules",
    rows=(SMALL,),
    cheapest=("m6.large",),
)


def test_a_benchmark_shows_its_value_in_each_variant_and_which_is_the_cheapest() -> None:
    heading, row = variant_rows([TABLE], "p95")
    assert isinstance(heading, Heading) and isinstance(row, Row)
    assert (heading.title, heading.note) == ("Machines", "m6.large is the cheapest that meets the rules")
    assert [cell.text for cell in row.cells] == ["m6.large now", "0.4 s", "meets the rules", "cheapest"]
    assert variant_rows([], "p95") == []


def test_all_figures_of_a_variant_are_one_key_away() -> None:
    told = [block for block in variant_blocks(SMALL) if isinstance(block, Pair)]
    assert [(one.label, one.text) for one in told] == [
        ("Variant", "meets the rules"),
        ("p95", "0.4 s: 0.1 s to spare"),
        ("Cost", "5 EUR: no rule"),
    ]
