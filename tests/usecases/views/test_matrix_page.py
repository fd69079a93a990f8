"""The matrix of flows: the roll-up of each, what is not covered, and what the candidate touches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.definitions.shapes import Dimension, Mode
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.matrix_page import (
    ALL,
    MatrixPage,
    read_matrix,
    roll_up,
    square_facts,
    square_title,
    summary,
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def matrix(context: Context) -> MatrixPage:
    return read_matrix(context, evaluate(context))


def test_a_flow_is_as_its_worst_blocking_benchmark(shop: Context) -> None:
    build.measured(shop, "errors", "9")
    found = matrix(shop)
    (row,) = [row for row in found.rows if row.line.key == "checkout"]
    assert row.gate.mark is Mark.BLOCKS and row.gate.words.endswith(("blocks", "block"))
    assert row.tier == "critical" and found.tiers["critical"].startswith("0 of ")


def test_a_heading_counts_what_stands_below_it(tmp_path: Path) -> None:
    staging = """\
benchmarks:
  - key: same-data
    environment: staging
    title: Same data
    measure: {source: hand, unit: "%"}
    pass: ">= 98 %"
"""
    with build.shop(tmp_path / "shop", build.SHOP.replace("benchmarks:\n", staging, 1)) as context:
        found = matrix(context)
        assert found.tiers == {
            "critical": "0 of 2 blocking pass",
            "": "counted as critical · 1 advisory",
        }


@pytest.mark.parametrize(
    ("marks", "blocking", "mark", "words"),
    [
        ([Mark.DONE, Mark.BLOCKS, Mark.BLOCKS], True, Mark.BLOCKS, "2 block"),
        ([Mark.WARNS, Mark.EXCEPTED], True, Mark.EXCEPTED, "1 excepted"),
        ([Mark.DONE, Mark.WARNS], True, Mark.WARNS, "1 warns"),
        ([Mark.WARNS, Mark.LEARNING], True, Mark.LEARNING, "1 not known"),
        ([Mark.DONE, Mark.DONE], True, Mark.DONE, "passes"),
        ([Mark.WARNS], False, Mark.NOT_APPLICABLE, "advisory"),
        ([], True, Mark.NOT_APPLICABLE, "none"),
    ],
)
def test_the_worst_of_the_blocking_ones_counts(
    shop: Context, marks: list[Mark], blocking: bool, mark: Mark, words: str
) -> None:
    judged = next(item for item in evaluate(shop).judged if item.blocking)
    resolved = msgspec.structs.replace(
        judged.resolved, mode=judged.resolved.mode if blocking else Mode.ADVISORY
    )
    judged = msgspec.structs.replace(judged, resolved=resolved)
    found = roll_up([(judged, each) for each in marks])
    assert (found.mark, found.words) == (mark, words)


def test_a_square_names_its_benchmarks_and_what_is_not_covered(shop: Context) -> None:
    build.measured(shop, "errors", "9")
    evaluation = evaluate(shop)
    found = read_matrix(shop, evaluation)
    row = next(row for row in found.rows if row.line.key == "checkout")
    facts = square_facts(found, row, ALL, evaluation, UTC)
    assert any(fact.mark is Mark.BLOCKS and fact.label == "Checkout errors" for fact in facts)
    assert [fact.text for fact in facts if fact.label == "Not covered"] == ["; ".join(row.line.gaps)]
    assert square_title(row, Dimension.LATENCY_CONSISTENCY) == f"{row.line.title}, latency"
    assert square_title(row, None).endswith(", other") and square_title(row, ALL) == row.line.title


def test_the_summary_counts_what_is_blocked_and_what_is_not_measured(shop: Context) -> None:
    build.measured(shop, "errors", "9")
    text = " · ".join(phrase.text for phrase in summary(matrix(shop)))
    assert "✗ 1 blocked" in text and text.split()[1].startswith("flow")
