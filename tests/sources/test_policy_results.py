"""Results of policies: what blocks, what would have blocked, and what was never decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.sources.generated import read
from tests.sources.trials.policy_results import conftest, constraint, encoded, opa

from workbench.sources.kinds import KINDS
from workbench.sources.reading import Reading
from workbench.sources.recognising import Sample, recognised


def asked(tmp_path: Path, value: Any, **measure: Any) -> Reading:
    (tmp_path / "a.json").write_bytes(encoded(value))
    return read("policy_results", "a.json", root=tmp_path, **measure)


def test_conftest_counts_failures_and_warnings_of_all_files(tmp_path: Path) -> None:
    whole = [
        conftest(
            2, failures=[{"msg": "runs as root", "metadata": {"severity": "critical"}}, {"msg": "old image"}]
        ),
        conftest(0, failures=None, warnings=[{"msg": "no limits"}]),
    ]
    reading = asked(tmp_path, whole)
    assert reading.why.startswith("1 critical, 1 high, 1 medium: runs as root in deployment.yaml")
    assert asked(tmp_path, [conftest(4)]).value == 0


@pytest.mark.parametrize(
    ("value", "rule", "number"),
    [
        (["a", {"msg": "b"}], "data.main.deny", 2),
        ([], "data.main.deny", 0),
        (False, "data.authz.allow", 1),
        (True, "data.authz.allow", 0),
        (True, "data.main.deny", 1),
        ({"deny": ["a"], "warn": ["b"], "helpers": ["c"]}, "data.main", 2),
    ],
)
def test_what_opa_decided(value: Any, rule: str, number: int, tmp_path: Path) -> None:
    assert asked(tmp_path, opa(value, rule)).value == number


def test_a_rule_that_warns_is_less_severe(tmp_path: Path) -> None:
    assert asked(tmp_path, opa(["a"], "data.main.warn")).facts["medium"] == 1


def test_an_audit_counts_what_it_does_not_list(tmp_path: Path) -> None:
    listed = {
        "kind": "Pod",
        "namespace": "shop",
        "name": "web",
        "message": "no owner",
        "enforcementAction": "deny",
    }
    reading = asked(tmp_path, {"kind": "List", "items": [constraint(listed, total=57)]})
    assert reading.value == 57
    assert "K8sRequiredLabels/owner in Pod/shop/web" in str(reading.facts["found"])


@pytest.mark.parametrize(
    ("action", "is_open", "severity"),
    [
        ("deny", 1, "high"),
        ("warn", 1, "medium"),
        ("dryrun", 0, "high"),
        ("scoped", 1, "high"),
        (None, 1, "high"),
    ],
)
def test_what_is_done_about_a_violation(
    action: str | None, is_open: int, severity: str, tmp_path: Path
) -> None:
    one = constraint({"message": "no owner"}, spec={"enforcementAction": action})
    assert asked(tmp_path, one).value == is_open
    assert asked(tmp_path, one, read="suppressed").value == 1 - is_open
    assert asked(tmp_path, one, read="total", severity=[severity]).value == 1


def test_one_constraint_that_was_not_audited_leaves_the_count_missing(tmp_path: Path) -> None:
    reading = asked(tmp_path, {"items": [constraint({"message": "x"}), constraint(status={})]})
    assert (reading.state, "K8sRequiredLabels/owner was not audited yet" in reading.why) == ("missing", True)


def test_what_gator_found(tmp_path: Path) -> None:
    told = {
        "target": "admission.k8s.gatekeeper.sh",
        "msg": "no owner",
        "constraint": {"kind": "K8sRequiredLabels", "metadata": {"name": "owner"}},
        "enforcementAction": "dryrun",
        "violatingObject": {"kind": "Namespace", "metadata": {"name": "shop"}},
    }
    assert asked(tmp_path, [told], read="suppressed").value == 1
    assert asked(tmp_path, [told]).value == 0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([conftest(1)], "results of Conftest"),
        ({"kind": "List", "items": [constraint()]}, "audit of Gatekeeper"),
        (constraint(), "audit of Gatekeeper"),
        ([{"msg": "x", "constraint": {}}], "results of Gatekeeper's test"),
        (opa(["a"]), "decision of OPA"),
    ],
)
def test_they_are_recognised(value: Any, words: str) -> None:
    (found,) = recognised(Sample("a.json", encoded(value)), KINDS)
    assert (found.kind, found.words) == ("policy_results", words)
