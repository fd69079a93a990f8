"""A block from a spreadsheet: the same cells whichever way it travels, and each where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.usecases.projects import opened

from workbench.flows.model import Flow
from workbench.model.cells import clean
from workbench.parity.model import Difference
from workbench.usecases import columns, mapping
from workbench.usecases.context import Context
from workbench.usecases.pasting import Spread, read_block, spread, write_block
from workbench.usecases.table_rows import Table

D, F = "differences", "flows"
SHOWN = ("severity", "title", "staging", "production", "decision")


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with opened(tmp_path / "shop") as found:
        yield found


def pasted(context: Context, text: str, at: str = "title", rows: tuple[str, ...] = ()) -> Spread:
    return spread(context, D, read_block(text), SHOWN, at, rows)


def test_cells_with_line_breaks_tabs_and_quotes_come_in_quotes() -> None:
    text = 'cache\t"two\nlines"\t"said ""yes"""\r\nbroker\t\t"a\ttab"\r\n'
    assert read_block(text) == [["cache", "two\nlines", 'said "yes"'], ["broker", "", "a\ttab"]]


def test_a_quote_that_stands_for_itself_is_text() -> None:
    assert read_block('15" screen\t"wide\nnext\tline') == [['15" screen', '"wide'], ["next", "line"]]


def test_no_formula_leaves_and_none_is_left_over() -> None:
    text = write_block([["=1+1", "-5"]])
    assert text == "'=1+1\t'-5"
    assert read_block(text) == [["=1+1", "-5"]]


cell = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12).map(clean)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_what_is_copied_comes_back(rows: list[list[str]]) -> None:
    assert read_block(write_block(rows)) == rows


def test_cells_go_from_the_cursor_on_and_beyond_the_end_into_new_rows(context: Context) -> None:
    found = pasted(context, "1\t2\n3\t4\n5\t6", "staging", ("a", "b"))
    assert found.changed == {
        "a": {"staging": "1", "production": "2"},
        "b": {"staging": "3", "production": "4"},
    }
    assert found.added == ({"staging": "5", "production": "6"},)
    assert found.left_out == ()


def test_what_lies_beyond_the_last_column_is_told(context: Context) -> None:
    found = pasted(context, "x\taccept\tmore", "production", ("a",))
    assert found.changed == {"a": {"production": "x"}}
    assert found.left_out == ("Decision of rows that are there", "1 column at the right")


def test_a_header_says_the_columns_and_names_find_their_rows(context: Context) -> None:
    there = mapping.add_difference(context, Difference(title="Load balancer", staging="none"))
    text = "Ticket\tWhat differs\tProd\tStatus\tStaging\nX-1\tload balancer\t2\topen\t\nX-2\tcache\t6\tclosing\t1"
    found = pasted(context, text, "severity", ("whatever", "is here"))
    assert found.changed == {there: {"production": "2"}}
    assert found.added == ({"title": "cache", "production": "6", "decision": "close", "staging": "1"},)
    assert found.left_out == ("“Ticket”", "Decision of rows that are there")


def test_a_header_without_names_says_the_columns_of_rows_as_they_stand(context: Context) -> None:
    found = pasted(context, "Staging\tRegion\n1\teu", "severity", ("a",))
    assert found.changed == {"a": {"staging": "1", "region": "eu"}}


@pytest.mark.parametrize("text", ["test\tlive\n1\t2", "name\tx\ty\tz\n1\t2\t3\t4", "DB\tDB\n1\t2", "Staging"])
def test_values_are_no_header(context: Context, text: str) -> None:
    assert len(pasted(context, text).added) == len(text.splitlines())


def test_words_that_somebody_has_explained_are_known(context: Context) -> None:
    table = Table(file="x.csv", columns=("What differs", "Prio"), rows=())
    said = {"title": "What differs", "severity": "Prio"}
    columns.remember_columns(context, table, D, said, {"severity": {"1": "high"}})
    assert pasted(context, "What differs\tPrio\ncache\t1").added == ({"title": "cache", "severity": "high"},)


def test_flows_are_found_by_name_or_key(context: Context) -> None:
    mapping.add_flow(context, Flow(key="checkout", name="Check out"))
    block = read_block("Flow\tTier\ncheck out\tgold\nRefund\tlow")
    found = spread(context, F, block, ("name", "tier"), "name", ())
    assert found.changed == {"checkout": {"tier": "critical"}}
    assert found.added == ({"name": "Refund", "tier": "best_effort"},)
