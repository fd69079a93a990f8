"""Findings, secrets and issues in a gate: limits by severity, what does not count, and what nobody measured."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build

from workbench.benchmarks.measurements import Measurement
from workbench.gates.kinds.findings.judging import KIND as FINDINGS
from workbench.gates.listed import within
from workbench.gates.model import Part, State
from workbench.model.errors import DefinitionError
from workbench.model.steps import Job
from workbench.sources.findings import SEVERITIES, Listed
from workbench.usecases import fetching
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.fetching import Wanted
from workbench.usecases.source_trying import try_source
from workbench.usecases.views.source_tried import lines

SOURCES = """sources:
  - {key: scan, kind: sarif, files: "scans/*.sarif"}
  - {key: other, kind: trivy, files: "trivy/*.json"}
  - {key: forge, kind: github_actions, repository: acme/shop}
"""


def project(*requirements: str) -> str:
    head = build.SHOP.partition("gates:\n")[0].replace("sources:\n", SOURCES)
    asked = "".join(f"      - {one}\n" for one in requirements)
    return f"{head}gates:\n  - key: gate\n    title: Gate\n    requires:\n{asked}"


def part(context: Context, key: str) -> Part:
    (found,) = [one for gate in evaluate(context).gates for one in gate.result.parts if one.key == key]
    return found


def listed(*found: tuple[str, str], **more: Any) -> dict[str, Any]:
    counts = Counter(severity for severity, _ in found)
    return {
        **{severity: counts[severity] for severity in SEVERITIES},
        "listed": msgspec.json.encode([Listed(*one) for one in found]).decode(),  # type: ignore[arg-type]
        "secrets": 0,
        "looks_for_secrets": "no",
        "ungraded": counts["unknown"],
        **more,
    }


def answered(context: Context, subject: str, facts: dict[str, Any], **more: Any) -> None:
    role = subject.partition("/")[0]
    said: dict[str, Any] = {"unit": "", "environment": None, "facts": facts, **more}
    build.measured(context, subject, said.pop("value", "0"), role=role, **said)


def test_what_was_never_scanned_is_not_zero(tmp_path: Path) -> None:
    text = project("findings: scan", "no_secrets: scan", "issues: forge")
    with build.shop(tmp_path / "shop", text) as context:
        for key, why in (
            ("findings/scan", "no scan fetched for this candidate"),
            ("no_secrets/scan", "no scan fetched for this candidate"),
            ("issues/forge", "the issue tracker was not asked for this candidate"),
        ):
            found = part(context, key)
            assert (found.state, found.why) == (State.NOT_MET, why)
            assert found.bound is not None and found.bound.unmeasured


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"state": "missing", "value": None, "why": "the scan is not complete: it stopped"}, "not complete"),
        ({"state": "error", "value": None, "why": "cannot be reached"}, "cannot be reached"),
        ({"build": "bbbbbbb" + "0" * 33}, "scanned commit bbbbbbb"),
        ({"mark": "asserted"}, "names no commit"),
        ({"mark": "replayed"}, "replayed"),
        ({"partial": "one file could not be read"}, "incomplete: one file"),
        ({"ago": timedelta(days=2)}, "too old: 2"),
        ({"ago": timedelta(hours=-1)}, "future"),
    ],
)
def test_a_clean_scan_that_does_not_speak_for_the_candidate_passes_nothing(
    tmp_path: Path, more: dict[str, Any], why: str
) -> None:
    with build.shop(tmp_path / "shop", project("findings: {source: scan, max_age: 24h}")) as context:
        answered(context, "findings/scan", listed())
        assert part(context, "findings/scan").state is State.MET
        answered(context, "findings/scan", listed(), **{"ago": timedelta(minutes=1), **more})
        found = part(context, "findings/scan")
        assert found.state is State.NOT_MET
        assert why in found.why


def test_every_source_has_to_keep_the_limits(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", project("findings: {source: [scan, other]}")) as context:
        answered(context, "findings/scan", listed())
        answered(context, "findings/other", listed(("critical", "CVE-1 in ssl 1.0")))
        scan, other = part(context, "findings/scan"), part(context, "findings/other")
        assert (scan.state, other.state) == (State.MET, State.NOT_MET)
        assert scan.title.endswith("(scan)")
        assert other.title.endswith("(other)")


def test_a_scanner_that_looks_for_no_secrets_proves_nothing_about_them(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", project("no_secrets: scan")) as context:
        answered(context, "findings/scan", listed())
        found = part(context, "no_secrets/scan")
        assert found.state is State.NOT_MET
        assert found.why == "nothing shows that scan looks for secrets"
        answered(context, "findings/scan", listed(looks_for_secrets="yes"))
        assert part(context, "no_secrets/scan").state is State.MET


def test_findings_that_may_be_critical_count_where_high_ones_are_not_limited(tmp_path: Path) -> None:
    with build.shop(
        tmp_path / "shop", project("findings: {source: scan, at_most: {critical: 0}}")
    ) as context:
        answered(context, "findings/scan", listed(("high", "B608 in db.py:1"), ungraded=1))
        assert "may be critical" in part(context, "findings/scan").why
        answered(context, "findings/scan", listed(("high", "B608 in db.py:1")))
        assert part(context, "findings/scan").state is State.MET


def test_an_issue_without_a_severity_is_a_risk_and_can_be_limited(tmp_path: Path) -> None:
    text = project("issues: forge")
    with build.shop(tmp_path / "shop", text) as context:
        answered(context, "issues/forge", listed(("unknown", "#3 Odd"), ("low", "#4 Slow")))
        found = part(context, "issues/forge")
        assert (found.state, found.weight.value) == (State.MET, "worries")
        assert "1 issue without a severity, which nobody has judged" in found.why
        limited = build.rewrite(context, "issues: forge", "issues: {source: forge, without_severity: 0}")
        found = part(limited, "issues/forge")
        assert (found.state, found.why) == (
            State.NOT_MET,
            "1 without a severity (at most 0): #3 Odd",
        )


def sarif(tool: str, *rules: str, commit: str = build.SHA) -> str:
    results = [{"ruleId": rule, "level": "error", "message": {"text": "bad"}} for rule in rules]
    run = {
        "tool": {"driver": {"name": tool}},
        "results": results,
        "versionControlProvenance": [{"repositoryUri": "https://shop.example", "revisionId": commit}],
    }
    return json.dumps({"version": "2.1.0", "runs": [run]})


def write(context: Context, path: Path, text: str) -> None:
    """A file that was written a minute ago, by the project's clock."""
    path.write_text(text, encoding="utf-8")
    written = (context.now - timedelta(minutes=1)).timestamp()
    os.utime(path, (written, written))


def test_files_of_scanners_are_fetched_for_the_gate_and_a_source_can_be_tried(tmp_path: Path) -> None:
    text = project("findings: {source: scan, at_most: {high: 1}}", "no_secrets: scan")
    with build.shop(tmp_path / "shop", text) as context:
        folder = context.root / "scans"
        folder.mkdir()
        write(context, folder / "one.sarif", sarif("bandit", "B608", "B105"))
        fetching.fetch(context, Wanted(sources=("scan",)))
        found = part(context, "findings/scan")
        assert found.why.startswith("2 high or worse (at most 1): B105")
        assert found.bound is not None and found.bound.ids == ("high B105", "high B608")
        leaks = part(context, "no_secrets/scan")
        assert "nothing shows" in leaks.why
        assert leaks.step is not None and leaks.step.job is Job.EDIT_DEFINITIONS
        write(context, folder / "two.sarif", sarif("gitleaks", "aws-key"))
        fetching.fetch(context, Wanted(sources=("scan",)))
        assert part(context, "no_secrets/scan").why == "1 secret found: aws-key"
        assert any("findings/scan" in line for line in lines(try_source(context, "scan")))


COUNTS = st.dictionaries(st.sampled_from(SEVERITIES), st.integers(0, 4))
LIMITS = st.dictionaries(st.sampled_from(SEVERITIES[:4]), st.integers(0, 4), min_size=1)


@given(COUNTS, LIMITS)
def test_limits_by_severity_hold_against_counting_by_hand(
    counts: dict[str, int], named: dict[str, int]
) -> None:
    limits = {severity: named[severity] for severity in SEVERITIES if severity in named}
    things = [Listed(one, f"{one} {n}") for one in SEVERITIES for n in range(counts.get(one, 0))]
    found = within(limits, counts, things, "high")
    left = {one: counts.get(one, 0) for one in ("critical", "high", "medium", "low")}
    left["high"] += counts.get("unknown", 0)
    broken, carried = False, 0
    for severity, number in left.items():  # the most severe first: what is not limited goes on to the next
        carried += number
        if severity in limits:
            broken |= carried > limits[severity]
            carried = 0
    assert bool(found.beyond) is broken
    assert found.count == sum(left.values()) - carried
    assert len(found.things) == found.count


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("findings: forgery", "there is no source “forgery”"),
        ("findings: hand", "the source hand (manual) knows nothing of findings"),
        ("no_secrets: forge", "the source forge (github_actions) looks for no secrets"),
        ("issues: [scan]", ""),
        ("issues: {source: [scan]}", "the source scan (sarif) knows nothing of issues"),
        ("findings: {source: []}", "name at least one source"),
        ("findings: {source: scan, at_most: {}}", "name at least one severity"),
        ("findings: {source: scan, at_most: {critical: -1}}", ""),
        ("findings: {source: scan, at_most: {sev1: 0}}", "sev1"),
        ("benchmark: errrors", "there is no benchmark “errrors”"),
        (
            "findings: scan\n      - findings: {source: [other, scan], at_most: {high: 5}}",
            "asks twice for findings of the source scan",
        ),
        (
            "no_secrets: scan\n      - {key: again, no_secrets: {source: scan, max_age: 1d}}",
            "asks twice for no_secrets of the source scan",
        ),
        (
            "issues: {source: forge}\n      - {key: again, issues: {source: forge, at_most: {high: 3}}}",
            "asks twice for issues of the source forge",
        ),
        ("item: {checklist: ready, item: note}", "the checklist ready has no item “note”"),
        ("item: {checklist: raedy, item: notes}", "there is no checklist “raedy”"),
    ],
)
def test_what_can_never_be_met_is_refused_with_its_place(tmp_path: Path, requirement: str, said: str) -> None:
    with (
        pytest.raises(DefinitionError) as caught,
        build.shop(tmp_path / "shop", project(requirement)),
    ):
        pass
    assert any(said in f"{problem.what} {problem.hint}" for problem in caught.value.problems)
    assert all("workbench.yaml" in str(problem.file) for problem in caught.value.problems)


def test_an_answer_that_names_no_severity_is_not_a_count_of_zero() -> None:
    facts: list[dict[str, Any]] = [{}, {"unknown": 0}, dict.fromkeys(SEVERITIES, 0)]
    found = [FINDINGS.unusable(cast(Measurement, SimpleNamespace(facts=one))) for one in facts]
    assert found == ["its source does not say how many there are of each severity", None, None]
