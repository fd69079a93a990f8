"""Walking a list by keyboard alone: answer, evidence, next, back, and the end of the list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests import building as build
from tests.tui.driving import driven, in_panel, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from tests.tui.stories import answer_item, clear_everything, said
from textual.pilot import Pilot

from workbench.checklists.model import ItemState, ItemView
from workbench.releases.model import Candidate
from workbench.tui.screens.checklists import ChecklistsScreen
from workbench.tui.screens.parity import ParityScreen
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.screens.walking import WalkingScreen
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import answering, releasing
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def in_hand(pilot: Pilot[None]) -> str:
    walking = next(s for s in pilot.app.screen_stack if isinstance(s, WalkingScreen))
    view = walking.item()
    assert view is not None
    return view.item.key


def recorded(shop: Path, key: str) -> ItemView:
    with second_writer(shop) as context:
        return answering.find_item(evaluate(context), f"pre-production/{key}")


async def test_tab_goes_to_the_next_open_item_also_in_the_next_list(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab")
        seen = [in_hand(pilot)]
        for _ in range(5):
            await press(pilot, "tab")
            seen.append(in_hand(pilot))
        assert seen == [
            "data-masked",
            "runbooks-rehearsed",
            "tests-green",
            "security-agrees",
            "restore-tried",
            "stakeholders-agree",
        ], "what waits for the record is left out"
        assert "on to Production readiness" in said(pilot)
        await press(pilot, "tab")
        assert in_hand(pilot) == "data-masked"


async def test_arrows_go_from_item_to_item_open_or_not(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "shift+tab")
        assert in_hand(pilot) == "infrastructure-as-written"
        await press(pilot, "down", "right", "up")
        assert in_hand(pilot) == "data-masked"
        await press(pilot, "G")
        assert in_hand(pilot) == "stakeholders-agree"
        await press(pilot, "down", "g")
        assert in_hand(pilot) == "infrastructure-as-written"


async def test_one_key_and_the_evidence_answer_an_item(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "y")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, *"https://ci.example/4711", "ctrl+s")
        assert in_hand(pilot) == "runbooks-rehearsed", "on to the next open item by itself"
        assert "7 of 10 done" in shown(pilot)
    view = recorded(shop, "data-masked")
    assert view.state is ItemState.DONE
    assert view.evidence[0].link == "https://ci.example/4711"


async def test_a_file_is_copied_and_a_missing_one_is_refused_in_the_form(shop: Path, tmp_path: Path) -> None:
    report = tmp_path / "masking.txt"
    report.write_text("no column left over", encoding="utf-8")
    async with driven(shop, (80, 50)) as pilot:
        await press(pilot, "4", "enter", "tab", "a", *f"{tmp_path}/nothing.txt", "ctrl+s")
        assert "✗ there is no file" in shown(pilot)
        assert "note:" in in_panel(pilot)
        await press(pilot, *["backspace"] * len("nothing.txt"), *"masking.txt", "ctrl+s")
        assert "file · masking.txt" in shown(pilot)
        assert in_hand(pilot) == "data-masked", "attaching alone is not an answer"
        await press(pilot, "y")
        assert in_hand(pilot) == "runbooks-rehearsed", "the evidence is there: y is enough"


async def test_a_mistyped_path_is_no_note_and_answers_nothing(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "y", *"reports/masking.pdf", "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        assert recorded(shop, "data-masked").state is ItemState.OPEN
        await press(pilot, "home", *"note: ", "ctrl+s")
    view = recorded(shop, "data-masked")
    assert (view.state, view.evidence[0].kind) == (ItemState.DONE, "note")


async def test_evidence_of_an_earlier_build_is_taken_over_by_choosing_it(shop: Path) -> None:
    key = "infrastructure-as-written"
    with second_writer(shop, "kim") as context:
        releasing.propose(context, evaluate(context).held, Candidate(release="", number=0, commit=build.SHA))
    async with driven(shop, (80, 50)) as pilot:
        await press(pilot, "4", "enter")
        assert in_hand(pilot) == key
        text = " ".join(shown(pilot).split())
        assert "Evidence for this build none yet" in text
        assert "Evidence of earlier builds 2.14.0 rc2 note · Plan of 14 September" in text
        await press(pilot, "y", "tab", "tab", "space", "ctrl+s")
        assert in_hand(pilot) != key
    view = recorded(shop, key)
    assert view.state is ItemState.DONE
    assert [(piece.kind, piece.by) for piece in view.evidence] == [("note", "robin")]


async def test_failed_asks_what_was_found_and_blocks(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "F", *"two columns unmasked", "enter")
        assert recorded(shop, "data-masked").state is ItemState.FAILED
        await press(pilot, *["shift+tab"] * 4)
        assert in_hand(pilot) == "data-masked"
        assert "✗ failed" in shown(pilot)
        assert "✗ 4 blockers" in shown(pilot)
        assert "failed by robin, just now: two columns unmasked" in " ".join(shown(pilot).split())


async def test_a_comment_answers_nothing(shop: Path) -> None:
    async with driven(shop, (80, 50)) as pilot:
        await press(pilot, "4", "enter", "tab", "c", *"who said yes?", "enter")
        assert in_hand(pilot) == "data-masked", "nobody is led on"
        assert "robin: who said yes?" in shown(pilot)
    view = recorded(shop, "data-masked")
    assert (view.state, view.answer) == (ItemState.OPEN, None)


async def test_an_automatic_item_says_from_where_and_enter_goes_there(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", *["down"] * 8)
        assert in_hand(pilot) == "parity-reviewed"
        assert "automatic, from 2 Parity" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ParityScreen)
        await press(pilot, "escape")
        assert in_hand(pilot) == "parity-reviewed"


async def test_coming_for_an_item_while_a_walk_is_open_lands_on_that_item(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "1")
        screen = pilot.app.screen
        assert isinstance(screen, ReadinessScreen)
        await screen.go("checklists", "production-readiness/security-agrees")
        await settle(pilot)
        assert in_hand(pilot) == "security-agrees"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen), "back to where one came from"


async def test_the_last_answer_leads_back_to_the_list(shop: Path) -> None:
    clear_everything(shop)
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "delete", "y")
        assert isinstance(pilot.app.screen, ChecklistsScreen)
        assert said(pilot)[-1] == "every item for people is answered"


async def test_escape_leaves_and_undo_takes_an_answer_back(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "x", *"nothing of it applies", "enter")
        assert recorded(shop, "data-masked").state is ItemState.NOT_APPLICABLE
        await press(pilot, "u")
        assert recorded(shop, "data-masked").state is ItemState.OPEN
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ChecklistsScreen)


async def test_what_was_typed_is_not_given_up_without_a_question(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "F", *"half a sen", "escape")
        assert "Leave without saving?" in shown(pilot)
        await press(pilot, "escape")
        assert "half a sen" in shown(pilot)
        await press(pilot, "escape", "enter")
        assert isinstance(pilot.app.screen, WalkingScreen)


async def test_the_answers_and_the_items_can_be_clicked(shop: Path) -> None:
    async with driven(shop, (160, 50)) as pilot:
        await press(pilot, "4", "enter", "tab")
        rows = shown(pilot).splitlines()
        y = next(n for n, text in enumerate(rows) if "Security has agreed" in text)
        await pilot.click(offset=(10, y))
        await settle(pilot)
        assert in_hand(pilot) == "security-agrees"
        y = next(n for n, text in enumerate(rows) if "F failed" in text)
        await pilot.click(offset=(rows[y].index("F failed"), y))
        await settle(pilot)
        assert "What was found?" in shown(pilot)


async def test_somebody_elses_answer_shows_while_walking(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab")
        with second_writer(shop, "kim") as context:
            view = answering.find_item(evaluate(context), "pre-production/data-masked")
            answer_item(context, view)
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "✓ done" in shown(pilot)
        assert in_hand(pilot) == "data-masked"
        await press(pilot, "y")
        assert said(pilot)[-1] == "y done: already answered; delete to remove the answer"


@in_sizes({"": ("4", "enter", "tab")})
def test_picture(
    shop: Path, snap_compare: Callable[..., bool], keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(shop) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)
