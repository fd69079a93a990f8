"""How many keys the map takes: the table of docs/keys.md, pressed key by key, and the record looked at after each step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.tui.driving import driven, press, second_writer, web_shop
from textual.pilot import Pilot

from workbench.definitions.shapes import Severity
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.tui.screens.parity import ParityScreen

PAGE = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## How many keys the map takes")[2].partition("\n## ")[0]
MOST, MOST_PASTED = 45, 6
KEYS = {">": "greater_than_sign", "/": "slash", "esc": "escape"}
TYPED = {"word": "setting", "severity": "low", "flow": "refund", "region": "us-east", "owner": "kim"}


class Step(msgspec.Struct, frozen=True):
    """A row of the table: keys, and typed texts as ``*name*``."""

    name: str
    times: int
    parts: tuple[str, ...]
    count: int


def steps() -> list[Step]:
    found = []
    for row in re.findall(r"^\| (.+) \|$", SECTION, re.MULTILINE)[2:-1]:
        name, times, keys, count = row.split(" | ")
        found.append(Step(name, int(times), tuple(re.findall(r"`[^`]+`|\*[^*]+\*", keys)), int(count)))
    return found


STEPS = steps()


def pressed(step: Step, typed: dict[str, int]) -> list[str]:
    """The keys of a step; each text that it types is another one."""
    keys: list[str] = []
    for part in step.parts * step.times:
        name = part[1:-1]
        if part.startswith("`"):
            keys.append(KEYS.get(name, name))
        else:
            typed[name] = typed.get(name, 0) + 1
            keys += TYPED.get(name, f"setting {typed[name]}" if name == "what" else f"{name} {typed[name]}")
    return keys


def on_record(root: Path) -> dict[str, Difference]:
    with second_writer(root) as context:
        return {value.title: value for _, value in parity.all_differences(context.record)}


def screen_of(pilot: Pilot[Any]) -> ParityScreen:
    return next(each for each in pilot.app.screen_stack if isinstance(each, ParityScreen))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def test_the_numbers_are_those_of_the_keys() -> None:
    for step in STEPS:
        assert step.count == step.times * sum(part.startswith("`") for part in step.parts), step.name
    total = sum(step.count for step in STEPS)
    assert f"**{total}**" in SECTION
    assert total <= MOST
    typed = sum(step.times * sum(part.startswith("*") for part in step.parts) for step in STEPS)
    assert f"{typed} words and texts" in SECTION
    print(f"{total} keys, and {typed} words typed")


async def test_the_keys_of_each_step_do_what_it_says(root: Path) -> None:
    typed: dict[str, int] = {}
    sorting, going, two, three, last, deciding, filtering, editing, saving, undoing = STEPS
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, *pressed(sorting, typed))
        table = screen_of(pilot).cells
        assert table.sorted_by == ("title", True)
        for step in (going, two, three):
            await press(pilot, *pressed(step, typed))
        assert len(on_record(root)) == 11
        await press(pilot, *pressed(last, typed))
        added = {title: value for title, value in on_record(root).items() if title.startswith("setting")}
        assert len(added) == 10
        assert all(value.staging for value in added.values())
        assert sum(bool(value.production) for value in added.values()) == 5
        await press(pilot, *pressed(deciding, typed))
        decided = {title: value for title, value in on_record(root).items() if title.startswith("setting")}
        closed = {title for title, value in decided.items() if value.decision is Decision.CLOSE}
        assert closed == {title for title, value in added.items() if not value.production}
        await press(pilot, *pressed(filtering, typed))
        assert table.filter_text == "setting"
        row = table.cursor_key
        await press(pilot, *pressed(editing, typed), *pressed(saving, typed))
        after = on_record(root)
        edited = [value for title, value in after.items() if value != decided.get(title) and title in decided]
        assert [(v.severity, v.flows, v.region, v.owner) for v in edited] == [
            (Severity.LOW, ("refund",), "us-east", "kim")
        ]
        assert edited[0].production
        assert table.cursor_key == row
        await press(pilot, *pressed(undoing, typed))
    assert {title: value for title, value in on_record(root).items() if title in decided} == decided


async def test_a_block_of_ten_rows_is_pasted(root: Path) -> None:
    sentence = re.search(r"takes (\d+) keys: (.+)\.", SECTION)
    assert sentence is not None
    keys = re.findall("`([^`]+)`", sentence[2])
    assert len(keys) == int(sentence[1]) <= MOST_PASTED
    async with driven(root, (120, 36)) as pilot:
        pilot.app.copy_to_clipboard("".join(f"setting {n}\t{n}\t{n * 2}\tlow\n" for n in range(10)))
        await press(pilot, *keys)
    added = {title: value for title, value in on_record(root).items() if title.startswith("setting")}
    assert len(added) == 10
    assert added["setting 3"].production == "6"
    assert {value.severity for value in added.values()} == {Severity.LOW}


async def test_a_copied_block_is_the_block_that_is_pasted(root: Path) -> None:
    async with driven(root, (120, 36)) as pilot:
        await press(pilot, "2", "shift+right", "shift+right", "ctrl+c")
        copied = pilot.app.clipboard.strip("\n").split("\t")
        value = on_record(root)[copied[0]]
        assert copied[1:] == [value.staging, value.production][: len(copied) - 1] != []
