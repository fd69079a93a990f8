"""The poll in the app: one key a vote, resumed after leaving, minutes on their way to a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, second_writer, settle, shown, web_shop
from tests.tui.stories import clear_everything
from textual.pilot import Pilot

from workbench.signoff.polls import PollResult, Vote
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.polling import PollScreen
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.screens.signing import SigningForm
from workbench.usecases import polling
from workbench.usecases.polling import Ballot
from workbench.usecases.views.polls import read_poll


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def go_to_poll(pilot: Pilot[None]) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, WorkScreen)
    await screen.action_do("poll")
    await settle(pilot)
    assert isinstance(pilot.app.screen, PollScreen)


async def test_where_nobody_has_begun_one_the_key_is_said(shop: Path) -> None:
    async with driven(shop) as pilot:
        await go_to_poll(pilot)
        assert "No poll yet" in shown(pilot) and "S start" in shown(pilot)
        await press(pilot, "plus")
        assert "no poll is running: S begins one" in shown(pilot)


async def test_the_key_of_readiness_leads_back_to_it(shop: Path) -> None:
    async with driven(shop) as pilot:
        await go_to_poll(pilot)
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_role_by_role_by_one_key_each(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_poll(pilot)
        await press(pilot, "S", "plus")
        assert "Robin: go" in shown(pilot)
        await press(pilot, "minus")
        assert "No-go: Kim, staging owner" in shown(
            pilot
        ) and "you, robin, for somebody in the room" in in_panel(pilot)
        await press(pilot, "ctrl+s")
        assert "Required" in in_panel(pilot)
        await press(pilot, *"the queue was not drained", "ctrl+s")
        assert "no-go; 1 of 3 roles said go" in shown(pilot)
        await press(pilot, "z")
        assert "Mika: absent" in shown(pilot)
    with second_writer(shop) as context:
        page = read_poll(context)
    assert page.result is PollResult.NO_GO and page.value.running
    assert [(seat.person, seat.vote.words) for seat in page.concerns if seat.vote] == [
        ("kim", "the queue was not drained")
    ]


async def test_a_poll_goes_on_after_leaving_and_at_another_desk(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_poll(pilot)
        await press(pilot, "S", "plus", "escape")
        assert "the poll goes on" in shown(pilot)
        with second_writer(shop, "sam") as context:
            polling.enter(context, read_poll(context).stored.id, Ballot(person="sam", vote=Vote.GO))
        await go_to_poll(pilot)
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "2 of 3 roles said go" in shown(pilot) and "in person" in shown(pilot)
        assert "S start: a poll is running: M ends it" in shown(pilot) or "M mark as" in shown(pilot)


async def test_it_ends_with_what_it_comes_to_and_offers_to_sign_which_is_another_act(shop: Path) -> None:
    clear_everything(shop)
    async with driven(shop, (100, 30)) as pilot:
        await go_to_poll(pilot)
        await press(pilot, "S", "plus", "plus", "plus", "M")
        text = in_panel(pilot)
        assert "✓ go; 3 of 3 roles said go" in text and "a vote is no signature" in text
        await press(pilot, *"ship it", "ctrl+s")
        assert "the poll ended: go; s to sign the gate yourself" in shown(pilot)
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, SigningForm)
        assert "release owner (you or mika)" in in_panel(pilot)
    with second_writer(shop) as context:
        assert read_poll(context).value.words == "ship it"
        assert not context.record.count("signoff")


async def test_minutes_are_written_and_copied(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_poll(pilot)
        await press(pilot, "S", "plus", "w", "ctrl+s")
        assert "wrote poll-2.14.0-sign-off.md" in shown(pilot)
        await press(pilot, "w", "ctrl+s")
        assert "exists already" in in_panel(pilot)
        await press(pilot, "escape")
        screen = pilot.app.screen
        assert isinstance(screen, PollScreen)
        await screen.action_do("copy_minutes")
        await settle(pilot)
        assert "release owner: Robin" in pilot.app.clipboard
    assert "release owner: Robin" in (shop / "poll-2.14.0-sign-off.md").read_text("utf-8")


async def test_a_vote_is_undone_by_one_key(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_poll(pilot)
        await press(pilot, "S", "plus", "u")
        await press(pilot, "enter")
    with second_writer(shop) as context:
        assert [seat.vote for seat in read_poll(context).seats if seat.vote] == []
