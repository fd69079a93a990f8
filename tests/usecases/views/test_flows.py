"""The inventory in marks and words."""

from __future__ import annotations

from datetime import UTC

from tests import building as build

from workbench.definitions.shapes import Dimension, Tier
from workbench.flows.model import Flow
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.flows import about, facts, read_inventory, summary, worst_marks
from workbench.usecases.views.marks import Mark


def test_critical_flows_come_first_with_what_is_not_covered(small: Context) -> None:
    mapping.add_flow(small, Flow(key="browse", name="Browse", tier=Tier.BEST_EFFORT))
    mapping.add_flow(small, Flow(key="refund", name="Refund", tier=Tier.CRITICAL))
    found = read_inventory(small)
    assert list(found.flows) == ["checkout", "refund", "browse"]
    assert set(found.flows) == set(found.stored) == set(found.gaps)
    assert "no benchmark" in found.gaps["refund"]


def test_the_inventory_is_summed_up(small: Context) -> None:
    mapping.add_flow(small, Flow(key="refund", name="Refund", core=True))
    said = {phrase.text: phrase.mark for phrase in summary(read_inventory(small))}
    assert "1 core" in said and "0 enforced" in said
    assert said["2 without an owner"] is Mark.WARNS


def test_a_flow_bears_the_worst_mark_of_its_benchmarks(small: Context) -> None:
    build.figures(small, p95="0.9")
    found = evaluate(small)
    marks = worst_marks(found)
    assert marks["checkout", Dimension.LATENCY_CONSISTENCY] is Mark.BLOCKS
    assert marks["checkout", None] is Mark.BLOCKS
    assert worst_marks(None) == {}


def test_one_flow_in_full(small: Context) -> None:
    build.figures(small)
    flow = Flow(key="checkout", name="Checkout", tier=Tier.CRITICAL, core=True, steps=("pay", "ship"))
    assert about(flow, str.title) == "critical · core · listed · unassigned"
    said = facts(flow, ["no test in staging"], evaluate(small), UTC)
    assert (said[0].label, said[0].text, said[0].mark) == ("Not covered", "no test in staging", Mark.WARNS)
    lines = {fact.label: fact.text for fact in said}
    assert lines["Latency"].startswith("Checkout p95: ")
    assert lines["Steps"] == "pay → ship"
