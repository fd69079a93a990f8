"""A benchmark that names a built-in kind says three things beside its question."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from workbench.definitions import Definitions, load
from workbench.definitions.objectives import budget_used, burn_limit
from workbench.definitions.shapes import Benchmark, Better, Dimension
from workbench.model.errors import DefinitionError, Problem
from workbench.usecases.project import kinds

TOP = """\
project: shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, staging_kind: STAGING_KIND}
sources: [{key: metrics, kind: prometheus, url: "https://metrics.example.com"}]
benchmarks:
"""
QUERY = "measure: {source: metrics, query: 'errors{environment=\"$environment\"}'}"


def project(folder: Path, entry: str, built: str = "full-clone") -> Path:
    text = TOP.replace("STAGING_KIND", built) + f"  - {{key: checkout, {entry}}}\n"
    (folder / "workbench.yaml").write_text(text, encoding="utf-8")
    return folder


def benchmark(folder: Path, entry: str) -> Benchmark:
    found = load(project(folder, entry), kinds()).benchmark("checkout")
    assert found is not None
    return found


def problems(folder: Path, entry: str, built: str = "full-clone") -> list[Problem]:
    try:
        return list(load(project(folder, entry, built), kinds()).warnings)
    except DefinitionError as error:
        return list(error.problems)


def test_what_is_left_out_comes_from_the_kind(tmp_path: Path) -> None:
    found = benchmark(tmp_path, f"kind: latency, flow: checkout, {QUERY}")
    assert found.title == "Checkout p95 is as fast as in production"
    assert (found.dimension, found.better) == (Dimension.LATENCY_CONSISTENCY, Better.LOWER)
    assert (found.measure.unit, found.baseline, found.pass_) == ("s", "production", None)


def test_what_is_written_goes_before_the_kind(tmp_path: Path) -> None:
    unit = QUERY.replace("}'}", "}', unit: ms}")
    found = benchmark(
        tmp_path, f"kind: latency, flow: checkout, title: Fast, baseline: last good release, {unit}"
    )
    assert (found.title, found.baseline, found.measure.unit) == ("Fast", "last good release", "ms")


@pytest.mark.parametrize(
    ("entry", "what", "hint"),
    [
        (f"kind: latencies, flow: checkout, {QUERY}", "there is no benchmark kind “latencies”", "did you mean latency?"),
        (f"kind: latency, environment: staging, {QUERY}", "benchmarks of kind latency are about a flow", "write flow: in place of the other"),
        ("kind: latency, flow: checkout", "benchmarks of kind latency need “measure”: 95th percentile of the time that the flow takes, against production", "for example measure: {source: …, query: …}"),
        ("title: T, flow: checkout, pass: '<= 1'", "a benchmark needs “measure”: what to ask for its value", "for example measure: {source: …, query: …}"),
        (f"flow: checkout, pass: '<= 1', {QUERY}", "a benchmark needs “title”", "a statement that is true when it is met"),
        ("kind: data_age, environment: staging, measure: {source: record, figure: steps_real}", "the kind data_age is answered by the figure data_age, not by steps_real", "remove one of the two"),
        ("kind: data_age, environment: staging, measure: {source: record, probe: nope}", "there is no probe “nope”", "list it under probes:"),
        ("kind: latency_overlap, flow: checkout, pass: '>= 80 %', measure: {source: record, of: checkout}", "it would be compared with its own samples", "name the benchmark that has samples"),
        ("title: T, environment: staging, pass: '<= 7', measure: {source: record, figure: data_age}", "the figure data_age is in d, not in counts (no unit)", "write unit: d"),
        ("title: T, environment: staging, pass: '>= 1 %', measure: {source: record, figure: steps_real, unit: '%'}", "the figure steps_real is about a flow", "write flow: in place of environment:"),
        (f"title: T, environment: staging, step: pay, pass: '<= 1', {QUERY}", "step says which step of a flow it times, and the benchmark is about an environment", "write flow: in place of environment:, or remove step:"),
        (f"title: T, flow: checkout, steady: 0, pass: '<= 1', {QUERY}", "steady: “0” is neither a number of windows nor a length of time", "write 1 to 20 windows in a row, or a length of time such as 30min"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told(tmp_path: Path, entry: str, what: str, hint: str) -> None:
    assert [(one.what, one.hint) for one in problems(tmp_path, entry)] == [(what, hint)]


def test_a_rule_of_a_kind_has_to_fit_what_is_measured(tmp_path: Path) -> None:
    wrong = QUERY.replace("}'}", "}', unit: s}")
    told = problems(tmp_path, f"kind: schema_pass_rate, flow: checkout, {wrong}")
    assert told[0].what == "the rule of kind schema_pass_rate, “>= 99 %”, does not fit what is measured in s"


def test_latency_says_little_of_simulated_services(tmp_path: Path) -> None:
    entry = f"kind: latency, flow: checkout, {QUERY}"
    told = [one.what for one in problems(tmp_path, entry, "virtualised") if one.severity == "warning"]
    assert len(told) == 1 and told[0].startswith(
        "it says little of a virtualised staging: simulated services"
    )
    assert problems(tmp_path, entry) == []


OBJECTIVE = """\
objectives:
  - key: up
    flow: checkout
    indicator: {source: metrics, query: 'good{env="$environment"}[$window]', UNIT}
    target: TARGET
    window: 30d
    burn: 1h
    burn_at_most: FAST
"""


def objective(folder: Path, target: str = "99.5 %", unit: str = "", fast: str = "14.4") -> Definitions:
    text = OBJECTIVE.replace("TARGET", target).replace(", UNIT", f", unit: {unit}" if unit else "")
    top = TOP.replace("STAGING_KIND", "hybrid").removesuffix("benchmarks:\n")
    (folder / "workbench.yaml").write_text(top + text.replace("FAST", fast), encoding="utf-8")
    return load(folder, kinds())


@pytest.mark.parametrize(
    ("unit", "rule", "burn"), [("", ">= 99.5 %", ">= 92.8 %"), ("share", ">= 0.995 share", ">= 0.928 share")]
)
def test_an_objective_is_judged_as_two_benchmarks(tmp_path: Path, unit: str, rule: str, burn: str) -> None:
    found = objective(tmp_path, unit=unit)
    whole, fast = found.project.benchmarks
    assert (whole.key, whole.kind, whole.pass_, whole.measure.window) == ("up", "objective", rule, "30d")
    assert whole.title == "Checkout: 99.5 % good over 30d" and whole.better is Better.HIGHER
    assert (fast.key, fast.kind, fast.pass_, fast.measure.window) == ("up-burn", "burn_rate", burn, "1h")
    assert str(found.mark("benchmark", "up", "pass")) == "workbench.yaml:10"


def test_a_burn_rate_that_is_not_stated_uses_a_fiftieth_of_the_budget(tmp_path: Path) -> None:
    (one,) = objective(tmp_path).project.objectives
    assert burn_limit(structs.replace(one, burn_at_most=None)) == Decimal("14.4")
    assert burn_limit(structs.replace(one, burn_at_most=None, burn="6h")) == Decimal("2.4")
    assert burn_limit(one) == Decimal("14.4")
    assert budget_used(one, Decimal("99.7")) == Decimal("0.6")


@pytest.mark.parametrize("target", ["100 %", "0 %", "99.5", "most"])
def test_a_target_can_be_missed(tmp_path: Path, target: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        objective(tmp_path, target)
    (told,) = raised.value.problems
    assert told.what == f"target: “{target}” is not a share that can be missed" and told.line == 10


def test_the_key_of_an_objective_is_that_of_no_benchmark(tmp_path: Path) -> None:
    objective(tmp_path)
    path = tmp_path / "workbench.yaml"
    entry = "benchmarks:\n  - {key: up-burn, title: T, flow: checkout, pass: '<= 1', measure: {source: metrics, query: q}}\n"
    path.write_text(path.read_text() + entry)
    with pytest.raises(DefinitionError, match="the benchmark “up-burn” stands here a second time"):
        load(tmp_path, kinds())


def test_a_benchmark_of_a_step_says_which(tmp_path: Path) -> None:
    entry = f"kind: step_latency, flow: checkout, {QUERY}"
    (told,) = [one for one in problems(tmp_path, entry) if one.severity == "error"]
    assert (told.what, told.hint) == ("benchmarks of kind step_latency need “step”", "say which: step: …")
    assert benchmark(tmp_path, f"{entry}, step: pay").title == "Checkout: pay p95 is as fast as in production"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("burn: 1h", "burn: 40d", "40d is not shorter than the window"),
        ("burn: 1h\n    burn_at_most: 14.4", "burn: 0s", "0s is no stretch of time"),
        ("window: 30d", "window: 0d", "0d is no stretch of time"),
        ("query: 'good", "window: 1h, query: 'good", "the indicator is asked over the window of its objective, and over burn"),
        ("[$window]", "[30d]", "the query asks the same over the window and over burn"),
        ("query: 'good", "unit: ms, query: 'good", "the indicator of an objective is a share of good events"),
        ("    flow: checkout\n", "", "a benchmark needs “flow” or “environment”: what is it about?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_objective_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    objective(tmp_path)
    path = tmp_path / "workbench.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(DefinitionError) as raised:
        load(tmp_path, kinds())
    assert what in [one.what for one in raised.value.problems]
    assert all(one.line >= 7 for one in raised.value.problems)


def test_a_source_that_is_called_record_hides_no_record_unnoticed(tmp_path: Path) -> None:
    project(tmp_path, "kind: version_distance, flow: checkout")
    path = tmp_path / "workbench.yaml"
    path.write_text(path.read_text().replace("key: metrics", "key: record"))
    with pytest.raises(DefinitionError, match="the record cannot answer benchmarks of kind version_distance"):
        load(tmp_path, kinds())


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("observability: [{key: payments, environment: stagin, logs: yes}]", "there is no environment “stagin”"),
        ("observability: [{key: payments, environment: production, logs: yes}]", "production is of kind production, which it would be compared with"),
        ("variants: [{key: machines, of: [m5, m6], benchmarks: []}]", "without a rule every variant would meet it: no benchmark is named"),
    ],
)  # fmt: skip
def test_lists_beside_the_benchmarks_name_what_there_is(tmp_path: Path, entry: str, what: str) -> None:
    project(tmp_path, f"title: T, flow: checkout, pass: '<= 1', {QUERY}")
    path = tmp_path / "workbench.yaml"
    path.write_text(path.read_text() + entry + "\n")
    with pytest.raises(DefinitionError) as raised:
        load(tmp_path, kinds())
    assert [one.what for one in raised.value.problems] == [what]
