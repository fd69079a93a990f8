"""Open issues of GitHub and GitLab by severity, and which findings of SARIF are secrets."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from workbench.sources.findings import listed_in
from workbench.sources.github_actions import GitHubMeasure
from workbench.sources.gitlab import GitLabMeasure
from workbench.sources.issues import severity_of_labels
from workbench.sources.sarif.leaks import is_secret, looks_for_secrets
from workbench.sources.sarif.shapes import Rule, Run

from .support import body
from .test_github import github
from .test_gitlab import gitlab


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ([], "unknown"),
        (["bug", "help wanted"], "unknown"),
        (["critical"], "critical"),
        (["severity: high"], "high"),
        (["severity::medium", "bug"], "medium"),
        (["Severity/Low"], "low"),
        (["priority-blocker"], "critical"),
        (["low", "sev1"], "critical"),
        (["SEV1"], "critical"),
        (["severity: nobody knows"], "unknown"),
        (["severe: high"], "unknown"),
    ],
)
def test_labels_say_the_severity(labels: list[str], severity: str) -> None:
    assert severity_of_labels(labels, {"sev1": "critical"}) == severity


def issue(number: int, *labels: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "title": f"Issue {number}", "labels": [{"name": one} for one in labels]} | more


def test_issues_of_github_are_listed_by_severity_and_pull_requests_left_out(serve: Any) -> None:
    found = [
        issue(1, "sev1"),
        issue(2, "severity: low"),
        issue(3),
        issue(4, "sev1", pull_request={"url": "x"}),
        issue(5, body="ghp_" + "a" * 36),
    ]
    asked = {"role": "issues", "subject": "issues/ci", "commit": None}
    fetched, server = github(
        serve, lambda _: body(found), config={"labels": {"sev1": "critical"}}, ask=GitHubMeasure(about="issues", read="open"), **asked
    )  # fmt: skip
    one = fetched.one
    assert (one.state, one.value) == ("ok", 4)
    assert [(each.severity, each.words) for each in listed_in(one.facts)] == [
        ("critical", "#1 Issue 1"),
        ("unknown", "#3 Issue 3"),
        ("unknown", "#5 Issue 5"),
        ("low", "#2 Issue 2"),
    ]
    assert (one.facts["critical"], one.facts["low"], one.facts["unknown"]) == (1, 1, 2)
    assert server.asked[0].path.endswith("/repos/acme/shop/issues")


def test_issues_of_gitlab_are_listed_by_severity(serve: Any) -> None:
    found = [
        {"iid": 1, "title": "Refunds twice", "labels": ["severity::high"]},
        {"iid": 2, "title": "Down", "labels": [], "severity": "CRITICAL"},
        {"iid": 3, "title": "Odd", "labels": [], "severity": "UNKNOWN"},
    ]
    one, _ = gitlab(
        serve, lambda _: body(found), role="issues", subject="issues/ci", commit=None, ask=GitLabMeasure(about="issues", read="open")
    )  # fmt: skip
    assert [(each.severity, each.words) for each in listed_in(one.facts)] == [
        ("critical", "#2 Down"),
        ("high", "#1 Refunds twice"),
        ("unknown", "#3 Odd"),
    ]


@pytest.mark.parametrize(
    ("driver", "rule", "secret", "looks"),
    [
        ({"name": "gitleaks"}, None, True, True),
        ({"name": "Trivy"}, None, False, True),
        ({"name": "Trivy"}, {"id": "aws", "properties": {"tags": ["secret", "HIGH"]}}, True, True),
        ({"name": "semgrep", "rules": [{"id": "x", "properties": {"tags": ["secrets"]}}]}, None, False, True),
        ({"name": "semgrep", "rules": [{"id": "x", "properties": {"tags": "secrets"}}]}, None, False, False),
        ({"name": "bandit"}, {"id": "B105"}, False, False),
        ({}, None, False, False),
    ],
)
def test_which_scanner_of_sarif_looks_for_secrets(
    driver: dict[str, Any], rule: dict[str, Any] | None, secret: bool, looks: bool
) -> None:
    run = msgspec.convert({"tool": {"driver": driver}, "results": []}, Run)
    assert is_secret(run, msgspec.convert(rule, Rule) if rule else None) is secret
    assert looks_for_secrets(run) is looks
