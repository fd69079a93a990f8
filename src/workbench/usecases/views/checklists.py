"""Checklists: how far each is, and how its items stand."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.checklists.model import ItemState, ItemView
from workbench.definitions import Definitions
from workbench.evidence.model import Attachment
from workbench.model.times import relative_text
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.marks import Fact, Mark

_MARKS = {
    ItemState.OPEN: Mark.OPEN,
    ItemState.DONE: Mark.DONE,
    ItemState.FAILED: Mark.BLOCKS,
    ItemState.NOT_APPLICABLE: Mark.NOT_APPLICABLE,
}


class ListLine(msgspec.Struct, frozen=True):
    """A checklist and how far it is; ``asked`` says whether a gate asks for it."""

    key: str
    title: str
    views: tuple[ItemView, ...]
    asked: bool

    @property
    def answered(self) -> int:
        """How many items are answered."""
        return sum(view.complete for view in self.views)

    @property
    def how_far(self) -> str:
        """``3 of 8``."""
        return f"{self.answered} of {len(self.views)}"

    @property
    def mark(self) -> Mark:
        """The sign of the whole list."""
        if self.views and self.answered == len(self.views):
            return Mark.COMPLETE
        return Mark.UNDER_WAY if self.answered else Mark.OPEN

    def count(self, state: ItemState) -> int:
        """How many items are in a state."""
        return sum(view.state is state for view in self.views)


def lists(found: Evaluation, definitions: Definitions) -> list[ListLine]:
    """Every checklist, in the order of the files."""
    asked = {
        getattr(requirement.config, "checklist", None)
        for gate in definitions.project.gates
        for requirement in gate.requires
    }
    return [
        ListLine(key, found.checklist_title(key), tuple(views), key in asked)
        for key, views in found.checklists.items()
    ]


def item_key(view: ItemView) -> str:
    """``checklist/item``."""
    return f"{view.checklist}/{view.item.key}"


def mark_of(state: ItemState) -> Mark:
    """The sign of an item."""
    return _MARKS[state]


def state_words(view: ItemView) -> str:
    """The state of an item: ``not applicable``."""
    return view.state.value.replace("_", " ")


def known(view: ItemView) -> str:
    """What is known of an item beyond that it is open: who answered it and how, or what the record says."""
    return "" if view.why == ItemState.OPEN.value else view.why


def standing(view: ItemView, now: datetime) -> list[Fact]:
    """How an item stands: what the record knows, and what was answered."""
    facts = []
    if view.fact is not None:
        facts.append(Fact("Known", view.fact.why, Mark.DONE if view.fact.holds else Mark.BLOCKS))
    if view.reopened:
        facts.append(Fact("Open again", view.reopened, Mark.WARNS))
    elif view.answer is not None and view.answer.state is not ItemState.OPEN:
        facts.append(Fact("Answer", _answer_words(view, now), mark_of(view.answer.state)))
    if view.waits:
        facts.append(Fact("Waits", view.waits, Mark.WARNS))
    return facts


def _answer_words(view: ItemView, now: datetime) -> str:
    answer = view.answer
    assert answer is not None
    words = answer.state.value.replace("_", " ")
    said = answer.reason or answer.comment
    return f"{words} by {answer.by}, {relative_text(answer.at, now)}" + (f": {said}" if said else "")


def evidence_words(piece: Attachment, now: datetime) -> str:
    """A piece of evidence: what it is, whether it was copied, and whose it is."""
    kept = "copied" if piece.digest else "link only"
    return f"{piece.kind}, {kept} · {piece.title} · {piece.by}, {relative_text(piece.at, now)}"
