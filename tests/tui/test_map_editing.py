"""The parity map as a table: cells and rows typed in it, a spreadsheet's block, and what the record holds after."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.tui.driving import driven, press, second_writer, settle, shown, web_shop
from textual.events import Paste
from textual.pilot import Pilot

from workbench.definitions.shapes import Severity
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.tui.screens.parity import ParityScreen
from workbench.tui.widgets.conflict import Conflict
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import mapping
from workbench.usecases.cell_edits import Edits, save
from workbench.usecases.views.parity import waiting


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def on_record(root: Path) -> dict[str, Difference]:
    with second_writer(root) as context:
        return {value.title: value for _, value in parity.all_differences(context.record)}


def screen_of(pilot: Pilot[Any]) -> ParityScreen:
    return next(each for each in pilot.app.screen_stack if isinstance(each, ParityScreen))


async def paste(pilot: Pilot[Any], text: str) -> None:
    screen_of(pilot).table.post_message(Paste(text))
    await settle(pilot)


async def test_rows_and_cells_are_typed_and_saved_as_one_change(root: Path) -> None:
    before = on_record(root)
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", "e", *"mock of the gateway", "tab", *"a fake", "ctrl+s")
        assert "Save 2 cells" in shown(pilot)
        assert "mock of the gateway" in shown(pilot)
        await press(pilot, "escape", "a", *"message broker", "tab", *"none", "tab", *"3 nodes", "enter")
        await press(pilot, *"cache", "enter", "escape", "ctrl+s")
        assert "Save 2 cells and 2 new rows" in shown(pilot)
        assert on_record(root) == before
        await press(pilot, *"from the workshop", "enter")
        assert "saved 2 cells and 2 new rows · u undo" in shown(pilot)
        assert screen_of(pilot).cells.pending == {}
        after = on_record(root)
        assert after["mock of the gateway"].staging == "a fake"
        assert (after["message broker"].staging, after["message broker"].production) == ("none", "3 nodes")
        assert after["cache"].severity is Severity.MEDIUM
        await press(pilot, "u")
    assert on_record(root) == before


async def test_a_wrong_cell_is_shown_in_its_place_and_nothing_is_saved(root: Path) -> None:
    before = on_record(root)
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "2", "right", "right", "right", "e", "l", "enter", "ctrl+s")
        assert "lowering it to low is a decision" in shown(pilot)
        assert isinstance(pilot.app.screen, ParityScreen)
        table = screen_of(pilot).cells
        assert table.errors
        await press(pilot, "right", "e")
        assert "press d to decide on this row" in shown(pilot)
        await press(pilot, "right", "e", *"chekout", "ctrl+s")
        assert table.pending
    assert on_record(root) == before


async def test_the_same_cell_changed_elsewhere_shows_both_versions(root: Path) -> None:
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", "right", "e", *"a fake", "enter")
        with second_writer(root, "kim") as context:
            stored, value = parity.find(context.record, "payment gateway mocked")
            changed = msgspec.structs.replace(value, staging="a proxy", region="us-east")
            mapping.edit_difference(context, stored, changed)
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, Conflict)
        assert "a proxy" in shown(pilot)
        await press(pilot, "left", "enter")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, "enter")
    after = on_record(root)["payment gateway mocked"]
    assert (after.staging, after.region) == ("a fake", "us-east")


BLOCK = "".join(f"row {number}\t{number}\t{number * 10}\n" for number in range(10))


async def test_a_block_of_a_spreadsheet_becomes_rows_and_comes_back_as_it_was(root: Path) -> None:
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", "G")
        await paste(pilot, BLOCK)
        await press(pilot, "ctrl+s")
        after = on_record(root)
        assert {f"row {number}" for number in range(10)} <= after.keys()
        assert (after["row 3"].staging, after["row 3"].production) == ("3", "30")


async def test_a_block_with_a_header_finds_its_rows_and_decides_only_new_ones(root: Path) -> None:
    text = (
        "Differs\tWhat differs\tSeverity\tWhat can happen\tDecision\n"
        'x\tload balancer\tlow\t"two\nlines"\taccept\n'
        "y\tmessage broker\tlow\t\tirrelevant\n"
    )
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2")
        await paste(pilot, text)
        assert "left out: “Differs”, Decision of rows that are there" in " ".join(shown(pilot).split())
        await press(pilot, "ctrl+s")
        assert "“load balancer” is high severity" in shown(pilot)
        await press(pilot, "e", "h", "enter", "ctrl+s", "enter")
    after = on_record(root)
    assert after["load balancer"].impact == "two\nlines"
    assert after["load balancer"].severity is Severity.HIGH
    assert after["message broker"].decision is Decision.IRRELEVANT
    assert after["message broker"].decided_by == "robin"


async def test_enter_opens_the_page_with_every_field_its_evidence_and_its_history(root: Path) -> None:
    async with driven(root, (100, 40)) as pilot:
        await press(pilot, "2", "down", "enter")
        text = " ".join(shown(pilot).split())
        assert "load balancer" in text
        assert "Not filled in yet" in text and "Evidence none" in text
        assert "History" in text
        await press(pilot, "e", "tab", "tab", "end", *" at all", "ctrl+s")
        assert "none at all in staging" in shown(pilot)
        assert "you edited staging: none → none at all" in " ".join(shown(pilot).split())
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ParityScreen)
    assert on_record(root)["load balancer"].staging == "none at all"


async def test_evidence_is_attached_on_the_page_of_a_difference(root: Path) -> None:
    async with driven(root, (100, 40)) as pilot:
        await press(pilot, "2", "down", "enter", "a", "ctrl+s")
        assert "Required" in shown(pilot)
        await press(pilot, *"note: seen in the console of the edge", "ctrl+s")
        assert "attached" in shown(pilot)
        text = " ".join(shown(pilot).split())
        assert "note seen in the console of the edge, you" in text


async def test_a_decision_holds_up_to_a_value_where_there_is_one(root: Path) -> None:
    async with driven(root, (100, 50)) as pilot:
        await press(pilot, "2", *["down"] * 5, "d")
        assert "the values are 3 s apart" in " ".join(shown(pilot).split())
        await press(pilot, "escape", "up", "up", "d")
        assert "Holds up to" not in shown(pilot)


async def test_a_decision_that_waits_for_me_is_approved_by_the_same_key(root: Path) -> None:
    with second_writer(root, "kim") as context:
        found = [parity.find(context.record, "payment gateway mocked")]
        until = context.now + timedelta(days=9)
        mapping.decide(context, found, Decision.ACCEPT, reason="the vendor is late", until=until)
    async with driven(root, (100, 40)) as pilot:
        await press(pilot, "2", "down", "down", "d")
        text = " ".join(shown(pilot).split())
        assert "Approve" in text and "the vendor is late" in text
        await press(pilot, "ctrl+s")
        assert "approved" in shown(pilot)
    with second_writer(root, "kim") as context:
        assert not waiting(context)


async def test_a_pasted_cell_does_not_replace_what_somebody_else_wrote_meanwhile(root: Path) -> None:
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", "right")
        cell = screen_of(pilot).cells.cell
        assert cell is not None
        await paste(pilot, "pasted by me")
        with second_writer(root) as context:
            stored = context.record.get("difference", cell[0])
            assert stored is not None
            edits = Edits(kind="differences", changed={cell[0]: {cell[1]: "theirs"}})
            save(context, edits)
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, Conflict)


async def test_a_paste_into_a_decision_says_how_one_decides_and_keeps_nothing(root: Path) -> None:
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", *["right"] * 4)
        assert screen_of(pilot).cells.cell is not None
        await paste(pilot, "accepted")
        assert screen_of(pilot).cells.pending == {}
        assert "press d to decide on this row" in shown(pilot)
        assert "1 cell" not in shown(pilot)


@pytest.mark.parametrize("in_place", [False, True])
async def test_what_was_typed_into_a_row_that_somebody_else_removed_can_be_read_again(
    root: Path, in_place: bool
) -> None:
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", "G", "up", "right", "e", *"kept words", "tab", *"open words")
        table = screen_of(pilot).cells
        cell = table.cell
        assert cell is not None and table.is_editing
        if in_place:  # as after a change that another desk sent
            table.update_rows([], {cell[0]})
        else:
            table.set_rows([row for row in table._lines.all_rows() if row.key != cell[0]])
        await settle(pilot)
        assert not table.is_editing and table.pending == {}
        said = pilot.app.messages.newest_first()[0].text
        assert "kept words" in said and "open words" in said
