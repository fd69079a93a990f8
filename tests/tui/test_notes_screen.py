"""Notes by keys, on the real record of the web shop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tui.driving import driven, opened, press, second_writer, shown, web_shop
from tests.tui.pictures import body, in_sizes
from textual.widgets import Input

from workbench.notes import FORMATS
from workbench.releases import model as releases
from workbench.tui.screens.notes import FORMAT_WORDS, ORDER, NotesScreen, blocks_of
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
        await press(pilot, "9", "w", "ctrl+s")
        assert isinstance(pilot.app.screen, NotesScreen)
    with second_writer(root) as context:
        expected = noting.export(context, evaluate(context), "md", tmp_path / "expected.md")
    assert (tmp_path / "release-notes-2.14.0.md").read_bytes() == expected.read_bytes()


async def test_every_format_has_a_preview(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "9")
        assert set(ORDER) == set(FORMATS)
        for name in ORDER:
            text = shown(pilot)
            assert FORMAT_WORDS[name] in text and "2.14.0" in text
            await press(pilot, "v")
        assert FORMAT_WORDS[ORDER[0]] in shown(pilot)


async def test_plain_text_keeps_its_columns(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "9", "v")
        assert "Release         2.14.0, regular" in shown(pilot)


async def test_a_file_that_is_there_is_only_replaced_when_told_so(root: Path, tmp_path: Path) -> None:
    there = tmp_path / "release-notes-2.14.0.md"
    there.write_text("mine")
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9", "w", "ctrl+s")
        assert "is there already" in shown(pilot)
        assert there.read_text() == "mine"
        await press(pilot, "right", "ctrl+s")
        assert isinstance(pilot.app.screen, NotesScreen)
    assert there.read_text().startswith("# Web shop 2.14.0")


async def test_a_path_that_cannot_be_written_is_told_and_can_be_corrected(root: Path, tmp_path: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9", "w")
        path = pilot.app.screen.query_one(Input)
        path.value = "no/such/folder/notes.md"
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen) and "there is no folder" in shown(pilot)
        path.value = str(root)
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, NotesScreen)
    assert (root / "release-notes-2.14.0.md").exists()


async def test_own_words_stand_in_the_notes_at_once(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "9", "e", *"Thursday it is [/x] #7", "ctrl+s")
        text = shown(pilot)
        assert "with your own words" in text and "Thursday it is" in text
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
    assert "more characters; s saves all" in getattr(blocks[-1], "text", "")


@in_sizes({"markdown": ("9",)}, small={"text": ("9", "v"), "save": ("9", "w")})
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
