"""Where an incident belongs: the release in hand, or what was live when it began; and signatures beside a freeze."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.test_incidents import HOUR, declare

from workbench.gates.model import GateState
from workbench.releases.model import Candidate, Release
from workbench.signoff.holding import Currency
from workbench.usecases import deciding, incidents, releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

OPEN = """\
gates:
  - key: go
    title: Go
    requires:
      - differences_decided: high
    sign: {roles: [{role: release-owner}], own: true}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", build.HEAD + build.PEOPLE + OPEN) as context:
        yield context


def shipped(context: Context, version: str, at: datetime) -> None:
    releasing.plan(
        context, Release(version=version), Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    shipping.ship(context, version, at=at, reason="the hotfix of that night went out")


def of(context: Context, title: str) -> str:
    value = incidents.find_incident(context, title)[1]
    stored = context.record.get("release", value.release)
    return str(stored.decode(Release).version) if stored else ""


def test_one_in_production_belongs_to_what_was_live_when_it_began(shop: Context) -> None:
    declare(shop, "before all", environment="production")
    assert of(shop, "before all") == "", "nothing had gone out"
    shipped(shop, "1.0", shop.now - 48 * HOUR)
    shipped(shop, "1.1", shop.now - 4 * HOUR)
    declare(shop, "now", environment="production")
    declare(shop, "yesterday", environment="production", started_at=shop.now - 24 * HOUR)
    declare(shop, "in staging")
    assert [of(shop, title) for title in ("now", "yesterday", "in staging")] == ["1.1", "1.0", "2.0.0"]


def test_one_that_turns_out_to_be_in_staging_freezes_then_and_a_freeze_stays(shop: Context) -> None:
    declare(shop, environment="production")
    assert not evaluate(shop).freezes
    stored, value = incidents.find_incident(shop, "checkout")
    incidents.edit(shop, stored, value, msgspec.structs.replace(value, environment="staging"))
    assert len(evaluate(shop).freezes) == 1
    stored, value = incidents.find_incident(shop, "checkout")
    incidents.edit(shop, stored, value, msgspec.structs.replace(value, environment="production"))
    assert len(evaluate(shop).freezes) == 1
    assert "stays in force" in shop.remarks[-1]


def test_a_signature_of_a_gate_that_does_not_ask_stays_current_beside_a_freeze(shop: Context) -> None:
    build.sign(shop, "go", "kim")
    assert evaluate(shop).gate("go").through
    declare(shop)
    gate = evaluate(shop).gate("go")
    assert (gate.state, gate.through) == (GateState.BLOCKED, False)
    assert [view.currency for view in gate.signoffs] == [Currency.CURRENT]
    deciding.lift_freeze(shop, "checkout answers again")
    assert evaluate(shop).gate("go").through
