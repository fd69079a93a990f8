"""Rules that look at earlier measurements and at samples get them, and only they."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import AVERAGED, Context, Judged, judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.past import Past, Subject
from workbench.benchmarks.resolve import Resolved, resolve
from workbench.criteria import Earlier, Inputs, Need, Outcome, Verdict
from workbench.criteria.clause import Clause, Plan
from workbench.definitions.shapes import Benchmark, Measure, Tier
from workbench.model.quantity import Unit, find_unit
from workbench.model.times import Clock
from workbench.record import Author, Record
from workbench.sources.reading import Batch, Reading

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AUTHOR = Author(actor="kim", identity="asserted by --as", os_user="kim")
COMMIT = "a1b2c3d4"


class Steady(Clause, frozen=True, cache_hash=True):
    """A made-up form: at most twice the mean of the history, with no sample above the baseline's largest."""

    NEEDS = frozenset({Need.BASELINE, Need.HISTORY, Need.SAMPLES})
    PROVABLE = False

    def printed(self) -> str:
        return "steady"

    def prepare(self, unit: Unit) -> Plan:
        return _Steady(self)


class _Steady(Plan, frozen=True):
    clause: Clause

    def judge(self, inputs: Inputs) -> Outcome:
        values = [item.value for item in inputs.history]
        if not values:
            return Outcome(Verdict.LEARNING, self.clause, inputs, reason="nothing earlier")
        assert inputs.value is not None
        limit = 2 * sum(values) / len(values)
        calm = not inputs.samples or max(inputs.samples) <= max(inputs.baseline_samples)
        verdict = Verdict.PASS if inputs.value <= limit and calm else Verdict.FAIL
        return Outcome(verdict, self.clause, inputs, Decimal(limit))


def reading(value: str | None, days: float, **fields: Any) -> Reading:
    at = NOW - timedelta(days=days)
    fields = {"subject": "p95", "source": "metrics", "role": "value", "environment": "staging", **fields}
    state = "ok" if value is not None else "error"
    number = Decimal(value) if value is not None else None
    return Reading(state=state, measured_at=at, value=number, unit=fields.pop("unit", "s"), **fields)


def course(*values: float) -> bytes:
    return b"".join(struct.pack("<dd", float(at), value) for at, value in enumerate(values))


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    clock = Clock(real=lambda: NOW)
    with Record.create(
        tmp_path / "record.db", measurements.ENTITIES, project="web-shop", author=AUTHOR, clock=clock
    ) as made:
        yield made


def measure(record: Record, candidate: str, *readings: Reading) -> None:
    batch = Batch(source="metrics", asked_at=NOW, readings=readings)
    change, blobs = measurements.batch_change(batch, release="r", candidate=candidate, now=NOW)
    record.commit([change], author=AUTHOR, clock=Clock(real=lambda: NOW), blobs=blobs)


def benchmark(rule: Clause | None, **fields: Any) -> Resolved:
    shape = Benchmark(key="p95", title="p95", measure=Measure(source="metrics", unit="ms"), **fields)
    found = resolve(shape, tier=Tier.CRITICAL, tightened=False, staging="staging", now=NOW)
    return msgspec.structs.replace(found, pass_=rule, needs=rule.needs) if rule else found


def past(record: Record, *let_past: str) -> Past:
    return Past(record, candidate="c", now=NOW, good=lambda: ["a", "b"], let_past=lambda key: set(let_past))


def judge(record: Record, resolved: Resolved, before: Past) -> Judged:
    context = Context(
        now=NOW,
        candidate="c",
        commit=COMMIT,
        demonstration=False,
        readings=measurements.latest(record, "c"),
        past=before,
    )
    return judged(resolved, context)


def test_a_rule_is_given_the_history_and_the_samples_that_it_needs(record: Record) -> None:
    measure(record, "a", reading("0.1", 9), reading("9", 8), reading(None, 7))
    measure(record, "b", reading("0.2", 6), reading("0.9", 5, environment="production"))
    measure(
        record,
        "c",
        reading("0.25", 0, trend=course(0.2, 0.3), build=COMMIT),
        reading("0.2", 0, role="baseline", environment="production", trend=course(0.1, 0.4)),
    )
    found = judge(record, benchmark(Steady()), past(record))
    inputs = found.outcome.inputs
    # The one of 9 s failed in its time: it is twice what came before it, and more.
    assert inputs.history == (
        Earlier(NOW - timedelta(days=9), Decimal(100)),
        Earlier(NOW - timedelta(days=6), Decimal(200)),
    )
    assert (list(inputs.samples), list(inputs.baseline_samples)) == ([200.0, 300.0], [100.0, 400.0])
    assert inputs.samples_why == ""
    assert (found.verdict, found.outcome.limit) == (Verdict.PASS, 300)


def test_samples_that_were_chosen_differently_are_told_apart(record: Record) -> None:
    measure(
        record,
        "c",
        reading("0.25", 0, data=array("d", [0.2]).tobytes(), basis="raw", facts={"selection": "10 %"}, build=COMMIT),
        reading("0.2", 0, role="baseline", environment="production", data=array("d", [0.3]).tobytes(), basis="raw"),
    )  # fmt: skip
    inputs = judge(record, benchmark(Steady()), past(record)).outcome.inputs
    assert inputs.samples_why == "the samples are selected differently (10 % against nothing said)"
    assert (list(inputs.samples), list(inputs.baseline_samples)) == ([200.0], [300.0])
    seconds = judge(record, benchmark(Steady()), past(record)).outcome.told_in(find_unit("s")).inputs
    assert list(seconds.samples) == [0.2]


def test_averages_are_told(record: Record) -> None:
    data = array("d", [0.2]).tobytes()
    facts = {"slices": "1 of 3 slices had data"}
    measure(record, "c", reading("0.25", 0, data=data, basis="averaged", facts=facts, build=COMMIT))
    remarks = judge(record, benchmark(Steady()), past(record)).remarks
    assert remarks == (AVERAGED, "1 of 3 slices had data")


@pytest.mark.parametrize(
    ("count", "why"), [(991, ""), (900, "1,000 samples stand against 900: some were dropped")]
)
def test_a_mirror_that_dropped_requests_is_told(record: Record, count: int, why: str) -> None:
    facts = {"selection": "mirrored"}
    measure(
        record,
        "c",
        reading("0.25", 0, samples=1000, facts=facts, build=COMMIT),
        reading("0.2", 0, role="baseline", environment="production", samples=count, facts=facts),
    )
    inputs = judge(record, benchmark(Steady()), past(record)).outcome.inputs
    assert inputs.samples_why.endswith(why) and bool(inputs.samples_why) == bool(why)


def test_what_does_not_count_is_no_history(record: Record) -> None:
    measure(record, "a", reading("0.1", 9), reading("0.2", 8, mark="replayed"))
    measure(record, "b", reading("0.1", 6), reading("0.1", -1))
    (invalid, *_) = (item for item, _ in measurements.history(record, "p95") if item.candidate == "b")
    of_staging = Subject("p95", "staging", find_unit("ms"))
    assert [item.candidate for item in past(record).earlier(of_staging)] == ["b", "a", "a"]
    assert [item.candidate for item in past(record, "b").earlier(of_staging)] == ["a", "a"]
    assert past(record).earlier(Subject("p95", "production", find_unit("ms"))) == []
    counting = next(item for item in past(record).earlier(of_staging) if item.candidate == "b")
    change = measurements.invalidate(counting, by="kim", at=NOW, reason="the probe was misplaced")
    record.commit([change], author=AUTHOR, clock=Clock(real=lambda: NOW))
    assert [item.candidate for item in past(record).earlier(of_staging)] == ["a", "a"]
    assert invalid.measured_at > NOW
    measure(record, "c", reading("0.1", 0, build=COMMIT))
    history = judge(record, benchmark(Steady()), past(record)).outcome.inputs.history
    assert [item.value for item in history] == [100]


class _Unread(Past):
    def earlier(self, subject: Subject) -> list[Measurement]:
        raise AssertionError("nobody asked for earlier measurements")

    def samples(self, measurement: Measurement | None) -> Sequence[float]:
        raise AssertionError("nobody asked for samples")


def test_other_rules_cost_nothing(record: Record) -> None:
    measure(record, "c", reading("0.25", 0, trend=course(0.2), build=COMMIT))
    unread = _Unread(record, candidate="c", now=NOW, good=list, let_past=lambda key: set())
    found = judge(record, benchmark(None, pass_="<= 600 ms"), unread)
    assert (found.verdict, found.outcome.inputs.history, found.outcome.inputs.samples) == (
        Verdict.PASS,
        (),
        (),
    )
