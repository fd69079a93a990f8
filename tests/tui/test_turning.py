"""What turns by the clock turns on screen, at its moment and not before."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import driven, settle, shown

from workbench.model.times import Clock
from workbench.tui.app import WorkbenchApp
from workbench.tui.turning import A_MOMENT
from workbench.usecases import opening
from workbench.usecases.evaluate import evaluate
from workbench.usecases.turning import next_turn, turns_at

FROZEN = "change_freezes:\n  - {first: 2026-09-12, last: 2026-09-15, reason: the sales}\n"
TEXT = build.SHOP.replace("      - not_frozen: {}\n", "      - outside_change_freeze: {}\n") + FROZEN


def test_the_next_moment_is_the_first_at_which_anything_turns(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TEXT) as context:
        midnight = turns_at(evaluate(context))
        assert midnight is not None and midnight.isoformat() == "2026-09-16T00:00:00+02:00"
        build.measured(context, "p95", "0.46", ago=timedelta(hours=23))
        found = evaluate(context)
        assert turns_at(found) == build.NOW + timedelta(hours=1), "it is too old after a day"
        assert next_turn(context, found) == 3600
        late = build.at(context, midnight)
        assert turns_at(evaluate(late)) is None


def test_where_the_clock_stands_still_nothing_is_waited_for(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TEXT) as context:
        still = msgspec.structs.replace(context, clock=Clock(fixed=build.NOW))
        assert next_turn(still, evaluate(still)) is None


async def test_a_change_freeze_ends_on_screen_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    now: list[datetime] = [build.NOW]
    with build.shop(tmp_path / "shop", TEXT):
        pass
    with patch.object(opening, "Clock", lambda **more: Clock(**{**more, "real": lambda: now[0]})):
        async with driven(tmp_path / "shop", (120, 40), "kim") as pilot:
            app = pilot.app
            assert isinstance(app, WorkbenchApp)
            assert "Clears automatically" in shown(pilot)
            until = datetime.fromisoformat("2026-09-16T00:00:00+02:00")
            assert app.turning.left == (until - build.NOW).total_seconds() + A_MOMENT
            now[0] = until + timedelta(seconds=A_MOMENT)
            app.turning.turned()
            await settle(pilot)
            assert "Clears automatically" not in shown(pilot)
            assert app.turning.left is None or app.turning.left > A_MOMENT
