"""Notes by keys, on the real record of the web shop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tui.driving import driven, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from textual.widgets import Input, TextArea

from workbench.notes import FORMATS
from workbench.notes.own import own_words
from workbench.releases import model as releases
from workbench.tui.screens.notes import FORMAT_WORDS, NotesScreen, blocks_of
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import noting
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = web_shop(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return made


async def test_what_is_saved_is_what_the_command_writes(root: Path, tmp_path: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9", "w")
        assert isinstance(pilot.app.screen, NotesScreen)
        assert "written: " in shown(pilot)
    with second_writer(root) as context:
        expected = noting.export(context, evaluate(context), "md", tmp_path / "expected.md")
    assert (tmp_path / "release-notes-2.14.0.md").read_bytes() == expected.read_bytes()


async def test_the_page_comes_first_and_every_format_has_a_preview(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "9")
        assert "── What changes ──" in shown(pilot) and "| ---" not in shown(pilot)
        assert set(FORMAT_WORDS) == set(FORMATS)
        begins = (
            "# Web shop 2.14.0",
            "Web shop 2.14.0\n",
            "<!DOCTYPE html>",
            "{",
            "# Web shop",
            "# Web shop",
        )
        for name, begin in zip(FORMAT_WORDS, begins, strict=True):
            await press(pilot, "v")
            assert begin.strip().casefold() in shown(pilot).casefold()
            await press(pilot, "ctrl+c")
            assert pilot.app.clipboard.casefold().startswith(begin.casefold()), name
        await press(pilot, "v")
        assert "── What changes ──" in shown(pilot)


async def test_plain_text_keeps_its_columns(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9", "v", "v")
        assert "Release         2.14.0, regular" in shown(pilot)


async def test_one_reads_with_the_keys_that_move_in_a_table(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9", "G")
        assert "Where this comes from" in shown(pilot)
        await press(pilot, "g")
        assert "── Gates" not in shown(pilot) and "Candidate" in shown(pilot)


async def test_a_view_can_be_clicked(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9")
        lines = shown(pilot).splitlines()
        y = next(y for y, line in enumerate(lines) if "plain text" in line)
        await pilot.click(offset=(lines[y].index("plain text") + 2, y))
        await settle(pilot)
        assert "Release         2.14.0, regular" in shown(pilot)


async def test_in_a_wide_window_the_sections_stand_beside_the_page(root: Path) -> None:
    async with driven(root, (160, 30)) as pilot:
        await press(pilot, "9")
        lines = shown(pilot).splitlines()
        y = next(y for y, line in enumerate(lines) if "Overrides" in line[120:])
        await pilot.click(offset=(lines[y].rindex("Overrides") + 2, y))
        await settle(pilot)
        assert "── Overrides ──" in shown(pilot)
        await press(pilot, "v")
        assert "Contents" not in shown(pilot)


async def test_a_file_that_is_there_is_only_overwritten_when_told_so(root: Path, tmp_path: Path) -> None:
    there = tmp_path / "release-notes-2.14.0.md"
    there.write_text("mine")
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9", "w")
        assert "Overwrite the file?" in shown(pilot) and "already exists" in shown(pilot)
        await press(pilot, "escape")
        assert there.read_text() == "mine" and "is unchanged" in shown(pilot)
        await press(pilot, "w", "enter")
        assert isinstance(pilot.app.screen, NotesScreen)
    assert "\n# Web shop 2.14.0\n" in there.read_text()


async def test_what_is_written_is_what_is_shown(root: Path, tmp_path: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9", "v", "v", "v", "w")
    assert (tmp_path / "release-notes-2.14.0.html").read_text("utf-8").startswith("<!")


async def test_a_path_that_cannot_be_written_is_told_and_can_be_corrected(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9")
        await pilot.app.screen.action_do("write_elsewhere")  # type: ignore[attr-defined]
        await settle(pilot)
        path = pilot.app.screen.query_one(Input)
        path.value = "no/such/folder/notes.md"
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen) and "there is no folder" in shown(pilot)
        path.value = str(root)
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, NotesScreen)
    assert (root / "release-notes-2.14.0.md").exists()


async def test_a_file_elsewhere_is_kept_too(root: Path, tmp_path: Path) -> None:
    there = tmp_path / "release-notes-2.14.0.md"
    there.write_text("mine")
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9")
        await pilot.app.screen.action_do("write_elsewhere")  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "ctrl+s")
        assert "already exists" in shown(pilot) and there.read_text() == "mine"


async def test_the_introduction_stands_in_the_notes_at_once(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9")
        assert "e to add an introduction" in shown(pilot)
        await press(pilot, "e", *"Thursday it is [/x] #7", "ctrl+s")
        text = shown(pilot)
        assert "e to add an introduction" not in text and "Thursday it is [/x] #7" in text
    with second_writer(root) as context:
        assert releases.find(context.record).release.notes == "Thursday it is [/x] #7"


async def test_the_notes_follow_the_release(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9")
        assert "rc2" in shown(pilot)
        await press(pilot, "6", "P", "ctrl+s", "9")
        assert "rc3, commit 7c4e19f" in shown(pilot)


async def test_the_text_can_be_copied(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9", "ctrl+c")
        assert pilot.app.clipboard.startswith("# Web shop 2.14.0")


async def test_without_a_release_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    project = tmp_path / "bare"
    project.mkdir()
    (project / "workbench.yaml").write_text("project: bare\n", "utf-8")
    async with driven(project) as pilot:
        await press(pilot, "9", "w", "e", "v")
        assert isinstance(pilot.app.screen, NotesScreen)
        assert "there is no release yet" in shown(pilot)


def test_a_long_text_is_cut_for_the_screen_only() -> None:
    blocks = blocks_of("# head\n" + "line\n" * 20_000, "md")
    assert "more characters; w writes all" in getattr(blocks[-1], "text", "")


@in_sizes({"page": ("9",)}, small={"markdown": ("9", "v"), "text": ("9", "v", "v")})
def test_pictures(
    snap_compare: Callable[..., bool],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/robin"))
    with opened(root) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)


async def test_text_of_ones_own_goes_into_the_section_that_one_reads(root: Path) -> None:
    async with driven(root, (160, 30)) as pilot:
        await press(pilot, "9")
        lines = shown(pilot).splitlines()
        y = next(y for y, line in enumerate(lines) if "Benchmarks" in line[120:])
        await pilot.click(offset=(lines[y].rindex("Benchmarks") + 2, y))
        await press(pilot, "e")
        assert "Benchmarks of 2.14.0" in shown(pilot)
        assert "as it is generated, without text of your own" in shown(pilot)
        await press(pilot, *"Two wait [b]")
        assert shown(pilot).count("Two wait [b]") == 2, "in the field, and below it as it will be read"
        await press(pilot, "ctrl+s")
        assert "Two wait [b]" in shown(pilot)
        assert "Written by Robin" in shown(pilot)
    with second_writer(root) as context:
        (found,) = own_words(context.record, releases.find(context.record).id).values()
        assert (found[1].section, found[1].text) == ("benchmarks", "Two wait [b]")


async def test_any_section_can_be_chosen_and_its_text_taken_away_again(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9")
        await pilot.app.screen.action_do("choose_section")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "Introduction" in shown(pilot) and "Evidence" not in shown(pilot)
        await press(pilot, "ctrl+s")
        await settle(pilot)
        await press(pilot, *"Hello", "ctrl+s")
        assert "Hello" in shown(pilot)
        await press(pilot, "e")
        pilot.app.screen.query_one(TextArea).text = ""
        await press(pilot, "ctrl+s")
        assert "your text is gone" in shown(pilot)


async def test_what_is_not_known_of_the_commits_is_said_above_the_page(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9")
        assert "what changed is not known" in shown(pilot)
        await pilot.app.screen.action_do("list_commits")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "nothing to compare with" in shown(pilot) or "cannot list" in shown(pilot)
        await press(pilot, "escape")
        await pilot.app.screen.action_do("hide_change")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "no change to leave out" in shown(pilot)
