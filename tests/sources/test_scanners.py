"""Scanners whose reports are read as their makers document them: what counts, what is set aside, what is nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.sources.generated import read
from tests.sources.trials import grype, osv, trivy

from workbench.sources.kinds import KINDS
from workbench.sources.reading import Reading
from workbench.sources.recognising import Sample, recognised
from workbench.sources.trivy.keeping import kept


def asked(tmp_path: Path, kind: str, data: bytes, **measure: Any) -> Reading:
    (tmp_path / "report.json").write_bytes(data)
    return read(kind, "report.json", root=tmp_path, **measure)


def test_trivy_finds_more_than_vulnerabilities(tmp_path: Path) -> None:
    result = {
        "Target": "Dockerfile",
        "Misconfigurations": [
            {"ID": "DS002", "Severity": "HIGH", "Status": "FAIL", "CauseMetadata": {"StartLine": 3}},
            {"ID": "DS001", "Severity": "HIGH", "Status": "PASS"},
            {"ID": "DS005", "Severity": "LOW", "Status": "EXCEPTION"},
        ],
        "Secrets": [{"RuleID": "aws-access-key-id", "Severity": "CRITICAL", "StartLine": 7}],
        "Licenses": [{"Severity": "MEDIUM", "Name": "AGPL-3.0", "PkgName": "x"}],
        "ExperimentalModifiedFindings": [
            {"Status": "ignored", "Statement": "not reachable", "Finding": trivy.vulnerability("CVE-2026-9")}
        ],
    }
    reading = asked(tmp_path, "trivy", trivy.report(result))
    assert reading.value == 3
    assert reading.why == (
        "1 critical, 1 high, 1 medium: aws-access-key-id in Dockerfile:7, DS002 in Dockerfile:3, AGPL-3.0 in x (Dockerfile)"
    )
    assert asked(tmp_path, "trivy", trivy.report(result), read="suppressed").value == 2


@pytest.mark.parametrize(
    "metadata",
    [
        {"Commit": "a" * 40},
        {"ImageConfig": {"config": {"Labels": {"org.opencontainers.image.revision": "a" * 40}}}},
    ],
)
def test_trivy_names_the_commit_of_a_repository_or_of_an_image(
    metadata: dict[str, Any], tmp_path: Path
) -> None:
    data = trivy.report(trivy.OF_IMAGE, Metadata=metadata)
    assert asked(tmp_path, "trivy", data, question={"commit": "a" * 40}).state == "ok"
    assert asked(tmp_path, "trivy", data, question={"commit": "b" * 40}).state == "missing"


def test_grype_sets_aside_what_a_rule_ignores(tmp_path: Path) -> None:
    ignored = [grype.match("CVE-2026-5", appliedIgnoreRules=[{"reason": "not reachable"}])]
    data = grype.report(grype.match("CVE-2026-1"), ignoredMatches=ignored)
    for what, number in (("open", 1), ("suppressed", 1), ("total", 2)):
        assert asked(tmp_path, "grype", data, read=what).value == number


@pytest.mark.parametrize("matches", [[], None])
def test_grype_found_nothing(matches: list[Any] | None, tmp_path: Path) -> None:
    reading = asked(tmp_path, "grype", grype.report(matches=matches))
    assert (reading.state, reading.value) == ("ok", 0)
    assert reading.facts["tool"] == "Grype 0.90.0"


def test_one_vulnerability_with_two_names_counts_once(tmp_path: Path) -> None:
    reading = asked(tmp_path, "osv", osv.report(osv.package("x", (["GHSA-1", "CVE-2026-1"], "9.8"))))
    assert (reading.value, reading.why) == (1, "1 critical: GHSA-1 in x 1.0")


def test_what_osv_does_not_group_counts_by_the_word_of_its_database(tmp_path: Path) -> None:
    alone = {"id": "GHSA-2", "database_specific": {"severity": "MODERATE"}}
    data = osv.report(osv.package("x", vulnerabilities=[alone], groups=None))
    assert asked(tmp_path, "osv", data).facts["medium"] == 1


def test_packages_without_vulnerabilities_are_a_clean_scan(tmp_path: Path) -> None:
    reading = asked(tmp_path, "osv", osv.report(osv.package("clean")))
    assert (reading.state, reading.value) == ("ok", 0)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("trivy", trivy.report(trivy.OF_IMAGE)),
        ("trivy", trivy.report(Results=None)),
        ("grype", grype.report()),
        ("grype", grype.report(grype.match("CVE-2026-1"))),
        ("osv", osv.report(osv.package("x"))),
        ("osv", b'{"results": [], "experimental_config": {}}'),
    ],
)
def test_they_are_recognised(kind: str, data: bytes) -> None:
    (found,) = recognised(Sample("report.json", data), KINDS)
    assert found.kind == kind


def test_a_report_that_nobody_compared_says_so() -> None:
    for kind in ("trivy", "grype", "osv"):
        assert KINDS[kind].unproven


def test_the_code_that_trivy_quotes_is_not_kept() -> None:
    quoted = {
        "RuleID": "aws-key",
        "Severity": "CRITICAL",
        "Match": "key = ****",
        "Code": {"Lines": [{"Content": "x"}]},
    }
    data = kept(trivy.report({"Target": "a.py", "Secrets": [quoted]}))
    assert b"****" not in data and b"Lines" not in data and b"aws-key" in data
