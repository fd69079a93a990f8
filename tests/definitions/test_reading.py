"""Each mistake in a field: where it stands, what was expected, what was probably meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.definitions.shop import SHOP, changed, loaded, place_of, problems

from workbench.definitions.shapes import EnvironmentKind, Severity


def test_a_right_project_becomes_objects(tmp_path):
    found = loaded(tmp_path)
    assert found.project.project == "shop"
    assert found.environment("staging").kind is EnvironmentKind.STAGING
    assert found.environment("staging").variables == {"PORT": "8080"}
    assert found.source("metrics").config.url == "https://metrics.example.com:9090"
    assert found.source("metrics").config.ratio == Decimal("0.5")
    assert found.benchmark("checkout-p95").measure.ask.query == "p95(checkout)"
    assert found.benchmark("checkout-p95").pass_ == "within 20% of baseline"
    assert found.person("bo").roles == ["owner", "qa"]
    assert found.checklist("smoke").items[0].role == "qa"
    assert found.gate("go").requires[0].key == "all"
    assert found.warnings == ()
    assert found.environment("nowhere") is None


def test_requirements_get_keys_and_kinds(tmp_path):
    text = changed("      - decided:\n", "      - decided: low\n      - decided: {at_least: low}\n      - decided\n"
                   "      - {key: own, title: Mine, decided: }\n")  # fmt: skip
    requires = loaded(tmp_path, text).gate("staging").requires
    assert [(entry.key, entry.kind) for entry in requires] == [
        ("benchmarks", "benchmarks"),
        ("checklist-smoke", "checklist"),
        ("tests_green-reports", "tests_green"),
        ("decided-low", "decided"),
        ("decided-low-2", "decided"),
        ("decided", "decided"),
        ("own", "decided"),
    ]
    assert requires[2].config.source == "reports"
    assert [entry.config.at_least for entry in requires[3:]] == [
        Severity.LOW, Severity.LOW, Severity.HIGH, Severity.HIGH,
    ]  # fmt: skip
    assert requires[6].title == "Mine"


# What is changed in the shop, the text that the problem points at, the problem, the hint.
MISTAKES = [
    ("    dimension:", "    dimenson:", "dimenson", "a benchmark has no field “dimenson”", "did you mean dimension?"),
    ("project: shop", "projekt: shop", "projekt", "a project has no field “projekt”", "did you mean project?"),
    ("    kind: staging", "    kind: stagign", "stagign", None, "did you mean staging?"),
    ("    title: Checkout p95\n", "", "key: checkout-p95", "a benchmark needs “title”", None),
    ("timezone: Europe/Berlin", "timezone: Europe/Berlim", "Europe/Berlim", None, "did you mean Europe/Berlin?"),
    ("roles: [owner]", "roles: owner", "owner,", "roles must be a list, not the text “owner”", "write it as [ … ]"),
    ("      unit: ms", "      unit: mss", "mss", "unit: unknown unit “mss”", "did you mean ms?"),
    ("within 20% of baseline", "within 20% of baselin", "baselin\n", None, None),
    ("    url: https", "    ulr: https", "ulr", "a source of kind metrics has no field “ulr”", "did you mean url?"),
    ("      query: p95(checkout)\n", "", "source: metrics\n      unit", "a measure of metrics (metrics) needs “query”", None),
    ("      query: p95(", "      querry: p95(", "querry", "a measure of metrics (metrics) has no field “querry”", "did you mean query?"),
    ("      source: metrics\n", "      source: metric\n", "metric\n      query", "there is no source “metric”", "did you mean metrics?"),
    ("      source: metrics\n", "      source: reports\n", "reports\n      query", "the source reports (files) gives no measurements", None),
    ("    kind: metrics", "    kind: metrix", "metrix", "there is no source kind “metrix”", "did you mean metrics?"),
    ("      - checklist: smoke", "      - cheklist: smoke", "cheklist: smoke", "there is no requirement “cheklist”", "did you mean checklist?"),
    ("      - decided:", "      - decided: hgih", "hgih", "at_least must be low, medium or high, not “hgih”", "did you mean high?"),
    ("      - decided:", "      - {decided: , checklist: smoke}", "checklist: smoke}", "one requirement cannot be both decided and checklist", None),
    ("    token: ${METRICS_TOKEN}", "    retries: 010", "010", "retries must be a whole number, not “010”", "write 10: a leading zero would mean octal to other readers of YAML"),
    ("    token: ${METRICS_TOKEN}", "    retries: '3'", "'3'", "retries must be a whole number, not “3”", "write it without quotes"),
    ("    token: ${METRICS_TOKEN}", "    retries: 12", "12\n", "retries must be at most 9, not 12", None),
    ("    token: ${METRICS_TOKEN}", "    retries: 1:30", "1:30", "retries must be a whole number, not “1:30”", "times such as 1:30 are not numbers here"),
    ("    token: ${METRICS_TOKEN}", "    size: 50 megs", "50 megs", "size: “50 megs” is not a size", "write 50 MB"),
    ("    token: ${METRICS_TOKEN}", "    verify: on", "on\n  - {key: rep", "verify must be yes or no, not “on”", "write yes"),
    ("    token: ${METRICS_TOKEN}", "    verify: 'yes'", "'yes'", "verify must be yes or no, not “yes”", "write yes or no, without quotes"),
    ("    token: ${METRICS_TOKEN}", "    ratio: 0,5", "0,5", "ratio must be a number, not “0,5”", "write the digits without separators"),
    ("    token: ${METRICS_TOKEN}", "    token: s3cr3t", "s3cr3t", "token: a secret must not stand in a file", None),
    ("    token: ${METRICS_TOKEN}", "    token: [a]", "[a]", "token must be text or a block with command, not a list", None),
    ("    token: ${METRICS_TOKEN}", "    token: {comand: x}", "comand", "a command has no field “comand”", "did you mean command?"),
    ("    token: ${METRICS_TOKEN}", "    headers: {A: {}}", "{}", "A must be text, not a block of fields", None),
    ("https://metrics.example.com:9090", "https://me:pw@metrics.example.com", "https://me", "url: this address holds a user or a password", None),
    ("https://metrics.example.com:9090", "https://metrics.example.com?token=abc", "https://metrics", "url: an address of a server ends before ? or #", None),
    ("https://metrics.example.com:9090", '"https://metrics.example.com/x#y"', '"https://metrics', "url: an address of a server ends before ? or #", None),
    ("https://metrics.example.com:9090", "metrics.example.com", "metrics.example", "url: “metrics.example.com” is not an address of a server", None),
    ("files: reports/**/*.xml", "files: ../reports/*.xml", "../reports", "files: “../reports/*.xml” leads outside the project's folder", None),
    ("files: reports/**/*.xml", "files: /etc/*.xml", "/etc", "files: “/etc/*.xml” is an absolute path", None),
    ("    flow: checkout", "    flow: Check Out", "Check Out", "flow: “Check Out” cannot be a key: lower-case letters and digits, with - _ or . between them", "for example check-out"),
    ("    flow: checkout", "    flow: checkout\n    max_age: 24", "24\n", "max_age: “24” is not a duration", "write 90s, 5min, 24h or 7d"),
    ("    flow: checkout", "    flow: checkout\n    blocking_from: 1.12.2026", "1.12.2026", "blocking_from: “1.12.2026” is not a date", "write year-month-day, for example 2026-12-01"),
    ("    flow: checkout", "    flow: checkout\n    review: weekley", "weekley", None, "did you mean weekly?"),
    ("    title: Go", "    title:", None, "title must be text, and nothing stands here", "remove the line, or fill it in"),
    ("    title: Go", "    title: [Go]", "[Go]", "title must be text, not a list", None),
    ("gates:\n", "gates: go\nold:\n", "go\n", "gates must be a list, not the text “go”", "write it as [ … ]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "what", "hint"), MISTAKES)
def test_each_mistake_is_told_at_its_place(tmp_path, old, new, at, what, hint):
    text = changed(old, new) if SHOP.count(old) == 1 else SHOP.replace(old, new, 1)
    found = problems(tmp_path, text)
    if at is not None:
        line, column = (
            text[: text.index(at)].count("\n") + 1,
            text.index(at) - text.rfind("\n", 0, text.index(at)),
        )
        found = [problem for problem in found if (problem.line, problem.column) == (line, column)]
    assert found, problems(tmp_path, text)
    assert found[0].file == "workbench.yaml"
    if what is not None:
        assert found[0].what == what
    if hint is not None:
        assert found[0].hint == hint


def test_a_mistake_in_a_criterion_is_told_at_its_column_in_the_file(tmp_path):
    for written in ("within 20% off baseline", '"within 20% off baseline"', "'within 20% off baseline'"):
        text = changed("within 20% of baseline", written)
        (problem,) = problems(tmp_path, text)
        assert (problem.line, problem.column) == place_of(text, "off baseline")


def test_a_folded_criterion_is_told_at_its_beginning(tmp_path):
    text = changed("pass: within 20% of baseline", "pass: >-\n      within 20%\n      off baseline")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.column) == place_of(text, ">-")


def test_all_mistakes_come_at_once_in_reading_order(tmp_path):
    text = (
        SHOP.replace("kind: staging", "kind: stagign")
        .replace("    dimension:", "    dimenson:")
        .replace("flow: checkout", "environment: stagin")
        .replace("{role: owner}", "{role: onwer}")
        .replace("unit: ms", "unit: mss")
    )
    found = problems(tmp_path, text)
    assert [problem.hint for problem in found] == [
        "did you mean staging?",
        "did you mean staging?",
        "did you mean dimension?",
        "did you mean ms?",
        "did you mean owner?",
    ]
    assert [(p.line, p.column) for p in found] == sorted((p.line, p.column) for p in found)


def test_yaml_surprises_stay_text(tmp_path):
    text = changed(
        "variables: {PORT: 8080}", "variables: {A: no, B: 1.10, C: 12:30:00, D: 2026-12-01, E: 010}"
    )
    assert loaded(tmp_path, text).environment("staging").variables == {
        "A": "no", "B": "1.10", "C": "12:30:00", "D": "2026-12-01", "E": "010",
    }  # fmt: skip
    text = changed("    title: Go", "    title: no")
    assert loaded(tmp_path, text).gate("go").title == "no"


@pytest.mark.parametrize(
    ("written", "meant"), [("yes", True), ("no", False), ("true", True), ("False", False)]
)
def test_yes_and_no_are_a_truth_where_one_is_expected(tmp_path, written, meant):
    text = changed("    token: ${METRICS_TOKEN}", f"    verify: {written}")
    assert loaded(tmp_path, text).source("metrics").config.verify is meant


def test_text_or_list_or_nothing(tmp_path):
    for written, meant in (
        ("a.yml", "a.yml"),
        ("[a.yml, b.yml]", ["a.yml", "b.yml"]),
        ("", None),
        ("null", None),
    ):
        text = changed("    token: ${METRICS_TOKEN}", f"    workflow: {written}")
        assert loaded(tmp_path, text).source("metrics").config.workflow == meant


def test_secrets_are_never_printed(tmp_path):
    secret = "ghp_" + "a1B2" * 9
    places = (
        ("${METRICS_TOKEN}", secret),
        ("${METRICS_TOKEN}", f"Bearer {secret}"),
        ("${METRICS_TOKEN}", f"{{command: echo {secret}}}"),
        ("p95(checkout)", f"p95({secret})"),
        ("https://metrics.example.com:9090", f"https://metrics.example.com/{secret}"),
    )
    for old, new in places:
        found = problems(tmp_path, changed(old, new))
        assert found, new
        assert all(secret not in problem.what + str(problem.hint) for problem in found)


@pytest.mark.parametrize(
    "name", ["task-processing-latency-p95", "npm_downloads_total", "sk-bratislava-eu-central-1"]
)
def test_names_of_metrics_are_no_secrets(tmp_path, name):
    assert loaded(tmp_path, changed("p95(checkout)", f"p95({name})"))


def test_secrets_by_name_or_command_are_right(tmp_path):
    for written in ("Bearer ${METRICS_TOKEN}", "{command: pass show metrics}", "null"):
        loaded(tmp_path, changed("token: ${METRICS_TOKEN}", f"token: {written}"))


def test_a_list_with_everything_commented_out_is_empty(tmp_path):
    assert loaded(tmp_path, "project: shop\nenvironments:\n#  - key: staging\n").project.environments == []


def test_names_from_files_cannot_steer_a_terminal(tmp_path):
    (problem,) = problems(tmp_path, 'project: shop\n"\\e[31mx": 1\n')
    assert "\x1b" not in problem.what
