"""GitHub's alerts: of code scanning for the candidate's commit, and of dependencies."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.sources.github_actions import GitHubMeasure

from .support import Asked, body
from .test_github import COMMIT, github

OTHER = "b" * 40


def analysis(commit: str = COMMIT, at: str = "10:00:00", **more: Any) -> dict[str, Any]:
    return {
        "ref": "refs/heads/main",
        "commit_sha": commit,
        "analysis_key": "codeql.yml:analyze",
        "environment": "{}",
        "category": "/language:python",
        "error": "",
        "warning": "",
        "created_at": f"2026-11-20T{at}Z",
        "tool": {"name": "CodeQL"},
    } | more


def alert(number: int, level: str | None = "critical", state: str = "open", **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "state": state,
        "rule": {"id": "py/sql", "severity": "error", "security_severity_level": level},
        "tool": {"name": "CodeQL"},
        "most_recent_instance": {"state": state, "location": {"path": "db.py", "start_line": number}},
        "dismissed_reason": "won't fix" if state == "dismissed" else None,
    } | more


def scanned(analyses: list[dict[str, Any]], *alerts: dict[str, Any]):
    def answer(asked: Asked):
        return body(analyses if asked.path.endswith("/analyses") else list(alerts))

    return answer


def ask(serve, answer, *, about: str = "code_scanning", read: str = "open", config=None, **measure: Any):
    more = {"role": "value", "subject": "b", "ask": GitHubMeasure(about=about, read=read, **measure)}
    fetched, server = github(serve, answer, config=config, **more)
    return fetched.one, server


ALERTS = [
    alert(1),
    alert(2, "medium"),
    alert(3, None),
    alert(4, state="dismissed"),
    alert(5, state="fixed"),
]


@pytest.mark.parametrize(
    ("read", "severity", "value"),
    [
        ("open", [], 3),
        ("open", ["critical"], 1),
        ("open", ["critical", "high"], 2),
        ("suppressed", [], 1),
        ("total", [], 4),
    ],
)
def test_alerts_by_severity(serve, read, severity, value):
    reading, server = ask(serve, scanned([analysis()], *ALERTS), read=read, severity=severity)
    assert (reading.state, reading.value) == ("ok", value)
    assert server.asked[1].params == {"ref": "refs/heads/main", "per_page": "100"}


def test_an_alert_that_is_fixed_elsewhere_and_open_on_this_branch_is_open(serve):
    told = alert(1, state="fixed")
    told["most_recent_instance"]["state"] = "open"
    assert ask(serve, scanned([analysis()], told))[0].value == 1


@pytest.mark.parametrize(
    ("analyses", "words"),
    [
        ([], f"code scanning has not analysed commit {COMMIT[:12]}"),
        ([analysis(OTHER)], f"has not analysed commit {COMMIT[:12]}: the newest analysis is of {OTHER[:12]}"),
        ([analysis(ref="refs/pull/7/merge")], "has not analysed commit"),
        ([analysis(), analysis(OTHER, "11:00:00")], f"commit {OTHER[:12]} was analysed on main since"),
        ([analysis(error="out of memory")], "the scan is not complete: CodeQL says: out of memory"),
        (
            [analysis(), analysis(OTHER, "09:00:00"), analysis(OTHER, "09:00:00", category="/language:js")],
            f"CodeQL /language:js has not analysed commit {COMMIT[:12]}",
        ),
    ],
)
def test_no_alerts_are_none_only_where_this_commit_was_analysed(serve, analyses, words):
    reading, _ = ask(serve, scanned(analyses))
    assert (reading.state, reading.value) == ("missing", None)
    assert words in reading.why


def test_a_scanner_that_was_given_up_is_missed_once(serve):
    older = [analysis(OTHER, "09:00:00"), analysis("d" * 40, "08:00:00", category="/language:js")]
    assert ask(serve, scanned([analysis(), *older]))[0].value == 0


def test_no_analysis_at_all_is_missing_though_github_calls_it_not_found(serve):
    reading, _ = ask(serve, lambda _: body({"message": "no analysis found"}, 404))
    assert (reading.state, reading.why) == ("missing", "code scanning has analysed nothing yet")


def test_code_scanning_that_is_switched_off_is_an_error_in_githubs_words(serve):
    said = "Code Security must be enabled for this repository to use code scanning."
    reading, _ = ask(serve, lambda _: body({"message": said}, 403))
    assert reading.state == "error"
    assert (
        reading.why
        == f"GitHub says: {said} Switch it on in the repository's settings on GitHub, or measure it in another way"
    )


def dependency(number: int, severity: str = "critical", state: str = "open") -> dict[str, Any]:
    return {
        "number": number,
        "state": state,
        "dependency": {
            "package": {"name": f"lib{number}", "ecosystem": "pip"},
            "manifest_path": "requirements.txt",
        },
        "security_advisory": {
            "ghsa_id": f"GHSA-{number}",
            "severity": severity,
            "cve_id": None,
            "summary": "bad",
        },
        "security_vulnerability": {"severity": severity},
    }


def test_dependency_alerts_page_by_cursor(serve):
    def answer(asked: Asked):
        if "after" not in asked.params:
            link = '</repositories/1/dependabot/alerts?state=open&per_page=100&after=Y3Vy>; rel="next", </x?before=1>; rel="prev"'
            return body([dependency(1)], Link=link)
        return body([dependency(2), dependency(3, "low")])

    reading, server = ask(serve, answer, about="dependency_alerts", severity=["critical"])
    assert (reading.value, reading.why) == (
        2,
        "2 critical: GHSA-1 in lib1 requirements.txt, GHSA-2 in lib2 requirements.txt",
    )
    assert [asked.params for asked in server.asked] == [
        {"state": "open", "per_page": "100"},
        {"state": "open", "per_page": "100", "after": "Y3Vy"},
    ]
    assert "default branch" in str(reading.facts["note"])


def test_dependency_alerts_that_never_end_measure_nothing(serve):
    def answer(asked: Asked):
        number = int(asked.params.get("after", "0")) + 1
        return body(
            [dependency(number)],
            Link=f'</repositories/1/dependabot/alerts?after={number}&per_page=100>; rel="next"',
        )

    reading, server = ask(serve, answer, about="dependency_alerts")
    assert (reading.state, reading.value, len(server.asked)) == ("missing", None, 50)
    assert "GitHub has more than 50 alerts" in reading.why
