"""History by keys, on the real record of the web shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests.tui.driving import driven, opened, press, pressing, second_writer, settle, shown, web_shop
from tests.tui.pictures import in_sizes, without_frame
from textual.pilot import Pilot

from workbench.flows.model import Flow
from workbench.record import Change
from workbench.signoff.model import Decision
from workbench.tui.screens import history
from workbench.tui.screens.kept_panel import KeptPanel
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import signing
from workbench.usecases.context import Context, commit
from workbench.usecases.deciding import freeze
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views import history_lines
from workbench.usecases.views.history import Page, read_page

HOSTILE = "[/x][@click=app.quit]\x1b[31m\u202e🧑‍🚀"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def table(pilot: Pilot[None]) -> RecordTable:
    return pilot.app.screen.query_one(RecordTable)


async def test_an_entry_in_full_shows_before_and_after_and_its_digest(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "6", "e", *"!", "ctrl+s", "8", "enter")
        text = shown(pilot)
        assert "edited release 2.14.0" in text
        assert "Before" in text and "After" in text
        with second_writer(root) as context:
            newest = context.record.history(limit=1)[0]
        assert newest.digest in text and newest.change_id in text
        await press(pilot, "ctrl+c")
        assert pilot.app.clipboard == newest.digest


async def test_the_whole_ledger_is_searched_not_only_what_is_loaded(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 5)
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "8")
        await press(pilot, "slash", *"LOG_LEVEL", "enter")
        assert "LOG_LEVEL" in shown(pilot) and 1 <= len(table(pilot).keys) <= 5
        assert pilot.app.focused is table(pilot)
        await press(pilot, "escape")
        assert pilot.app.current_mode == "history"
        assert "ran probe" in shown(pilot)
        await press(pilot, "slash", *"nothing has this", "enter")
        assert table(pilot).keys == ()
        assert "esc shows all again" in shown(pilot)


async def test_more_is_read_when_the_cursor_comes_to_the_end(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 10)
    async with driven(root) as pilot:
        await press(pilot, "8")
        before = len(table(pilot).keys)
        await press(pilot, *["end"] * 5)
        assert len(table(pilot).keys) > before
        assert "began the record" in shown(pilot) and "imported 8 flows and 11 differences" in shown(pilot)


async def test_a_second_persons_act_appears_and_the_cursor_stays(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "8", "down", "down")
        here = table(pilot).cursor_key
        with second_writer(root, "kim") as context:
            freeze(context, "the vendor is down")
        await pilot.app.reload()  # type: ignore[attr-defined]
        await settle(pilot)
        assert table(pilot).cursor_key == here
        await press(pilot, "home")
        assert "froze promotion" in shown(pilot) and "the vendor is down" in shown(pilot)


async def test_hostile_text_in_the_ledger_does_nothing(root: Path) -> None:
    with second_writer(root) as context:
        value = Flow(key="evil", name=HOSTILE, outcome=HOSTILE * 4000)
        commit(
            context, [Change("flow", "01a0a482-5500-7735-8a8e-37d3bec8e799", "listed", value, None, HOSTILE)]
        )
    async with driven(root) as pilot:
        await press(pilot, "8", "enter")
        text = shown(pilot)
        assert "[/x][@click=app.quit]" in text and "\x1b" not in text and "\u202e" not in text
        await press(pilot, "escape", "tab", "pagedown")
        strips = pilot.app.screen._compositor.render_strips()
        assert all(strip.cell_length == 80 for strip in strips)


async def test_an_import_is_one_line_and_its_rows_are_in_it(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "8", "G", "k")
        text = shown(pilot)
        assert "imported 8 flows and 11 differences" in text and "entries 2 to 39" in text
        assert "listed flow Checkout" in text and "imported a row" not in text
        await press(pilot, "enter")
        assert "listed flow Refund" in shown(pilot) and "Failure cost" in shown(pilot)


async def test_what_a_demonstration_had_before_never_stands_as_just_now(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "8")
        rows = [table(pilot).row(key) for key in table(pilot).keys]
        when = [row.cells[0].text for row in rows if row is not None]
        assert "before that" in when and "just now" not in when[when.index("27 days ago") :]


async def test_an_answer_says_why_and_with_what(root: Path) -> None:
    async with driven(root, (160, 40)) as pilot:
        await press(pilot, "8")
        assert "Nine attempts, nine refused" in shown(pilot)
        assert "attached evidence" not in shown(pilot).partition("──")[2].partition("──")[0]


async def test_what_was_found_stays_found_after_the_search(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "8", "slash", *"rc", "enter")
        first = table(pilot).cursor_key
        await press(pilot, "n")
        assert table(pilot).cursor_key != first
        await press(pilot, "N")
        assert table(pilot).cursor_key == first
        await press(pilot, "escape", "g", "n")
        row = table(pilot).row(table(pilot).cursor_key or "")
        assert row is not None and any("rc" in cell.text.casefold() for cell in row.cells)


async def test_what_was_undone_says_so_and_by_whom(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "6", "e", *"!", "ctrl+s", "u", "8")
        text = shown(pilot)
        assert "undone: edited release 2.14.0" in text and "undone by you" in text


def steady(
    context: Context, *, text: str, limit: int, entity: str | None = None, before_seq: int | None = None
) -> Page:
    """The ledger without what is another in every record: real times, ids, digests, who answered first."""
    found = read_page(context, text=text, entity=entity, limit=limit, before_seq=before_seq)
    fixed = [
        msgspec.structs.replace(
            entry,
            seq=place,
            recorded_at=datetime(2026, 9, 15, 10, 0, tzinfo=UTC),
            digest=f"{place:064x}",
            id=f"{place}",
            change_id=f"act-{place}",
        )
        for place, entry in enumerate(entry for entry in found.entries if entry.entity != "batch")
    ]
    return Page(tuple(fixed), found.names, found.more)


@in_sizes({"list": (), "entry": ("enter",)})
def test_pictures(
    snap_compare: Callable[..., bool],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(history_lines, "read_page", steady)

    async def run(pilot: Pilot[None]) -> None:
        await pressing("8")(pilot)
        rows = [table(pilot).row(key) for key in table(pilot).keys]
        review = next(row for row in rows if row is not None and row.cells[2].text.startswith("reviewed"))
        table(pilot).move_to(review.key)
        await press(pilot, *keys)

    with opened(root) as app:
        assert snap_compare(app, run_before=without_frame(run), terminal_size=size)


async def test_what_was_signed_is_shown_again_as_it_was(root: Path) -> None:
    with second_writer(root, "robin") as context:
        found = evaluate(context)
        asked = signing.prepare(context, found, "sign-off")
        no = signing.Answer(decision=Decision.REJECT, comment="the queue was not drained")
        signing.sign(context, asked, no)
    async with driven(root, (80, 24)) as pilot:
        await press(pilot, "8", "slash", *"drained", "enter", "i")
        assert "rejected gate Sign-off" in shown(pilot) and "EARLIER GATES" in shown(pilot)
        await press(pilot, "v")
        assert "workbench.basis.2" in shown(pilot)
        await press(pilot, "escape", "escape", "end", "v")
        assert not isinstance(pilot.app.screen, KeptPanel), "nothing was kept with the first entry"


async def test_the_detail_names_the_command_that_does_the_same(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "2", "a", *"clocks", "ctrl+s", "8")
        assert "Command" in shown(pilot) and "workbench parity add clocks" in shown(pilot)
        await press(pilot, "enter")
        assert "workbench parity add clocks" in shown(pilot)
