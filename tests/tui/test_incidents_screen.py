"""Incidents by keys: declared, written down while they happen, marked, and seen from everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.tui.driving import driven, press, second_writer, settle, shown, web_shop

from workbench.incidents import actions, alarms, reviews, timeline
from workbench.incidents import model as incidents
from workbench.incidents.alarms import AlarmRuling
from workbench.incidents.model import Incident, IncidentSeverity, IncidentState
from workbench.incidents.reviews import Known
from workbench.parity.model import Difference
from workbench.record import Stored
from workbench.tui.screens.incident_page import IncidentScreen
from workbench.tui.screens.incident_review import ReviewScreen
from workbench.tui.screens.incidents import IncidentsScreen
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.widgets.stamp import StampLine
from workbench.usecases import actions as owed
from workbench.usecases import incident_reviews
from workbench.usecases import incidents as incident_acts
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


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


async def test_what_somebody_writes_at_another_desk_appears_and_nobody_loses_what_they_type(
    shop: Path,
) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s", "a", *"half a li")
        with second_writer(shop, "kim") as there:
            incident_acts.note(there, *the_one(there), "the vendor calls back")
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        text = shown(pilot)
        assert "the vendor calls back" in text and "half a li" in text
        await press(pilot, *"ne", "enter", "escape")
        assert "half a line" in shown(pilot)
    with second_writer(shop) as context:
        found = timeline.lines_of(context.record, the_one(context)[0].id)
    assert [line.words for _, line in found][-2:] == ["the vendor calls back", "half a line"]


async def test_escape_leaves_the_line_then_the_page(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s", "a", "escape")
        assert isinstance(pilot.app.screen, IncidentScreen)
        assert not pilot.app.screen.query_one(StampLine).is_open
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, IncidentsScreen)


async def test_a_line_is_corrected_with_a_reason_and_an_incident_marked_a_mistake(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s", "a", *"five of ten fail", "enter", "escape")
        await press(pilot, "e", *"six of ten fail", "tab", "tab", *"counted again, six do", "ctrl+s")
        assert "six of ten fail" in shown(pilot) and "five of ten" not in shown(pilot)
        await press(pilot, "M", "right", "right", "tab", *"the wrong window was looked at", "ctrl+s")
        assert "declared by mistake" in shown(pilot)
    with second_writer(shop) as context:
        assert the_one(context)[1].state is IncidentState.MISTAKE


async def test_an_open_incident_stands_above_everything_on_readiness_and_enter_opens_it(shop: Path) -> None:
    with second_writer(shop) as context:
        value = Incident(
            title=TITLE,
            environment="production",
            severity=IncidentSeverity.LOW,
            declared_at=context.now,
            declared_by="robin",
        )
        incident_acts.declare(context, value)
    async with driven(shop) as pilot:
        text = shown(pilot)
        assert "Open incidents" in text and "1 incident" in text.splitlines()[0]
        await press(pilot, "g", "enter")
        assert isinstance(pilot.app.screen, IncidentScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_a_blocker_is_called_a_false_alarm_and_goes_on_blocking(shop: Path) -> None:
    async with driven(shop) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReadinessScreen)
        screen.stand_on("benchmark/checkout-p95")
        await press(pilot, "M", "tab", *"the load generator stood still", "tab", *"90 min", "ctrl+s")
        assert "false alarm" in shown(pilot)
    with second_writer(shop) as context:
        ((_, alarm),) = alarms.all_alarms(context.record)
        assert (alarm.ruling, alarm.part) == (AlarmRuling.FALSE_ALARM, "benchmark/checkout-p95")
        assert any(part.key == alarm.part for _, part in evaluate(context).open_parts())


async def test_of_failed_tests_one_key_asks_whether_a_difference_contributed(shop: Path) -> None:
    with second_writer(shop) as context:
        build.measured(context, "tests/reports", "0", role="tests", why="1 of 12 failed")
    async with driven(shop) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReadinessScreen)
        screen.stand_on("tests/reports")
        await press(pilot, "r")
        assert isinstance(pilot.app.screen, ReviewScreen)
        text = shown(pilot)
        assert "Did a difference" in text and "What is done about it" not in text
        await press(pilot, "down", "enter", "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)
    with second_writer(shop) as context:
        ((_, review),) = reviews.all_reviews(context.record).values()
    assert review.contributed is Known.NO


async def test_actions_are_done_and_opened_again(shop: Path) -> None:
    with second_writer(shop) as context:
        owed.add_action(context, {"title": "pin the address", "owner": "kim"}, "")
    async with driven(shop) as pilot:
        await pilot.app.switch_mode("actions")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "pin the address" in shown(pilot) and "1 without an owner or a day" in shown(pilot)
        await press(pilot, "y", *"pinned in the release", "ctrl+s")
        assert "done" in shown(pilot)
        await press(pilot, "delete", *"it moved once more", "ctrl+s")
    with second_writer(shop) as context:
        ((_, action),) = actions.all_actions(context.record)
    assert action.open


async def test_marked_lines_become_an_incident_of_their_own(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "5", "a", *TITLE, "ctrl+s", "a", *"search is slow", "enter", "escape")
        await press(pilot, "space", "M", "left", "tab", *"search is slow", "ctrl+s")
    with second_writer(shop) as context:
        found = {value.title: stored.id for stored, value in incidents.all_incidents(context.record)}
        moved = [line.words for _, line in timeline.lines_of(context.record, found["search is slow"])]
    assert set(found) == {TITLE, "search is slow"} and "search is slow" in moved
