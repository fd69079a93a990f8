"""A whole incident by keys alone at 80x24: the table of docs/incidents.md, pressed key by key."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from tests.tui.driving import driven, press, second_writer, shown, web_shop

from workbench.gates import model as gates
from workbench.incidents import actions, reviews, timeline
from workbench.incidents import model as incidents
from workbench.incidents.model import IncidentState
from workbench.incidents.reviews import Known
from workbench.incidents.timeline import LineKind
from workbench.tui.screens.incident_page import IncidentScreen
from workbench.usecases.incident_checklists import walk_of

PAGE = (Path(__file__).parents[2] / "docs" / "incidents.md").read_text(encoding="utf-8")
NAMES = {"esc": "escape", "←": "left"}
TYPED = {
    "what happens": "checkout answers 503",
    "whom": "#releases",
    "a link": "https://dumps.example/1",
    "which runbook": "redeploy of the gateway, as written",
    "what it shows": "errors of checkout by address",
    "the cause": "the vendor moved its sandbox",
    "why": "the mock points at the new address",
}
MOST = 100


class Step(msgspec.Struct, frozen=True):
    """A row of the table: keys and texts as they are pressed, and how many of them are keys."""

    name: str
    pressed: tuple[str, ...]
    keys: int
    said: int


def read_steps() -> list[Step]:
    table = PAGE.partition("### By keys alone")[2].partition("\n## ")[0]
    found = []
    for row in re.findall(r"^\| (.+) \|$", table, re.MULTILINE)[2:]:
        name, keys, said = row.split(" | ")
        parts = re.findall(r"`([^`]+)`|\*([^*]+)\*", keys)
        pressed = [
            part
            for key, text in parts
            for part in ([NAMES.get(key, key)] if key else [*TYPED.get(text, text)])
        ]
        found.append(Step(name, tuple(pressed), sum(bool(key) for key, _ in parts), int(said)))
    return found


def test_the_keys_are_counted_as_the_page_says_and_are_fewer_than_a_hundred() -> None:
    steps = read_steps()
    assert [step.keys for step in steps] == [step.said for step in steps]
    total = sum(step.keys for step in steps)
    assert f"That is {total} keys" in PAGE and total < MOST


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_these_keys_take_an_incident_from_the_declaration_to_its_end(root: Path) -> None:
    async with driven(root, (80, 24)) as pilot:
        for step in read_steps():
            await press(pilot, *step.pressed)
        assert isinstance(pilot.app.screen, IncidentScreen), shown(pilot)
    with second_writer(root) as context:
        ((stored, value),) = incidents.all_incidents(context.record)
        lines = [line for _, line in timeline.lines_of(context.record, stored.id)]
        review = reviews.review_of(context.record, reviews.of_incident(stored.id))
        owed = actions.all_actions(context.record, subject=reviews.of_incident(stored.id))
        views = [view for items in walk_of(context, stored.id).checklists.values() for view in items]
        frozen = gates.freezes(context.record)
    notes = [line.words for line in lines if line.what is LineKind.NOTE]
    assert len(notes) == 5 and notes[0] == "the gateway was redeployed"
    assert value.state is IncidentState.CLOSED and value.mitigated_at is not None
    assert review is not None and review[1].contributed is Known.YES and len(review[1].differences) == 1
    assert [(one.title, one.owner, one.due is not None) for _, one in owed] == [
        ("pin the address", "kim", True),
        ("alert on it", "sam", True),
    ]
    assert not frozen
    assert [view.item.title for view in views if not view.complete] == []
