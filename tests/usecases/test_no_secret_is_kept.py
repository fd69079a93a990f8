"""Whatever is typed in a hurry may hold a secret: none of it reaches the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.test_incidents import declare

from workbench.parity.model import Difference
from workbench.releases.model import Outcome
from workbench.usecases import (
    breaking_glass,
    deciding,
    drills,
    incident_reviews,
    incidents,
    releasing,
    shipping,
)
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.incidents import find_incident

SECRET = "hunter2secret"
TYPED = f"the vendor said password={SECRET} in their mail"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def _lift(context: Context) -> None:
    declare(context)
    deciding.lift_freeze(context, TYPED)


def _edit(context: Context) -> None:
    declare(context)

    stored, value = find_incident(context, "checkout")
    changed = msgspec.structs.replace(value, commander=TYPED, runbook=TYPED, people=(TYPED,))
    incidents.edit(context, stored, value, changed)


def _propose(context: Context) -> None:
    ident = declare(context)
    proposed = Difference(title=TYPED, staging=TYPED, production=TYPED)
    incident_reviews.review(context, f"incident/{ident}", {}, proposed=proposed)


def _gameday(context: Context) -> None:
    drills.plan_gameday(context, TYPED, context.now + timedelta(days=1), (TYPED,))


def _promise(context: Context) -> None:
    evaluation = evaluate(context)
    part = next(part for _, part in evaluation.open_parts())
    deciding.promise(context, evaluation, part.key, "kim", None, TYPED)


ACTS: dict[str, Callable[[Context], object]] = {
    "a freeze": lambda context: deciding.freeze(context, TYPED),
    "its end": _lift,
    "a break-glass": lambda context: breaking_glass.break_glass(context, reason=TYPED),
    "an incident's people": _edit,
    "a proposed difference": _propose,
    "a gameday": _gameday,
    "a promise": _promise,
    "a withdrawn build": lambda context: releasing.withdraw(context, evaluate(context).held, TYPED),
    "an abandoned release": lambda context: releasing.end(
        context, evaluate(context).held, Outcome.ABANDONED, reason=TYPED
    ),
    "a release that went out": lambda context: shipping.ship(context, reason=TYPED),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_secret_is_kept(shop: Context, act: str) -> None:
    ACTS[act](shop)
    ledger = "\n".join(str(line) for line in shop.record.ledger_lines())
    assert SECRET not in ledger and "[redacted]" in ledger
    assert any("removed before saving" in said for said in shop.remarks)
