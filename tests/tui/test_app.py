"""The app as a whole: modes, palette, help, other processes, trouble with files, hostile words."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import driven, in_panel, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import frame
from tests.tui.stories import said
from textual.pilot import Pilot
from textual.widgets import Input

from workbench.checklists.model import ItemState
from workbench.gates import model as gates
from workbench.model.errors import RecordError, UsageError
from workbench.releases import model as releases
from workbench.tui.app import WorkbenchApp
from workbench.tui.registry import MODES, places
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.checklists import ChecklistsScreen
from workbench.tui.screens.parity import ParityScreen
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.dialog import MessagePanel
from workbench.tui.widgets.help_panel import HelpPanel
from workbench.tui.widgets.small import TooSmall
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import answering, deciding
from workbench.usecases.context import commit
from workbench.usecases.evaluate import evaluate

HOSTILE = (
    "[/x][@click=app.quit]a[/]\x1b[31mred\x1b]0;title\x07\u202egnp.exe\u200f 漢字🙂👍🏽 " + "x" * 100_000
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def work(pilot: Pilot[None]) -> WorkbenchApp:
    assert isinstance(pilot.app, WorkbenchApp)
    return pilot.app


def cursor(pilot: Pilot[None]) -> str | None:
    return pilot.app.screen.query_one(RecordTable).cursor_key


# --- modes, palette, help -------------------------------------------------------------------


async def test_every_mode_has_a_key_or_is_found_by_its_name_and_escape_comes_home(shop: Path) -> None:
    async with driven(shop) as pilot:
        for mode in MODES:
            await press(pilot, *([mode.key] if mode.key else ["ctrl+p", *mode.title.lower(), "enter"]))
            screen = pilot.app.screen
            assert isinstance(screen, WorkScreen)
            assert mode.id == screen.MODE
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ReadinessScreen)


def test_the_line_of_modes_names_those_with_a_key_and_the_one_that_one_is_in() -> None:
    assert [tab.key for tab in places("parity")] == [*"123456789", "0"]
    for mode in MODES:
        assert mode in places(mode.id)
    assert [tab.id for tab in places("probes")][-2:] == ["more", "probes"], "it is reached from there"


async def test_modes_can_be_clicked(shop: Path) -> None:
    async with driven(shop) as pilot:
        rows = shown(pilot).splitlines()
        y = next(n for n, text in enumerate(rows) if "1 Readiness" in text)
        await pilot.click(offset=(rows[y].index("Checklists"), y))
        await settle(pilot)
        assert isinstance(pilot.app.screen, ChecklistsScreen)


async def test_ctrl_q_leaves_but_not_with_words_that_nobody_saved(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2", "ctrl+c")
        assert said(pilot) == ["copied “payment gateway mocked”"]
        await press(pilot, "a", *"half a ti", "ctrl+q")
        assert "Leave without saving your edits?" in shown(pilot)
        await press(pilot, "ctrl+q")
        assert pilot.app._exit is False
        await press(pilot, "escape")
        assert "half a ti" in shown(pilot)
        await press(pilot, "escape")
        await pilot.press("ctrl+q")
        assert pilot.app._exit is True


async def test_q_leaves(shop: Path) -> None:
    with opened(shop) as app:
        async with app.run_test() as pilot:
            await settle(pilot)
            await pilot.press("q")
        assert app.return_code == 0


async def test_the_palette_holds_our_commands_and_finds_them_by_a_few_letters(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p")
        text = shown(pilot)
        assert "go to where this line is cleared" in text
        assert "Maximize" not in text
        pilot.app.screen.query_one(Input).value = "frz prom"
        await settle(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert "Freeze promotion?" in shown(pilot)


async def test_help_lists_the_keys_and_why_one_cannot_be_used(shop: Path) -> None:
    async with driven(shop, (100, 50), person="jo") as pilot:
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpPanel)
        text = in_panel(pilot)
        assert "Keys in Readiness" in shown(pilot)
        assert "Not now: you have none of the roles that Sign-off asks for" in text
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_the_footer_greys_what_cannot_be_done_now(shop: Path) -> None:
    async with driven(shop) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReadinessScreen)
        assert {hint.id for hint in screen.hints() if hint.reason} == set()
        await press(pilot, "end")
        assert {hint.id for hint in screen.hints() if hint.reason} == {"override", "promise"}


async def test_colours_turn_round(shop: Path) -> None:
    async with driven(shop) as pilot:
        seen = []
        for _ in range(3):
            screen = pilot.app.screen
            assert isinstance(screen, WorkScreen)
            await screen.action_do("switch_colours")
            await settle(pilot)
            seen.append(pilot.app.theme)
        assert seen == ["workbench-light", "workbench-ansi", "workbench-dark"]


async def test_what_nobody_foresaw_ends_the_app_in_words_and_not_as_blocked(shop: Path) -> None:
    def fail() -> None:
        raise RuntimeError("oops")

    said: list[str] = []
    with opened(shop) as app, pytest.raises(RuntimeError):
        app.error_console.print = lambda *texts, **_: said.extend(map(str, texts))  # type: ignore[method-assign]
        async with app.run_test() as pilot:
            await settle(pilot)
            await press(pilot, "2", "a", *"half a ti")
            app.call_later(fail)
            await pilot.pause()
    assert app.return_code == 70
    assert "mistake of ours: RuntimeError: oops" in said[0]
    assert "typed but not saved" in said[0] and "half a ti" in said[0]


async def test_a_small_window_asks_for_room_and_goes_on_afterwards(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "down")
        here = cursor(pilot)
        await pilot.resize_terminal(50, 12)
        await settle(pilot)
        assert isinstance(pilot.app.screen, TooSmall)
        assert "60×15 are needed" in shown(pilot)
        await pilot.resize_terminal(160, 50)
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReadinessScreen)
        assert cursor(pilot) == here
        assert " P propose build " in shown(pilot)


async def test_the_palette_opens_once_whatever_the_window_does(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p")
        await pilot.resize_terminal(50, 12)
        await settle(pilot)
        await press(pilot, "ctrl+p")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        await press(pilot, "escape", "ctrl+p")
        assert [type(each).__name__ for each in pilot.app.screen_stack].count("FindPanel") == 1


async def test_below_its_least_size_a_window_tells_how_to_leave_it(shop: Path) -> None:
    async with driven(shop) as pilot:
        await pilot.resize_terminal(50, 12)
        await settle(pilot)
        assert "q leaves" in shown(pilot)
        await pilot.press("q")
        assert pilot.app._exit


async def test_a_window_that_is_too_small_loses_nothing_that_was_typed(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(
            pilot,
            "4",
            "a",
            *"new",
        )
        await pilot.resize_terminal(50, 12)
        await settle(pilot)
        await press(pilot, "ctrl+q")
        assert not pilot.app._exit
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "new" in shown(pilot)


async def test_the_notice_goes_also_when_the_window_grows_below_a_message(shop: Path) -> None:
    async with driven(shop) as pilot:
        await pilot.resize_terminal(50, 12)
        await settle(pilot)
        work(pilot).tell(UsageError("something else"))
        await settle(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


# --- other processes ------------------------------------------------------------------------


async def test_another_process_shows_up_by_itself_and_the_cursor_keeps_its_place(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "right_square_bracket", "right_square_bracket")
        here = cursor(pilot)
        assert str(here).startswith("difference/")
        with second_writer(shop, "kim") as context:
            until = releases.find(context.record, None).release.planned_at
            assert until is not None
            found = evaluate(context)
            why = "the vendor's fix is due"
            build.override(context, found, "benchmark/checkout-p95", reason=why, approver="sam", until=until)
        assert "✗ 3 blockers" in shown(pilot)
        await work(pilot).poll()
        await settle(pilot)
        assert "✗ 2 blockers" in shown(pilot)
        assert cursor(pilot) == here


async def test_a_poll_without_news_judges_nothing_again(shop: Path) -> None:
    async with driven(shop) as pilot:
        before = work(pilot).view
        await work(pilot).poll()
        assert work(pilot).view is before


async def test_a_screen_that_was_left_shows_the_news_when_one_comes_back(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "1")
        with second_writer(shop, "kim") as context:
            found = evaluate(context)
            view = answering.find_item(found, "pre-production/data-masked")
            answering.answer(context, found, view, ItemState.NOT_APPLICABLE, reason="no data is touched")
        await work(pilot).poll()
        await press(pilot, "4")
        assert "◐ Pre-production   7 of 10" in shown(pilot)


async def test_undo_is_refused_when_somebody_changed_it_since(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "down", "x", *"nothing of it applies", "enter")
        with second_writer(shop, "kim") as context:
            found = evaluate(context)
            view = answering.find_item(found, "pre-production/data-masked")
            answering.answer(context, found, view, ItemState.NOT_APPLICABLE, reason="kim's own words")
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, MessagePanel)
        await press(pilot, "escape")
        await work(pilot).poll()
        await settle(pilot)
        assert "kim's own words" in shown(pilot)


# --- trouble with files ---------------------------------------------------------------------


async def test_a_record_that_disappears_is_told_once_and_nothing_is_lost(shop: Path, tmp_path: Path) -> None:
    record = shop / ".workbench" / "record.db"
    async with driven(shop) as pilot:
        with second_writer(shop) as context:
            context.record.backup(tmp_path / "copy.db")
        record.unlink()
        await work(pilot).poll()
        await work(pilot).poll()
        await settle(pilot)
        assert isinstance(pilot.app.screen, MessagePanel)
        assert "the record's file is gone" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen), "told once"
        await press(pilot, "A", "ctrl+s")
        assert "✗ the record's file is gone" in shown(pilot), "a form keeps what was typed"
        await press(pilot, "escape")
        await press(pilot, "ctrl+r")
        assert "no release record yet" in shown(pilot)
        await press(pilot, "escape")
        for suffix in ("-wal", "-shm"):
            record.with_name(record.name + suffix).unlink(missing_ok=True)
        shutil.copy(tmp_path / "copy.db", record)
        await press(pilot, "ctrl+r")
        assert said(pilot)[-1] == "the files and the record were read again"
        await press(pilot, "A", "ctrl+s")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        assert " you" in next(text for text in shown(pilot).splitlines() if "Checkout p95" in text)


async def test_a_row_that_was_edited_by_hand_is_told_soon_after_the_first_paint(shop: Path) -> None:
    with closing(sqlite3.connect(shop / ".workbench" / "record.db")) as other, other:
        other.execute("UPDATE e_difference SET value = replace(value, 'undecided', 'no_matter')")
    async with driven(shop) as pilot:
        await work(pilot).poll()
        await settle(pilot)
        assert isinstance(pilot.app.screen, MessagePanel)
        assert "the record cannot be trusted" in shown(pilot)
        await press(pilot, "escape")
        await work(pilot).poll()
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReadinessScreen), "told once"


def test_a_record_that_was_cut_is_told_before_the_app_opens(shop: Path) -> None:
    with second_writer(shop) as context:
        deciding.freeze(context, "an incident of today")
        last = context.record.head.seq
    with closing(sqlite3.connect(shop / ".workbench" / "record.db")) as other, other:
        other.execute("DELETE FROM ledger WHERE seq = ?", (last,))
        other.execute("DELETE FROM e_freeze WHERE seq = ?", (last,))
    with pytest.raises(RecordError, match="its end was cut"), opened(shop):
        pass


async def test_what_is_saved_but_not_noted_outside_is_told(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "file" / "data"))
    async with driven(shop) as pilot:
        await press(pilot, "4", "down", "x", *"nothing of it applies", "enter")
        assert any(text.startswith("saved, but the end of the ledger") for text in said(pilot))
        assert not isinstance(pilot.app.screen, MessagePanel)


async def test_broken_files_are_listed_and_the_old_view_stays(shop: Path) -> None:
    file = shop / "workbench.yaml"
    good = file.read_text(encoding="utf-8")
    async with driven(shop, (100, 40)) as pilot:
        broken = good.replace("kind: junit", "kind: junitt").replace("within: 90d", "within: 90 bananas")
        file.write_text(broken, encoding="utf-8")
        await press(pilot, "ctrl+r")
        assert isinstance(pilot.app.screen, ReadingPanel)
        text = shown(pilot)
        assert "2 mistakes in the project's files" in text
        assert text.count("✗ workbench.yaml:") == 3, "each in the list, and the first below the header"
        assert "junitt" in text
        await press(pilot, "escape")
        assert "✗ Checkout p95" in shown(pilot)
        assert "✗ workbench.yaml:" in shown(pilot) and "last good version shown" in shown(pilot)
        file.write_text(good.replace("title: Web shop", "title: Corner shop"), encoding="utf-8")
        await press(pilot, "ctrl+r")
        assert "Corner shop 2.14.0" in shown(pilot)
        assert "last good version" not in shown(pilot)


async def test_files_that_change_while_the_app_is_open_are_read_without_being_asked(shop: Path) -> None:
    file = shop / "workbench.yaml"
    good = file.read_text(encoding="utf-8")
    async with driven(shop, (100, 40)) as pilot:
        file.write_text(good.replace("kind: junit", "kind: junitt"), encoding="utf-8")
        await work(pilot).poll()
        await press(pilot, "2")
        assert isinstance(pilot.app.screen, ParityScreen), "no dialog that nobody asked for"
        assert "✗ workbench.yaml:" in shown(pilot) and "last good version shown" in shown(pilot)
        file.write_text(good.replace("title: Web shop", "title: Corner shop"), encoding="utf-8")
        await work(pilot).poll()
        await press(pilot, "1")
        assert "Corner shop 2.14.0" in shown(pilot) and "last good version" not in shown(pilot)


# --- the editor -----------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that writes down what it was asked to open, and renames the project."""
    called = tmp_path / "called"
    script = tmp_path / "my editor.py"
    script.write_text(
        "import sys, pathlib\n"
        f"pathlib.Path({str(called)!r}).open('a').write('|'.join(sys.argv[1:]) + '\\n')\n"
        "file = pathlib.Path(sys.argv[2])\n"
        "file.write_text(file.read_text().replace('title: Checkout p95', 'title: Checkout, 95th'))\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"')
    return called


async def test_the_editor_opens_at_the_line_and_the_file_is_read_afterwards(
    shop: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    async with driven(shop) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)  # a test has no terminal to give away
        await press(pilot, "E")
        assert "✗ Checkout, 95th" in shown(pilot)
    option, file = editor.read_text(encoding="utf-8").strip().split("|")
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    assert Path(file) == shop / "benchmarks" / "checkout.yaml"
    assert lines[int(option.removeprefix("+")) - 1].strip() == "- key: checkout-p95"


async def test_while_a_file_has_a_mistake_the_editor_opens_there(
    shop: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    file = shop / "workbench.yaml"
    broken = file.read_text(encoding="utf-8").replace("kind: junit", "kind: junitt")
    async with driven(shop) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        file.write_text(broken, encoding="utf-8")
        await work(pilot).poll()
        await press(pilot, "E")
    option, opened = editor.read_text(encoding="utf-8").strip().split("|")
    assert Path(opened) == file
    assert "junitt" in file.read_text(encoding="utf-8").splitlines()[int(option.removeprefix("+")) - 1]


async def test_a_list_that_comes_with_the_workbench_is_not_edited(shop: Path, editor: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "E")
        assert "this comes with the workbench and cannot be edited" in shown(pilot)
    assert not editor.exists()


async def test_without_an_editor_one_is_told_what_to_set(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    async with driven(shop) as pilot:
        await press(pilot, "E")
        assert "no editor is set" in shown(pilot)
        assert "benchmarks/checkout.yaml:9" in shown(pilot)


async def test_where_the_terminal_cannot_be_given_to_an_editor_that_is_told(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "editor")
    async with driven(shop) as pilot:
        await press(pilot, "E")
        assert "cannot use this terminal" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_an_editor_that_is_not_there_is_told(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    async with driven(shop) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await press(pilot, "E")
        assert "the editor could not be started" in shown(pilot)


# --- what people and files may call themselves ------------------------------------------------


def hostile_shop(root: Path) -> None:
    """Every name and word of the shop as somebody would write it who means no good."""
    short = HOSTILE[:200]
    quoted = msgspec.json.encode(short).decode()
    file = root / "workbench.yaml"
    text = file.read_text(encoding="utf-8").replace("title: Web shop", f"title: {quoted}")
    text = text.replace("title: Pre-production", f"title: {quoted}").replace("name: Robin", f"name: {quoted}")
    file.write_text(text, encoding="utf-8")
    bench = root / "benchmarks" / "checkout.yaml"
    words = bench.read_text(encoding="utf-8").replace("title: Checkout p95", f"title: {quoted}")
    bench.write_text(words, encoding="utf-8")
    with second_writer(root) as context:
        found = evaluate(context)
        view = answering.find_item(found, "pre-production/data-masked")
        answering.answer(context, found, view, ItemState.FAILED, reason=HOSTILE)
        deciding.promise(context, found, "benchmark/checkout-p95", HOSTILE[:300], None, HOSTILE)
        frozen = gates.freeze_change(HOSTILE, by=HOSTILE[:100], at=context.now)
        commit(context, [frozen])


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (60, 15)], ids=["80x24", "160x50", "60x15"])
async def test_hostile_words_do_nothing_and_stay_in_their_place(shop: Path, size: tuple[int, int]) -> None:
    hostile_shop(shop)
    from rich.cells import cell_len

    async with driven(shop, size) as pilot:
        for keys in (
            ("1",),
            ("i",),
            ("escape", "s"),
            ("escape", "A"),
            ("escape", "4"),
            ("enter",),
            ("question_mark",),
        ):
            await press(pilot, *keys)
            text = shown(pilot)
            lines = text.splitlines()
            assert len(lines) == size[1]
            assert {cell_len(line) for line in lines} == {size[0]}, keys
            assert not any(
                ord(character) < 32 or character in "\x7f\u202e\u200f" for character in "".join(lines)
            )
        await press(pilot, "escape", "escape", "1", "Z")
        assert pilot.app.is_running
        assert "Frozen by" in shown(pilot)


async def test_errors_with_hostile_words_are_told_as_they_are(shop: Path) -> None:
    async with driven(shop) as pilot:
        work(pilot).tell(UsageError(HOSTILE, where=HOSTILE, hint=HOSTILE))
        await settle(pilot)
        assert "[/x][@click=app.quit]" in shown(pilot)
        assert "\x1b" not in shown(pilot)


# --- pictures -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
def test_the_frame_of_every_screen(
    shop: Path, snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    with opened(shop) as app:
        assert snap_compare(app, run_before=frame, terminal_size=size)


# --- mistakes of ours -----------------------------------------------------------------------


async def test_what_nobody_foresaw_is_told_and_the_app_goes_on(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("'büro.oci' cannot be a key")

    async with driven(shop) as pilot:
        monkeypatch.setattr("workbench.usecases.undoing.coming_undo", fail)
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, MessagePanel)
        assert "a mistake of ours: ValueError: 'büro.oci'" in shown(pilot)
        await press(pilot, "escape")
        monkeypatch.setattr("workbench.tui.screens.readiness.ReadinessScreen.fill", fail)
        work(pilot).show(msgspec.structs.replace(work(pilot).view, seq=0))
        await settle(pilot)
        assert isinstance(pilot.app.screen, MessagePanel)
        await press(pilot, "escape")
        monkeypatch.setattr("workbench.tui.screens.readiness.ReadinessScreen.row_changed", fail)
        await press(pilot, "down")
        assert isinstance(pilot.app.screen, MessagePanel)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)
