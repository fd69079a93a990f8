"""Incidents by keys: declared, written down while they happen, marked, and seen from everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, settle, shown, web_shop

from workbench.incidents import actions, reviews, timeline
from workbench.incidents import model as incidents
from workbench.incidents.model import Incident, IncidentState
from workbench.incidents.reviews import Known
from workbench.parity.model import Difference
from workbench.record import Stored
from workbench.tui.screens.incident_page import IncidentScreen
from workbench.tui.screens.incident_review import ReviewScreen
from workbench.tui.screens.incidents import IncidentsScreen
from workbench.usecases import incident_reviews
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


async def test_a_review_is_walked_question_by_question_down_to_its_actions(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s", "r")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert "Did a difference between staging and production contribute?" in shown(pilot)
        await press(pilot, "enter")  # yes
        assert "Which?" in shown(pilot) and "another one, which the map lacks" in shown(pilot)
        await press(pilot, "G", "enter", *"vendor sandbox moved", "enter")
        await press(pilot, "enter", *"alert on its address", "enter")
        assert "What is done about it" in shown(pilot)
        await press(pilot, "a", *"pin the address", "tab", *"kim", "tab", *"2026-10-01", "ctrl+s")
        text = shown(pilot)
        assert "pin the address" in text and "1 added" in text
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, IncidentScreen)
    with second_writer(shop) as context:
        stored, _ = the_one(context)
        found = reviews.review_of(context.record, reviews.of_incident(stored.id))
        assert found is not None
        value = found[1]
        rows = [context.record.get("difference", id) for id in value.differences]
        owed = actions.all_actions(context.record, subject=reviews.of_incident(stored.id))
    assert value.contributed is Known.YES and value.add_words == "alert on its address"
    assert [row.decode(Difference).title for row in rows if row] == ["vendor sandbox moved"]
    assert [(one.title, one.owner) for _, one in owed] == [("pin the address", "kim")]


async def test_words_being_typed_stay_when_somebody_else_answers(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s", "r", "enter", "G", "enter", *"half a ti")
        with second_writer(shop, "kim") as there:
            incident_reviews.review(there, f"incident/{the_one(there)[0].id}", {"cause": "DNS"})
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "half a ti" in shown(pilot)
        assert pilot.app.screen.unsaved_edits() == ["review: half a ti"]  # type: ignore[attr-defined]
