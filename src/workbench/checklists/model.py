"""CL: items are open, done, failed or not applicable; answers belong to a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.definitions.shapes import Checklist, Item
from workbench.evidence.model import Attachment
from workbench.model.canonical import digest, plain
from workbench.model.errors import UsageError
from workbench.model.keys import of_release, release_as_subject
from workbench.model.reasons import says_why
from workbench.model.steps import Job, Step
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class ItemState(StrEnum):
    """What is known about an item."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


_VERBS = {
    ItemState.OPEN: "reopened",
    ItemState.DONE: "ticked",
    ItemState.FAILED: "failed",
    ItemState.NOT_APPLICABLE: "ruled out",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A person's answer.

    ``subject`` is what the list is walked for: ``release/ID``, or ``incident/ID``, of which there are no candidates.  ``text`` is the digest of the
    item's wording that was answered.  ``role_unasked`` stands with answers of the first format:
    an item's role asked nothing of anybody then.
    """

    subject: str
    candidate: str | None = None
    checklist: str
    item: str
    state: ItemState
    text: str
    by: str
    at: datetime
    reason: str = ""
    comment: str = ""
    role_unasked: bool = False


def _lift(version: int, value: dict[str, Any]) -> dict[str, Any]:
    return {**release_as_subject(version, value), "role_unasked": True}


def _item_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    item = str(value.get("item", ""))
    return titles("item", f"{value.get('checklist', '')}/{item}") or item


ENTITIES = (
    EntityKind(
        "answer",
        Answer,
        version=2,
        lift=_lift,
        columns=(
            Column("subject"),
            Column("candidate"),
            Column("checklist"),
            Column("item"),
            Column("state"),
        ),
        thing="item",
        title=_item_title,
        judged=True,
        excerpt=True,
    ),
)


class Fact(msgspec.Struct, frozen=True):
    """Something the record knows by itself: whether it holds, in words, and what makes it hold.

    ``open`` says that it does not hold because nothing is there to judge, or nothing was written
    down: then a person may rule the item out.  What the record knows to be false nobody rules out.
    ``part`` is the key of the line that says the same where a gate asks for it.  ``of_candidate`` is the same
    for the present build alone: it counts for an item that a new candidate reopens.  What ``proves`` is evidence
    itself where it holds, which may be ``until`` a moment only.
    """

    holds: bool
    why: str
    step: Step | None = None
    open: bool = False
    part: str = ""
    of_candidate: Fact | None = None
    proves: bool = False
    until: datetime | None = None

    @property
    def contradicts(self) -> bool:
        """Whether the record knows that it is not so."""
        return not self.holds and not self.open


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """An item with everything known about it now."""

    item: Item
    checklist: str
    subject: str
    """What the list is walked for."""
    state: ItemState
    why: str
    answer: Answer | None = None
    stored: Stored | None = None
    fact: Fact | None = None
    """What the record knows about it, where the item asks that."""
    evidence: tuple[Attachment, ...] = ()
    """What speaks of the present build."""
    earlier: tuple[Attachment, ...] = ()
    """What was attached for builds before, and speaks of those."""
    reopened: str | None = None
    lacks_evidence: bool = False
    waits: str = ""
    """Who has to act on the answer, where its giver does not have the item's role."""

    @property
    def by_itself(self) -> bool:
        """Whether the record answers it, and no person has to."""
        return self.fact is not None and self.item.automatic is not None

    @property
    def complete(self) -> bool:
        return self.state in (ItemState.DONE, ItemState.NOT_APPLICABLE)


Checklists = Mapping[str, tuple[ItemView, ...]]
"""The items of each checklist in their present state, by its key."""


def clear(view: ItemView) -> Step:
    """What an item still lacks: a fact of the record, its evidence, or an answer."""
    ref, fact, answer = f"{view.checklist}/{view.item.key}", view.fact, view.answer
    if fact is not None and not fact.holds:
        # A fact that nothing brings about can only be ruled out.
        return fact.step or Step(Job.RULE_OUT_ITEM, ref)
    if view.lacks_evidence and answer and answer.state is ItemState.DONE and not view.reopened:
        return Step(Job.ATTACH_EVIDENCE, ref)
    if view.waits and view.subject.startswith(of_release("")):
        return Step(Job.APPROVE, f"item/{ref}")
    if fact is not None and view.item.automatic:
        # The record says that it holds, and a person that it does not.
        return Step(Job.REOPEN_ITEM, ref)
    return Step(Job.PROVE_ITEM if view.lacks_evidence else Job.TICK_ITEM, ref)


def item_text(item: Item) -> str:
    """The digest of what an item asks; an edited wording is another question."""
    return digest({"title": item.title, "why": item.why, "check": item.check, "evidence": item.evidence})


def answer_id(subject: str, checklist: str, item: str) -> str:
    """One answer per subject, checklist and item, so that two people's answers meet.

    Those of a release go by its id alone: they are older than other subjects.
    """
    return f"{subject.removeprefix(of_release(''))}/{checklist}/{item}"


def answers(record: Record, subject: str) -> dict[tuple[str, str], tuple[Stored, Answer]]:
    """The answers of a subject by checklist and item."""
    rows = record.all("answer", "subject = ?", (subject,))
    return {(value.checklist, value.item): (row, value) for row in rows for value in (row.decode(Answer),)}


def view(
    checklist: Checklist,
    subject: str,
    candidate: str | None,
    given: Mapping[tuple[str, str], tuple[Stored, Answer]],
    facts: Mapping[str, Fact],
    evidence: Mapping[str, list[Attachment]],
    waits: Mapping[str, str],
) -> tuple[ItemView, ...]:
    """Every item of a checklist in its present state.

    ``waits`` says of answers by id that somebody else has to act on them, and who.
    """
    return tuple(
        _item_view(checklist.checklist, item, subject, candidate, given, facts, evidence, waits)
        for item in checklist.items
    )


def _item_view(
    checklist: str,
    item: Item,
    subject: str,
    candidate: str | None,
    given: Mapping[tuple[str, str], tuple[Stored, Answer]],
    facts: Mapping[str, Fact],
    evidence: Mapping[str, list[Attachment]],
    waits: Mapping[str, str],
) -> ItemView:
    stored, answer = given.get((checklist, item.key), (None, None))
    attached = tuple(evidence.get(f"answer:{answer_id(subject, checklist, item.key)}", ()))
    asked = item.automatic or item.needs_fact
    fact = facts.get(asked) if asked else None
    if fact is not None and fact.of_candidate is not None and not item.carry:
        fact = fact.of_candidate
    reopened = _reopened(item, answer, candidate)
    counting = tuple(piece for piece in attached if item.carry or piece.candidate in (None, candidate))
    lacking = item.needs_evidence and not counting and not (fact is not None and fact.holds and fact.proves)
    waiting = waits.get(answer_id(subject, checklist, item.key), "") if not reopened else ""
    state, why = ItemState.OPEN, reopened or "open"
    if answer and not reopened and answer.state is not ItemState.OPEN:
        state, why = answer.state, answer.reason or answer.comment or f"by {answer.by}"
        if state is ItemState.DONE and lacking:
            state, why = ItemState.OPEN, "done, but its evidence is missing"
        elif waiting:
            state, why = ItemState.OPEN, waiting
    elif fact is not None and item.automatic:
        state, why = (ItemState.DONE if fact.holds else ItemState.OPEN), fact.why
    elif fact is not None and not reopened:
        why = f"{fact.why}; a person has to confirm the rest" if fact.holds else fact.why
    if fact is not None and denies(fact, state):
        state, why = ItemState.OPEN, f"the record contradicts that: {fact.why}"
    return ItemView(
        item=item,
        checklist=checklist,
        subject=subject,
        state=state,
        why=why,
        answer=answer,
        stored=stored,
        fact=fact,
        evidence=counting,
        earlier=tuple(piece for piece in attached if piece not in counting),
        reopened=reopened,
        lacks_evidence=lacking,
        waits=waiting,
    )


def denies(fact: Fact, state: ItemState) -> bool:
    """Whether a fact of the record stands against an answer."""
    if state is ItemState.NOT_APPLICABLE:
        return fact.contradicts
    return state is ItemState.DONE and not fact.holds


def completes(answer: Answer, item: Item) -> bool:
    """Whether an answer would do for an item, as it is worded now."""
    return answer.state in (ItemState.DONE, ItemState.NOT_APPLICABLE) and answer.text == item_text(item)


def _reopened(item: Item, answer: Answer | None, candidate: str | None) -> str | None:
    if answer is None:
        return None
    if answer.text != item_text(item):
        return "its wording has changed since it was answered"
    if answer.candidate != candidate and not item.carry:
        return "answered for an earlier candidate"
    return None


def answered(
    item: Item,
    checklist: str,
    subject: str,
    candidate: str | None,
    stored: Stored | None,
    state: ItemState,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    comment: str = "",
) -> Change:
    """The change that answers an item, or opens it again."""
    ident = answer_id(subject, checklist, item.key)
    base = stored.base if stored else None
    if state is ItemState.OPEN and stored is None:
        raise UsageError("this item is open already")
    if state is ItemState.NOT_APPLICABLE and not says_why(reason):
        raise UsageError(
            "“not applicable” needs a reason that still makes sense a year from now",
            hint="why is this item not applicable?",
        )
    if state is ItemState.FAILED and not (reason or comment).strip():
        raise UsageError("“failed” needs a comment on what was found")
    value = Answer(
        subject=subject,
        candidate=candidate,
        checklist=checklist,
        item=item.key,
        state=state,
        text=item_text(item),
        by=by,
        at=at,
        reason=reason,
        comment=comment,
    )
    verb = _VERBS[state]
    return Change("answer", ident, verb, plain(value), base, reason or None)
