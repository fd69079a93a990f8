"""Whatever is typed in a hurry may hold a secret: none of it reaches the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.usecases.test_incidents import declare

from workbench.flows.model import Flow
from workbench.gates.fixed_questions import Answers
from workbench.investigations.model import Investigation
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.releases.model import Outcome, Release
from workbench.usecases import (
    answering,
    approving,
    benchmark_reviews,
    breaking_glass,
    commenting,
    deciding,
    drills,
    environments,
    incident_reviews,
    incidents,
    investigating,
    mapping,
    quarantining,
    releasing,
    shipping,
    signing,
)
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
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


def _until(context: Context) -> datetime:
    return context.now + timedelta(days=2)


def _failing(context: Context) -> Evaluation:
    build.figures(context, errors="1.5")
    return evaluate(context)


def _override(context: Context, **said: Any) -> None:
    asked: dict[str, Any] = {"reason": TYPED, "until": _until(context), **said}
    build.propose_override(context, _failing(context), "errors", **asked)


def _answers(context: Context) -> None:
    said = Answers(affects=TYPED, from_version=TYPED, happens=TYPED, recovery=TYPED, regression=True)
    _override(context, reason="one noisy client, muted tomorrow", answers=said)


def _lift_override(context: Context) -> None:
    _override(context, reason="one noisy client, muted tomorrow")
    deciding.lift_override(context, evaluate(context), "errors", TYPED)


def _approve(context: Context) -> None:
    _override(context, reason="one noisy client, muted tomorrow")
    here = build.who(context, "robin")
    approving.approve(here, evaluate(here), "errors", reject=True, words=TYPED)


def _edit_release(context: Context) -> None:
    held = releasing.find(context)
    said = {"summary": TYPED, "notes": TYPED, "rollback_plan": TYPED, "watch": TYPED}
    known = {name: text for name, text in said.items() if isinstance(getattr(held.release, name, None), str)}
    assert "summary" in known
    releasing.edit(context, held, msgspec.structs.replace(held.release, **known))


def _plan(context: Context) -> None:
    releasing.plan(context, Release(version="9.9.9", summary=TYPED))


DIFFERENCE = Difference(title=TYPED, staging=TYPED, production=TYPED, impact=TYPED)


def _edit_difference(context: Context) -> None:
    stored, value = parity.find(context.record, build.add_difference(context))
    changed = msgspec.structs.replace(value, staging=TYPED, impact=TYPED)
    mapping.edit_difference(context, stored, changed, TYPED)


def _decide(context: Context) -> None:
    chosen = [parity.find(context.record, build.add_difference(context))]
    mapping.decide(context, chosen, Decision.ACCEPT, reason=TYPED, until=_until(context))


def _remove(context: Context) -> None:
    stored, value = parity.find(context.record, build.add_difference(context))
    mapping.decide(
        context, [(stored, value)], Decision.CLOSE, reason="closed", owner="kim", until=_until(context)
    )
    mapping.remove_difference(context, parity.find(context.record, stored.id)[0], TYPED)


def _sign(context: Context, decision: str = "approve", **said: Any) -> None:
    build.clear(context)
    build.sign(context, "benchmarks", "robin", decision, TYPED, **said)


def _conditions(context: Context) -> None:
    _sign(context, "approve_with_conditions", conditions=TYPED, conditions_due=_until(context))


def _dismiss(context: Context) -> None:
    build.clear(context)
    build.sign(context, "go", "robin", "reject", "the load test is missing", role="release-owner")
    here = build.who(context, "kim")
    signing.dismiss(here, evaluate(here), "go", "robin", TYPED)


def _revoke(context: Context) -> None:
    build.clear(context)
    build.sign(context, "benchmarks", "robin")
    here = build.who(context, "robin")
    signing.revoke(here, evaluate(here), "benchmarks", TYPED)


def _lift_quarantine(context: Context) -> None:
    until = _until(context)
    quarantining.quarantine(context, _failing(context), "errors", reason="fails one run in five", until=until)
    quarantining.lift(context, "errors", TYPED)


def _review(context: Context) -> None:
    build.add_difference(context)
    mapping.mark_reviewed(context, evaluate(context).held, TYPED)


def _occupy(context: Context) -> None:
    value = environments.new_occupancy(context, "staging")
    environments.occupy(context, msgspec.structs.replace(value, who=TYPED, why=TYPED))


def _investigate(context: Context) -> None:
    ident = investigating.open_investigation(context, Investigation(title=TYPED))
    stored, value = investigating.find_investigation(context, ident)
    investigating.edit_investigation(context, stored, msgspec.structs.replace(value, finding=TYPED))


def _item(context: Context) -> None:
    build.answer(context, "notes", "failed", comment=TYPED)


def _comment(context: Context) -> None:
    found = evaluate(context)
    commenting.comment(context, found, answering.find_item(found, "notes"), TYPED)


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
    "an override": _override,
    "the answers of an override": _answers,
    "the end of an override": _lift_override,
    "a rejected override": _approve,
    "a release's description": _edit_release,
    "a planned release": _plan,
    "a difference": lambda context: mapping.add_difference(context, DIFFERENCE),
    "a difference that was edited": _edit_difference,
    "a decision on a difference": _decide,
    "a difference that is gone": _remove,
    "a review of the map": _review,
    "a flow": lambda context: mapping.add_flow(context, Flow(key="refund", name="Refund", trigger=TYPED)),
    "a comment on a signature": _sign,
    "conditions of a signature": _conditions,
    "a release that was sent back": lambda context: _sign(context, "send_back", needed=TYPED, needed_from=""),
    "a dismissed answer": _dismiss,
    "a revoked signature": _revoke,
    "a quarantine": lambda context: quarantining.quarantine(
        context, _failing(context), "errors", reason=TYPED, until=_until(context)
    ),
    "the end of a quarantine": _lift_quarantine,
    "an occupancy": _occupy,
    "an investigation": _investigate,
    "an answer to an item": _item,
    "a comment on an item": _comment,
    "an invalid measurement": lambda context: deciding.invalidate(
        context, build.measured(context, "errors", "1.5"), TYPED
    ),
    "a stricter benchmark": lambda context: benchmark_reviews.review(
        context, evaluate(context), ["errors"], note=TYPED
    ),
    "a release that went out": lambda context: shipping.ship(context, reason=TYPED),
}


def everything(context: Context) -> str:
    """Ledger and evidence as text: whatever was kept."""
    files = [path.read_bytes() for path in context.record.path.parent.iterdir() if path.is_file()]
    return b"".join(files).decode("utf-8", "replace")


@pytest.mark.parametrize("act", ACTS)
def test_no_secret_is_kept(shop: Context, act: str) -> None:
    ACTS[act](shop)
    ledger = "\n".join(str(line) for line in shop.record.ledger_lines())
    assert SECRET not in ledger and "[redacted]" in ledger
    assert SECRET not in everything(shop)
    assert any("removed before saving" in said for said in shop.remarks)
