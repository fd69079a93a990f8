"""What is not traced cannot be timed per step, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build

from workbench.criteria import Verdict
from workbench.flows.model import Flow
from workbench.gates.timed import cannot_be_timed

STEP = "  - {key: pay, kind: step_latency, flow: checkout, step: pay, measure: {source: metrics, query: pay_in_$environment}}\n"
FLOW = Flow(key="checkout", name="Checkout", steps=("cart: add [traces]", "bank: pay [metrics]", "ship"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("add", ""),
        ("Cart", ""),
        ("pay", "cannot be timed: nobody says that pay is traced"),
        ("ship", "cannot be timed: nobody says that ship is traced"),
        ("mail", "cannot be timed: the flow has no step “mail”"),
        ("", ""),
    ],
)
def test_only_a_step_that_is_traced_can_be_timed(name: str, words: str) -> None:
    assert cannot_be_timed(FLOW, name) == words
    assert cannot_be_timed(None, name) == ""


def test_the_verdict_says_it(tmp_path: Path) -> None:
    text = build.SHOP.replace("benchmarks:\n  - key: p95", f"benchmarks:\n{STEP}  - key: p95")
    with build.shop(tmp_path / "shop", text) as context:
        words = "cannot be timed: the flow has no step “pay”"
        assert build.verdict(context, "pay").why == f"{words}; not measured for this candidate"
        build.measured(context, "pay", "0.2")
        build.measured(context, "pay", "0.2", role="baseline")
        found = build.verdict(context, "pay")
        assert found.verdict is Verdict.PASS and words in found.remarks
