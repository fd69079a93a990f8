"""Two sources that measure the same are both shown where they disagree."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests import building as build

from workbench.usecases.evaluate import evaluate, verdict_of

PROJECT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
  - {key: probe, kind: prometheus, url: "http://127.0.0.1:8"}
benchmarks:
  - {key: one, kind: latency, flow: checkout, measure: {source: metrics, query: a, unit: s}, pass: <= 1 s}
  - {key: two, kind: latency, flow: checkout, measure: {source: probe, query: b, unit: ms}, pass: <= 1 s}
  - {key: other, kind: latency_p99, flow: checkout, measure: {source: probe, query: c, unit: ms}, pass: <= 1 s}
gates:
  - {key: go, title: Go, requires: [benchmarks: {}]}
"""
)


@pytest.mark.parametrize(
    ("one", "two", "told"),
    [
        ("0.4", "410", ""),  # the same within a tenth
        ("0.4", "600", "probe says 600 ms"),
        ("0.98", "1020", "probe says 1020 ms"),  # close together, and on both sides of the limit
        ("0", "0", ""),
    ],
)
def test_what_another_source_says_instead_stands_beside(
    tmp_path: Path, one: str, two: str, told: str
) -> None:
    with build.shop(tmp_path, PROJECT) as context:
        build.measured(context, "one", one, unit="s")
        build.measured(context, "two", two, unit="ms")
        build.measured(context, "other", "5000", unit="ms")
        judged = evaluate(context)
        said = [each for each in verdict_of(judged, "one").remarks if "says" in each]
        assert said == ([told] if told else [])
        back = [each for each in verdict_of(judged, "two").remarks if "says" in each]
        assert back == ([f"metrics says {Decimal(one)} s"] if told else [])
        assert not any("says" in each for each in verdict_of(judged, "other").remarks)


def test_a_source_that_does_not_answer_contradicts_nobody(tmp_path: Path) -> None:
    with build.shop(tmp_path, PROJECT) as context:
        build.measured(context, "one", "0.4", unit="s")
        build.measured(context, "two", None, unit="ms", state="missing")
        assert not any("says" in each for each in verdict_of(evaluate(context), "one").remarks)
