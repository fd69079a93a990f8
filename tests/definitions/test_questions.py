"""What check proves of a question before it is asked: variables, environments, units."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build

from workbench.definitions import load
from workbench.model.errors import DefinitionError, Problem
from workbench.sources.prometheus.units import unit_of
from workbench.usecases.project import kinds

PROJECT = (
    build.HEAD.replace("{key: staging, kind: staging}", "{key: staging, kind: staging, variables: {ns: shop, zone: s}}").replace(
        "{key: production, kind: production}", "{key: production, kind: production, variables: {ns: shop, zone: p}}"
    )
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
  - {key: reports, kind: junit, files: "*.xml"}
  - {key: ci, kind: github_actions, repository: a/b}
benchmarks:
  - key: b
    title: B
    environment: staging
    measure: {MEASURE}
    pass: RULE
"""
)  # fmt: skip


def found(folder: Path, measure: str, rule: str = "within 20% of baseline", **change: str) -> list[Problem]:
    """Every mistake and doubt about one benchmark."""
    text = PROJECT.replace("MEASURE", measure).replace("RULE", rule)
    for old, new in change.items():
        text = text.replace(f"{old}: staging\n", f"{old}: {new}\n")
    (folder / "workbench.yaml").write_text(text, encoding="utf-8")
    try:
        return list(load(folder, kinds()).warnings)
    except DefinitionError as error:
        return list(error.problems)


def query(text: str, more: str = "") -> str:
    return f"source: metrics, query: '{text}'{more}"


SAME = "the query asks the same of staging and production, so a value would be compared with itself"


@pytest.mark.parametrize(
    "text",
    ["max(p95)", 'max(p95{env="staging"})', 'max(p95{ns="$ns"})', "p95[$window]", "max(p95) # $environment"],
)
def test_a_query_that_compares_an_environment_with_itself_is_a_mistake(tmp_path: Path, text: str) -> None:
    (problem,) = found(tmp_path, query(text, ", window: 1h"))
    assert (problem.severity, problem.what) == ("error", SAME)
    assert problem.hint == 'select by $environment, for example with {env="$environment"}'


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('max(p95{env="$environment"})', "within 20% of baseline"),
        ('max(p95{zone="${zone}"})', "within 20% of baseline"),
        ("max(p95)", "<= 5"),
    ],
)
def test_a_query_that_tells_them_apart_or_compares_nothing_is_fine(
    tmp_path: Path, text: str, rule: str
) -> None:
    assert found(tmp_path, query(text), rule) == []


def test_samples_that_count_the_same_for_both_are_doubtful(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, query('p95{env="$environment"}', ", samples: count(p95)"))
    assert problem.severity == "warning" and "counts the same for staging and production" in problem.what


@pytest.mark.parametrize(
    "measure",
    ["source: reports, read: duration", "source: ci, read: success_rate"],
)
def test_a_source_that_knows_no_environments_compares_with_itself(tmp_path: Path, measure: str) -> None:
    (problem,) = found(tmp_path, measure)
    assert problem.severity == "error" and "answers the same of staging and production" in problem.what


def test_a_measure_that_knows_environments_though_its_source_does_not_compares_them(tmp_path: Path) -> None:
    deployments = "source: ci, about: deployments, read: duration"
    assert found(tmp_path, deployments) == []
    (problem,) = found(tmp_path, f"{deployments}, deployed_to: stage")
    assert "answers the same of staging and production" in problem.what


def test_production_is_not_compared_with_itself(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, query('p95{env="$environment"}'), environment="production")
    assert (problem.severity, problem.what) == ("error", "production would be compared with itself")


def test_a_rule_that_compares_needs_a_production(tmp_path: Path) -> None:
    (tmp_path / "workbench.yaml").write_text("")
    text = PROJECT.replace("kind: production", "kind: canary").replace("RULE", "<= baseline")
    text = text.replace("MEASURE", query('p95{env="$environment"}'))
    (tmp_path / "workbench.yaml").write_text(text)
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path, kinds())
    (problem,) = caught.value.problems
    assert problem.what == "the rule compares with production, and no environment is of kind production"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('p95{env="$enviroment"}', "did you mean $environment?"),
        ('rate(p95{env="$environment"}[$windw])', "did you mean $window?"),
        ('p95{env="${environment}",x="$zoen"}', "did you mean $zone?"),
    ],
)
def test_a_misspelt_variable_is_found_before_anything_is_asked(tmp_path: Path, text: str, hint: str) -> None:
    (problem,) = found(tmp_path, query(text))
    assert problem.severity == "error" and "which nothing fills" in problem.what and problem.hint == hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('info{env="$enviroment"}', "did you mean $environment?"),
        ('info{env="$environment",commit="${comit}"}', "did you mean $commit?"),
        ('info{zone="$zoen"}', "did you mean $zone?"),
        ('info{env="$environment",commit="$commit",v="$version",zone="$zone",cost="$$1"}', None),
    ],
)
def test_a_misspelt_variable_is_found_in_the_question_which_build_runs(
    tmp_path: Path, text: str, hint: str | None
) -> None:
    whole = PROJECT.replace("zone: s}}", "zone: s}, build: {source: metrics, query: 'TEXT'}}").replace(
        "TEXT", text
    )
    (tmp_path / "workbench.yaml").write_text(
        whole.replace("MEASURE", query('p95{env="$environment"}')).replace("RULE", "<= 1"), encoding="utf-8"
    )
    if hint is None:
        assert not [one for one in load(tmp_path, kinds()).warnings if "nothing fills" in one.what]
        return
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path, kinds())
    (problem,) = caught.value.problems
    assert "which nothing fills" in problem.what and problem.hint == hint
    line = 1 + whole[: whole.index("query: '")].count("\n")
    assert problem.line == line


UNITS = [
    ("max(request_p95_seconds)", "ms", "write unit: s, or multiply the query by 1000"),
    ("process_resident_memory_bytes", "MB", "write unit: B, or divide the query by 1000000"),
    ("cache_hit_ratio", "%", "write unit: share, or multiply the query by 100"),
    ("cpu_used_percent", "share", "write unit: %, or divide the query by 100"),
    ("rate(a_seconds_sum[5m]) / rate(a_seconds_count[5m])", "ms", "write unit: s, or multiply the query by 1000"),
    ("histogram_quantile(0.9, sum by (le) (rate(a_seconds_bucket[5m])))", "ms", "write unit: s, or multiply the query by 1000"),
    ("sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))", "%", "write unit: share, or multiply the query by 100"),
    ("sum(rate(requests_total[5m]))", "/min", "write unit: /s, or multiply the query by 60"),
    ("a_milliseconds", "s", "write unit: ms, or divide the query by 1000"),
    ("requestP95Millis", "s", "write unit: ms, or divide the query by 1000"),
    ("p95_msec", "s", "write unit: ms, or divide the query by 1000"),
    ("p95_secs", "ms", "write unit: s, or multiply the query by 1000"),
    ("max(job:p95_seconds:max5m)", "ms", "write unit: s, or multiply the query by 1000"),
    ("max(job:p95:seconds)", "ms", "write unit: s, or multiply the query by 1000"),
    ("errors_fraction", "%", "write unit: share, or multiply the query by 100"),
    ("a_seconds", "MB", "write unit: s"),
    ("a_bytes", "ms", "write unit: B"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit", "hint"), UNITS)
def test_a_unit_that_contradicts_the_metrics_name_is_a_mistake(
    tmp_path: Path, text: str, unit: str, hint: str
) -> None:
    (problem,) = found(tmp_path, query(text, f', unit: "{unit}"'), "<= 5")
    assert problem.severity == "error" and problem.what.startswith(
        f"the unit is {unit}, and what the query gives"
    )
    assert problem.hint == hint


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1000 * max(request_p95_seconds)", "ms"),
        ("instance:node_cpu_seconds:rate5m", "ms"),
        ("max(ordersFromUS)", "s"),
        ("process_resident_memory_bytes / 1024 / 1024", "MiB"),
        ("process_resident_memory_bytes / 1e6", "MB"),
        ("cache_hit_ratio", "share"),
        ("100 * (1 - avg(rate(node_cpu_seconds_total[5m])))", "%"),
        ("100 * sum(a_total) / sum(b_total)", "%"),
        ("sum(rate(a_bytes_total[5m]))", "B"),
        ("rate(a_duration_total[5m]) / rate(a_requests_total[5m])", "ms"),
        ("latency", "ms"),
        ("a_seconds", ""),
        ("request_latency / 1000", "s"),
        ("a_seconds * on (x) group_left b_info", "ms"),
        ("foo(a_seconds)", "ms"),
        ("a_bytes_per_request", "ms"),
    ],
)
def test_what_fits_or_cannot_be_proved_is_left_alone(tmp_path: Path, text: str, unit: str) -> None:
    assert found(tmp_path, query(text, f', unit: "{unit}"'), "<= 5") == []


@pytest.mark.parametrize(
    "text", ["", "(", "a{", "a[", ")", "'", "1 +", "(" * 5000, "-" * 3000 + "1", "a" * 9000, "1e999999999", "1/0", "\x00", "a / 0"]
)  # fmt: skip
def test_whatever_stands_in_a_query_nothing_is_raised(text: str) -> None:
    assert unit_of(text) is None


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("source: metrics, query: {a: 1}", "query must be text, not a block of fields"),
        ("source: metrics", "needs “query”"),
        ("source: metrics, query: [up], samples: {b: 2}", "query must be text, not a list"),
    ],
)
def test_a_question_that_could_not_be_read_is_told_and_not_looked_into(
    tmp_path: Path, written: str, what: str
) -> None:
    assert any(what in problem.what for problem in found(tmp_path, written))


@pytest.mark.parametrize(
    "asks", ["benchmarks: {flow: [1]}", "tests_green: {}", "tests_green: {source: [ci]}"]
)
def test_a_requirement_that_could_not_be_read_is_told_and_not_looked_into(tmp_path: Path, asks: str) -> None:
    text = PROJECT.replace("MEASURE", query('max(p95{env="$environment"})')).replace("RULE", "<= 5")
    text += f"gates: [{{key: go, title: Go, requires: [{{{asks}}}]}}]\n"
    (tmp_path / "workbench.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError):
        load(tmp_path, kinds())
