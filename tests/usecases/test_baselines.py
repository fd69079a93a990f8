"""Baselines as objects: found, pinned, invalid, refused; and phases, from which a history begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests import building as build

from workbench.benchmarks import measurements
from workbench.criteria import Verdict
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate
from workbench.sources.reading import Batch, Reading
from workbench.usecases import approving, baselines, deciding, excerpts, releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate

SHOP = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
benchmarks:
  - key: p95
    flow: checkout
    title: Checkout p95
    measure: {source: metrics, query: up, unit: s, window: 1h}
    pass: <= baseline + 20%
    baseline: BASELINE
gates:
  - {key: go, title: Go, requires: [benchmarks: {}]}
"""
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def text(baseline: str, *, blocking: bool = False) -> str:
    found = SHOP.replace("BASELINE", baseline)
    return found.replace("    baseline:", "    mode: blocking\n    baseline:") if blocking else found


def put(context: Context, value: str, ago: timedelta = timedelta(), **fields: Any) -> str:
    return build.measured(context, "p95", value, ago=ago, window="1h", **fields)


def propose(context: Context, sha: str) -> None:
    releasing.propose(
        context, releasing.find(context), Candidate(release="", number=0, commit=sha, author="jo")
    )


def pin(context: Context, **fields: Any) -> baselines.Pinned:
    fields.setdefault("reason", "measured under the load of the sale")
    return baselines.pin(context, evaluate(context), "p95", **fields)


@pytest.fixture
def pinned(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", text("pinned sale")) as context:
        yield context


def test_nothing_is_pinned_yet(pinned: Context) -> None:
    put(pinned, "0.5")
    found = build.verdict(pinned, "p95")
    assert found.verdict is Verdict.NO_BASELINE and "nobody has pinned a baseline" in found.why
    (one,) = baselines.read_baselines(pinned, evaluate(pinned))
    assert (one.kind, one.value) == ("pinned sale", None)


def test_one_is_pinned_with_all_that_it_rests_on(pinned: Context) -> None:
    build.add_difference(pinned, "smaller database", flows=["checkout"])
    build.add_difference(pinned, "no mail", flows=["mail"])
    ref = put(pinned, "0.4", DAY, samples=600)
    propose(pinned, build.SHA_2)
    put(pinned, "0.45")
    made = pin(pinned, ref=ref)
    value = made.value
    # When it was measured, a day ago, nothing was known to differ yet.
    assert made.used and not value.second and value.name == "sale"
    assert (value.measurement, value.window, value.samples, len(value.map)) == (ref, "1h", 600, 0)
    found = build.verdict(pinned, "p95")
    assert (found.verdict, found.baseline_value, found.pinned) == (Verdict.PASS, value.value, value.digest)
    assert found.why == "0.03 s to spare: 0.45 s, limit 0.48 s (sale's 0.4 s plus 20 %)"
    (one,) = baselines.read_baselines(pinned, evaluate(pinned))
    assert one.asked == {"source": "metrics", "unit": "s", "window": "1h", "query": "up"}
    assert (one.used, one.by, one.digest, one.map, one.waits) == (True, "kim", value.digest, value.map, False)


def test_what_failed_was_overridden_or_is_invalid_is_never_pinned(pinned: Context) -> None:
    ref = put(pinned, "0.4", DAY)
    pin(pinned, ref=ref)
    later = build.later(pinned, hours=2)
    failed = put(later, "0.9")
    with pytest.raises(NotAllowed, match="it failed in its time"):
        pin(later, ref=failed)
    deciding.invalidate(pinned, ref, "the load generator was off")
    with pytest.raises(NotAllowed, match="it is invalid: the load generator was off"):
        pin(pinned, ref=ref)
    typed = put(pinned, "0.4", HOUR / 2, mark="manual")
    with pytest.raises(NotAllowed, match="without evidence"):
        pin(pinned, ref=typed)
    other = build.measured(pinned, "p95", "7", unit="%", ago=HOUR / 4)
    with pytest.raises(NotAllowed, match="the benchmark in s"):
        pin(pinned, ref=other)
    with pytest.raises(UsageError, match="cannot be the name"):
        pin(pinned, ref=ref, name="no name")
    with pytest.raises(UsageError, match="there is no measurement"):
        pin(pinned, ref="p95:40")


def test_an_invalid_one_compares_with_nothing(pinned: Context) -> None:
    pin(pinned, ref=put(pinned, "0.4", DAY))
    propose(pinned, build.SHA_2)
    put(pinned, "0.45")
    baselines.invalidate(pinned, evaluate(pinned), "p95", reason="the cache was warm")
    found = build.verdict(pinned, "p95")
    assert found.verdict is Verdict.NO_BASELINE
    assert "marked invalid by kim: the cache was warm" in found.why
    with pytest.raises(UsageError, match="no baseline of Checkout p95 is pinned"):
        baselines.invalidate(pinned, evaluate(pinned), "p95", reason="the cache was warm")


def test_another_name_waits_until_the_file_asks_for_it(pinned: Context) -> None:
    put(pinned, "0.4", DAY)
    made = pin(pinned, name="spring")
    assert not made.used
    stands = {one.kind: one.why for one in baselines.read_baselines(pinned, evaluate(pinned))}
    assert stands["pinned spring"] == "its file names another baseline"


def test_of_a_blocking_benchmark_a_second_person_approves(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("pinned", blocking=True)) as context:
        put(context, "0.4", DAY)
        assert pin(context).value.second
        assert build.verdict(context, "p95").verdict is Verdict.NO_BASELINE
        with pytest.raises(NotAllowed):
            approving.approve(context, evaluate(context), "baseline/p95")
        build.second_person(context, "baseline/p95")
        propose(context, build.SHA_2)
        put(context, "0.45")
        assert build.verdict(context, "p95").verdict is Verdict.PASS
        # One that counts is invalidated at once: it only makes the gate stricter.
        baselines.invalidate(context, evaluate(context), "p95", reason="the cache was warm")
        assert build.verdict(context, "p95").verdict is Verdict.NO_BASELINE


def test_what_speaks_against_a_baseline_is_marked_and_may_be_refused(pinned: Context) -> None:
    ref = put(pinned, "0.4", DAY + 6 * HOUR, samples=36_000)
    pin(pinned, ref=ref)
    propose(pinned, build.SHA_2)
    put(pinned, "0.45", samples=7_200)
    found = build.verdict(pinned, "p95")
    words = {each.mark: each.words for each in found.caveats}
    assert words["other_hours"] == "baseline is of other hours: 05:00–06:00, the value of 11:00–12:00"
    assert words["other_load"] == "the baseline was measured under 5 times the load of the value"
    assert set(words.values()) <= set(found.remarks) and found.verdict is Verdict.PASS
    build.add_difference(pinned, "smaller database", flows=["checkout"])
    later = build.later(pinned, hours=2)
    put(later, "0.45", samples=36_000)
    words = {each.mark: each.words for each in build.verdict(later, "p95").caveats}
    assert words["other_map"] == "the parity map changed after the baseline was measured: smaller database"
    changed = build.rewrite(later, "query: up", "query: down")
    assert "asked_otherwise" in {each.mark for each in build.verdict(changed, "p95").caveats}
    refused = build.rewrite(later, "gates:", "refuse_baselines: [other_map]\ngates:")
    found = build.verdict(refused, "p95")
    assert found.verdict is Verdict.NO_BASELINE
    assert "the project refuses this baseline: the parity map changed" in found.why


def test_a_gate_may_refuse_a_baseline(tmp_path: Path) -> None:
    said = text("pinned", blocking=True).replace(
        "benchmarks: {}", "benchmarks: {refuse_baselines: [other_hours]}"
    )
    with build.shop(tmp_path / "shop", said) as context:
        pin(context, ref=put(context, "0.4", DAY + 6 * HOUR))
        build.second_person(context, "baseline/p95")
        propose(context, build.SHA_2)
        put(context, "0.45")
        (part,) = build.requirement(context, "go", "benchmarks").parts
        assert part.state.value == "not_met"
        assert (
            part.why
            == "its baseline is refused here: baseline is of other hours: 05:00–06:00, the value of 11:00–12:00"
        )


def test_a_baseline_of_the_same_environment_that_shares_time_is_marked(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("pinned")) as context:
        pin(context, ref=put(context, "0.4", HOUR / 2))
        propose(context, build.SHA_2)
        put(context, "0.45")
        assert [each.mark for each in build.verdict(context, "p95").caveats] == ["overlapping"]


def test_the_first_week_is_the_middle_of_its_values_once_it_is_over(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("first week")) as context:
        for days, value in ((9, "0.4"), (8, "9"), (6, "0.41"), (3, "0.6")):
            put(context, value, days * DAY)
        early = build.at(context, build.NOW - 3 * DAY + HOUR)
        assert (
            "first week is not over: 4 values since 2026-09-06, until 2026-09-13"
            in build.verdict(early, "p95").why
        )
        put(context, "0.6")
        found = build.verdict(context, "p95")
        assert (found.verdict, str(found.baseline_value)) == (Verdict.FAIL, "0.41")
        assert "baseline is the middle of 4 values of the first week, 6 Sep to 13 Sep" in found.remarks
        assert [each.mark for each in found.caveats] == ["first_week"]


def test_a_new_phase_begins_the_history_anew(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("own history", blocking=True)) as context:
        put(context, "0.2", 20 * DAY)
        propose(context, build.SHA_2)
        put(context, "0.45", 2 * HOUR)
        assert build.verdict(context, "p95").verdict is Verdict.FAIL
        with pytest.raises(UsageError, match="cannot begin in the future"):
            baselines.begin_phase(context, evaluate(context), "p95", context.now + DAY, "the new gateway")
        begins = context.now - 5 * DAY
        value, _ = baselines.begin_phase(
            context, evaluate(context), "p95", begins, "the new gateway is slower"
        )
        assert value.second and build.verdict(context, "p95").verdict is Verdict.FAIL
        build.second_person(context, "phase/p95")
        found = build.verdict(context, "p95")
        assert (found.verdict, found.phase) == (Verdict.NO_BASELINE, begins)
        (one,) = baselines.read_phases(context, evaluate(context), "p95")
        assert one.counts and one.present


def test_a_rejected_phase_does_not_count(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("own history", blocking=True)) as context:
        baselines.begin_phase(
            context, evaluate(context), "p95", context.now - DAY, "the new gateway is slower"
        )
        robin = build.who(context, "robin")
        approving.approve(robin, evaluate(robin), "phase/p95", reject=True, words="it is a regression")
        assert not next(baselines.read_phases(context, evaluate(context))).counts


def test_an_advisory_benchmark_needs_one_act(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("own history")) as context:
        value, _ = baselines.begin_phase(
            context, evaluate(context), "p95", context.now - DAY, "the new gateway is slower"
        )
        assert not value.second and build.verdict(context, "p95").phase == value.begins


def test_production_is_no_object_of_its_own_but_is_listed(tmp_path: Path) -> None:
    with build.shop(
        tmp_path / "shop", text("production").replace("query: up", "query: up_in_$environment")
    ) as context:
        put(context, "0.45")
        ref = put(context, "0.4", role="baseline")
        (one,) = baselines.read_baselines(context, evaluate(context))
        assert (one.kind, one.measurement, one.environment, str(one.value)) == (
            "production",
            ref,
            "production",
            "0.4",
        )
        baselines.invalidate(context, evaluate(context), "p95", reason="the cache was warm")
        assert build.verdict(context, "p95").verdict is Verdict.NO_BASELINE


def test_a_baseline_of_many_values_is_not_invalidated_as_a_whole(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("own history")) as context:
        put(context, "0.2", 20 * DAY)
        propose(context, build.SHA_2)
        put(context, "0.2")
        with pytest.raises(UsageError, match="made of several measurements"):
            baselines.invalidate(context, evaluate(context), "p95", reason="the cache was warm")


def test_an_excerpt_keeps_phases_and_pinned_baselines(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("pinned", blocking=True)) as context:
        pin(context, ref=put(context, "0.4", DAY))
        build.second_person(context, "baseline/p95")
        propose(context, build.SHA_2)
        put(context, "0.45")
        before = build.verdict(context, "p95")
        file = tmp_path / "ci.excerpt.jsonl"
        file.write_bytes(excerpts.excerpt(context))
        there = excerpts.from_excerpt(build.Options(project=context.root, as_person="kim"), file)
        with there.record:
            after = build.verdict(build.at(there, context.now), "p95")
        assert (
            (after.verdict, after.pinned) == (before.verdict, before.pinned) == (Verdict.PASS, after.pinned)
        )


def test_what_was_measured_later_moves_no_baseline(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", text("own history")) as context:
        put(context, "0.4", 9 * DAY)
        propose(context, build.SHA_2)
        put(context, "0.45", DAY)
        before = build.verdict(context, "p95")
        first = releasing.find(context).candidates[0][0].id
        late = Reading(
            subject="p95", source="metrics", role="value", state="ok", value=Decimal("0.1"), unit="s", measured_at=context.now,
            environment="staging",
        )  # fmt: skip
        batch = Batch(source="metrics", asked_at=context.now, readings=(late,))
        change, _ = measurements.batch_change(batch, release="r", candidate=first, now=context.now)
        commit(context, [change])
        after = build.verdict(context, "p95")
        assert after.baseline_value == before.baseline_value


def test_a_signature_is_out_of_date_once_a_phase_begins(tmp_path: Path) -> None:
    said = text("own history", blocking=True).replace(
        "benchmarks: {}]", "benchmarks: {}], sign: {roles: [{role: staging-owner}]}"
    )
    with build.shop(tmp_path / "shop", said) as context:
        put(context, "0.4", 9 * DAY)
        propose(context, build.SHA_2)
        put(context, "0.45")
        build.sign(context, "go", "robin")
        assert build.signature(context, "go").counts
        baselines.begin_phase(
            context, evaluate(context), "p95", context.now - DAY, "the new gateway is slower"
        )
        assert build.signature(context, "go").counts
        build.second_person(context, "phase/p95")
        assert "has begun a new phase" in build.signature(context, "go").why


def test_a_signature_is_out_of_date_once_another_baseline_is_pinned(tmp_path: Path) -> None:
    said = text("pinned", blocking=True).replace(
        "benchmarks: {}]", "benchmarks: {}], sign: {roles: [{role: staging-owner}]}"
    )
    with build.shop(tmp_path / "shop", said) as context:
        first, second = put(context, "0.4", 9 * DAY), put(context, "0.41", 8 * DAY)
        pin(context, ref=first)
        build.second_person(context, "baseline/p95")
        propose(context, build.SHA_2)
        put(context, "0.45")
        build.sign(context, "go", "robin")
        assert build.signature(context, "go").counts
        pin(context, ref=second)
        build.second_person(context, "baseline/p95")
        assert "is compared with another pinned baseline" in build.signature(context, "go").why
