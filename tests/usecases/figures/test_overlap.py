"""BM-7: the overlap of the samples of two environments, from files to a verdict."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks.measurements import Measurement, latest
from workbench.criteria import Verdict
from workbench.model.errors import DefinitionError
from workbench.releases import model as releases
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.fetching import Wanted, fetch
from workbench.usecases.views.over_time import histograms

TEXT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources: [{key: files, kind: samples}]
benchmarks:
  - key: p95
    title: As fast as in production
    flow: checkout
    measure: {source: files, file: '$environment.txt', unit: s}
    better: lower
    pass: within 20% of baseline
  - {key: beside, kind: latency_overlap, flow: checkout, measure: {source: record, of: p95}, pass: '>= 80 %'}
gates:
  - {key: met, title: Met, requires: [benchmarks: {}]}
"""
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def measured(context: Context, staging: str, production: str) -> Measurement:
    for name, text in (("staging", staging), ("production", production)):
        (context.root / f"{name}.txt").write_text(f"# measured: {build.NOW.isoformat()}\n{text}")
    fetch(context)
    held = releases.find(context.record, None)
    return latest(context.record, held.candidate_id)[("beside", "value")]


def drawn(seed: int, count: int = 2000, slower: float = 1.0) -> str:
    chance = random.Random(seed)
    return "".join(f"{slower * chance.lognormvariate(-1.5, 0.4):.6f}\n" for _ in range(count))


def test_equal_latencies_lie_over_each_other(shop: Context) -> None:
    found = measured(shop, drawn(1), drawn(2))
    assert found.value is not None and found.unit == "%" and found.samples == 2000
    assert found.value > 90
    note = str(found.facts["note"])
    assert note.startswith("two equal ones would overlap by 9") and "p50 0.2" in note and "; p99 0." in note
    assert len(found.evidence) == 2
    drawn_of = [histograms(shop, evaluate(shop), key) for key in ("beside", "p95")]
    assert drawn_of[0] is not None and drawn_of[0] == drawn_of[1]
    assert build.verdict(shop, "beside").verdict is Verdict.PASS


def test_a_slower_staging_lies_beside(shop: Context) -> None:
    found = measured(shop, drawn(1, slower=1.8), drawn(2))
    assert found.value is not None and found.value < 60
    assert build.verdict(shop, "beside").verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("staging", "production", "why"),
    [
        ("", "1\n", "the value of p95 has no number"),
        ("1\n", "", "the baseline of p95 has no number"),
        ("# selection: half\n1\n", "1\n", "the samples are selected differently (half against nothing said)"),
    ],
)
def test_what_cannot_lie_side_by_side_is_missing(
    shop: Context, staging: str, production: str, why: str
) -> None:
    found = measured(shop, staging, production)
    assert (found.state, found.value, found.why) == ("missing", None, why)


def test_it_is_asked_alone_too(shop: Context) -> None:
    first = measured(shop, drawn(1), drawn(2))
    fetch(shop, Wanted(benchmarks=("beside",)))
    held = releases.find(shop.record, None)
    again = latest(shop.record, held.candidate_id)[("beside", "value")]
    assert again.batch != first.batch and again.value == first.value


def test_samples_of_constants_are_no_trouble(shop: Context) -> None:
    assert measured(shop, "0\n" * 30, "0\n" * 30).value == Decimal(100)
    assert measured(shop, "0\n" * 30, "5\n" * 30).value == Decimal(0)


@pytest.mark.parametrize(
    ("of", "words"),
    [("", "whose samples lie side by side"), (", of: nobody", "there is no benchmark “nobody”")],
)
def test_check_asks_whose_samples(tmp_path: Path, of: str, words: str) -> None:
    with (
        pytest.raises(DefinitionError, match=words),
        build.shop(tmp_path / "shop", TEXT.replace(", of: p95", of)),
    ):
        pass
