"""A script of what was done, played back on a copy of the project, gives the same record."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.golden.playing import ROWS, typed
from tests.golden.story import AFTER, CLEARING, SIGNING, Step
from tests.tui.driving import web_shop
from tests.usecases.scripting.playing import calls_of, play_back, told_alike

from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

# What only looks, and what belongs to one machine; a message quotes the code of one request.
_LEFT_OUT = ("asked-by-sheet", "received", "backup", "purge", "demo", "init", "schemas", "by mail")
_ACTS = [
    step
    for step in (*CLEARING, *SIGNING, *AFTER)
    if not re.match(r"(ready|signed|shipped)/", step.name)
    and not any(word in f"{step.name} {step.command}" for word in _LEFT_OUT)
]


def end_of(root: Path) -> int:
    context = open_context(Options(project=root), readonly=True)
    try:
        return context.record.head.seq
    finally:
        context.record.close()


def held(root: Path) -> dict[str, list[object]]:
    context = open_context(Options(project=root), readonly=True)
    try:
        return told_alike(context.record)
    finally:
        context.record.close()


def copy_of(root: Path, to: Path, patch: pytest.MonkeyPatch) -> Path:
    """A copy of the project with its record, and of what is kept outside of it."""
    shutil.copytree(root.parent, to)
    patch.setenv("WORKBENCH_DATA", str(to / "data"))
    return to / root.name


def do(step: Step, noticed: dict[str, str]) -> None:
    printed, said, code = typed(step.command.format_map(noticed))
    assert step.code in (None, code), f"$ {step.command}\n{printed}{said}"
    if step.name == "clear/benchmark-typed.json":
        found = re.search(r'"ref": "([^"]+)"', printed)
        assert found is not None
        noticed["measurement"] = found[1]


@pytest.mark.xdist_group("story")
def test_the_whole_story_of_the_web_shop_is_played_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").mkdir()
    shop = web_shop(tmp_path / "one", monkeypatch)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name, rows in ROWS.items():
        (shop / name).write_text(rows, encoding="utf-8")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    end = end_of(shop)
    monkeypatch.chdir(shop)
    noticed: dict[str, str] = {}
    for step in _ACTS:
        do(step, noticed)
    script = tmp_path / "played" / "story.sh"
    script.parent.mkdir()
    _, said, code = typed(f"script --from {end + 1} --output {script}")
    assert code == 0, said
    there = held(shop)

    copy = tmp_path / "two" / shop.name
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "two" / "data"))
    monkeypatch.chdir(copy)
    play_back(calls_of(script, tmp_path / "calls"), monkeypatch)
    assert held(copy) == there
