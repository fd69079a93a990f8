"""A number made of samples or of buckets, in the unit that is asked for, with what it was made of."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from workbench.model.errors import SourceError
from workbench.model.floats import from_bytes
from workbench.model.histograms import Histogram
from workbench.sources.of_samples import Told, of_histogram, of_samples
from workbench.sources.reading import Question, WrongQuestion

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOLD = Told(at=AT, facts={"file": "run.json"}, selection="10 % of requests")
SAMPLES = array("d", [100, 200, 300, 400])
BUCKETS = Histogram((100.0, 200.0, 400.0), (10.0, 10.0, 20.0, 0.0))


def question(unit: str = "") -> Question:
    return Question(subject="checkout-p95", source="load", at=AT, unit=unit)


def test_samples_and_their_number_come_in_the_unit_that_is_asked_for() -> None:
    found = of_samples(SAMPLES, "max", question("s"), TOLD, unit="ms")
    assert (found.state, found.value, found.unit, found.samples) == ("ok", Decimal("0.4"), "s", 4)
    assert found.basis == "raw" and list(from_bytes(found.data or b"")) == [0.1, 0.2, 0.3, 0.4]
    assert found.facts == {"statistic": "max", "file": "run.json", "selection": "10 % of requests"}


def test_without_a_wanted_unit_the_number_keeps_that_of_the_file() -> None:
    assert of_samples(SAMPLES, "mean", question(), TOLD, unit="ms").unit == "ms"


@pytest.mark.parametrize(
    ("statistic", "unit", "value", "samples_kept"),
    [("count", "", 4, False), ("share above 250", "%", 50, False), ("median", "ms", 250, True)],
)
def test_counts_and_shares_keep_no_samples_of_another_unit(
    statistic: str, unit: str, value: int, samples_kept: bool
) -> None:
    found = of_samples(SAMPLES, statistic, question(unit), TOLD, unit="ms")
    assert (found.value, found.data is not None) == (value, samples_kept)


def test_the_limit_of_a_share_is_told_with_its_unit() -> None:
    assert of_samples(SAMPLES, "share above 250", question("%"), TOLD, unit="ms").facts["statistic"] == (
        "share above 250 ms"
    )


def test_no_samples_are_no_number() -> None:
    assert of_samples(array("d"), "p95", question("ms"), TOLD).state == "missing"
    assert of_histogram(Histogram((1.0,), (0.0, 0.0)), "p95", question(), TOLD, unit="ms").state == "missing"


def test_a_statistic_that_there_is_not_and_a_unit_that_does_not_fit_are_errors() -> None:
    with pytest.raises(WrongQuestion, match="p950"):
        of_samples(SAMPLES, "p950", question("ms"), TOLD)
    with pytest.raises(SourceError, match="cannot be written in %"):
        of_samples(SAMPLES, "p95", question("%"), TOLD, unit="ms")


@pytest.mark.parametrize(
    ("statistic", "unit", "value"),
    [
        ("p50", "s", "0.2"),
        ("p75", "ms", "300"),
        ("count", "", "40"),
        ("share above 300", "%", "25"),
        ("share below 50", "%", "12.5"),
        ("share above 900", "%", "0"),
    ],
)
def test_buckets_tell_percentiles_counts_and_shares(statistic: str, unit: str, value: str) -> None:
    found = of_histogram(BUCKETS, statistic, question(unit), TOLD, unit="ms")
    assert (found.value, found.samples) == (Decimal(value), 40)


def test_buckets_are_kept_in_the_unit_that_is_asked_for() -> None:
    found = of_histogram(BUCKETS, "p50", question("s"), TOLD, unit="ms")
    assert found.basis == "buckets"
    kept = msgspec.json.decode(found.data or b"", type=Histogram)
    assert kept == Histogram((0.1, 0.2, 0.4), BUCKETS.counts)


def test_what_buckets_do_not_tell_is_told_only_where_the_file_states_it() -> None:
    with pytest.raises(WrongQuestion, match="do not tell the mean"):
        of_histogram(BUCKETS, "mean", question("ms"), TOLD, unit="ms")
    stated = of_histogram(BUCKETS, "mean", question("ms"), TOLD, unit="ms", exactly={"mean": 171.5})
    assert stated.value == Decimal("171.5")
