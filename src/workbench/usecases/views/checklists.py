"""Checklists: how far each is, and how its items stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.checklists.model import ItemState, ItemView
from workbench.definitions import Definitions
from workbench.definitions.shapes import AutomaticFact
from workbench.evidence.model import Attachment
from workbench.model.times import relative_text
from workbench.usecases.answering import Walked
from workbench.usecases.views.marks import Fact, Mark

NEEDED = "needed"  # the evidence of an item that has none yet
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


def lists(found: Walked, definitions: Definitions) -> list[ListLine]:
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


# What one goes to look at where an item is answered by itself: a noun of the record.
_SOURCES: dict[AutomaticFact, str] = {
    AutomaticFact.PARITY_REVIEWED: "difference",
    AutomaticFact.DIFFERENCES_DECIDED: "difference",
    AutomaticFact.TESTS_GREEN: "benchmark",
    AutomaticFact.BENCHMARKS_MET: "benchmark",
    AutomaticFact.ROLLBACK_PLANNED: "candidate",
    AutomaticFact.WATCH_PLANNED: "candidate",
    AutomaticFact.QUARANTINES_COUNTED: "benchmark",
    AutomaticFact.PROBES_RUN: "probe",
    AutomaticFact.DATA_FRESH: "environment",
    AutomaticFact.DATA_MASKED: "probe",
    AutomaticFact.RUNBOOK_REHEARSED: "runbook",
    AutomaticFact.ROLLBACK_REHEARSED: "runbook",
    AutomaticFact.RESTORE_REHEARSED: "runbook",
    AutomaticFact.INCIDENT_FROZEN: "incident",
    AutomaticFact.OWNERS_TOLD: "incident",
    AutomaticFact.RUNBOOK_EXECUTED: "incident",
    AutomaticFact.CAUSE_REVIEWED: "incident",
    AutomaticFact.INCIDENT_LEARNT: "incident",
}


def source_of(view: ItemView) -> str:
    """The noun that an item is answered from, or waits for; empty for what people answer alone."""
    asked = view.item.automatic or view.item.needs_fact
    return _SOURCES[asked] if asked and view.fact is not None else ""


def waits_for_record(view: ItemView) -> bool:
    """Whether nobody can say done yet, because the record answers the item, or knows otherwise."""
    return not view.complete and view.fact is not None and (view.by_itself or not view.fact.holds)


def waits_for_people(view: ItemView) -> bool:
    """Whether somebody has to answer the item, or to mend what made it fail; an answer may wait for a colleague."""
    open_ = view.state in (ItemState.OPEN, ItemState.FAILED)
    return open_ and not view.waits and not waits_for_record(view)


def open_counts(lines: Sequence[ListLine]) -> tuple[int, int]:
    """How many items wait for people, and in how many lists."""
    counts = [sum(map(waits_for_people, line.views)) for line in lines]
    return sum(counts), sum(count > 0 for count in counts)


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
        facts.append(Fact("Reopened", view.reopened, Mark.WARNS))
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
    kind = piece.kind
    if kind == "link":
        kind = "link, with a copy" if piece.digest else "link, not copied"
    return f"{kind} · {piece.title} · {piece.by}, {relative_text(piece.at, now)}"


def kinds_of(pieces: Sequence[Attachment]) -> str:
    """What there is as evidence, in words: ``file, 2 links``."""
    count = {kind: sum(piece.kind == kind for piece in pieces) for kind in ("file", "link", "note")}
    return ", ".join(kind if n == 1 else f"{n} {kind}s" for kind, n in count.items() if n)


def evidence_short(view: ItemView) -> str:
    """The evidence of an item in a word or two: what there is, or that it is needed."""
    if view.evidence:
        return kinds_of(view.evidence)
    if view.item.needs_evidence and not view.complete:
        return NEEDED
    return ""
