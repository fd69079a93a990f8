"""Production in several regions: a benchmark is judged against each alone, never against all of them pooled."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.definitions import Definitions, load
from workbench.definitions.shapes import Benchmark
from workbench.gates.kinds.benchmarks import BenchmarksConfig, fits
from workbench.model.errors import DefinitionError
from workbench.usecases.project import kinds

SHOP = """\
project: shop
environments:
  - {key: staging, kind: staging}
  - {key: staging-us, kind: staging, region: US East}
  - {key: live-eu, kind: production, region: eu}
  - {key: live-us, kind: production, region: US East}
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
benchmarks:
  - key: p95
    flow: checkout
    title: Checkout p95
    measure: {source: metrics, query: 'p95{env="$environment"}', unit: s}
    each_region: yes
    pass: within 20% of baseline
    mode: blocking
gates:
  - {key: go, title: Go, requires: [benchmarks: {benchmark: p95}]}
"""


def loaded(folder: Path, text: str = SHOP, **said: bool) -> Definitions:
    (folder / "workbench.yaml").write_text(text, encoding="utf-8")
    return load(folder, kinds(), **said)


def test_one_benchmark_becomes_one_for_each_region(tmp_path: Path) -> None:
    definitions = loaded(tmp_path)
    found = [
        (one.key, one.title, one.baseline, one.measure.environment) for one in definitions.project.benchmarks
    ]
    assert found == [
        ("p95.eu", "Checkout p95 (eu)", "live-eu", None),
        ("p95.us-east", "Checkout p95 (US East)", "live-us", "staging-us"),
    ]
    assert definitions.mark("benchmark", "p95.eu", "pass").line == 15
    assert not definitions.warnings


def test_a_gate_that_names_it_asks_for_each_region(tmp_path: Path) -> None:
    asks = BenchmarksConfig(benchmark="p95")
    found: list[Benchmark] = loaded(tmp_path).project.benchmarks
    assert all(fits(asks, one) for one in found)
    assert [one.key for one in found if fits(BenchmarksConfig(benchmark="p95.eu"), one)] == ["p95.eu"]


def test_without_it_the_regions_that_nobody_judges_are_told(tmp_path: Path) -> None:
    definitions = loaded(tmp_path, SHOP.replace("    each_region: yes\n", ""))
    (warning,) = definitions.warnings
    assert warning.what == "it is compared with production in eu alone, not in US East"
    named = loaded(tmp_path, SHOP.replace("each_region: yes", "baseline: live-us"))
    assert not named.warnings


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("kind: production, region: eu", "kind: production", None),
        (", region: ", ", about: ", "each_region does nothing: no environment of kind production says its region"),
        ("each_region: yes", "each_region: yes\n    baseline: own history", "each_region compares with production, and the baseline is “own history”"),
    ],
)  # fmt: skip
def test_where_there_is_nothing_to_split_it_is_told(
    tmp_path: Path, old: str, new: str, what: str | None
) -> None:
    text = SHOP.replace(old, new)
    if what is None:
        assert [one.key for one in loaded(tmp_path, text).project.benchmarks] == ["p95.us-east"]
        return
    with pytest.raises(DefinitionError) as raised:
        loaded(tmp_path, text)
    assert what in [problem.what for problem in raised.value.problems]
