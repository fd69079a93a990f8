"""Incidents by keys: declared, written down while they happen, marked, and seen from everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, shown, web_shop

from workbench.incidents import model as incidents
from workbench.incidents import timeline
from workbench.incidents.model import Incident, IncidentState
from workbench.record import Stored
from workbench.tui.screens.incident_page import IncidentScreen
from workbench.tui.screens.incidents import IncidentsScreen
from workbench.usecases.context import Context


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


TITLE = "checkout answers 503"


def the_one(context: Context) -> tuple[Stored, Incident]:
    (found,) = incidents.all_incidents(context.record)
    return found


async def test_one_is_declared_with_a_title_alone_and_its_page_opens(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5")
        assert isinstance(pilot.app.screen, IncidentsScreen)
        assert "No incident is recorded" in shown(pilot) and "a add" in shown(pilot)
        await press(pilot, "a", *TITLE, "ctrl+s")
        assert isinstance(pilot.app.screen, IncidentScreen)
        text = shown(pilot)
    assert TITLE in text and "promotion frozen" in text and "1 incident" in text
    with second_writer(shop) as context:
        _, value = the_one(context)
    assert (value.title, value.environment, value.commander) == (TITLE, "staging", "robin")
    assert value.state is IncidentState.OPEN


async def test_lines_are_stamped_one_after_the_other_and_stand_in_the_order_of_what_happened(
    shop: Path,
) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s")
        await press(pilot, "a", *"every third request fails", "enter")
        await press(pilot, *"-10m gateway was redeployed", "enter", *"half a li")
        assert pilot.app.screen.unsaved_edits() == ["timeline: half a li"]  # type: ignore[attr-defined]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, IncidentScreen)
    with second_writer(shop) as context:
        stored, _ = the_one(context)
        found = [line for _, line in timeline.lines_of(context.record, stored.id)]
    words = [line.words for line in found]
    assert words[0] == "gateway was redeployed" and words[-1] == "every third request fails"
    assert (found[0].said_at - found[0].at).total_seconds() == 600
