"""The first minutes on Readiness: what the screen says, and the one key that goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, shown, web_shop

from workbench.gates.model import GateState
from workbench.releases.model import Outcome, Release
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import releasing
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    root = tmp_path / "bare"
    root.mkdir()
    (root / "workbench.yaml").write_text("project: bare\ntitle: Bare\n", encoding="utf-8")
    return root


async def test_a_record_without_a_release_plans_one(bare: Path) -> None:
    async with driven(bare) as pilot:
        assert "No release yet. Press a to plan the first one." in shown(pilot)
        assert "a add" in shown(pilot).splitlines()[-1]
        await press(pilot, "a", *"1.0.0", "ctrl+s")
        assert "1.0.0" in shown(pilot).splitlines()[0]
        assert "no gates are defined: E to edit the file" in shown(pilot)


async def test_without_a_candidate_a_build_is_proposed(shop: Path) -> None:
    with second_writer(shop) as context:
        releasing.end(context, evaluate(context).held, Outcome.ABANDONED, reason="the customers want to wait")
        releasing.plan(context, Release(version="2.15.0"))
    async with driven(shop, (160, 40)) as pilot:
        assert " P propose build " in shown(pilot)
        assert "no build is proposed yet" in shown(pilot) and "+10 behind" in shown(pilot)
        await press(pilot, "P")
        assert isinstance(pilot.app.screen, FormScreen)


async def test_without_measurements_they_are_fetched(shop: Path) -> None:
    async with driven(shop, (160, 40)) as pilot:
        await press(pilot, "P", "ctrl+s")
        assert "not measured for this candidate" in shown(pilot) and " f fetch " in shown(pilot)
        await press(pilot, "f", "enter")
        assert "not measured for this candidate" not in shown(pilot)


async def test_who_only_wants_to_say_no_says_it_at_once(shop: Path) -> None:
    async with driven(shop, (90, 40), person="sam") as pilot:
        assert "s sign" in shown(pilot).splitlines()[-1]
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, FormScreen) and "reject" in shown(pilot)
    with second_writer(shop) as context:
        assert evaluate(context).gate("sign-off").state is GateState.BLOCKED
