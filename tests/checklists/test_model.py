"""The state of an item, from its answer, its evidence and its fact."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.checklists import model as checklists
from workbench.checklists.model import Answer, Fact, ItemState, item_text
from workbench.definitions.shapes import Checklist, Item
from workbench.evidence.model import Attachment
from workbench.record import Stored

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


def item(**fields: object) -> Item:
    return Item(**{"key": "i", "title": "t", "why": "w", "check": "c", **fields})  # type: ignore[arg-type]


def view(
    asked: Item, answer: Answer | None = None, fact: Fact | None = None, evidence: tuple[Attachment, ...] = ()
) -> checklists.ItemView:
    stored = Stored("r/c/i", "0", 1, "ticked", b"{}", NOW, "kim")
    given_ = {("c", "i"): (stored, answer)} if answer else {}
    facts = {asked.automatic: fact} if asked.automatic and fact else {}
    (found,) = checklists.view(
        Checklist(checklist="c", title="C", items=[asked]),
        "r",
        "rc2",
        given_,
        facts,
        {"answer:r/c/i": list(evidence)},
        {},
    )
    return found


def answered(asked: Item, state: ItemState, candidate: str = "rc2", **more: str) -> Answer:
    return Answer(
        subject="release/r", candidate=candidate, checklist="c", item="i", state=state, text=item_text(asked), by="kim",
        at=NOW, **more,
    )  # fmt: skip


ITEMS = st.builds(
    item, carry=st.booleans(), needs_evidence=st.booleans(), automatic=st.sampled_from([None, "tests_green"])
)
FACTS = st.none() | st.builds(Fact, st.booleans(), st.just("because"), open=st.booleans())


@given(
    ITEMS, st.none() | st.sampled_from(list(ItemState)), st.sampled_from(["rc1", "rc2"]), FACTS, st.booleans()
)
def test_an_item_is_only_done_for_a_reason_that_holds(
    asked: Item, state: ItemState | None, candidate: str, fact: Fact | None, attached: bool
) -> None:
    evidence = (
        Attachment(subject="answer:r/c/i", kind="note", title="n", by="kim", at=NOW, candidate=candidate),
    )
    answer = answered(asked, state, candidate, reason="because") if state else None
    found = view(asked, answer, fact, evidence if attached else ())
    stands = answer is not None and (candidate == "rc2" or asked.carry) and state is not ItemState.OPEN
    fact = fact if asked.automatic else None
    if found.state is ItemState.DONE:
        assert fact is None or fact.holds
        assert (stands and state is ItemState.DONE) or (not stands and fact is not None)
        if stands and asked.needs_evidence:
            assert attached
    if stands and state is ItemState.FAILED:
        assert found.state is state
    if stands and state is ItemState.NOT_APPLICABLE:
        # What the record knows to be false nobody rules out.
        assert (found.state is state) == (fact is None or not fact.contradicts)
    if not stands and fact is None:
        assert found.state is ItemState.OPEN
    assert found.complete == (found.state in (ItemState.DONE, ItemState.NOT_APPLICABLE)) and found.why


@pytest.mark.parametrize("field", ["title", "why", "check", "evidence"])
def test_every_word_that_is_asked_is_part_of_the_question(field: str) -> None:
    edited = item(**{field: "other"})
    assert (
        view(edited, answered(item(), ItemState.DONE)).reopened
        == "its wording has changed since it was answered"
    )


@pytest.mark.parametrize("fields", [{"carry": True}, {"role": "qa"}, {"needs_evidence": True}])
def test_how_an_item_is_kept_is_no_part_of_it(fields: dict[str, object]) -> None:
    assert item_text(item(**fields)) == item_text(item())


def test_evidence_of_an_earlier_build_counts_where_the_item_carries_over() -> None:
    old = (Attachment(subject="answer:r/c/i", kind="note", title="n", by="kim", at=NOW, candidate="rc1"),)
    for carry, state in ((False, ItemState.OPEN), (True, ItemState.DONE)):
        asked = item(carry=carry, needs_evidence=True)
        assert view(asked, answered(asked, ItemState.DONE), evidence=old).state is state
