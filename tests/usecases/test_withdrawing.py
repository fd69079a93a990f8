"""A build is withdrawn with a reason, without freezing anything or abandoning its release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.gates.model import GateState
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate, ReleaseState
from workbench.usecases import releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.scripting.acts import tell
from workbench.usecases.undoing import undo
from workbench.usecases.views.releases import read_releases

WHY = "the migration locks the orders table"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def test_it_holds_every_gate_until_another_build_is_proposed(shop: Context) -> None:
    build.clear(shop)
    releasing.withdraw(shop, releasing.find(shop), WHY)
    found = evaluate(shop)
    assert all(gate.state is GateState.BLOCKED for gate in found.gates)
    (part,) = [part for _, part in found.open_parts() if part.key == "candidate/withdrawn"]
    assert part.why == f"withdrawn by kim: {WHY}"
    assert found.state is ReleaseState.BLOCKED and not found.freezes
    assert read_releases(shop)[0].candidate_words.endswith("withdrawn")
    releasing.propose(shop, releasing.find(shop), Candidate(release="", number=0, commit=build.SHA_2))
    assert not [part for _, part in evaluate(shop).open_parts() if part.key == "candidate/withdrawn"]


def test_it_does_not_go_out_and_is_not_proposed_again(shop: Context) -> None:
    held = releasing.find(shop)
    releasing.withdraw(shop, held, WHY)
    with pytest.raises(NotAllowed, match="was withdrawn"):
        shipping.ship(shop, reason="it went out all the same")
    assert held.candidate is not None
    same = Candidate(release="", number=0, commit=held.candidate.commit)
    with pytest.raises(UsageError, match="was withdrawn"):
        releasing.propose(shop, releasing.find(shop), same)
    with pytest.raises(NotAllowed, match="already"):
        releasing.withdraw(shop, releasing.find(shop), WHY)


def test_it_needs_a_reason(shop: Context) -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        releasing.withdraw(shop, releasing.find(shop), "tbd")


def test_it_is_undone_and_told(shop: Context) -> None:
    releasing.withdraw(shop, releasing.find(shop), WHY)
    assert any("withdraw" in str(line) for act in tell(shop) for line in act.lines)
    undo(shop)
    assert not [part for _, part in evaluate(shop).open_parts() if part.key == "candidate/withdrawn"]
