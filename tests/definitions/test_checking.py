"""Mistakes between definitions."""

from __future__ import annotations

import pytest
from tests.definitions.shop import KINDS, SHOP, SMOKE, changed, loaded, place_of, problems, write

from workbench.definitions import load
from workbench.model.errors import DefinitionError

FLOW = "    flow: checkout\n"
# What is changed in the shop, the text that the problem points at, the problem, the hint.
MISTAKES = [
    ("source: metrics, query: build", "source: metric, query: build", "metric, query", "there is no source “metric”", "did you mean metrics?"),
    (FLOW, "    environment: stage\n", "stage\n", "there is no environment “stage”", "did you mean staging?"),
    (FLOW, FLOW + "    environment: staging\n", "staging\n    dimension", "a benchmark is about a flow or an environment, not both", "remove one"),
    (FLOW, "", "key: checkout-p95", "a benchmark needs “flow” or “environment”: what is it about?", None),
    (FLOW, FLOW + "    baseline: prodution\n", "prodution", None, "did you mean production?"),
    (FLOW, FLOW + "    baseline: 'pinned '\n", "'pinned '", None, None),
    ("      unit: ms", "      unit: ms\n      environment: stagin", "stagin\n    pass", "there is no environment “stagin”", "did you mean staging?"),
    ("pass: within 20% of baseline", "pass: <= 20 MB", "<= 20 MB", None, None),
    ("warn: within 30% of baseline", "warn: within 10% of baseline", "within 10%", None, None),
    ("tests_green: reports", "tests_green: report", "report\n", "there is no source “report”", "did you mean reports?"),
    ("checklist: smoke\n", "checklist: smokes\n", "smokes", "there is no checklist “smokes”", "did you mean smoke?"),
    ("benchmarks: {dimension: latency_consistency}", "benchmarks: {benchmark: chekout-p95}", "chekout", "there is no benchmark “chekout-p95”", "did you mean checkout-p95?"),
    ("{role: owner}", "{role: boss}", "boss", "nobody has the role “boss”", "possible: owner, qa"),
    ("{role: owner}", "{role: owner, count: 3}", "3}]", "the gate staging can never be signed: 3 of role owner must sign, and only 2 people have it", "lower the count, or give the role to more people"),
    ("{role: owner}", "{role: qa, count: 2}", "2}]", "the gate staging can never be signed: 2 of role qa must sign, and one person has it", None),
    ("{role: owner}]", "{role: owner}, {role: owner}]", "roles: [{role: owner}", "a role stands here twice", None),
    ("email: bo@shop.example", "email: ADA@shop.example", "ADA@", "ada and bo have the same e-mail address", None),
    ("name: Ada,", "name: Ada, timezone: Europe/Londn,", "Europe/Londn", "there is no time zone “Europe/Londn”", "did you mean Europe/London?"),
    ("timezone: Europe/Berlin", "timezone: ../../etc/passwd", "../../etc", None, None),
    ("timezone: Europe/Berlin", "timezone: Europe", "Europe\n", "there is no time zone “Europe”", None),
    ("{PORT: 8080}", "{a-b: 1}", "a-b", "“a-b” cannot be a variable", None),
    ("key: go", "key: staging", "staging\n    title: Go", None, "rename one"),
    ("      - decided:", "      - {key: own, decided: }\n      - {key: own, decided: low}", "{key: own, decided: }", "the requirement “own” stands here 2 times", "rename one"),
    ("project: shop\n", "project: shop\nchange_freezes:\n  - {first: 2026-12-24, last: 2026-12-01, reason: x}\n", "2026-12-01", "this freeze ends on 2026-12-01, before it begins on 2026-12-24", None),
    ("project: shop\n", "project: shop\nstart_from: {flows: flows.csv}\n", "flows.csv", "there is no file “flows.csv”", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "what", "hint"), MISTAKES)
def test_each_mistake_is_told_at_its_place(tmp_path, old, new, at, what, hint):
    text = changed(old, new)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.column) == place_of(text, at) or what is None
    if what is not None:
        assert problem.what == what
    if hint is not None:
        assert problem.hint == hint


def test_a_rule_of_another_kind_of_unit_is_told_where_it_stands(tmp_path):
    text = changed("pass: within 20% of baseline", "pass: <= 20 MB")
    (problem,) = problems(tmp_path, text)
    line, column = place_of(text, "<= 20 MB")
    assert problem.line == line
    assert column <= problem.column < column + len("<= 20 MB")


def test_a_warn_rule_that_can_never_fire_is_told_at_the_warn_rule(tmp_path):
    text = changed("warn: within 30% of baseline", "warn: within 10% of baseline")
    (problem,) = problems(tmp_path, text)
    assert problem.line == place_of(text, "within 10%")[0]
    assert "can never fire" in problem.what


@pytest.mark.parametrize("text", ["production", "last good release", "own history"])
def test_baselines_that_are_known(tmp_path, text):
    assert loaded(tmp_path, changed(FLOW, f"{FLOW}    baseline: {text}\n"))


def test_doubts_are_warnings(tmp_path):
    text = SHOP.replace("{role: owner}", "{role: owner, count: 2}").replace(
        FLOW, FLOW + "    mode: blocking\n    blocking_from: 2026-12-01\n"
    )
    write(tmp_path, text)
    (tmp_path / "lists" / "smoke.yaml").write_text(SMOKE.replace("role: qa", "role: tester"))
    found = load(tmp_path, KINDS).warnings
    assert [(p.file, p.severity) for p in found] == [("workbench.yaml", "warning")] * 2 + [
        ("lists/smoke.yaml", "warning")
    ]
    assert found[0].what == "blocking_from does nothing: the benchmark is blocking already"
    assert found[1].what.startswith("everybody with the role owner must sign the gate staging")
    assert found[2].what == "nobody has the role “tester”"


def test_own_sign_offs_need_no_further_person(tmp_path):
    text = changed("      roles: [{role: owner}]", "      roles: [{role: owner, count: 2}]\n      own: yes")
    assert loaded(tmp_path, text).warnings == ()


def test_items_that_stand_twice_in_a_checklist(tmp_path):
    write(tmp_path)
    item = SMOKE.split("items:\n")[1]
    (tmp_path / "lists" / "smoke.yaml").write_text(SMOKE + item)

    with pytest.raises(DefinitionError, match="the item “opens” stands here 2 times"):
        load(tmp_path, KINDS)


def test_tests_are_asked_of_a_source_that_knows_them(tmp_path):
    text = changed("tests_green: reports", "tests_green: metrics")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.column) == (place_of(text, "tests_green")[0], 22)
    assert problem.what == "the source metrics (metrics) knows nothing of tests"


@pytest.mark.parametrize(
    ("gate", "warned"),
    [
        ("{key: go, title: Go}", True),
        ("{key: go, title: Go, requires: }", True),
        ("{key: go, title: Go, requires: [], sign: {roles: [{role: owner}]}}", True),
        ("{key: go, title: Go, sign: {roles: [{role: owner}]}}", False),
    ],
)
def test_a_gate_that_asks_for_nothing_is_allowed_and_said(tmp_path, gate, warned):
    text = f"project: shop\npeople: [{{key: ada, name: Ada, roles: [owner]}}]\ngates: [{gate}]\n"
    found = [problem.what for problem in loaded(tmp_path, text).warnings]
    what = "nothing stands under requires: of the gate go, so nothing in it is judged"
    assert (what in found) is warned


RULES = "    dimension: latency_consistency\n"
PASS = "    pass: within 20% of baseline\n    warn: within 30% of baseline\n"
UNFIT = [
    ("    mode: blocking\n", "", None, "blocking", "the benchmark stops the release, and no rule says which value is good"),
    ("    blocking_from: 2030-01-01\n", "", None, "2030-01-01", "the benchmark stops the release, and no rule says which value is good"),
    ("    warn: <= 5 ms\n", "", None, "<= 5 ms", "warn is never looked at: there is no pass rule that could fail"),
    ("    dimension: data_fidelity\n", "", None, "ms\n", "the rule of data_fidelity, “>= 99 %”, does not fit what is measured in ms"),
    # “>= 5” of something that is measured in % would be met by 6 % of errors.
    ("    dimension: error_handling\n", "", '"%"', '"%"', "the rule of error_handling, “>= 5”, does not fit what is measured in %"),
    ("    dimension: latency_consistency\n", "    warn: within 10% of baseline\n", None, "within 10%", "the warn rule “within 10% of baseline” can never fire: where the pass rule fails, it fails too"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "rules", "unit", "at", "what"), UNFIT)
def test_rules_that_are_missing_or_do_not_fit(tmp_path, more, rules, unit, at, what):
    text = changed(RULES, more).replace(PASS, rules).replace("{dimension: latency_consistency}", "{}")
    if unit:
        text = text.replace("unit: ms", f"unit: {unit}")
    (problem,) = problems(tmp_path, text)
    assert problem.what == what
    assert (problem.line, problem.column) == place_of(text, at)


@pytest.mark.parametrize(
    ("more", "rules", "what"),
    [
        ("", "", "no rule says which value is good: whatever is measured passes"),
        (RULES, "    warn: within 30% of baseline\n", "the warn rule “within 30% of baseline” can never fire: where the pass rule fails, it fails too for flows of tier best_effort"),
        ("", "    pass: in control\n", "with 8 points, 2.5% of good values lie outside mean_3s"),
        ("    chart: xmr\n    points: 20\n", "    pass: in control\n", "with 20 points, 1.1% of good values lie outside xmr"),
        (RULES, "    pass: '>= 100 ms'\n", "lower values are better (by dimension latency_consistency), and “>= 100 ms” lets every large one pass"),
        ("    better: higher\n", "    pass: <= 100 ms\n", "higher values are better, and “<= 100 ms” lets every small one pass"),
    ],
)  # fmt: skip
def test_rules_that_are_doubtful(tmp_path, more, rules, what):
    text = changed(RULES, more).replace(PASS, rules).replace("{dimension: latency_consistency}", "{}")
    assert what in [problem.what for problem in loaded(tmp_path, text).warnings]


@pytest.mark.parametrize(
    ("more", "rules", "what"),
    [
        ("    chart: xmr\n", PASS, "chart is never looked at: no rule says “in control”"),
        ("    run_rules: {nelson: off}\n", PASS, "run_rules is never looked at: no rule says “in control”"),
        ("    chart: ewma\n    mode: blocking\n", "    pass: in control\n", "the benchmark stops the release, and no rule of its chart can fail"),
        ("    run_rules: {western_electric: off, nelson: off}\n    mode: blocking\n", "    pass: in control\n", "the benchmark stops the release, and no rule of its chart can fail"),
    ],
)  # fmt: skip
def test_charts_that_are_described_in_vain(tmp_path, more, rules, what):
    text = changed(RULES, more).replace(PASS, rules).replace("{dimension: latency_consistency}", "{}")
    assert what in [problem.what for problem in loaded(tmp_path, text).warnings]


def test_samples_are_compared_only_where_it_is_said_which_way_is_worse(tmp_path):
    text = (
        changed(RULES, "")
        .replace(PASS, "    pass: not worse than baseline\n")
        .replace("{dimension: latency_consistency}", "{}")
    )
    (problem,) = problems(tmp_path, text)
    assert problem.what == "pass: “not worse than” needs to know which way is worse"


@pytest.mark.parametrize("more", ["    chart: prediction\n", "    points: 50\n", "    chart: ewma\n"])
def test_a_chart_that_can_be_believed_is_no_warning(tmp_path, more):
    text = (
        changed(RULES, more)
        .replace(PASS, "    pass: in control\n")
        .replace("{dimension: latency_consistency}", "{}")
    )
    assert not [problem for problem in loaded(tmp_path, text).warnings if "good values" in problem.what]


def test_one_look_after_a_fail_is_warned_of(tmp_path):
    text = changed("      unit: ms", "      unit: ms\n      window: 1h").replace(
        "warn: within", "steady: 1\n    warn: within", 1
    )
    warnings = [each for each in loaded(tmp_path, text).warnings if each.what.startswith("steady: 1")]
    assert [each.line for each in warnings] == [place_of(text, "steady: 1")[0]]
