"""From a blocked release to a signed one with notes and bundle: the table of docs/signing.md, pressed key by key."""

from __future__ import annotations

import re
import zipfile
from itertools import groupby
from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, settle, web_shop
from tests.tui.test_keys_to_signed import TYPED, security_answers

from workbench.gates.model import GateState
from workbench.usecases.evaluate import evaluate

PAGE = (Path(__file__).parents[2] / "docs" / "signing.md").read_text(encoding="utf-8")
MOST = 45
NAMES = {"F5": "f5", "esc": "escape"}
Step = tuple[str, list[tuple[str, str]], int]  # who, keys and texts, how many keys


def read_steps() -> list[Step]:
    table = PAGE.partition("## How many keys")[2].partition("\n## ")[0]
    rows = [row.split(" | ") for row in re.findall(r"^\| ([a-z]+ \| .+) \|$", table, re.MULTILINE)[1:]]
    return [(who, re.findall(r"`([^`]+)`|\*([^*]+)\*", keys), int(count)) for who, _, keys, count in rows]


def test_the_table_counts_what_it_lists() -> None:
    steps = read_steps()
    for who, keys, count in steps:
        assert sum(bool(key) for key, _ in keys) == count, who
    total = sum(count for _, _, count in steps)
    assert f"**{total}**" in PAGE and total <= MOST


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = web_shop(tmp_path, monkeypatch)
    monkeypatch.chdir(root)  # notes are written where one is
    return root


async def test_keys_alone_lead_from_a_blocked_release_to_a_signed_one_with_notes_and_bundle(
    root: Path,
) -> None:
    for who, of_person in groupby(read_steps(), key=lambda step: step[0]):
        mine = list(of_person)
        signs = next(place for place, (_, presses, _) in enumerate(mine) if ("", "2.14.0") in presses)
        async with driven(root, person=who) as pilot:
            for number, (_, presses, _) in enumerate(mine):
                if who == "robin" and number == signs:
                    await security_answers(root)
                    await pilot.app.poll()  # type: ignore[attr-defined]
                    await settle(pilot)
                for key, text in presses:
                    await press(pilot, *([NAMES.get(key, key)] if key else TYPED[text]))
    with second_writer(root) as context:
        found = evaluate(context)
    assert found.gate("sign-off").state is GateState.SIGNED and not any(found.counts().values())
    notes = [path for path in root.iterdir() if path.suffix == ".md" and "2.14.0" in path.name]
    assert notes
    assert "Sign-off" in notes[0].read_text("utf-8")
    (bundle,) = root.glob("*-bundle.zip")
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None and any("SHA256SUMS" in name for name in archive.namelist())
