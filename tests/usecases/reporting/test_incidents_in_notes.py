"""Release notes name the incidents of a release, as they stand now."""

from __future__ import annotations

from pathlib import Path

from tests import building as build
from tests.usecases.test_incidents import HOUR, declare

from workbench.usecases import incident_corrections, incidents
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.noting import written


def told(context: Context) -> str:
    return written(context, evaluate(context), "txt")


def test_an_incident_stands_in_the_notes_until_it_is_a_mistake(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        assert "Incidents" not in told(shop)
        declare(shop, commander="robin", flows=("checkout",), started_at=shop.now - HOUR)
        text = told(shop)
        assert "checkout answers 503" in text
        assert "high, in staging, open, promotion is frozen" in text
        assert "Robin" in text
        incident_corrections.mistake(
            shop, *incidents.find_incident(shop, "checkout"), "it was the load test of the search"
        )
        assert "Incidents" not in told(shop)
