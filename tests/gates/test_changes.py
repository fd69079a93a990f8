"""What a release's kinds of change ask to be measured, and the requirement that it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.gates.changes import ASKED, Measured
from workbench.gates.model import GateState, State
from workbench.model.changes import CHANGES, WAYS, ChangeMeasure
from workbench.model.steps import Job
from workbench.probes.kinds import KINDS as PROBES
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.remarks import remarks_of
from workbench.usecases.views.changes import change_facts, read_changes
from workbench.usecases.views.marks import Mark

ASKS = build.SHOP.replace("      - benchmarks: {}\n", "      - changes_measured: {contract_tests: reports}\n")
WAITS = """\
  - key: waits
    flow: checkout
    title: Nobody waits for locks
    measure: {source: hand, unit: s}
    measures: [lock_waits]
    pass: <= 1 s
gates:
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", ASKS.replace("gates:\n", WAITS, 1)) as context:
        yield context


def carry(context: Context, *changes: str) -> None:
    held = releasing.find(context)
    releasing.edit(context, held, msgspec.structs.replace(held.release, changes=changes))


def states(context: Context) -> dict[str, Measured]:
    return {item.measure.value: item.state for item in evaluate(context).facts(ASKED)}


def test_every_kind_asks_for_something_that_has_words() -> None:
    assert [*CHANGES] == [f"CH-{number}" for number in range(1, 13)]
    assert (
        {measure for kind in CHANGES.values() for measure in kind.measures} == set(ChangeMeasure) == set(WAYS)
    )
    assert {probe for way in WAYS.values() for probe in way.probes} <= set(PROBES)


def test_who_says_nothing_is_asked(shop: Context) -> None:
    (part,) = build.requirement(shop, "benchmarks", "changes_measured").parts
    assert (part.state, part.step.job) == (State.NOT_MET, Job.NAME_CHANGES)


def test_none_is_an_answer(shop: Context) -> None:
    carry(shop, "none")
    assert build.requirement(shop, "benchmarks", "changes_measured").state is State.NOT_APPLICABLE


def test_each_thing_says_what_measures_it_or_that_nothing_does(shop: Context) -> None:
    carry(shop, "CH-2")
    assert states(shop) == {
        "migration_time": Measured.NOTHING,
        "lock_waits": Measured.NO_VALUE,
        "query_errors": Measured.NOTHING,
        "rollback": Measured.NOTHING,
    }
    build.measured(shop, "waits", "0.2", unit="s", mark="manual", evidence=["a link"])
    assert states(shop)["lock_waits"] is Measured.YES
    parts = {part.key: part for part in build.requirement(shop, "benchmarks", "changes_measured").parts}
    assert parts["change/CH-2/lock_waits"].why == "Nobody waits for locks"
    assert parts["change/CH-2/rollback"].why == "nothing measures it"
    assert build.gate(shop, "benchmarks").state is GateState.BLOCKED


def test_what_failed_was_measured_all_the_same(shop: Context) -> None:
    carry(shop, "CH-2")
    build.measured(shop, "waits", "20", unit="s", mark="manual", evidence=["a link"])
    assert states(shop)["lock_waits"] is Measured.YES


def test_a_latency_benchmark_and_test_runs_count_as_what_they_are(shop: Context) -> None:
    carry(shop, "CH-1")
    assert states(shop) == {
        "integration_tests": Measured.NO_VALUE,
        "error_rate": Measured.NOTHING,
        "latency": Measured.NO_VALUE,
        "contract_tests": Measured.NO_VALUE,
    }
    build.figures(shop)
    build.measured(shop, "tests/reports", "0", role="tests", unit="")
    found = states(shop)
    assert (found["latency"], found["integration_tests"]) == (Measured.YES, Measured.YES)


def test_one_of_them_may_be_enough(tmp_path: Path) -> None:
    text = build.SHOP.replace("      - benchmarks: {}\n", "      - changes_measured: one\n")
    with build.shop(tmp_path / "shop", text) as context:
        carry(context, "CH-1")
        (part,) = build.requirement(context, "benchmarks", "changes_measured").parts
        assert part.state is State.NOT_MET
        build.figures(context)
        (part,) = build.requirement(context, "benchmarks", "changes_measured").parts
        assert (part.state, part.why) == (State.MET, "measured: integration tests, latency")


def test_without_a_requirement_the_gate_lists_what_has_no_measurement(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        carry(context, "CH-7")
        found = evaluate(context)
        assert remarks_of(found, found.gate("benchmarks")) == (
            "not measured of what its kinds of change ask for: hit ratio of the cache (CH-7), "
            "load behind the cache (CH-7), evictions from the cache (CH-7)",
        )
        (line,) = read_changes(found)
        assert (line.title, line.lacking) == ("performance change", 3)
        (fact,) = change_facts(found)
        assert (fact.label, fact.mark) == ("Changes", Mark.WARNS)
        assert fact.text.startswith("performance change: 0 of 3 measured; missing: hit ratio of the cache, ")


def test_the_page_of_a_release_says_of_each_kind_of_change_what_was_measured(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", build.SHOP.replace("gates:\n", WAITS, 1)) as context:
        assert change_facts(evaluate(context)) == []
        carry(context, "none")
        (fact,) = change_facts(evaluate(context))
        assert fact.text == "none of the kinds that ask for measurements"
        carry(context, "CH-2", "CH-7")
        build.measured(context, "waits", "0.2")
        schema, cache = change_facts(evaluate(context))
        assert "database schema migration: 1 of 4 measured; missing: how long" in schema.text
        assert (schema.label, cache.label) == ("Changes", "")
