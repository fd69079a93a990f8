"""Charts, comparisons and noise on measurements of the record."""

from __future__ import annotations

import random
from array import array
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from tests.benchmarks.test_past import COMMIT, NOW, benchmark, judge, measure, past, reading, record

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Judged
from workbench.benchmarks.noise import Noise
from workbench.criteria import Verdict, parse
from workbench.criteria.clause import Clause
from workbench.definitions.shapes import Better
from workbench.model.quantity import find_unit
from workbench.record import Record
from workbench.usecases.reporting.as_json import verdict_document
from workbench.usecases.reporting.making import verdict_report

__all__ = ["record"]  # the fixture


def clause(text: str) -> Clause:
    found = parse(text)
    assert isinstance(found, Clause)
    return found


def measured(record: Record, value: str, values: list[float], **fields: object) -> Judged:
    """The verdict of a value after a value a day, all in seconds, of a rule in milliseconds."""
    for place, number in enumerate(values):
        measure(record, f"r{place}", reading(str(number), len(values) - place, **fields))
    measure(record, "c", reading(value, 0, build=COMMIT, **fields))
    return judge(record, benchmark(clause("in control"), better=Better.LOWER), past(record))


def quiet(n: int) -> list[float]:
    chance = random.Random(3)
    return [round(chance.gauss(0.45, 0.02), 4) for _ in range(n)]


def test_a_chart_of_the_record(record: Record) -> None:
    found = measured(record, "0.6", quiet(30))
    assert found.verdict is Verdict.FAIL
    figures = found.outcome.figures
    assert figures is not None and figures.limits is not None and figures.points == 30
    assert figures.limits.centre == pytest.approx(450, abs=15)
    assert "over its limit: 600 ms" in found.why and "mean ± 3 s of 30 points" in found.why


def test_a_slow_shift_is_told_with_its_day(record: Record) -> None:
    values = quiet(30)
    values[-4:] = [0.43, 0.46, 0.44, 0.451]
    found = measured(record, "0.495", [*values, 0.496])
    assert found.verdict is Verdict.WARN and found.through
    assert "2 of the last 3 points beyond two sigma: a shift since 20 Nov" in found.why


def test_a_value_that_failed_in_its_time_feeds_no_limit(record: Record) -> None:
    values = quiet(40)
    values[30] = 2.0
    figures = measured(record, "0.45", values).outcome.figures
    assert figures is not None and figures.points == 39


def test_learning_does_not_block_and_says_what_is_needed(record: Record) -> None:
    found = measured(record, "0.6", quiet(5))
    assert (found.verdict, found.through) == (Verdict.LEARNING, True)
    assert found.why == "5 of 8 earlier measurements, 3 more are needed"


def test_measurements_of_the_same_time_are_one_point(record: Record) -> None:
    for place in range(12):
        at = place * timedelta(minutes=10)
        measure(record, f"r{place}", reading("0.4", 1 + at / timedelta(days=1), window="1h"))
    measure(record, "c", reading("0.4", 0, build=COMMIT))
    found = judge(record, benchmark(clause("in control")), past(record))
    assert found.outcome.figures is not None and found.outcome.figures.points == 2


def test_shares_of_the_record_are_charted_by_their_counts(record: Record) -> None:
    chance = random.Random(5)
    shares = [round(chance.gauss(1, 0.2), 3) for _ in range(24)]
    for place, share in enumerate(shares):
        measure(record, f"r{place}", reading(str(share), 24 - place, unit="%", samples=2000 + place))
    measure(record, "c", reading("1.1", 0, unit="%", samples=500, build=COMMIT))
    resolved = benchmark(clause("in control"), better=Better.LOWER)
    found = judge(record, msgspec.structs.replace(resolved, unit=find_unit("%")), past(record))
    assert "p′" in found.why and found.verdict is Verdict.PASS
    assert found.outcome.limit_low == 0  # a share is not below


def samples(n: int, median: float) -> bytes:
    chance = random.Random(n)
    return array("d", [median * chance.lognormvariate(0, 0.1) for _ in range(n)]).tobytes()


@pytest.mark.parametrize(
    ("median", "verdict"), [(0.2, Verdict.PASS), (0.224, Verdict.INCONCLUSIVE), (0.3, Verdict.FAIL)]
)
def test_samples_of_the_record(record: Record, median: float, verdict: Verdict) -> None:
    measure(
        record,
        "c",
        reading(str(median), 0, data=samples(90, median), basis="raw", samples=90, build=COMMIT),
        reading("0.2", 0, role="baseline", environment="production", data=samples(110, 0.2), basis="raw"),
    )
    found = judge(
        record, benchmark(clause("not worse than baseline by 12%"), better=Better.LOWER), past(record)
    )
    assert found.verdict is verdict, found.why
    assert found.through is (verdict is Verdict.PASS)
    assert any(remark.startswith("p95 ") for remark in found.remarks)


def noisy(record: Record, values: list[float], hours: float = 1) -> None:
    """Production measured in windows of an hour, one after the other, and then staging beside it."""
    for place, number in enumerate(values):
        at = (len(values) - place) * hours / 24
        measure(record, "c", reading(str(number), at, role="baseline", environment="production", window="1h"))
    measure(record, "c", reading("0.5", 0, window="1h", build=COMMIT))


def test_noise_that_is_larger_than_the_tolerance_leaves_nothing_to_tell(record: Record) -> None:
    noisy(record, [0.4, 0.5] * 15)
    found = judge(record, benchmark(clause("within 10% of baseline")), past(record))
    assert found.verdict is Verdict.INCONCLUSIVE
    expected = "the baseline (production) differs from itself by up to 100 ms, more than the 50 ms that the rule allows"
    assert found.why == expected
    wide = judge(record, benchmark(clause("within 30% of baseline")), past(record))
    assert wide.verdict is Verdict.PASS
    assert judge(record, benchmark(clause("<= 100 ms")), past(record)).verdict is Verdict.FAIL


@pytest.mark.parametrize(("count", "hours"), [(20, 1), (30, 24), (30, 0.5)])
def test_noise_is_known_only_from_enough_windows_in_a_row(record: Record, count: int, hours: float) -> None:
    noisy(record, [0.4, 0.5] * (count // 2), hours)
    found = judge(record, benchmark(clause("within 10% of baseline")), past(record))
    assert found.verdict is Verdict.PASS and found.outcome.limit == Decimal(550)


def test_an_earlier_look_knows_only_the_noise_that_was_measured_by_then(record: Record) -> None:
    noisy(record, [*[0.4] * 21, *[0.4, 0.5] * 4])
    measured = measurements.baselines_of(record, "p95", NOW)
    asked = iter([measured])  # once
    noise = Noise(lambda: next(asked), lambda item: item.value)
    known = [noise.floor(measured[place].measured_at) for place in (0, 19, 20)]
    assert known == [None, None, 0] and noise.floor(NOW) == pytest.approx(0.1)
    assert noise.floor(measured[20].measured_at - timedelta(microseconds=1)) is None


def test_the_newest_baselines_are_those_of_all_environments(record: Record) -> None:
    for hours, place in ((1, "eu"), (2, "production"), (3, "eu"), (4, "production"), (5, "production")):
        measure(record, "c", reading(str(hours), hours / 24, role="baseline", environment=place))
    measure(record, "c", reading("2.5", 2 / 24, role="baseline", environment=None))
    found = [str(item.value) for item in measurements.baselines_of(record, "p95", NOW, limit=4)]
    assert found == ["3", "2", "2.5", "1"]
    assert len(measurements.baselines_of(record, "p95", NOW)) == 6


def test_a_report_for_scripts_has_what_was_computed(record: Record) -> None:
    found = measured(record, "0.6", quiet(30))
    document = verdict_document(verdict_report(found))["statistics"]
    assert document["limits"]["upper"] == pytest.approx(float(found.outcome.limit or 0))
    assert document["rules_fired"][0]["rule"] == "western_electric_1"
    assert (document["points"], document["needed"], document["p"]) == (30, 0, None)
    plain = judge(record, benchmark(clause("<= 900 ms")), past(record))
    assert "statistics" not in verdict_document(verdict_report(plain))
