"""The benchmarks' own arithmetic and their large project.  Nothing is timed here."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.__main__ import closing, table
from bench.asking import range_response
from bench.large import Size, fill, project
from bench.measuring import Paired, Row, forget, paired

from workbench.benchmarks.resolve import resolve
from workbench.criteria import Verdict
from workbench.definitions.shapes import Tier
from workbench.sources.prometheus.answer import decode
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SMALL = Size(flows=20, benchmarks=100, differences=300, measurements=2000, candidates=2)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return fill(project(tmp_path / "large", SMALL), SMALL, NOW)


def test_the_large_project_is_as_large_as_it_says(large: Path) -> None:
    context = open_context(Options(project=large, now=NOW), readonly=True)
    with context.record as record:
        found = evaluate(context)
        assert not context.definitions.warnings
        assert len(found.judged) == SMALL.benchmarks
        assert len(found.flows) == SMALL.flows
        assert found.difference_count == SMALL.differences
        assert record.query("SELECT count(*) FROM measurement") == [(SMALL.measurements,)]
        assert record.verify().problem is None


def test_most_verdicts_pass_and_some_fail_so_that_both_are_measured(large: Path) -> None:
    context = open_context(Options(project=large, now=NOW), readonly=True)
    with context.record:
        verdicts = Counter(item.verdict for item in evaluate(context).judged)
    assert set(verdicts) == {Verdict.PASS, Verdict.FAIL}
    assert verdicts[Verdict.PASS] > 10 * verdicts[Verdict.FAIL]


def test_forgetting_leaves_nothing_from_one_run_to_the_next(large: Path) -> None:
    from workbench.benchmarks import resolve as room

    context = open_context(Options(project=large, now=NOW), readonly=True)
    with context.record:
        benchmark = context.definitions.project.benchmarks[0]
        resolve(benchmark, tier=Tier.CRITICAL, tightened=False, staging="staging", now=NOW)
    assert room._filled.cache_info().currsize
    forget()
    assert not room._filled.cache_info().currsize


def test_the_ratio_is_that_of_the_rounds_and_not_of_the_medians() -> None:
    found = Paired((1.0, 10.0, 3.0), (1.0, 5.0, 1.0))
    row = found.row("x", "x", "y", 2.0)
    assert (row.measured, row.spread, row.verdict) == (2.0, (1.0, 3.0), "met")
    assert found.row("x", "x", "y", 0.6, least=True).verdict == "MISSED"


def test_both_are_run_in_turn_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    found = paired(
        lambda: order.append("ours"), lambda: order.append("theirs"), 2, before=lambda: order.append("before")
    )
    assert order == ["before", "ours", "theirs"] * 3
    assert len(found.ours) == len(found.theirs) == 2


def test_what_misses_its_target_is_named() -> None:
    rows = [
        Row(name="a", what="slow thing", peer="peer", measured=4.0, target=3.0),
        Row(name="b", what="quick thing", peer="peer", measured=2.0, target=3.0),
        Row(name="c", what="later thing", peer="peer", target=2.0),
    ]
    assert [row.verdict for row in rows] == ["MISSED", "met", "not yet"]
    assert closing(rows, 1.0)[0] == "misses its target: slow thing"
    header, *lines = table(rows)
    assert len(lines) == 3 and header.startswith("what")


@pytest.mark.parametrize("series", [1, 35])
def test_the_range_response_is_one_that_we_read(series: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.asking.LARGE", 100_000)
    found = decode(range_response(series))
    assert (found.garbled, found.total) == ("", series)
    assert len(found.points) == 16 * (100_000 // series // 32)
