"""Readiness: what blocks comes first, folds fit the window, and enter leads to where a line is cleared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import driven, opened, press, second_writer, settle, shown, text_row, web_shop
from tests.tui.pictures import body, in_sizes
from tests.tui.stories import clear_everything, said
from textual.pilot import Pilot

from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.folding import Group, height, plan
from workbench.tui.screens.readiness import ReadinessScreen, heads_of
from workbench.tui.screens.readiness_detail import about_line
from workbench.tui.screens.readiness_rows import groups as groups_of
from workbench.tui.screens.walking import WalkingScreen
from workbench.tui.theme import Mark
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.prose import Paragraph
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import approving, deciding
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.making import judgement_of_lines
from workbench.usecases.views.checklists import item_key
from workbench.usecases.views.readiness import Reader


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def table(pilot: Pilot[None]) -> RecordTable:
    return next(s for s in pilot.app.screen_stack if isinstance(s, ReadinessScreen)).query_one(RecordTable)


def line(pilot: Pilot[None], words: str) -> str:
    found = [text for text in shown(pilot).splitlines() if words in text]
    assert found, f"{words!r} is not on the screen:\n{shown(pilot)}"
    return found[0].rstrip()


async def test_eighty_by_twentyfour_shows_every_section(shop: Path) -> None:
    async with driven(shop) as pilot:
        assert line(pilot, "Checkout p95").startswith(" ▸ ✗ Checkout p95")
        assert line(pilot, "Checkout p95").endswith(" +1")
        assert "✗ Payment faults" in shown(pilot)
        assert "✗ payment gateway mocked" in shown(pilot)
        assert "Your move   3 blockers · 6 to do" in shown(pilot)
        assert "○ Data in staging is current and m" in shown(pilot)
        assert "○ Everybody concerned agrees to" in shown(pilot)
        assert "○ Waiting for others 1: Security has agreed" in shown(pilot)
        assert "○ 3 to sign: Sign-off: release owner, staging owner, product owner" in shown(pilot)
        assert "▲ 4 risks: Refund p95, Login error rate, load balancer" in shown(pilot)
        assert "✓ 23 met" in shown(pilot)
        assert table(pilot).max_scroll_y == 0


async def test_what_only_repeats_a_line_is_not_told_again(shop: Path) -> None:
    async with driven(shop, (160, 50)) as pilot:
        keys = [key for key in table(pilot).keys if key.startswith("item/")]
        assert "item/production-readiness/stakeholders-agree" in keys
        assert "item/pre-production/parity-reviewed" not in keys


async def test_enter_unfolds_a_section_and_escape_folds_it(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "end", "enter")
        assert table(pilot).cursor_key == "inventory/listed"
        assert "fold/met" in table(pilot).keys
        await press(pilot, "escape")
        assert "✓ 23 met" in shown(pilot)
        await press(pilot, "end", "enter")
        assert "fold/met" in table(pilot).keys
        await press(pilot, "end", *["up"] * 3)
        assert table(pilot).cursor_key == "fold/met"
        await press(pilot, "enter")
        assert "✓ 23 met" in shown(pilot)


async def test_a_filter_looks_into_what_is_folded(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "slash", *"agreed", "enter")
        assert "Security has agreed" in shown(pilot)
        assert "Checkout p95" not in shown(pilot)
        await press(pilot, "escape", "escape")
        assert "○ Waiting for others 1" in shown(pilot)


async def test_brackets_walk_over_what_blocks(shop: Path) -> None:
    async with driven(shop) as pilot:
        seen = []
        for key in ("right_square_bracket",) * 3 + ("left_square_bracket",):
            await press(pilot, key)
            seen.append(table(pilot).cursor_key)
        assert [str(key).partition("/")[0] for key in seen] == [
            "benchmark",
            "difference",
            "benchmark",
            "difference",
        ]
        await press(pilot, "end", "left_square_bracket")
        assert str(table(pilot).cursor_key).startswith("difference/")
        await press(pilot, "end", "right_square_bracket")
        assert table(pilot).cursor_key == "benchmark/checkout-p95"


async def test_brackets_reach_open_lines_that_are_folded_away(shop: Path) -> None:
    clear_everything(shop)
    async with driven(shop, (60, 15)) as pilot:
        await press(pilot, *["right_square_bracket"] * 2)
        assert table(pilot).cursor_key == "sign/sign-off/product-owner"


async def test_enter_goes_to_the_row_that_clears_a_line_and_escape_comes_back(shop: Path) -> None:
    async with driven(shop) as pilot:
        for times in range(3):
            await press(pilot, *["down"] * times, "enter")
            screen = pilot.app.screen
            assert not isinstance(screen, ReadinessScreen)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ReadinessScreen)
            await press(pilot, "home")
        await press(pilot, *["down"] * 3, "enter")
        walk = pilot.app.screen
        assert isinstance(walk, WalkingScreen)
        view = walk.item()
        assert view is not None and item_key(view) == "pre-production/data-masked"
        await press(pilot, "escape")
        assert table(pilot).cursor_key == "item/pre-production/data-masked"


async def test_a_wide_window_tells_the_line_in_full(shop: Path) -> None:
    async with driven(shop, (160, 50)) as pilot:
        text = shown(pilot)
        assert "Benchmarks: Blocking" in text
        assert "within 20% of baseline" in text
        assert "workbench release candidate COMMIT" in text
        assert "benchmarks/checkout.yaml:9" in text
        assert " P propose build " in text and "unassigned" in text
        await press(pilot, "end")
        assert "Five core flows" in shown(pilot) or "flow listed" in shown(pilot)


async def test_a_high_window_tells_it_below(shop: Path) -> None:
    async with driven(shop, (80, 50)) as pilot:
        assert "within 20% of baseline" in shown(pilot)
        before = table(pilot).size.height
        await press(pilot, "end")
        assert table(pilot).size.height == before, "the list must not jump with the cursor"


async def test_more_tells_the_line_where_there_is_no_room_beside(shop: Path) -> None:
    async with driven(shop) as pilot:
        assert "within 20% of baseline" not in shown(pilot)
        await press(pilot, "i")
        assert "within 20% of baseline" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_a_promise_stands_beside_its_line(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "A", "tab", *"2026-09-15T15:00", "tab", *"on it", "ctrl+s")
        assert line(pilot, "Checkout p95").endswith("you, by 15:00 · +1")
        assert "✗ 3 blockers" in shown(pilot), "a promise changes no state"
        await press(pilot, "i")
        assert "on it" in shown(pilot)


# The fixed questions of an override in its form, and up to what it holds: from the reason to the approver.
ANSWERED = (
    *(
        "tab",
        *"whoever pays",
        "tab",
        *"2.13.0",
        "tab",
        *"it takes a second longer",
        "tab",
        *"reload the page",
    ),
    *("tab", "n", "tab", "tab"),
)


async def test_an_override_turns_the_line_when_the_person_asked_has_approved_it(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(
            pilot, "o", *"the vendor fixes it next week", *ANSWERED, "k", "tab", *"2026-10-01", "ctrl+s"
        )
        assert isinstance(pilot.app.screen, ReadinessScreen), shown(pilot)
        assert "✗ 3 blockers" in shown(pilot)
        assert "override waiting for kim" in shown(pilot)
        key = table(pilot).cursor_key
        with second_writer(shop, "kim") as context:
            approving.approve(context, evaluate(context), str(key))
        assert isinstance(pilot.app, WorkbenchApp)
        await pilot.app.poll()
        await settle(pilot)
        assert "✗ 2 blockers" in shown(pilot)
        assert "5 risks" in shown(pilot)


async def test_the_person_asked_approves_or_rejects_from_the_line(shop: Path) -> None:
    with second_writer(shop, "kim") as context:
        until = evaluate(context).now + timedelta(days=9)
        build.propose_override(
            context,
            evaluate(context),
            "checkout-p95",
            reason="the vendor fixes it",
            approver="robin",
            until=until,
        )
    async with driven(shop) as pilot:
        assert "override waiting for you" in shown(pilot)
        assert "   d decide   " in shown(pilot).splitlines()[-1]
        await press(pilot, "j")
        assert "decide" not in shown(pilot).splitlines()[-1]
        await press(pilot, "k", "d")
        text = " ".join(shown(pilot).split())
        assert "Approve this?" in text and "Proposed by kim" in text and "the vendor fixes it" in text
        await press(pilot, "r", "ctrl+s")
        assert "rejecting a proposal needs a reason" in " ".join(shown(pilot).split())
        await press(pilot, "tab", *"not for all of us", "ctrl+s")
        assert "override rejected: not for" in shown(pilot)
        await press(pilot, "home", "d", "ctrl+s")
        assert "✗ 2 blockers" in shown(pilot)


async def test_who_proposed_it_cannot_approve_it_from_the_line(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "d")
        assert said(pilot) == ["d decide: there is nothing to decide on this line"]
        await press(
            pilot, "o", *"the vendor fixes it next week", *ANSWERED, "k", "tab", *"2026-10-01", "ctrl+s", "d"
        )
        assert said(pilot)[-1] == "d decide: you proposed it; waiting for approval by kim"


async def test_an_override_without_a_reason_is_refused_in_the_form(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "o", *"TBD", *ANSWERED, "k", "tab", *"2026-10-01", "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        assert "✗ an override needs a reason that still makes sense a year from now" in shown(pilot)
        await press(pilot, "escape")
        assert "Leave without saving?" in shown(pilot)
        await press(pilot, "escape")
        assert "TBD" in shown(pilot)


async def test_freezing_and_lifting(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "Z", *"the database is down", "ctrl+s")
        assert "frozen by robin: the dat" in shown(pilot)
        assert "✗ 4 blockers" in shown(pilot)
        await press(pilot, "Z", *"it is back", "ctrl+s")
        assert "✗ 3 blockers" in shown(pilot)


async def test_the_chase_list_goes_to_the_clipboard_by_person(shop: Path) -> None:
    with second_writer(shop) as context:
        deciding.promise(context, evaluate(context), "benchmark/checkout-p95", "kim", None, "")
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+c")
        copied = pilot.app.clipboard
    assert copied.startswith("Web shop 2.14.0 rc2: still open\n")
    kim = copied.index("\nkim\n")
    assert "- Checkout p95: 28 % over" in copied[kim : copied.index("\nlena\n")]


async def test_everything_cleared_says_so(shop: Path) -> None:
    clear_everything(shop)
    async with driven(shop) as pilot:
        assert "Your move   1 to sign" in shown(pilot)
        assert line(pilot, "release owner").endswith("waiting for you or mika")
        await press(pilot, "o")
        assert said(pilot) == ["o override: a signature cannot be overridden"]


async def test_a_record_without_a_release_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    root = tmp_path / "empty"
    root.mkdir()
    (root / "workbench.yaml").write_text("project: bare\ntitle: Bare\n", encoding="utf-8")
    async with driven(root) as pilot:
        assert "No release yet. Press a to plan the first one." in shown(pilot)
        await press(pilot, "s")
        assert said(pilot) == ["s sign: there is no release yet; plan one under 6 Releases"]
        await press(pilot, "4")
        assert "No checklists yet." in shown(pilot)


async def test_clicks_on_a_gate_and_on_a_hint(shop: Path) -> None:
    async with driven(shop) as pilot:
        rows = shown(pilot).splitlines()
        y = next(n for n, text in enumerate(rows) if "Pre-production 6/10" in text)
        await pilot.click(offset=(rows[y].index("Pre-production"), y))
        await settle(pilot)
        assert table(pilot).cursor_key == "item/pre-production/data-masked"
        rows = shown(pilot).splitlines()
        await pilot.click(offset=(rows[-1].index("? help"), len(rows) - 1))
        await settle(pilot)
        assert "Keys in Readiness" in shown(pilot)


def groups(*sizes: int) -> list[Group]:
    """Sections of so many rows; the first is never folded, the others may become a line."""
    return [
        Group(
            f"g{n}",
            f"G{n}",
            tuple(text_row(f"{n}/{row}", "x") for row in range(size)),
            Mark.OPEN,
            "many",
            "",
            0 if n else min(3, size),
            ((n, size),),
        )
        for n, size in enumerate(sizes)
    ]


@pytest.mark.parametrize("room", range(10, 40))
def test_folds_take_no_more_lines_than_there_are(room: int) -> None:
    found = groups(8, 5, 3, 6)
    shown_ = plan(found, room)
    assert height(found, shown_) <= room
    assert shown_["g0"] >= 3
    assert set(plan(found, 100).values()) == {8, 5, 3, 6}
    assert plan(found, room, ["g3"])["g3"] == 6, "what was unfolded stays so"


def test_one_hidden_row_is_shown_in_place_of_a_line_that_says_so() -> None:
    assert plan(groups(4), 0) == {"g0": 4}


@in_sizes({"": ()})
def test_picture(
    shop: Path, snap_compare: Callable[..., bool], keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(shop) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)


async def test_the_cursor_stays_in_sight_when_the_window_gets_smaller(shop: Path) -> None:
    async with driven(shop, (160, 50)) as pilot:
        await press(pilot, "end")
        for size in ((80, 24), (60, 16)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            table = pilot.app.screen.query_one(RecordTable)
            assert table.cursor_key is not None
            assert any("▸" in line for line in shown(pilot).splitlines()), size


def test_what_changed_since_it_was_shipped_stands_above_everything(tmp_path: Path) -> None:
    with build.shop(tmp_path / "small") as context:
        made = judgement_of_lines(evaluate(context))
        places = context.definitions
    reader = Reader("kim", UTC, wide=False)
    assert "since" not in {group.key for group in groups_of(made, reader)} and heads_of(made) == []
    told = ("[/b] Kim's role was taken away", "the definitions changed")
    later = msgspec.structs.replace(made, kept="judged when it was shipped on 15 Sep", since=told)
    first, *others = groups_of(later, reader)
    assert (first.title, [row.cells[0].text for row in first.rows]) == ("Since it was shipped", list(told))
    assert others == groups_of(made, reader)
    assert [(head.title, head.note) for head in heads_of(later)] == [("Kept", later.kept)]
    since = about_line(later, first.rows[1].key, reader, places, ())
    assert since is not None and since.title == "Since it was shipped"
    assert since.blocks == [Paragraph("the definitions changed")]
    line = others[0].rows[0].key
    now, then = (about_line(found, line, reader, places, ()) for found in (made, later))
    assert now is not None and then is not None and now.blocks[:-1] == then.blocks
