"""What is done by keys in the app is told as commands that do the same on a copy."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from tests.tui import test_keys_to_signed as to_signed
from tests.tui.driving import driven, press, web_shop
from tests.tui.test_key_counts import DONE, JOBS
from tests.tui.test_map_keys import STEPS, pressed
from tests.usecases.scripting.playing import end_of, plays_back


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "one").mkdir()
    made = web_shop(tmp_path / "one", monkeypatch)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path / "one")
    return made


@pytest.mark.parametrize("name", [name for name in DONE if "exported" not in name])
async def test_the_counted_jobs_are_played_back(
    name: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = end_of(root)
    story, _ = DONE[name]
    if story is not None:
        story(root)
    async with driven(root) as pilot:
        await press(pilot, *JOBS[name].pressed())
    # Not on the loop: a fetch begins one of its own.
    await asyncio.to_thread(plays_back, root, end, tmp_path, monkeypatch)


async def test_the_whole_map_job_is_played_back_its_undo_too(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, words = end_of(root), dict[str, int]()
    async with driven(root, (120, 36)) as pilot:
        for step in STEPS:
            await press(pilot, *pressed(step, words))
    # Not on the loop: a fetch begins one of its own.
    await asyncio.to_thread(plays_back, root, end, tmp_path, monkeypatch)


async def test_the_way_from_blocked_to_signed_by_several_people_is_played_back(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    end = end_of(root)
    await to_signed.test_these_keys_lead_from_blocked_to_signed(root, capsys)
    # Not on the loop: a fetch begins one of its own.
    await asyncio.to_thread(plays_back, root, end, tmp_path, monkeypatch)
