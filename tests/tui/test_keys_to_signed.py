"""From blocked to signed by three people: the table of docs/keys.md, pressed key by key."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, shown, web_shop

from workbench.gates.model import GateState, Weight
from workbench.usecases.evaluate import evaluate

PAGE = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
TYPED = {"jo": "jo", "2026-10-15": "2026-10-15", "2.14.0": "2.14.0", "a link": "https://ci.example/4711"}
MOST = 30
Step = tuple[str, list[tuple[str, str]], int]  # who, keys and texts, how many keys


def read_steps() -> list[Step]:
    table = PAGE.partition("## How many keys from blocked to signed")[2].partition("\n## ")[0]
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
    return web_shop(tmp_path, monkeypatch)


async def test_these_keys_lead_from_blocked_to_signed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = read_steps()
    keys = apart = typed = people = 0
    for who, of_person in groupby(steps, key=lambda step: step[0]):
        people += 1
        mine = list(of_person)
        async with driven(root, person=who) as pilot:
            for number, (_, presses, count) in enumerate(mine):
                if who == "robin" and number == len(mine) - 1:
                    apart += await security_answers(root)
                    await pilot.app.poll()  # type: ignore[attr-defined]
                for key, text in presses:
                    await press(pilot, *([key] if key else TYPED[text]))
                keys += count
                typed += sum(bool(text) for _, text in presses)
            assert "Leave" not in shown(pilot)
    with second_writer(root) as context:
        found = evaluate(context)
    assert found.gate("sign-off").state is GateState.SIGNED and not any(found.counts().values())
    assert keys <= MOST
    with capsys.disabled():
        print(
            f"\nblocked to signed: {keys} keys, {typed} texts, {people - 1} changes of person, {apart} apart"
        )


async def security_answers(root: Path) -> int:
    """The second act of somebody of security; how many keys it takes."""
    async with driven(root, person="noor") as pilot:
        assert "Security has agreed" in shown(pilot)
        await press(pilot, "y", *TYPED["a link"], "ctrl+s")
    with second_writer(root) as context:
        assert evaluate(context).counts()[Weight.TO_DO] == 0
    return 2
