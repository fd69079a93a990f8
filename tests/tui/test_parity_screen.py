"""The parity map by keys: nothing that was typed or decided is lost."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.tui.driving import driven, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from tests.tui.stories import contest
from textual.pilot import Pilot

from workbench.definitions.shapes import Severity
from workbench.model.errors import RecordUnavailable
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import View
from workbench.tui.screens.difference_page import DifferenceScreen
from workbench.tui.screens.importing import ImportPanel
from workbench.tui.screens.parity import ParityScreen
from workbench.tui.widgets.conflict import Conflict
from workbench.tui.widgets.dialog import MessagePanel
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import approving, mapping
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate

HOSTILE = "[/x][@click=app.quit]\x1b[2J\u202egnp\u0007 🙂 [bold]" + "y" * 3000
# In the form that decides: close it, by whom and until when.
# The same of several, decisions that hold included, up to the owner.
ALL = ("c", "tab", "a", "tab", "tab", "tab")
CLOSING = ("c", "tab", "tab", "tab", *"kim", "tab", *"30d", "ctrl+s")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def screen_of(pilot: Pilot[Any]) -> ParityScreen:
    return next(each for each in pilot.app.screen_stack if isinstance(each, ParityScreen))


def on_record(root: Path) -> dict[str, Difference]:
    with second_writer(root) as context:
        return {value.title: value for _, value in parity.all_differences(context.record)}


def under_cursor(pilot: Pilot[Any]) -> str:
    table = screen_of(pilot).table
    row = table.row(table.cursor_key or "")
    return row.cells[0].text if row else ""


def header_of(pilot: Pilot[Any]) -> str:
    return shown(pilot).splitlines()[0]


async def test_the_cursor_stays_on_what_was_added_and_decided(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "a", *"message broker", "ctrl+s")
        assert under_cursor(pilot) == "message broker"
        await press(pilot, "d", "c", "ctrl+s")
        assert under_cursor(pilot) == "message broker"
        assert "closing" in shown(pilot)
    assert on_record(root)["message broker"].decision is Decision.CLOSE


async def test_the_map_says_how_it_stands_and_what_blocks(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2")
        text = shown(pilot)
        assert "11 differences · ✗ 1 high undecided · ▲ 1 proposal under 0 · not reviewed" in text
        assert "▸ ✗ payment gateway mocked stand-in" in " ".join(text.split())
        assert "undecided; blocks 2.14.0" in text
        await press(pilot, "r")
        text = " ".join(shown(pilot).split())
        assert "Review the parity map for 2.14.0" in text
        assert "11 differences, last reviewed" in text
        assert "Undecided, 1 │ │ high: payment gateway mocked" in text
        await press(pilot, "escape")
        assert "reviewed just now" not in shown(pilot)
        await press(pilot, "r", "tab", *"all of it", "enter")
        assert "▲ 1 proposal under 0 · reviewed just now" in shown(pilot)
        assert "not reviewed yet" not in shown(pilot)


async def test_a_decision_that_has_ended_blocks_again_and_asks_for_a_new_end(root: Path) -> None:
    old = Difference(
        title="aaa",
        severity=Severity.HIGH,
        decision=Decision.ACCEPT,
        reason="was late",
        until=datetime(2026, 9, 1, tzinfo=UTC),
    )
    with second_writer(root, "kim") as context:
        mapping.add_difference(context, old)
    async with driven(root) as pilot:
        await press(pilot, "2")
        text = " ".join(shown(pilot).split())
        assert "▸ ✗ aaa high ended 1 Sep" in text
        assert "undecided again: “accepted” ended on 1 Sep, 14 days ago; blocks 2.14.0" in text
        await press(pilot, "d", "ctrl+s")
        assert "accepting needs an end" in shown(pilot)
        await press(pilot, *"2w", "ctrl+s")
        assert "waiting for approval by a second person" in " ".join(shown(pilot).split())
        with second_writer(root, "kim") as context:
            approving.approve(context, evaluate(context), "aaa")
        assert isinstance(pilot.app, WorkbenchApp)
        await pilot.app.poll()
        await settle(pilot)
        assert "accepted, 29 Sep" in shown(pilot)


async def test_new_and_changed_rows_stand_out_once_the_map_was_looked_over(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "2", "r", "enter", "a", *"broker", "ctrl+s")
        await press(pilot, "home", "d", *CLOSING)
        text = shown(pilot)
        assert "1 new and 1 changed" in text
        tags = [set(line.split()) & {"new", "changed"} for line in text.splitlines()]
        assert tags.count({"new"}) == tags.count({"changed"}) == 1


async def test_enter_edits_and_what_was_not_touched_stays(root: Path) -> None:
    before = on_record(root)["load balancer"]
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2", "down", "enter", "e")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, "tab", "l", "tab", "end", *" at all", "ctrl+s")
        assert "is high severity; lowering it to low is a decision" in " ".join(shown(pilot).split())
        await press(pilot, "shift+tab", "h", "ctrl+s")
        assert under_cursor(pilot) == "load balancer"
    after = on_record(root)["load balancer"]
    assert after == msgspec.structs.replace(before, staging="none at all")


async def test_a_row_is_shown_before_the_release_is_judged_which_follows(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2")
        before = header_of(pilot)

        def judge(context: Context) -> View:
            raise RecordUnavailable("the disk is slow today")

        with monkeypatch.context() as patch:
            patch.setattr("workbench.tui.app.look", judge)
            await press(pilot, "d", *CLOSING)
        assert isinstance(pilot.app.screen, MessagePanel)
        assert "the disk is slow today" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ParityScreen)
        assert "closing" in next(line for line in shown(pilot).splitlines() if "▸" in line)
        assert header_of(pilot) == before
        assert isinstance(pilot.app, WorkbenchApp)
        await pilot.app.reload()
        await settle(pilot)
        assert header_of(pilot) != before


async def test_a_flow_that_does_not_exist_is_named_with_the_one_that_was_meant(root: Path) -> None:
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2", "a", *"x", *["tab"] * 5, *"Refund, chekout", "ctrl+s")
        assert "there is no flow “chekout”" in shown(pilot)
        assert "did you mean Checkout?" in shown(pilot)
        await press(pilot, "e", *"Refund, checkout", "ctrl+s")
    assert on_record(root)["x"].flows == ("refund", "checkout")


def change_title(root: Path, old: str, **fields: Any) -> None:
    """Somebody else edits a difference meanwhile."""
    with second_writer(root, "kim") as context:
        stored, value = parity.find(context.record, old)
        mapping.edit_difference(context, stored, msgspec.structs.replace(value, **fields))


@pytest.mark.parametrize(("key", "wins"), [("left", "nothing"), ("right", "a proxy")])
async def test_a_conflict_shows_both_versions_and_keeps_everything_else(
    root: Path, key: str, wins: str
) -> None:
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2", "down", "enter", "e")
        form = pilot.app.screen
        change_title(root, "load balancer", staging="a proxy", region="us-east")
        await press(pilot, "end", *"!", "tab", "tab", "ctrl+u", *"nothing", "ctrl+s")
        assert isinstance(pilot.app.screen, Conflict)
        assert "nothing" in shown(pilot)
        assert "a proxy" in shown(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is form
        assert form.values["title"] == "load balancer!"
        await press(pilot, "ctrl+s", key, "enter")
        assert isinstance(pilot.app.screen, DifferenceScreen)
    after = on_record(root)["load balancer!"]
    assert (after.staging, after.region) == (wins, "us-east")


async def test_a_difference_that_was_taken_off_meanwhile_is_told_and_the_form_stays(root: Path) -> None:
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2", "slash", *"LOG_LEVEL", "enter", "enter", "e")
        with second_writer(root, "kim") as context:
            stored, _ = parity.find(context.record, "LOG_LEVEL")
            mapping.remove_difference(context, stored, "closed")
        await press(pilot, "end", *"!", "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        assert "removed since" in shown(pilot)
        assert pilot.app.screen.values["title"] == "LOG_LEVEL!"


async def test_marked_rows_are_decided_in_one_act_and_decisions_that_hold_only_when_told_to(
    root: Path,
) -> None:
    before = on_record(root)["orders: null notes"]
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2", "space", "down", "space")
        assert "2 marked" in shown(pilot)
        await press(pilot, "d", "m")
        text = " ".join(shown(pilot).split())
        assert "Decide on 2 differences" in text
        assert "orders: null notes: closing by 30 Sep" in text
        assert "(•) the 1 undecided ( ) all 2, replacing 1 decision" in text
        await press(pilot, "tab", "tab", "tab", *"a test", "tab", "tab", *"30d", "ctrl+s")
        assert isinstance(pilot.app.screen, ParityScreen)
        assert "2 marked" not in shown(pilot)
        assert on_record(root)["payment gateway mocked"].decision is Decision.MITIGATE
        assert on_record(root)["orders: null notes"] == before
        await press(pilot, "home", "space", "space", "d", "a", "ctrl+s")
        assert "choose one" in shown(pilot)
        assert "( ) all 2, replacing 2 decisions" in shown(pilot)
        await press(pilot, "a", "ctrl+s")
        assert "accepting needs a reason" in shown(pilot)
        assert "accepting needs an end" in shown(pilot)
        await press(pilot, *"the vendor is late", "tab", "tab", "tab", *"30d", "ctrl+s")
        decided = [value for value in on_record(root).values() if value.reason == "the vendor is late"]
        assert {value.until for value in decided} == {datetime(2026, 10, 15, 10, tzinfo=UTC)}
        assert len(decided) == 2
        await press(pilot, "u")
        assert on_record(root)["orders: null notes"] == before


@pytest.mark.parametrize(("key", "decision"), [("left", Decision.CLOSE), ("right", Decision.IRRELEVANT)])
async def test_a_decision_that_somebody_else_took_meanwhile(root: Path, key: str, decision: Decision) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "space", "space", "d", *ALL)
        with second_writer(root, "kim") as context:
            mapping.decide(
                context,
                [parity.find(context.record, "payment gateway mocked")],
                Decision.IRRELEVANT,
                reason="theirs to say",
                until=context.now + timedelta(days=9),
            )
        await press(pilot, *"kim", "tab", *"30d", "ctrl+s")
        assert isinstance(pilot.app.screen, Conflict)
        await press(pilot, key, "enter")
        assert isinstance(pilot.app.screen, ParityScreen)
    after = on_record(root)
    assert after["payment gateway mocked"].decision is decision
    assert after["load balancer"].decision is Decision.CLOSE


async def test_gone_asks_why_and_undo_brings_it_back(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "delete", "ctrl+s")
        assert "Required" in shown(pilot)
        await press(pilot, *"real sandbox", "ctrl+s")
        assert "no one has decided" in " ".join(shown(pilot).split())
        await press(pilot, "escape", "enter", "d", *CLOSING, "delete", *"real sandbox", "ctrl+s")
        assert "payment gateway mocked" not in on_record(root)
        assert under_cursor(pilot) == "carrier's tracking"
        await press(pilot, "u")
        assert "payment gateway mocked" in on_record(root)


async def test_a_filter_and_an_order_stay_while_one_works(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "slash", *"gateway", "enter")
        assert "2 of 11" in shown(pilot)
        await press(pilot, "down", "d", "n", "ctrl+s")
        assert "2 of 11" in shown(pilot)
        assert under_cursor(pilot) == "gateway rate limit"
        table = screen_of(pilot).table
        await press(pilot, "escape")
        await press(pilot, "less_than_sign")
        assert table.sorted_by == ("title", False)
        assert under_cursor(pilot) == "gateway rate limit"
        await press(pilot, "right", "greater_than_sign")
        assert table.sorted_by == ("staging", True)
        await press(pilot, "greater_than_sign")
        assert table.sorted_by is None


async def test_somebody_elses_row_shows_up_and_the_cursor_keeps_its_place(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "down", "down")
        here = under_cursor(pilot)
        with second_writer(root, "kim") as context:
            mapping.add_difference(context, Difference(title="aaa", severity=Severity.HIGH))
        assert isinstance(pilot.app, WorkbenchApp)
        await pilot.app.poll()
        await settle(pilot)
        assert "12 differences · ✗ 2 high undecided" in shown(pilot)
        assert under_cursor(pilot) == here


async def test_readiness_leads_to_the_row_and_escape_leads_back(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "down", "down", "enter")
        assert under_cursor(pilot) == "payment gateway mocked"
        await press(pilot, "space", "escape")
        assert screen_of(pilot).table.marked == ()
        await press(pilot, "escape")
        assert pilot.app.current_mode == "readiness"


def write_table(path: Path, header: list[str], *rows: list[str]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


async def test_an_import_asks_about_unclear_columns_once_and_shows_what_would_change(root: Path) -> None:
    write_table(
        root / "gaps.csv",
        ["Gap", "Bogus", "Prod", "Severity"],
        ["time zone of the batch host", "UTC", "CET", "high"],
        ["LOG_LEVEL", "debug", "warning", "low"],
        ["broken", "", "", "purple"],
    )
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "2", "I", *"nowhere.csv", "ctrl+s")
        assert "there is no file nowhere.csv" in shown(pilot)
        await press(pilot, "ctrl+u", *"gaps.csv", "ctrl+s")
        text = shown(pilot)
        assert "“Gap” is What differs" in text
        assert "Bogus" in text
        await press(pilot, "s", "ctrl+s")
        assert isinstance(pilot.app.screen, ImportPanel)
        text = shown(pilot)
        assert "2 new" in text and "1 to check" in text
        assert "line 4: column “Severity”" in text
        await press(pilot, "escape")
        assert len(on_record(root)) == 11
        await press(pilot, "I", *"gaps.csv", "ctrl+s", "s", "ctrl+s")
        conflicts = "choose a side" in shown(pilot)
        await press(pilot, *(("right", "enter") if conflicts else ("enter",)))
        assert isinstance(pilot.app.screen, ParityScreen)
        after = on_record(root)
        assert after["time zone of the batch host"].staging == "UTC"
        assert after["LOG_LEVEL"].production == "warning"
        await press(pilot, "I", *"gaps.csv", "ctrl+s")
        assert isinstance(pilot.app.screen, ImportPanel)
        assert "3 unchanged" in shown(pilot)
        await press(pilot, "escape", "u")
        assert len(on_record(root)) == 11


async def test_hostile_titles_are_shown_edited_and_kept_whole(root: Path) -> None:
    with second_writer(root, "kim") as context:
        mapping.add_difference(
            context,
            Difference(
                title=HOSTILE, impact=HOSTILE, staging=HOSTILE, region=HOSTILE, severity=Severity.MEDIUM
            ),
        )
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "2", "slash", *"click", "enter")
        assert "[/x][@click=app.quit]·[2J" in shown(pilot)
        assert not {"\x1b", "\u202e", "\x07"} & set(shown(pilot))
        await press(pilot, "enter", "e", "tab", "h", "ctrl+s")
        assert isinstance(pilot.app.screen, DifferenceScreen)
    with second_writer(root) as context:
        found = [v for _, v in parity.all_differences(context.record) if v.title.startswith("[/x]")]
    assert [value.severity for value in found] == [Severity.HIGH]
    assert (found[0].title, found[0].staging, found[0].impact) == (HOSTILE, HOSTILE, HOSTILE)


async def test_two_thousand_differences(root: Path) -> None:
    with second_writer(root, "kim") as context:
        many = [parity.new_difference(Difference(title=f"setting {n:04}"), context.now) for n in range(2000)]
        commit(context, many)
    async with driven(root) as pilot:
        await press(pilot, "2")
        assert "2,011 differences" in shown(pilot)
        await press(pilot, "slash", *"setting 1234", "enter", "d", "i", "ctrl+s", "escape")
        assert under_cursor(pilot) == "setting 1234"
        assert on_record(root)["setting 1234"].decision is Decision.IRRELEVANT


async def test_an_empty_map_says_what_belongs_there_and_needs_no_release(tmp_path: Path) -> None:
    (tmp_path / "workbench.yaml").write_text("project: bare\n", encoding="utf-8")
    async with driven(tmp_path) as pilot:
        await press(pilot, "2")
        assert "List how staging differs from production" in shown(pilot)
        assert " a add " in shown(pilot) and " I import " in shown(pilot)
        await press(pilot, "d", "r")
        await press(pilot, "a", *"first", "ctrl+s")
        assert "1 difference · ✓ no high one undecided · not reviewed yet" in shown(pilot)


@in_sizes(
    {"map": ("2",)},
    small={
        "marked": ("2", "space", "down", "space"),
        "add": ("2", "a"),
        "decide": ("2", "down", "d"),
        "missing": ("2", "d", "a", "ctrl+s"),
    },
)
def test_pictures(
    snap_compare: Callable[..., bool], root: Path, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(root) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)


async def test_two_versions_of_a_line_are_shown_and_one_is_chosen(root: Path, tmp_path: Path) -> None:
    contest(root, tmp_path / "elsewhere", "payment gateway mocked")
    async with driven(root, (80, 24)) as pilot:
        await press(pilot, "2", "slash", *"gateway mocked", "enter")
        assert "two versions" in shown(pilot)
        await press(pilot, "enter")
        assert "Two versions of difference" in shown(pilot) and "at this desk" in shown(pilot)
        await press(pilot, "enter")
        assert "Two versions of difference" in shown(pilot), "nobody has marked one"
        await press(pilot, "down", "enter")
        assert "two versions" not in shown(pilot)
