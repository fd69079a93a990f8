"""A gate in the formats of CI systems: what others read in them, and that nothing unknown is passed in any."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
import sarif_pydantic
import xunitparser
from sarif.loader import load_sarif_file
from tests import building as build
from tests.sources.generated import LATER
from tests.sources.support import ask
from tests.usecases.reporting.formats import HOSTILE, said
from tests.usecases.reporting.states import STATES, blocked, overridden, signed

from workbench.gates.model import GateState
from workbench.model.errors import UsageError
from workbench.sources.junit.xml import read as read_junit
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.test_runs import RunTests
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.as_ctrf import ctrf
from workbench.usecases.reporting.as_github import MOST, SUMMARY_LIMIT, commands, log, summary
from workbench.usecases.reporting.as_gitlab import code_quality
from workbench.usecases.reporting.as_gitlab import log as gitlab_log
from workbench.usecases.reporting.as_junit import junit
from workbench.usecases.reporting.as_sarif import sarif
from workbench.usecases.reporting.checks import STOPS, Checked, Outcome
from workbench.usecases.reporting.forms import FORMS, written
from workbench.usecases.reporting.job_summary import add_summary
from workbench.usecases.reporting.places import places_of

GATES = ("benchmarks", "ready", "go")
State = Callable[[Context], None]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def read_by_us(kind: str, text: str, folder: Path) -> Reading:
    """What our own source of a kind makes of a report."""
    (folder / "report").write_text(text, encoding="utf-8")
    question = Question(subject="tests/gate", source="gate", at=LATER, role="tests", ask=RunTests())
    return ask([SourceSpec("gate", kind, KINDS[kind].config(files="report"))], [question], root=folder).one


# --- checks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_blocked_exactly_where_one_of_its_checks_stops_it(
    shop: Context, state: State, gate: str
) -> None:
    state(shop)
    found = said(shop, gate)
    assert (found.gate.state is GateState.BLOCKED) == any(check.outcome in STOPS for check in found.checks)
    assert (found.exit_code == 0) == (found.count(*STOPS) == 0)
    keys = [check.key for check in found.checks]
    assert len(keys) == len(set(keys)) and all(keys)


def test_what_nobody_could_be_asked_is_an_error_and_what_waits_for_a_signature_waits(shop: Context) -> None:
    build.figures(shop)
    build.measured(shop, "errors", None, state="error", why="no answer")
    outcomes = {check.key: check.outcome for check in said(shop).checks}
    assert outcomes["benchmark/errors"] is Outcome.ERROR
    assert outcomes["benchmark/p95"] is Outcome.PASSED
    assert outcomes["sign/benchmarks/staging-owner"] is Outcome.WAITING


def test_a_value_without_anything_to_compare_it_with_is_never_passed(tmp_path: Path) -> None:
    text = build.SHOP.replace("key: p95\n    flow: checkout", "key: p95\n    flow: browse")
    with build.shop(tmp_path / "shop", text) as shop:
        build.add_flow(shop, "browse", tier="important")
        build.measured(shop, "p95", "0.46")
        (check,) = [one for one in said(shop).checks if one.key == "benchmark/p95"]
        assert check.outcome is Outcome.UNJUDGED
        assert "no baseline" in check.why


def test_a_gate_that_is_not_set_up_has_one_check_that_did_not_pass(shop: Context) -> None:
    shop = build.rewrite(shop, "gates:\n", "gates:\n  - {key: empty, title: Empty}\n")
    (check,) = said(shop, "empty").checks
    assert (check.outcome, check.key) == (Outcome.LEFT_OUT, "gate/empty")
    assert "<skipped" in junit(said(shop, "empty"))


def test_places_are_lines_of_the_checkout_that_ci_names(shop: Context) -> None:
    lines = (shop.root / "workbench.yaml").read_text(encoding="utf-8").splitlines()
    here = places_of(shop.definitions, "benchmarks", environ={})
    place = here["benchmarks"]
    assert "benchmarks: {}" in lines[place.line - 1]
    assert "key: benchmarks" in lines[here[""].line - 1]
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        there = places_of(shop.definitions, "benchmarks", environ={name: str(shop.root.parent)})
        assert there["benchmarks"].file == "shop/workbench.yaml"
    assert places_of(shop.definitions, "gone", environ={})[""].file == "workbench.yaml"
    elsewhere = places_of(shop.definitions, "benchmarks", environ={"GITHUB_WORKSPACE": "/nowhere"})
    assert elsewhere["benchmarks"].file == "workbench.yaml"


# --- JUnit ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_two_other_readers_and_ours_count_the_same_in_junit(
    shop: Context, state: State, tmp_path: Path
) -> None:
    state(shop)
    for gate in GATES:
        found = said(shop, gate)
        text = junit(found)
        (suite,) = junitparser.JUnitXml.fromstring(text.encode())
        results = [case.result[0] if case.result else None for case in suite]
        counted = [
            sum(result is None for result in results),
            sum(isinstance(result, junitparser.Failure) for result in results),
            sum(isinstance(result, junitparser.Error) for result in results),
        ]
        expected = [found.count(one) for one in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)]
        assert counted == expected
        assert [suite.tests, suite.failures, suite.errors] == [len(found.checks), *expected[1:]]
        _, result = xunitparser.parse(io.StringIO(text))
        assert [result.testsRun, len(result.failures), len(result.errors)] == [
            len(found.checks),
            *expected[1:],
        ]
        reading = read_by_us("junit", text, tmp_path)
        assert [reading.facts[name] for name in ("passed", "failed", "errors")] == expected
        assert list(read_junit(text.encode()).commits) == [build.SHA]


def test_advisory_is_said_and_stays_red(shop: Context) -> None:
    blocked(shop)
    text = junit(said(shop, advisory=True))
    suite = next(iter(junitparser.JUnitXml.fromstring(text.encode())))
    assert suite.failures and suite.name.endswith("(advisory)")
    assert any(one.name == "advisory" for one in suite.properties())


# --- CTRF -----------------------------------------------------------------------------------

_COUNTS = ("tests", "passed", "failed", "skipped", "pending", "other")
_CTRF: dict[str, Any] = {  # what https://ctrf.io says of version 1.0.0, as far as it is used here
    "type": "object",
    "required": ["results", "reportFormat", "specVersion"],
    "properties": {
        "reportFormat": {"const": "CTRF"},
        "specVersion": {"pattern": r"^\d+\.\d+\.\d+$"},
        "timestamp": {"type": "string"},
        "generatedBy": {"type": "string"},
        "results": {
            "type": "object",
            "required": ["tool", "summary", "tests"],
            "properties": {
                "tool": {
                    "required": ["name"],
                    "properties": {"name": {"type": "string", "minLength": 1}, "version": {"type": "string"}},
                    "additionalProperties": False,
                },
                "summary": {
                    "required": [*_COUNTS, "start", "stop"],
                    "additionalProperties": False,
                    "properties": {name: {"type": "integer"} for name in (*_COUNTS, "start", "stop")},
                },
                "tests": {
                    "type": "array",
                    "items": {
                        "required": ["name", "status", "duration"],
                        "additionalProperties": False,
                        "properties": {
                            "name": {"type": "string", "minLength": 1},
                            "status": {"enum": ["passed", "failed", "skipped", "pending", "other"]},
                            "duration": {"type": "integer"},
                            "rawStatus": {"type": "string"},
                            "suite": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                            "testId": {"type": "string", "minLength": 1},
                            "filePath": {"type": "string"},
                            "line": {"type": "integer"},
                            "message": {"type": "string"},
                        },
                    },
                },
                "environment": {
                    "additionalProperties": False,
                    "properties": {n: {"type": "string"} for n in ("appName", "buildName", "commit")},
                },
                "extra": {"type": "object"},
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_ctrf_is_what_its_schema_asks_for_and_our_reader_agrees(
    shop: Context, state: State, tmp_path: Path
) -> None:
    state(shop)
    for gate in GATES:
        found = said(shop, gate)
        document = ctrf(found)
        jsonschema.Draft7Validator(_CTRF).validate(document)
        summary_ = document["results"]["summary"]
        assert summary_["tests"] == sum(summary_[name] for name in _COUNTS[1:])
        assert summary_["passed"] == found.count(Outcome.PASSED)
        reading = read_by_us("ctrf", json.dumps(document), tmp_path)
        assert reading.facts["passed"] == found.count(Outcome.PASSED)
        assert reading.facts["failed"] == found.count(*STOPS)
        assert reading.value != 1 or not found.blocked


# --- SARIF ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_sarif_is_read_by_two_others(shop: Context, state: State, tmp_path: Path) -> None:
    state(shop)
    for gate in GATES:
        found = said(shop, gate)
        document = sarif(found)
        read = sarif_pydantic.Sarif.model_validate(document)
        (run,) = read.runs
        shown = [one for one in found.checks if one.outcome not in (Outcome.PASSED, Outcome.LEFT_OUT)]
        assert len(run.results or ()) == len(shown)
        path = tmp_path / "gate.sarif"
        path.write_text(json.dumps(document), encoding="utf-8")
        tool = load_sarif_file(str(path))
        assert tool.get_distinct_tool_names() == ["workbench"]
        errors = tool.get_report().get_issue_count_for_severity("error")
        assert errors == found.count(*STOPS, Outcome.EXCEPTED)


def test_an_override_is_a_result_that_is_suppressed_with_its_reason(shop: Context) -> None:
    overridden(shop)
    (run,) = sarif(said(shop))["runs"]
    (result,) = [one for one in run["results"] if one["properties"]["check"] == "benchmark/errors"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert "known to everybody" in suppression["justification"]
    assert suppression["properties"]["approver"] == "robin"
    assert not any("suppressions" in one for one in run["results"] if one is not result)


def test_a_rule_says_what_its_line_means(shop: Context) -> None:
    blocked(shop)
    (run,) = sarif(said(shop))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    (benchmarks,) = [rule for rule in rules if rule["id"] == "benchmarks"]
    assert "Misread: Fetching again" in benchmarks["help"]["text"]


def test_fingerprints_stay_when_the_figure_changes_and_differ_between_lines(shop: Context) -> None:
    build.figures(shop, p95="0.9", errors="1.5")
    first = {
        one["properties"]["check"]: one["fingerprints"] for one in sarif(said(shop))["runs"][0]["results"]
    }
    later = build.later(shop, hours=1)
    build.measured(later, "p95", "0.8")
    again = {
        one["properties"]["check"]: one["fingerprints"] for one in sarif(said(later))["runs"][0]["results"]
    }
    assert first == again
    assert len({json.dumps(one) for one in first.values()}) == len(first)


# --- GitHub ---------------------------------------------------------------------------------


def test_annotations_stand_at_the_requirements_line(shop: Context) -> None:
    blocked(shop)
    (first, *_) = commands(said(shop))
    line = next(
        number
        for number, text in enumerate((shop.root / "workbench.yaml").read_text().splitlines(), 1)
        if "benchmarks: {}" in text
    )
    assert first.startswith(f"::error file=workbench.yaml,line={line},title=")


@pytest.mark.parametrize("advisory", [False, True])
def test_ten_annotations_of_a_kind_at_most_and_the_last_says_how_many_more(
    shop: Context, advisory: bool
) -> None:
    blocked(shop)
    found = said(shop, advisory=advisory)
    check = next(one for one in found.checks if one.outcome is Outcome.FAILED)
    many = Checked(found=found.found, gate=found.gate, checks=(check,) * 37, exit_code=1, advisory=advisory)
    lines = list(commands(many))
    kind = "warning" if advisory else "error"
    assert sum(line.startswith(f"::{kind} ") for line in lines) == MOST
    assert "28 more" in lines[-1]
    assert not advisory or (lines[0].startswith("::notice ") and not any("::error" in one for one in lines))


def test_the_summary_never_grows_beyond_what_github_takes(shop: Context, tmp_path: Path) -> None:
    blocked(shop)
    path = tmp_path / "summary.md"
    path.write_bytes(b"x" * (SUMMARY_LIMIT - 700))
    add_summary(said(shop), path)
    assert SUMMARY_LIMIT - 700 < path.stat().st_size <= SUMMARY_LIMIT
    assert b"longer than GitHub shows" in path.read_bytes()[-200:]
    add_summary(said(shop), path)
    assert path.stat().st_size <= SUMMARY_LIMIT
    whole = tmp_path / "whole.md"
    add_summary(said(shop), whole)
    assert whole.read_text(encoding="utf-8") == summary(said(shop))


def test_a_summary_that_is_no_file_is_refused_without_waiting(shop: Context, tmp_path: Path) -> None:
    import os

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "none" / "summary.md"):
        with pytest.raises(UsageError):
            add_summary(said(shop), path)


# --- GitLab ---------------------------------------------------------------------------------


def test_code_quality_has_what_gitlab_asks_for(shop: Context) -> None:
    blocked(shop)
    issues = code_quality(said(shop))
    for issue in issues:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"] == "workbench.yaml" and issue["location"]["lines"]["begin"] > 0
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in code_quality(said(shop, advisory=True))} <= {"minor", "info"}


def test_a_section_only_where_a_runner_reads_it(shop: Context) -> None:
    blocked(shop)
    assert "\x1b" not in gitlab_log(said(shop))
    text = gitlab_log(said(shop), sections=True)
    assert text.startswith("section_start:") and text.count("\x1b[0K") == 2


# --- all of them ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_every_format_is_the_same_twice_and_says_that_it_was_advisory(
    shop: Context, state: State, form: str
) -> None:
    state(shop)
    for printed in (False, True):
        found = said(shop, advisory=True)
        text = written(form, found, printed=printed)
        assert text == written(form, found, printed=printed) and text.endswith("\n")
        if form != "gitlab" or printed or json.loads(text):
            assert "advisory" in text
        assert "stops nothing" not in written(form, said(shop), printed=printed)


def test_a_signed_gate_is_green_everywhere(shop: Context, tmp_path: Path) -> None:
    signed(shop)
    found = said(shop, "go")
    assert found.exit_code == 0
    assert read_by_us("junit", junit(found), tmp_path).value == 1
    assert sarif(found)["runs"][0]["results"] == []
    assert code_quality(found) == []
    assert not list(commands(found))


def test_hostile_titles_reach_no_format_as_markup_or_command(tmp_path: Path) -> None:
    """What is typed as a title is text in each format, and nothing else."""
    text = build.SHOP.replace("title: Checkout p95", f"title: {json.dumps(HOSTILE)}")
    with build.shop(tmp_path / "shop", text) as shop:
        build.figures(shop, p95="0.9", errors="1.5")
        until = shop.now + timedelta(days=2)
        build.override(
            shop, evaluate(shop), "errors", reason=f"known {HOSTILE}", approver="robin", until=until
        )
        found = said(shop)
        for form in FORMS:
            for printed in (False, True):
                out = written(form, found, printed=printed)
                assert "\x1b" not in out and "\x00" not in out and "\u202e" not in out
                assert "##vso[" not in out
                assert not any(line.lstrip().startswith("::error::forged") for line in out.splitlines())
        junitparser.JUnitXml.fromstring(junit(found).encode())
        messages = [one["message"]["text"] for one in sarif(found)["runs"][0]["results"]]
        assert any("\\[link\\](https" in text and "{{0}}" in text for text in messages)
        assert all(line.startswith(("::error ", "::notice ", "::warning ")) for line in commands(found))
        assert "%0A" not in log(found) or "\n::error::forged" not in log(found)
