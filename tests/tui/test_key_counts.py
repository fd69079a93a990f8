"""How many keys the main jobs take: the table of docs/keys.md, pressed key by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.tui.driving import driven, press, second_writer, web_shop
from tests.tui.stories import answer_item, clear_everything, open_items

from workbench.checklists.model import ItemState
from workbench.gates.model import GateState
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.usecases import answering, noting, signing
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.checklists import item_key, waits_for_record

PAGE = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
LINK = "https://ci.example/4711"
# What stands in italics in the table, as it is typed here.
TYPED = {"2.14.0": "2.14.0", "the title": "message broker", "a link": LINK}


class Job(msgspec.Struct, frozen=True):
    """A row of the table: the keys to begin with, then the keys of the job and the texts between them."""

    begins: tuple[str, ...]
    keys: tuple[str, ...]
    count: int

    def pressed(self) -> list[str]:
        """Every key that is pressed, letters of texts included."""
        return [*self.begins, *(key for part in self.keys for key in _typed(part))]

    def counted(self) -> int:
        """Keys that are no text."""
        return sum(part not in TYPED for part in self.keys)


def _typed(part: str) -> list[str]:
    return [*TYPED[part]] if part in TYPED else [part]


def read_jobs() -> dict[str, Job]:
    table = PAGE.partition("## How many keys the main jobs take")[2].partition("\n## ")[0]
    found = {}
    for row in re.findall(r"^\| (.+) \|$", table, re.MULTILINE)[2:]:
        name, begins, keys, count = row.split(" | ")
        parts = re.findall(r"`([^`]+)`|\*([^*]+)\*", keys)
        keys_ = tuple(key or text for key, text in parts)
        assert all(text in TYPED for _, text in parts if text), keys
        found[name] = Job(tuple(re.findall(r"`([^`]+)`", begins)), keys_, int(count))
    return found


JOBS = read_jobs()


def last_signature(root: Path) -> None:
    """Everything is met, and the two others have signed."""
    clear_everything(root)
    for person in ("kim", "sam"):
        with second_writer(root, person) as context:
            found = evaluate(context)
            shown = signing.prepare(context, found, "sign-off")
            signing.sign(context, shown, signing.Answer(decision=signing.Decision.APPROVE))


def is_signed(root: Path) -> bool:
    with second_writer(root) as context:
        return evaluate(context).gate("sign-off").state is GateState.SIGNED


def is_exported(root: Path) -> bool:
    file = root.parent / "release-notes-2.14.0.md"
    if not file.exists():
        return False
    with second_writer(root) as context:
        wanted = noting.export(context, evaluate(context), "md", root.parent / "wanted.md")
    return file.read_bytes() == wanted.read_bytes()


def is_decided(root: Path) -> bool:
    with second_writer(root) as context:
        found = {value.title: value.decision for _, value in parity.all_differences(context.record)}
    return found.get(TYPED["the title"]) is Decision.CLOSE


def is_answered(root: Path) -> bool:
    with second_writer(root) as context:
        view = answering.find_item(evaluate(context), "pre-production/data-masked")
    return view.state is ItemState.DONE and [piece.link for piece in view.evidence] == [LINK]


FOUR = (
    "pre-production/data-masked", "pre-production/runbooks-rehearsed",
    "production-readiness/security-agrees", "production-readiness/restore-tried",
)  # fmt: skip


def others_answered(root: Path) -> None:
    """Of what people can answer, four items are open, and each needs evidence."""
    with second_writer(root) as context:
        for view in open_items(context):
            if item_key(view) not in FOUR and not waits_for_record(view):
                answer_item(context, view)


def are_answered(root: Path) -> bool:
    with second_writer(root) as context:
        views = [answering.find_item(evaluate(context), ref) for ref in FOUR]
    return all(
        view.answer and view.answer.state is ItemState.DONE and view.evidence[-1].link == LINK
        for view in views
    )


Story = Callable[[Path], None]
DONE: dict[str, tuple[Story | None, Callable[[Path], bool]]] = {
    "the last signature of a gate": (last_signature, is_signed),
    "the release notes exported": (None, is_exported),
    "one difference added and decided": (None, is_decided),
    "one item answered with evidence": (None, is_answered),
    "four items answered with evidence": (others_answered, are_answered),
}


def test_the_table_has_these_jobs() -> None:
    assert set(JOBS) == set(DONE)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = web_shop(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.mark.parametrize("name", DONE)
async def test_these_keys_do_the_job_and_one_less_does_not(name: str, root: Path) -> None:
    story, done = DONE[name]
    if story is not None:
        story(root)
    *keys, last = JOBS[name].pressed()
    async with driven(root) as pilot:
        for key in keys:
            await press(pilot, key)
        assert not done(root)
        await press(pilot, last)
    assert done(root)


@pytest.mark.parametrize("name", DONE)
def test_the_number_is_that_of_the_keys(name: str) -> None:
    assert JOBS[name].counted() == JOBS[name].count
