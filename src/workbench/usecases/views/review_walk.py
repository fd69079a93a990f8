"""Walking the review of an incident or of failed tests: one question at a time, with the answers that there are."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from workbench.incidents.questions import About, Question
from workbench.incidents.reviews import IncidentReview
from workbench.parity import model as parity
from workbench.parity.model import Difference
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import review
from workbench.usecases.views.actions import Line, lines, read_actions
from workbench.usecases.views.incident_reviews import ReviewView, read

DIFFERENCES, ACTIONS = "differences", "actions"
ANOTHER = "another"  # the key of an answer: a difference that the map lacks
WHAT_NOW = "What is done about it, by whom, by which day?"


class Choice(msgspec.Struct, frozen=True):
    """An answer that one can choose: ``aside`` says more of it, ``chosen`` that it is the one that was given."""

    key: str
    text: str
    aside: str = ""
    chosen: bool = False


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """A review on its way: how it stands, the rows of the map that may have contributed, and what is done about it."""

    review: ReviewView
    differences: tuple[tuple[str, Difference], ...] = ()
    actions: tuple[Line, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The questions by their fields, in order; at the end what is done, but for failed tests."""
        asked = tuple(one.question.field for one in self.review.answers)
        return asked if self.review.about is About.TEST else (*asked, ACTIONS)

    def question(self, field: str) -> Question | None:
        """The question of a field; ``None`` for what is done, and for one that is asked no longer."""
        return next((one.question for one in self.review.answers if one.question.field == field), None)


def read_walk(context: Context, subject: str) -> Walk:
    """A review as it stands, with what may be chosen."""
    found = read_actions(context, subject=subject)
    return Walk(
        review=read(context, subject),
        differences=tuple((row.id, value) for row, value in parity.all_differences(context.record)),
        actions=tuple(lines(context, found)),
    )


def choices(walk: Walk, field: str) -> tuple[Choice, ...]:
    """The answers to choose from; none where words are asked for."""
    value, question = walk.review.value, walk.question(field)
    if field == DIFFERENCES:
        rows = sorted(walk.differences, key=lambda pair: pair[0] not in value.differences)
        linked = [Choice(id, row.title, _sides(row), chosen=id in value.differences) for id, row in rows]
        return (*linked, Choice(ANOTHER, "another one, which the map lacks", "it is added there, undecided"))
    if question is None:
        return ()
    given = getattr(value, field)
    return tuple(
        Choice(key, words, chosen=question.answered and key == given) for key, words in question.choices
    )


def _sides(row: Difference) -> str:
    return " · ".join(
        f"{name}: {text}" for name, text in (("staging", row.staging), ("production", row.production)) if text
    )


def words_field(walk: Walk, field: str) -> str:
    """The field that is typed in words: of a question without answers to choose from, itself; "" where nothing is."""
    question = walk.question(field)
    if question is None or field == DIFFERENCES:
        return ""
    return question.words if question.choices else field


def words_given(value: IncidentReview, field: str) -> str:
    """What was typed for a field, as one would type it."""
    found = getattr(value, field)
    return found if isinstance(found, str) else str(found) if found is not None else ""


def next_field(walk: Walk, after: str = "") -> str:
    """The next question that is open after one, around the end; what is done comes last."""
    fields = walk.fields
    at = fields.index(after) + 1 if after in fields else 0
    for field in (*fields[at:], *fields[:at]):
        question = walk.question(field)
        if question is not None and question.needed and not question.answered:
            return field
    return ACTIONS if ACTIONS in fields else ""


def place_of(walk: Walk, field: str) -> str:
    """``3 of 5``."""
    fields = walk.fields
    return f"{fields.index(field) + 1} of {len(fields)}" if field in fields else ""


# --- answering -----------------------------------------------------------------------------


def answer(context: Context, subject: str, given: Mapping[str, object]) -> Walk:
    """Keep an answer, where it says anything new; the review as it stands then."""
    before = read(context, subject).value
    if any(getattr(before, name) != text for name, text in given.items()):
        review(context, subject, given)
    return read_walk(context, subject)


def propose(context: Context, subject: str, title: str) -> Walk:
    """A difference that contributed and that the map lacks: it is put there, undecided."""
    review(context, subject, {}, proposed=Difference(title=title))
    return read_walk(context, subject)
