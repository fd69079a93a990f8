"""SARIF: files of real scanners, and every way in which a level, a place or a suppression may be written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.sources.generated import GENERATED, LATER, read, written
from tests.sources.support import ask

from workbench.model.kinds import Asked
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.recognising import Sample, recognised
from workbench.sources.sarif import SarifConfig, SarifMeasure, question_doubts
from workbench.sources.sarif.keeping import kept


@pytest.mark.parametrize(
    ("file", "measure", "number"),
    [
        ("bandit/found.sarif", {}, 5),
        ("bandit/found.sarif", {"severity": ["critical", "high"]}, 2),
        ("bandit/found.sarif", {"rules": ["B6*"]}, 2),
        ("bandit/clean.sarif", {}, 0),
        ("semgrep/found.sarif", {}, 3),
        ("semgrep/found.sarif", {"severity": ["critical"]}, 1),
        ("semgrep/found.sarif", {"read": "suppressed"}, 1),
        ("semgrep/found.sarif", {"read": "total"}, 4),
        ("semgrep/clean.sarif", {}, 0),
    ],
)
def test_what_real_scanners_found(file: str, measure: dict[str, Any], number: int) -> None:
    reading = read("sarif", file, **measure)
    assert (reading.state, reading.value) == ("ok", number), reading.why
    assert reading.partial is None and reading.evidence


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("bandit/unreadable.sarif", "syntax error while parsing AST from file (broken/sums.py)"),
        ("semgrep/unreadable.sarif", "Syntax error at line broken/sums.py:1"),
        ("semgrep/wrong-rule.sarif", "Rule parse error in rule wrong"),
    ],
)
def test_a_scanner_that_could_not_read_something_has_measured_nothing(file: str, why: str) -> None:
    reading = read("sarif", file)
    assert (reading.state, reading.value) == ("missing", None)
    assert why in reading.why and "nothing was found until then" in reading.why
    shown = read("sarif", file, incomplete="show")
    assert (shown.state, shown.value) == ("ok", 0) and why in (shown.partial or "")


def test_bandit_cannot_say_that_nothing_is_critical() -> None:
    reading = read("sarif", "bandit/found.sarif", severity=["critical"])
    assert reading.value == 0
    assert reading.partial == "2 findings without a score may be critical, and count as high"


def test_files_of_several_scanners_count_together() -> None:
    reading = read("sarif", ["bandit/found.sarif", "semgrep/found.sarif"], severity=["critical", "high"])
    assert reading.value == 3
    assert reading.why.startswith("1 critical, 2 high: eval-of-input in shop/rates.py:6")
    assert reading.facts["files"] == 2


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    data = (GENERATED / "bandit" / "found.sarif").read_text()
    names = [written(tmp_path, name, data) for name in ("a.sarif", "b.sarif")]
    assert read("sarif", names, root=tmp_path).value == 5


@pytest.mark.parametrize(
    "path", sorted(GENERATED.glob("*/*.sarif")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_they_are_recognised(path: Path) -> None:
    (found,) = recognised(Sample(path.name, path.read_bytes()), KINDS)
    assert (found.kind, found.words) == ("sarif", "SARIF 2.1.0")


# --- every way of writing it


def one(
    tmp_path: Path,
    result: dict[str, Any],
    /,
    rules: Sequence[Any] = (),
    run: Mapping[str, Any] = {},
    **asked: Any,
) -> Reading:
    """What comes of a run with one result."""
    told = {
        "tool": {"driver": {"name": "scanner", "rules": list(rules)}},
        "results": [{"ruleId": "R", **result}],
        **run,
    }
    return read(
        "sarif", written(tmp_path, "a.sarif", {"version": "2.1.0", "runs": [told]}), root=tmp_path, **asked
    )


def severity(reading: Reading) -> str:
    (found,) = (name for name in ("critical", "high", "medium", "low") if reading.facts[name])
    return found


SCORED = {"id": "R", "properties": {"security-severity": "9.8"}, "defaultConfiguration": {"level": "note"}}


@pytest.mark.parametrize(
    ("result", "rules", "expected"),
    [
        ({"level": "error"}, [], "high"),
        ({"level": "note"}, [], "low"),
        ({}, [], "medium"),
        ({"level": None}, [{"id": "R", "defaultConfiguration": {"level": "error"}}], "high"),
        ({"ruleIndex": 1}, [{"id": "Q"}, {"id": "R", "defaultConfiguration": {"level": "note"}}], "low"),
        ({"ruleId": "R/part"}, [{"id": "R", "defaultConfiguration": {"level": "error"}}], "high"),
        ({"ruleIndex": 0}, [{"id": "Q", "defaultConfiguration": {"level": "error"}}], "medium"),
        ({"ruleIndex": 99}, [], "medium"),
        ({"level": "note"}, [SCORED], "critical"),
        ({"level": "error", "properties": {"security-severity": 0.1}}, [SCORED], "low"),
        ({"level": "error", "properties": {"security-severity": None}}, [SCORED], "critical"),
    ],
)
def test_a_score_goes_before_a_level_and_a_level_before_that_of_the_rule(
    result: dict[str, Any], rules: list[Any], expected: str, tmp_path: Path
) -> None:
    assert severity(one(tmp_path, result, rules)) == expected


@pytest.mark.parametrize(
    "result", [{"level": "severe"}, {"properties": {"security-severity": "n/a"}}, {"kind": "review"}]
)
def test_what_nobody_has_defined_counts_as_high(result: dict[str, Any], tmp_path: Path) -> None:
    reading = one(tmp_path, result, severity=["high"])
    assert reading.value == 1
    assert reading.facts["without_severity"] == "1, counted as high"


def test_an_extension_has_rules_of_its_own(tmp_path: Path) -> None:
    tool = {
        "driver": {"name": "scanner", "rules": [{"id": "R", "defaultConfiguration": {"level": "note"}}]},
        "extensions": [{"name": "more", "rules": [{"id": "R", "defaultConfiguration": {"level": "error"}}]}],
    }
    told = {"rule": {"index": 0, "toolComponent": {"index": 0}}}
    assert severity(one(tmp_path, told, run={"tool": tool})) == "high"


def test_an_invocation_may_set_another_level(tmp_path: Path) -> None:
    override = {"descriptor": {"index": 0}, "configuration": {"level": "error"}}
    rules = [{"id": "R", "defaultConfiguration": {"level": "note"}}]
    invocations = [{"ruleConfigurationOverrides": [override]}]
    assert severity(one(tmp_path, {}, rules, {"invocations": invocations})) == "high"


@pytest.mark.parametrize("result", [{"kind": "pass"}, {"kind": "notApplicable"}, {"baselineState": "absent"}])
def test_what_is_no_problem_does_not_count(result: dict[str, Any], tmp_path: Path) -> None:
    assert one(tmp_path, result, read="total").value == 0


@pytest.mark.parametrize(
    ("suppressions", "is_open"),
    [
        ([], True),
        (None, True),
        ([{"kind": "inSource"}], False),
        ([{"kind": "external", "status": "accepted"}], False),
        ([{"kind": "external", "status": "underReview"}], True),
        ([{"kind": "inSource"}, {"kind": "external", "status": "rejected"}], True),
    ],
)
def test_only_an_accepted_suppression_sets_a_result_aside(
    suppressions: list[Any] | None, is_open: bool, tmp_path: Path
) -> None:
    assert one(tmp_path, {"suppressions": suppressions}).value == int(is_open)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (
            {"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}},
            "R in a.py:3",
        ),
        ({"physicalLocation": {"artifactLocation": {"index": 0}}}, "R in b.py"),
        ({"physicalLocation": {"artifactLocation": {"index": 7}}}, "R"),
        ({"logicalLocations": [{"fullyQualifiedName": "shop.pay"}]}, "R in shop.pay"),
        ({}, "R"),
    ],
)
def test_where_a_result_is(location: dict[str, Any], words: str, tmp_path: Path) -> None:
    run = {"artifacts": [{"location": {"uri": "b.py"}}]}
    assert one(tmp_path, {"locations": [location]}, run=run).facts["found"] == words


def test_a_file_of_another_commit_is_not_of_this_candidate(tmp_path: Path) -> None:
    run = {"versionControlProvenance": [{"repositoryUri": "https://example.com", "revisionId": "b" * 40}]}
    asked = {"question": {"commit": "a" * 40}}
    reading = one(tmp_path, {}, run=run, **asked)
    assert reading.state == "missing" and "bbbbbbb" in reading.why
    run = {"versionControlProvenance": [{"repositoryUri": "https://example.com", "revisionId": "a" * 40}]}
    assert one(tmp_path, {}, run=run, **asked).value == 1


@pytest.mark.parametrize(
    ("commits", "state"),
    [("ab", "missing"), ("ba", "missing"), ("bc", "missing"), ("aa", "ok"), ("a-", "ok"), ("b-", "missing")],
)
def test_a_file_is_of_a_commit_only_if_each_of_its_runs_is(tmp_path: Path, commits: str, state: str) -> None:
    runs = [
        {"tool": {"driver": {"name": f"scanner {number}"}}, "results": []}
        | ({"versionControlProvenance": [{"revisionId": digit * 40}]} if digit != "-" else {})
        for number, digit in enumerate(commits)
    ]
    (tmp_path / "scan.sarif").write_text(json.dumps({"version": "2.1.0", "runs": runs}))
    source = SourceSpec("scan", "sarif", SarifConfig(files="scan.sarif"))
    asked = Question(subject="b", source="scan", at=LATER, ask=SarifMeasure(), commit="a" * 40)
    assert ask([source], [asked], root=tmp_path).one.state == state


def test_bandit_over_an_empty_folder_is_no_clean_scan(tmp_path: Path) -> None:
    told = {
        "tool": {"driver": {"name": "Bandit"}},
        "results": [],
        "properties": {"metrics": {"_totals": {"loc": 0}}},
    }
    reading = read("sarif", written(tmp_path, "a.sarif", {"version": "2.1.0", "runs": [told]}), root=tmp_path)
    assert (reading.state, reading.why[:60]) == (
        "missing",
        "the scan is not complete: Bandit looked at no line of code; ",
    )


def test_notes_of_a_scanner_are_no_trouble(tmp_path: Path) -> None:
    told = {"toolExecutionNotifications": [{"level": "note", "message": {"text": "read 7 files"}}]}
    assert one(tmp_path, {}, run={"invocations": [told]}).value == 1


def test_the_code_that_a_file_quotes_is_not_kept(tmp_path: Path) -> None:
    secret = "AKIA-found-by-a-scanner"
    region = {"startLine": 3, "snippet": {"text": secret}}
    place = {
        "artifactLocation": {"uri": "a.py"},
        "region": region,
        "contextRegion": {"snippet": {"text": secret}},
    }
    told = {"ruleId": "aws-key", "locations": [{"physicalLocation": place}]}
    log = {"version": "2.1.0", "runs": [{"results": [told], "artifacts": [{"contents": {"text": secret}}]}]}
    name = written(tmp_path, "a.sarif", log)
    data = kept((tmp_path / name).read_bytes())
    assert secret.encode() not in data
    assert (
        read("sarif", written(tmp_path, "b.sarif", data.decode()), root=tmp_path).facts["found"]
        == "aws-key in a.py:3"
    )
    source = SourceSpec("s", "sarif", SarifConfig(files=name))
    asked = Question(subject="b", source="s", at=LATER, ask=SarifMeasure())
    (batch,) = ask([source], [asked], root=tmp_path).batches
    (blob,) = batch.blobs
    assert secret.encode() not in blob.data and b"aws-key" in blob.data
    assert kept(b"{") == b""


def test_check_warns_of_a_count_of_critical_findings_alone() -> None:
    asked = Asked(unit="", places=())
    (doubt,) = question_doubts(SarifMeasure(severity=["critical"]), asked)
    assert doubt.field == "severity" and not doubt.error
    assert not list(question_doubts(SarifMeasure(severity=["critical", "high"]), asked))
