"""Figures that the record answers: what counts, what is missing and why, and when they are asked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.learning.records import Filling
from tests.probes.on_record import proved, ran

from workbench.benchmarks.kinds import KINDS
from workbench.benchmarks.measurements import Measurement, latest
from workbench.criteria import Verdict
from workbench.environments.model import Finding, Refresh
from workbench.flows import model as flows
from workbench.flows.model import Flow
from workbench.gates.kinds.benchmarks.judging import further
from workbench.investigations import model as investigations
from workbench.investigations.model import Investigation
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.steps import Job, Step
from workbench.probes.runs import KeptScore
from workbench.record import Change
from workbench.releases import model as releases
from workbench.releases.model import Outcome
from workbench.sources.record import FIGURES as NAMES
from workbench.usecases.context import Context, commit
from workbench.usecases.environments import record_refresh
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.fetching import fetch, keep_figures_of
from workbench.usecases.figures import FIGURES, READS
from workbench.usecases.mapping import edit_flow
from workbench.usecases.views.advice import Way, advice
from workbench.usecases.views.clearing import command

HOUR = timedelta(hours=1)
TEXT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources: [{key: hand, kind: manual}]
benchmarks:
  - {key: versions, kind: version_distance, flow: checkout, mode: blocking}
  - {key: mocks, kind: mocks_equivalent, flow: checkout}
  - {key: steps, kind: steps_real, flow: checkout}
  - {key: same, kind: data_consistency, environment: staging}
  - {key: drift, kind: configuration_drift, environment: staging, pass: "<= 2"}
  - {key: unnoticed, kind: drift_detection, environment: staging, pass: "<= 24 h"}
  - {key: found, kind: error_detection, environment: staging, measure: {source: record, probe: images}}
  - {key: age, kind: data_age, environment: staging}
  - {key: seen, kind: observability, environment: staging}
  - {key: right, kind: predictive_value, environment: staging, pass: "<= 10 %"}
  - {key: took, kind: refresh_time, environment: staging}
probes:
  - {key: images, kind: versions, staging: staging.txt, production: production.txt}
  - {key: bank, kind: simulation, title: The simulated bank, flows: [checkout], staging: bank.json, production: real.json}
gates:
  - {key: met, title: Met, requires: [benchmarks: {}]}
"""
)
STEPS = ("cart: add [real in staging]", "bank: pay [mocked in staging]")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def answer(context: Context, key: str) -> Measurement:
    """What the record answers for a benchmark, once it was asked."""
    fetch(context)
    held = releases.find(context.record, context.release)
    return latest(context.record, held.candidate_id)[(key, "value")]


def flow(context: Context, **fields: Any) -> None:
    """The flow *checkout* with these fields."""
    stored, value = flows.find(context.record, "checkout")
    changed = msgspec.convert({**plain(value), **plain(fields)}, Flow)
    commit(context, [flows.edited(stored, changed)])


def refresh(context: Context, **fields: Any) -> None:
    value = Refresh(
        **{"environment": "staging", "at": context.now - 30 * HOUR, "by": "kim", "took": "5h", **fields}
    )
    commit(context, [Change("refresh", new_id(context.now), "refreshed", plain(value))])


def test_every_figure_is_answered_and_every_kind_asks_for_one_that_is() -> None:
    assert FIGURES.keys() == NAMES.keys() and READS.keys() <= FIGURES.keys()
    assert {kind.figure for kind in KINDS.values() if kind.figure} <= FIGURES.keys()


def test_what_no_probe_has_seen_is_missing_and_says_which_probe_has_to_look(shop: Context) -> None:
    fetch(shop)
    found = build.verdict(shop, "versions")
    assert (found.verdict, found.why) == (Verdict.MISSING, "the probe images never ran")
    (part,) = [one for one in build.requirement(shop, "met", "benchmarks").parts if one.step]
    assert part.step == Step(Job.PROBE, "images")


@pytest.mark.parametrize(
    ("staging", "value", "verdict", "words"),
    [
        ("1.4.2", "0", Verdict.PASS, ""),
        ("1.4.1", "1", Verdict.PASS, "cart: 1 patch version behind"),
        ("1.4.0", "2", Verdict.FAIL, "cart: 2 patch versions behind"),
        ("1.2.9", "2000", Verdict.FAIL, "cart: 2 minor versions behind"),
        ("3.0.0", "2000000", Verdict.FAIL, "cart: 2 major versions ahead"),
        ("1.4.2-rc1", "0", Verdict.PASS, ""),
    ],
)
def test_the_service_that_is_farthest_from_production_counts(
    shop: Context, staging: str, value: str, verdict: Verdict, words: str
) -> None:
    seen = {"cart": staging, "bank": "2.0.0"}
    ran(shop, seen, {"cart": "1.4.2", "bank": "2.0.0"}, probe="images", ago=HOUR)
    found = answer(shop, "versions")
    assert (found.value, found.unit, found.facts.get("because", "")) == (Decimal(value), "patch", words)
    assert found.measured_at == shop.now - HOUR and found.evidence
    assert build.verdict(shop, "versions").verdict is verdict


def test_a_distance_of_versions_is_told_in_the_place_that_differs(shop: Context) -> None:
    ran(shop, {"cart": "1.2.0"}, {"cart": "1.4.0"}, probe="images")
    fetch(shop)
    assert (
        build.verdict(shop, "versions").why
        == "over its limit: 2 minor, limit 1 patch; cart: 2 minor versions behind"
    )


@pytest.mark.parametrize(
    ("staging", "why"),
    [
        ({"bank": "2.0.0"}, "cart is not in staging"),
        ({"cart": "latest"}, "cart: different, and how far apart cannot be told"),
        ({"cart": "1.4"}, "cart: 1.4 does not say which; the other is 1.4.2"),
    ],
)
def test_a_distance_that_cannot_be_told_is_missing(shop: Context, staging: dict[str, str], why: str) -> None:
    ran(shop, staging, {"cart": "1.4.2"}, probe="images")
    found = answer(shop, "versions")
    assert (found.state, found.value, found.why) == ("missing", None, why)


def test_only_the_services_of_the_flow_count_and_all_of_them_have_to_be_told(shop: Context) -> None:
    ran(shop, {"cart": "1.0", "mail": "1.0"}, {"cart": "1.0", "mail": "7.0"}, probe="images")
    flow(shop, services=["cart"])
    assert answer(shop, "versions").value == 0
    flow(shop, services=["cart", "bank"])
    assert answer(shop, "versions").why == "no probe tells the version of bank in production"


def test_a_mock_counts_once_its_equivalence_test_has_passed(shop: Context) -> None:
    assert answer(shop, "mocks").why == "the steps of its flow are not listed"
    flow(shop, steps=STEPS)
    found = answer(shop, "mocks")
    assert (found.value, found.unit, found.facts["because"]) == (0, "%", "bank: the probe bank never ran")
    ran(shop, {"a": "1"}, {"a": "2"}, probe="bank")
    assert answer(shop, "mocks").facts["because"] == "bank: its equivalence test, bank, did not pass"
    ran(shop, {"a": "1"}, {"a": "1"}, probe="bank")
    assert answer(shop, "mocks").value == 100


def test_a_mock_never_runs_for_real_and_a_sandbox_does_once_it_was_compared(shop: Context) -> None:
    flow(shop, steps=STEPS)
    ran(shop, {"a": "1"}, {"a": "1"}, probe="bank")
    found = answer(shop, "steps")
    assert (found.value, found.facts["because"], found.facts["of"]) == (50, "pay is mocked", 2)
    flow(shop, steps=(STEPS[0], "bank: pay [sandboxed in staging]"))
    assert answer(shop, "steps").value == 100


def test_steps_of_which_nobody_said_how_they_run_are_not_known(shop: Context) -> None:
    flow(shop, steps=("cart: add", "bank: pay [mocked in staging]"))
    assert answer(shop, "steps").why == "it is not said how these steps run: add"
    flow(shop, steps=("add", "pay"), mocked_steps=("pay",))
    assert answer(shop, "steps").value == 50


def test_drift_counts_what_is_not_meant_to_differ(shop: Context) -> None:
    assert answer(shop, "drift").why == "the probe images: never run"
    ran(shop, {"a": "1", "b": "1"}, {"a": "1", "b": "1"}, probe="images", ago=50 * HOUR)
    ran(shop, {"a": "1", "b": "2"}, {"a": "1", "b": "1"}, probe="images", ago=2 * HOUR)
    ran(shop, {"a": "1"}, {"a": "1"}, probe="bank", ago=HOUR)
    found = answer(shop, "drift")
    assert (found.value, found.facts["of"], found.measured_at) == (1, 3, shop.now - 2 * HOUR)
    unnoticed = answer(shop, "unnoticed")
    assert (unnoticed.value, unnoticed.unit, unnoticed.facts["note"]) == (48, "h", "b")


def test_planted_differences_that_a_probe_found(shop: Context) -> None:
    assert answer(shop, "found").why == "nothing was planted for the probe images"
    proved(shop, probe="images")
    assert answer(shop, "found").value == 100


def test_the_age_of_data_follows_the_last_refresh_that_was_not_held_back(shop: Context) -> None:
    assert answer(shop, "age").why == "its age is not known: no refresh is recorded"
    refresh(shop)
    refresh(shop, at=shop.now - HOUR, rows=Finding.FAILED, took="")
    found = answer(shop, "age")
    assert (found.value, found.unit) == (Decimal("1.25"), "d")
    assert answer(shop, "took").why == "the last refresh does not say how long it took"


def test_a_refresh_says_how_long_it_took(shop: Context) -> None:
    refresh(shop)
    fetch(shop)
    assert build.verdict(shop, "took").verdict is Verdict.PASS


def score(value: str, of: int) -> KeptScore:
    return KeptScore(key="data_consistency", value=Decimal(value), of=of)


QUERIES = """\
  - {key: orders, kind: same_queries, staging: ours, production: theirs, queries: {n: select 1}}
  - {key: users, kind: same_queries, staging: ours, production: theirs, queries: {n: select 1}}
gates:
"""
SOURCES = """\
sources:
  - {key: ours, kind: sql, url: "sqlite:ours.db"}
  - {key: theirs, kind: sql, url: "sqlite:theirs.db"}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Context]:
    text = TEXT.replace("gates:\n", QUERIES).replace("sources: [{key: hand, kind: manual}]\n", SOURCES)
    with build.shop(tmp_path / "shop", text) as context:
        yield context


def test_scores_of_several_probes_weigh_by_what_they_rest_on(asked: Context) -> None:
    ran(asked, probe="orders", scores=(score("1", 30),), ago=3 * HOUR)
    ran(asked, probe="users", scores=(score("0.5", 10),), ago=HOUR)
    found = answer(asked, "same")
    assert (found.value, found.facts["of"], found.measured_at) == (Decimal("87.5"), 40, asked.now - 3 * HOUR)


def test_a_replayed_run_proves_nothing_here(asked: Context) -> None:
    for probe in ("orders", "users"):
        ran(asked, probe=probe, scores=(score("1", 30),), mark="replayed")
    assert answer(asked, "same").mark == "replayed"
    assert build.verdict(asked, "same").verdict is Verdict.MISSING


def test_a_run_that_could_not_look_is_an_error(asked: Context) -> None:
    ran(asked, probe="orders", state="error", why="refused")
    assert answer(asked, "same").why == "the probe orders could not look: refused"
    assert build.verdict(asked, "same").verdict is Verdict.ERROR


def test_after_a_probe_has_run_what_rests_on_it_is_asked_again(shop: Context) -> None:
    ran(shop, {"cart": "1.4.2"}, {"cart": "1.4.2"}, probe="images")
    keep_figures_of(shop, {"versions"})
    held = releases.find(shop.record, None)
    found = latest(shop.record, held.candidate_id)
    assert {key for key, _ in found} == {"versions", "drift", "unnoticed", "found"}


SEEN = """\
observability:
  - {key: cart, metrics: yes, logs: yes, traces: yes, alerts: yes, retention: yes, sampling: yes}
  - {key: bank, metrics: yes, logs: yes, traces: yes}
gates:
"""


def test_a_critical_service_that_nobody_listed_shows_nothing(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TEXT.replace("gates:\n", SEEN)) as context:
        assert answer(context, "seen").value == 75
        flow(context, services=["cart", "mail"])
        found = answer(context, "seen")
        assert found.value == 50 and found.facts["of"] == 18
        assert found.facts["because"] == (
            "bank lacks alerts, retention, sampling; "
            "mail lacks metrics, logs, traces, alerts, retention, sampling"
        )


def test_where_no_service_is_known_nothing_is(shop: Context) -> None:
    assert answer(shop, "seen").why.startswith("no service is listed under observability:")


def test_a_release_that_was_rolled_back_counts_against_staging(shop: Context) -> None:
    assert answer(shop, "right").why.startswith("no release that staging passed without an exception")
    fill = Filling(shop, measures="age")
    for version, outcome, days in (("1.0", "shipped", 30), ("1.1", "rolled_back", 20), ("1.2", "shipped", 2)):
        fill.release(version, days, outcome=Outcome(outcome))
    context = msgspec.structs.replace(shop, release="2.0.0")
    found = answer(context, "right")
    assert (found.value, found.facts["of"]) == (50, 2)
    assert str(found.facts["note"]).startswith("1 of 2 releases that staging passed without an exception")
    assert str(found.facts["note"]).endswith("between 9.5 % and 90.5 % in the long run")


def open_ones(context: Context) -> list[Investigation]:
    return [value for _, value in investigations.all_investigations(context.record, only_open=True)]


def test_a_benchmark_of_the_environment_that_fails_opens_one_investigation(shop: Context) -> None:
    refresh(shop, at=shop.now - timedelta(days=9))
    fetch(shop)
    fetch(shop)
    (one,) = open_ones(shop)
    assert one.title == "Staging: its data is fresh: 29 % over its limit"
    assert (one.score, one.environment, one.value, one.limit, one.unit) == ("age", "staging", 9, 7, "d")


def test_what_a_probe_has_opened_is_not_opened_again(asked: Context) -> None:
    fallen = Investigation(title="Data consistency fell", probe="orders", score="data_consistency")
    commit(asked, [investigations.opened(fallen, asked.now)])
    for probe in ("orders", "users"):
        ran(asked, probe=probe, scores=(score("0.5", 10),))
    fetch(asked)
    assert build.verdict(asked, "same").verdict is Verdict.FAIL
    assert [one.title for one in open_ones(asked)] == ["Data consistency fell"]


NEXT = {
    "versions": (Job.PROBE, Way.PROBE),  # it never ran
    "mocks": (Job.DESCRIBE_STEPS, None),
    "steps": (Job.DESCRIBE_STEPS, None),
    "same": (Job.EDIT_DEFINITIONS, Way.EDIT),  # no probe looks at it
    "age": (Job.REFRESH_DATA, None),
    "took": (Job.REFRESH_DATA, None),
    "right": (Job.OVERRIDE, Way.OVERRIDE),  # only time helps
    "seen": (Job.EDIT_DEFINITIONS, Way.EDIT),
}


@pytest.mark.parametrize(("key", "job", "way"), [(key, *said) for key, said in NEXT.items()])
def test_what_helps_a_figure_is_seldom_another_fetch(
    shop: Context, key: str, job: Job, way: Way | None
) -> None:
    fetch(shop)
    found = evaluate(shop)
    judged = verdict_of(found, key)
    assert further(judged, found.facts).job is job
    blocking = msgspec.structs.replace(
        judged, resolved=msgspec.structs.replace(judged.resolved, mode="blocking")
    )
    said = advice(blocking, None, found)
    assert said.first is way and Way.PROPOSE not in said.others and Way.FETCH not in said.others
    if way is None:
        assert command(further(judged, found.facts)) in said.note


def test_a_version_that_is_too_far_away_is_mended_and_no_build_helps(shop: Context) -> None:
    ran(shop, {"cart": "1.4.0", "bank": "2.0.0"}, {"cart": "1.4.2", "bank": "2.0.0"}, probe="images")
    fetch(shop)
    found = evaluate(shop)
    judged = verdict_of(found, "versions")
    assert judged.verdict is Verdict.FAIL and further(judged, found.facts) == Step(Job.MEND, "images")
    said = advice(judged, None, found)
    assert (said.first, said.others) == (Way.PROBE, (Way.OVERRIDE, Way.INVALIDATE))
    assert said.note == "Mend what the probe found, then run it again."


def test_what_is_recorded_of_data_and_steps_is_answered_at_once(shop: Context) -> None:
    fetch(shop)
    record_refresh(shop, Refresh(environment="staging", at=shop.now - 30 * HOUR, by="kim", took="5h"))
    assert verdict_of(evaluate(shop), "age").verdict is Verdict.PASS
    stored, value = flows.find(shop.record, "checkout")
    edit_flow(shop, stored, msgspec.structs.replace(value, steps=("cart: add [real in staging]",)))
    assert verdict_of(evaluate(shop), "steps").verdict is Verdict.PASS
