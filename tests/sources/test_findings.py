"""Findings: each once, by severity, and no count of a scan that did not see everything."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from workbench.sources.findings import (
    Finding,
    FindingsMeasure,
    Severity,
    count,
    one_each,
    severity_of_score,
    severity_of_word,
)
from workbench.sources.reading import Found, Question

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUESTION = Question(subject="b", source="s", at=AT)


def finding(severity: Severity = "high", rule: str = "R1", **more: object) -> Finding:
    return Finding(severity=severity, rule=rule, **more)  # type: ignore[arg-type]


def asked(*findings: Finding, flaws: tuple[str, ...] = (), **measure: object) -> Found:
    return count(findings, FindingsMeasure(**measure), QUESTION, measured_at=AT, flaws=flaws)  # type: ignore[arg-type]


def test_what_is_open_is_counted_and_the_worst_is_named_first() -> None:
    found = asked(
        finding("low", "L"),
        finding("critical", "C", place="app.py:3"),
        finding("high", "H", suppressed="known"),
    )
    assert (found.state, found.value) == ("ok", 2)
    assert found.why == "1 critical, 1 low: C in app.py:3, L"
    assert found.facts["suppressed"] == 1 and found.facts["critical"] == 1 and found.facts["high"] == 0


def test_no_finding_is_a_measured_zero() -> None:
    found = asked()
    assert (found.state, found.value, found.why) == ("ok", 0, "")


def test_a_scan_that_did_not_see_everything_measures_nothing() -> None:
    found = asked(finding("low", "L"), flaws=("app.py could not be parsed",))
    assert (found.state, found.value) == ("missing", None)
    assert found.why == ("the scan is not complete: app.py could not be parsed; found until then: 1 low: L")
    assert "nothing was found until then" in asked(flaws=("it stopped",)).why


def test_a_finding_without_a_severity_counts_as_high_and_says_so() -> None:
    found = asked(finding("unknown"), finding("low", "L"), severity=["critical", "high"])
    assert found.value == 1
    assert found.facts["without_severity"] == "1, counted as high"
    assert found.why == "1 without a severity: R1"


def test_where_only_critical_ones_count_it_may_be_one() -> None:
    found = asked(finding("unknown"), severity=["critical"])
    assert found.value == 0
    assert found.partial == "1 finding without a score may be critical, and count as high"
    assert asked(finding("high", graded=False), severity=["critical"]).partial == found.partial
    assert asked(finding("high"), severity=["critical"]).partial is None


def test_an_incomplete_scan_counts_only_where_a_team_wants_it_shown() -> None:
    found = asked(finding("low", "L"), flaws=("it stopped", "it stopped"), incomplete="show")
    assert (found.state, found.value, found.partial) == ("ok", 1, "it stopped")


@pytest.mark.parametrize(("read", "number"), [("open", 2), ("suppressed", 1), ("total", 3)])
def test_open_set_aside_or_both(read: str, number: int) -> None:
    of = (finding(rule="A"), finding(rule="B"), finding(rule="C", suppressed="known"))
    assert asked(*of, read=read).value == number


def test_only_the_rules_asked_for_count() -> None:
    assert asked(finding(rule="CVE-2026-1"), finding(rule="GHSA-x"), rules=["CVE-*"]).value == 1


def test_a_finding_in_two_files_is_one_and_open_where_any_file_says_so() -> None:
    one = one_each(
        [
            finding("low", suppressed="known", identity=("x",)),
            finding("low", identity=("x",)),
            finding("critical", identity=("x",)),
            finding("critical", identity=("y",), suppressed="known"),
        ]
    )
    assert [(each.severity, each.suppressed) for each in one] == [("critical", ""), ("critical", "known")]


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("CRITICAL", "critical"),
        ("Negligible", "low"),
        ("moderate", "medium"),
        ("error", "high"),
        ("UNKNOWN", "unknown"),
        ("ungraded", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        (7, "unknown"),
    ],
)
def test_words_for_a_severity(word: object, severity: str) -> None:
    assert severity_of_word(word) == severity


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        ("9.8", "critical"),
        ("9.0", "critical"),
        ("8.9", "high"),
        ("7", "high"),
        ("4.0", "medium"),
        ("0.1", "low"),
        ("0", "low"),
        ("10.1", "unknown"),
        ("-1", "unknown"),
    ],
)
def test_scores_by_the_bands_of_cvss(score: str, severity: str) -> None:
    assert severity_of_score(Decimal(score)) == severity


def test_words_of_a_scanner_cannot_steer_a_terminal() -> None:
    found = asked(finding(rule="\x1b[2J", place="a\u202eb"))
    assert "\x1b" not in found.why and "\u202e" not in found.why + str(found.facts["found"])
