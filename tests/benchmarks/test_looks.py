"""Looking often: after a fail a pass needs two fresh windows in a row, and a benchmark may ask for more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks.looks import AT_ONCE, Look, Steady, looked, steady_of
from workbench.benchmarks.measurements import MOST_LOOKS, Measurement
from workbench.benchmarks.windows import overlap, window_of
from workbench.criteria import Verdict
from workbench.gates.kinds.benchmarks.judging import _means
from workbench.releases.model import Candidate
from workbench.usecases import deciding, releasing
from workbench.usecases.context import Context

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
PASS, FAIL, MISSING = Verdict.PASS, Verdict.FAIL, Verdict.MISSING


def measured(minutes: float, window: str | None = "10min", value: str = "0.4") -> Measurement:
    """A measurement that ended so many minutes after :data:`NOW`."""
    return Measurement(
        batch=f"b{minutes:09.2f}", n=0, subject="p95", environment="staging", candidate="c", role="value",
        state="ok", value=Decimal(value), unit="s", measured_at=NOW + timedelta(minutes=minutes), window=window,
    )  # fmt: skip


def lacking(
    *looks: tuple[float, Verdict], steady: Steady = AT_ONCE, window: str | None = "10min", noisy: bool = True
) -> str:
    found = looked([Look(measured(minutes, window), verdict) for minutes, verdict in looks])
    return found.lacking(steady, noisy=noisy, now=NOW + timedelta(days=1), zone=UTC)


def test_windows_that_only_touch_share_nothing() -> None:
    assert overlap(measured(0), measured(9)) and not overlap(measured(0), measured(10))
    assert overlap(measured(0, None), measured(0, None)) and not overlap(measured(0, None), measured(1, None))
    assert overlap(measured(0, None), measured(5)) and window_of(measured(0, "?"))[0] == NOW


def test_one_pass_counts_at_once() -> None:
    assert lacking((0, PASS)) == ""
    assert lacking((0, PASS), (10, PASS)) == ""


def test_a_look_alone_is_counted_as_one_beside_what_gave_no_value() -> None:
    nothing = Look(measured(-5), MISSING)
    for verdict in Verdict:
        for window in ("10min", None, "?"):
            look = Look(measured(0, window), verdict)
            assert looked([look]) == looked([nothing, look])


def test_after_a_fail_two_fresh_windows_have_to_pass_in_a_row() -> None:
    asked = "of 2 fresh windows in a row have passed, as needed after a fail"
    assert lacking((0, FAIL), (10, PASS)) == f"1 {asked}"
    assert lacking((0, FAIL), (10, PASS), (20, PASS)) == ""
    assert lacking((0, FAIL), (10, PASS), (20, Verdict.WARN)) == ""
    # A window that shares time with the one that failed, or with the one counted already, is not fresh.
    assert lacking((0, FAIL), (4, PASS), (14, PASS)) == f"1 {asked}"
    assert lacking((0, FAIL), (4, PASS)) == f"0 {asked}"
    assert lacking((0, FAIL), (10, PASS), (12, PASS), (14, PASS)) == f"1 {asked}"
    # In a row: a fail between them begins it again, and what gave no value is no look.
    assert lacking((0, FAIL), (10, PASS), (20, FAIL), (30, PASS)) == f"1 {asked}"
    assert lacking((0, FAIL), (10, PASS), (20, MISSING), (30, PASS)) == ""


def test_it_is_told_from_when_on_measuring_again_is_of_use() -> None:
    looks = looked([Look(measured(0), FAIL), Look(measured(4), PASS)])
    now = NOW + timedelta(minutes=5)
    assert looks.lacking(AT_ONCE, noisy=True, now=now, zone=UTC) == (
        "0 of 2 fresh windows in a row have passed, as needed after a fail (the next from today 10:10 on)"
    )
    looks = looked([Look(measured(0), FAIL), Look(measured(12), PASS)])
    assert "(the next from today 10:22 on)" in looks.lacking(AT_ONCE, noisy=True, now=now, zone=UTC)


def test_what_is_no_matter_of_chance_passes_once_it_is_mended() -> None:
    assert lacking((0, FAIL), (10, PASS), window=None, noisy=False) == ""


def test_a_number_of_windows() -> None:
    asked = "of 3 fresh windows in a row have passed"
    assert lacking((0, PASS), (10, PASS), steady=steady_of(3)) == f"2 {asked}"
    assert lacking((0, PASS), (5, PASS), (10, PASS), steady=steady_of(3)) == f"2 {asked}"
    assert lacking((0, PASS), (10, PASS), (20, PASS), steady=steady_of(3)) == ""
    assert lacking((0, FAIL), (10, PASS), (20, PASS), steady=steady_of(3)) == f"2 {asked}"


def test_one_is_enough_where_the_file_says_so() -> None:
    # As of an objective, whose window of a month is what it is about.
    assert lacking((0, FAIL), (4, PASS), steady=steady_of(1)) == ""


def test_a_length_of_time() -> None:
    half_an_hour = steady_of("30min")
    # One window alone is an average, in which a bad minute drowns.
    assert (
        lacking((0, PASS), steady=half_an_hour, window="30min")
        == "one window alone has passed, and it has to for 30min"
    )
    assert (
        lacking((0, PASS), (10, PASS), steady=half_an_hour)
        == "it has passed for 20 min, and has to for 30min"
    )
    assert lacking((0, PASS), (10, PASS), (20, PASS), steady=half_an_hour) == ""
    assert lacking((0, PASS), (30, PASS), steady=half_an_hour, window=None) == (
        "it has to pass for 30min, and for 30 min of them nothing was measured"
    )
    assert lacking((0, PASS), (15, PASS), (30, PASS), steady=half_an_hour, window=None) == ""
    assert (
        lacking((0, FAIL), (15, PASS), (30, PASS), steady=half_an_hour)
        == "it has passed for 25 min, and has to for 30min"
    )


def test_what_files_say() -> None:
    assert (steady_of(None), str(steady_of(2)), str(steady_of("0.5h"))) == (AT_ONCE, "2", "30min")


SHOP = (
    build.HEAD
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
benchmarks:
  - key: p95
    flow: checkout
    title: Checkout p95
    measure: {source: metrics, query: up, unit: s, window: 10min}
    pass: <= 0.5 s
    mode: blocking
gates:
  - {key: go, title: Go, requires: [benchmarks: {}]}
"""
)


@pytest.fixture
def shop(tmp_path: Path) -> Context:
    with build.shop(tmp_path / "shop", SHOP) as context:
        yield context


def put(context: Context, value: str, **delta: float) -> Context:
    """A value of the last ten minutes, so much later."""
    after = build.later(context, **delta)
    build.measured(after, "p95", value, ago=timedelta(), window="10min")
    return after


def test_a_gate_counts_the_looks_and_tells_those_that_failed(shop: Context) -> None:
    context = put(shop, "0.69")
    found = build.verdict(context, "p95")
    assert (found.verdict, found.looks.count, len(found.looks.failed), found.remarks) == (
        FAIL,
        1,
        1,
        ("build asserted",),
    )
    context = put(context, "0.4", minutes=20)
    found = build.verdict(context, "p95")
    assert (found.verdict, found.through) == (Verdict.INCONCLUSIVE, False)
    assert found.why == (
        "1 of 2 fresh windows in a row have passed, as needed after a fail (the next from today 12:30 on): "
        "0.4 s, limit 0.5 s"
    )
    assert "failed on this build today 12:00 (0.69 s); look 2" in found.remarks
    (part,) = build.requirement(context, "go", "benchmarks").parts
    assert part.why == found.why and part.step.job.value == "fetch"
    context = put(context, "0.45", minutes=10)
    found = build.verdict(context, "p95")
    assert (found.verdict, found.looks.count, found.looks.windows) == (PASS, 3, 2)
    assert "failed on this build today 12:00 (0.69 s); look 3" in found.remarks


def test_another_build_begins_anew(shop: Context) -> None:
    context = put(shop, "0.69")
    releasing.propose(context, releasing.find(context), Candidate(release="", number=0, commit=build.SHA_2))
    context = put(context, "0.4", minutes=20)
    found = build.verdict(context, "p95")
    assert (found.verdict, found.looks.count, found.looks.failed) == (PASS, 1, ())


def test_a_fail_that_was_invalidated_is_as_if_it_were_not_there(shop: Context) -> None:
    context = put(shop, "0.69")
    context = put(context, "0.4", minutes=20)
    deciding.invalidate(context, "p95:2", "the load generator was off")
    found = build.verdict(context, "p95")
    assert (found.verdict, found.looks.count) == (PASS, 1)


def test_steady_is_part_of_what_is_signed_only_where_it_is_said(shop: Context) -> None:
    assert "steady" not in _means(build.verdict(shop, "p95").resolved)
    context = build.rewrite(shop, "mode: blocking", "mode: blocking\n    steady: 2")
    assert _means(build.verdict(context, "p95").resolved)["steady"] == "2"
    found = build.verdict(put(context, "0.4"), "p95")
    assert (found.verdict, found.outcome.reason) == (
        Verdict.INCONCLUSIVE,
        "1 of 2 fresh windows in a row have passed (the next from today 12:10 on)",
    )


def test_of_what_was_measured_very_often_the_newest_looks_are_judged_again(shop: Context) -> None:
    context = put(shop, "0.69")
    for _ in range(MOST_LOOKS):
        context = put(context, "0.4", minutes=20)
    found = build.verdict(context, "p95")
    assert (found.verdict, found.looks.count, found.looks.failed) == (PASS, MOST_LOOKS, ())
    failed = looked([Look(measured(minutes), FAIL) for minutes in range(MOST_LOOKS)])
    assert failed.told(measured(30), NOW, UTC).endswith(f"look {MOST_LOOKS} or more")
