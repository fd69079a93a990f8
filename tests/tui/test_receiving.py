"""Entering a mail or chat answer in the app: one that says no is not entered as yes by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, second_writer, settle, web_shop
from tests.tui.stories import clear_everything
from textual.pilot import Pilot

from workbench.signoff import model as signoff
from workbench.signoff.model import Decision
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.receiving import check_message
from workbench.usecases.evaluate import evaluate
from workbench.usecases.signing_elsewhere import ask


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """The demonstration, cleared, and the code of the sheet that sam was sent."""
    root = web_shop(tmp_path, monkeypatch)
    clear_everything(root)
    with second_writer(root) as context:
        return root, ask(context, evaluate(context), "sign-off", "sam").asking.code


async def enter(pilot: Pilot[None], code: str, words: str) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, WorkScreen)
    await screen.action_do("enter_answer")
    await settle(pilot)
    await press(pilot, *code, "tab", *words, "tab", "a")


async def test_a_no_entered_as_yes_is_flagged_until_somebody_is_sure(asked: tuple[Path, str]) -> None:
    root, code = asked
    async with driven(root, (100, 40)) as pilot:
        await enter(pilot, code, f"no, {code}")
        await press(pilot, "ctrl+s")
        assert "the message says “no”, and it would be entered as “approve”" in in_panel(pilot)
        with second_writer(root) as context:
            assert not context.record.count("signoff")
        await press(pilot, "tab", "tab", "space", "ctrl+s")
        assert "Sign-off of Web shop 2.14.0 rc2: approved" in in_panel(pilot)
    with second_writer(root) as context:
        ((_, value),) = signoff.signoffs(context.record, evaluate(context).held.id)
    assert (value.person, value.decision, value.entered_by) == ("sam", Decision.APPROVE, "robin")


async def test_a_message_without_the_code_is_refused_and_stays(asked: tuple[Path, str]) -> None:
    root, code = asked
    async with driven(root, (100, 40)) as pilot:
        await enter(pilot, code, "I approve")
        await press(pilot, "ctrl+s")
        text = in_panel(pilot)
        assert f"the message does not contain the code {code}" in text and "I approve" in text


def test_what_a_message_says_is_compared_with_what_it_is_entered_as() -> None:
    values = dict.fromkeys(("conditions", "due", "needed", "needed_from", "comment", "sure"), "")
    yes = {**values, "message": "fine with me, I approve", "decision": "approve"}
    assert check_message(yes) == {}
    assert (
        "would be entered as “reject”"
        in check_message({**yes, "decision": "reject", "comment": "x"})["decision"]
    )
    assert check_message({**yes, "decision": "reject", "comment": "x", "sure": "sure"}) == {}
