"""A script of what was done, played back on a copy of the project, gives the same record."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.golden.playing import typed, write_files
from tests.golden.story import AFTER, CLEARING, SIGNING, Step
from tests.tui.driving import web_shop
from tests.usecases.scripting.playing import end_of, plays_back

# What only looks, and what belongs to one machine; a message quotes the code of one request.
# Each is the beginning of a command, in whole words: an item of a checklist may be called "restore-tried".
_LEFT_OUT = (
    "ask",
    "backup",
    "demo",
    "exchange",
    "handover",
    "import shop.pack",
    "init",
    "purge",
    "restore",
    "revoke sign-off --as sam",
    "schema",
    "sign --received",
)
_ACTS = [
    step
    for step in (*CLEARING, *SIGNING, *AFTER)
    if not re.match(r"(ready|signed|shipped)/", step.name)
    and not any(f"{step.command} ".startswith(f"{words} ") for words in _LEFT_OUT)
]


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
    write_files(shop)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    end = end_of(shop)
    monkeypatch.chdir(shop)
    noticed: dict[str, str] = {}
    for step in _ACTS:
        do(step, noticed)
    plays_back(shop, end, tmp_path, monkeypatch)
