"""``0``: what has no key of its own, and messages that can be read again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.tui.driving import driven, press, shown, web_shop

from workbench.tui.screens.more import clock, messages_panel
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.status import KEPT, Message, Messages, status_line


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_what_has_no_key_is_listed_and_done(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "x")
        await press(pilot, "0")
        text = shown(pilot)
        assert "Messages" in text and "Colours" in text
        before = pilot.app.theme
        await press(pilot, "slash", *"colours", "enter", "enter")
        assert pilot.app.theme != before


async def test_messages_can_be_read_again(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+c", "0", "slash", *"messages", "enter", "enter")
        assert isinstance(pilot.app.screen, ReadingPanel)
        assert "copied: what is open, by person" in " ".join(shown(pilot).split())


def test_the_last_messages_are_kept_newest_first() -> None:
    kept = Messages()
    for number in range(KEPT + 5):
        kept.add(Message(str(number), datetime(2026, 9, 15, tzinfo=UTC)))
    assert [each.text for each in kept.newest_first()[:2]] == [str(KEPT + 4), str(KEPT + 3)]
    assert len(kept.newest_first()) == KEPT


def test_a_message_has_the_time_of_the_day_and_nothing_is_said_of_none() -> None:
    assert clock(datetime(2026, 9, 15, 10, 0, 5, tzinfo=UTC), UTC) == "10:00:05"
    assert messages_panel([], UTC)._copies == ""


@pytest.mark.parametrize(
    ("under", "said", "shown_"),
    [
        ("vendor's API v3", "", " vendor's API v3"),
        ("", "saved · u undo", " saved · u undo"),
        ("vendor's API v3", "saved · u undo", " vendor's API v3         saved · u undo "),
        ("x" * 30, "a message that needs the room of the line", " a message that needs the room of the…"),
    ],
)
def test_the_status_line_gives_the_message_the_room(under: str, said: str, shown_: str) -> None:
    message = Message(said, datetime(2026, 9, 15, tzinfo=UTC)) if said else None
    assert "".join(piece.text for piece in status_line(under, message, 40)) == shown_
