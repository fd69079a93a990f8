"""An investigation is owned and ended from its line on Readiness."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, shown, web_shop
from tests.tui.test_readiness_ways import enter, lines

from workbench.investigations import model as investigations
from workbench.investigations.model import Ending, Investigation
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import investigating
from workbench.usecases.context import Context


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def found(context: Context) -> Investigation:
    ((_, value),) = investigations.all_investigations(context.record)
    return value


async def test_it_is_owned_and_ended_in_one_form(shop: Path) -> None:
    with second_writer(shop) as context:
        ident = investigating.open_investigation(context, Investigation(title="checkout is slower"))
    async with driven(shop) as pilot:
        await enter(pilot, f"investigation/{ident}")
        assert isinstance(pilot.app.screen, FormScreen) and "checkout is slower" in shown(pilot)
        await press(pilot, *"kim", "tab", *"the snapshot is three months old", "tab", "right", "right", "tab")
        await press(pilot, *"the one of 14 September", "ctrl+s")
        assert f"investigation/{ident}" not in lines(pilot).keys
    with second_writer(shop) as context:
        value = found(context)
    assert (value.owner, value.ended, value.outcome) == ("kim", Ending.REFRESH, "the one of 14 September")
