"""Fault scenarios: out of the catalogue, tried on a candidate with evidence, counted by two benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from tests import building as build

from workbench.benchmarks.faults import CATALOGUE
from workbench.criteria import Verdict
from workbench.definitions.shapes import FaultName
from workbench.model.errors import UsageError
from workbench.releases.model import Candidate
from workbench.usecases import releasing
from workbench.usecases.answering import evidence_for
from workbench.usecases.context import Context
from workbench.usecases.faults import read_scenarios, tried
from workbench.usecases.fetching import fetch

KEYS = ("gateway-503", "bank-timeout", "queue-gone", "twice", "expired")
FAULTS = ("downstream_503", "timeout", "queue_unavailable", "duplicate_delivery", "expired_credential")
TEXT = (
    build.HEAD
    + build.PEOPLE
    + "benchmarks:\n"
    + "  - {key: enough, kind: faults_tested, flow: checkout, mode: blocking}\n"
    + "  - {key: well, kind: faults_not_passed, flow: checkout, mode: blocking}\n"
    + "faults:\n"
    + "".join(
        f"  - {{key: {key}, flow: checkout, fault: {fault}}}\n"
        for key, fault in zip(KEYS, FAULTS, strict=True)
    )
    + "  - {key: other, flow: search, fault: timeout, expected: Shows what it has.}\n"
    + "gates:\n  - {key: met, title: Met, requires: [benchmarks: {}]}\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def try_one(context: Context, key: str, *, passed: bool = True) -> None:
    evidence = evidence_for(context, f"fault:{key}", note="the terminal's output")
    tried(context, key, passed=passed, evidence=evidence)


def test_the_files_name_exactly_the_faults_of_the_catalogue() -> None:
    assert set(get_args(FaultName)) == CATALOGUE.keys() and len(CATALOGUE) == 11


def test_a_scenario_says_what_a_person_should_see(shop: Context) -> None:
    found = {one.key: one for one in read_scenarios(shop)}
    assert found["twice"].expected == "its effect happens once"
    assert (found["other"].expected, found["other"].result) == ("Shows what it has.", "not tried")
    assert [one.key for one in read_scenarios(shop, "checkout")] == list(KEYS)


def test_a_critical_flow_is_put_under_five_faults_and_fails_at_most_one(shop: Context) -> None:
    for key in KEYS[:4]:
        try_one(shop, key)
    enough = build.verdict(shop, "enough")
    assert enough.verdict is Verdict.FAIL and enough.value.facts["because"] == "not tried: expired"
    try_one(shop, "expired", passed=False)
    assert build.verdict(shop, "enough").verdict is Verdict.PASS
    assert build.verdict(shop, "well").verdict is Verdict.PASS
    try_one(shop, "twice", passed=False)
    well = build.verdict(shop, "well")
    assert well.verdict is Verdict.FAIL and well.value.facts["because"] == "not passed: twice, expired"


def test_what_was_typed_has_the_evidence_of_every_trial(shop: Context) -> None:
    try_one(shop, "twice")
    value = build.verdict(shop, "well").value
    assert value.mark == "manual" and shop.record.blob(value.evidence[0]) is not None


def test_the_last_trial_counts(shop: Context) -> None:
    try_one(shop, "twice", passed=False)
    later = build.later(shop, minutes=5)
    try_one(later, "twice")
    assert {one.key: one.result for one in read_scenarios(later)}["twice"] == "passed"


def test_another_candidate_is_tried_anew(shop: Context) -> None:
    try_one(shop, "twice")
    held = releasing.find(shop)
    releasing.propose(shop, held, Candidate(release="", number=0, commit=build.SHA_2, author="jo"))
    fetch(shop)
    assert build.verdict(shop, "well").why == "no fault scenario was tried on this candidate"
    assert build.verdict(shop, "enough").verdict is Verdict.FAIL


def test_a_scenario_that_there_is_not_is_told_with_what_was_meant(shop: Context) -> None:
    with pytest.raises(UsageError) as raised:
        try_one(shop, "twise")
    assert raised.value.hint == "did you mean twice?"
