"""Whoever looks from another moment writes nothing, and whoever excuses something has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.model.errors import NotAllowed
from workbench.model.times import Clock
from workbench.parity.model import Difference
from workbench.usecases import deciding, mapping, undoing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def elsewhen(context: Context, days: float) -> Context:
    """The same desk under ``--now``."""
    return msgspec.structs.replace(context, clock=Clock(fixed=build.NOW + timedelta(days=days)))


@pytest.mark.parametrize("days", [-20, 20])
@pytest.mark.parametrize(
    "act",
    [
        lambda context: mapping.add_difference(context, Difference(title="load balancer")),
        lambda context: deciding.freeze(context, "the payment provider is down"),
        lambda context: undoing.undo(context),
    ],
    ids=["add", "freeze", "undo"],
)
def test_nothing_is_written_as_of_another_moment(
    shop: Context, act: Callable[[Context], object], days: float
) -> None:
    before = shop.record.head
    with pytest.raises(NotAllowed, match="--now only evaluates"):
        act(elsewhen(shop, days))
    assert shop.record.head == before
    act(shop)
    assert shop.record.head != before


def test_who_is_nobody_of_the_project_excuses_nothing(shop: Context) -> None:
    stranger = build.who(shop, "a-passer-by")
    found, until = evaluate(stranger), build.NOW + timedelta(days=9)
    part = next(p for g in found.gates for r in g.result.requirements for p in r.parts)
    with pytest.raises(NotAllowed, match="not among the people"):
        build.propose_override(
            stranger, found, part.key, reason="the vendor's system is slow", approver="jo", until=until
        )
    deciding.freeze(stranger, "the payment provider is down")  # stopping is open to everybody
    with pytest.raises(NotAllowed, match="not among the people"):
        deciding.lift_freeze(stranger, "it is back")
