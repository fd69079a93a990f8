"""The parity map was reviewed for this release, and not too long ago."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from workbench.checklists.model import Fact
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.parity_reviewed import KIND as ASKED
from workbench.gates.kinds.parity_reviewed import ParityReviewedConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import CHANGED_SINCE_REVIEW, DIFFERENCE_COUNT, REVIEW
from workbench.gates.turn import ANYBODY
from workbench.model.steps import Job, Step
from workbench.model.times import parse_duration
from workbench.parity.reviews import nothing_differs, review_due

_QUARTER = timedelta(days=92)


class ParityReviewed(Kind[ParityReviewedConfig]):
    asked = ASKED
    fact = "parity_reviewed"

    def needs(self, asks: ParityReviewedConfig) -> Iterable[Need[Any]]:
        return (REVIEW, CHANGED_SINCE_REVIEW, DIFFERENCE_COUNT)

    def title(self, asks: ParityReviewedConfig, facts: Facts) -> str:
        return "Parity map reviewed"

    def parts(self, asks: ParityReviewedConfig, facts: Facts) -> Iterable[Part]:
        due = _due(parse_duration(asks.within), facts)
        why = due or "reviewed for this release"
        if due is None and (changed := facts(CHANGED_SINCE_REVIEW)):
            why += f"; {changed} changed since"
        yield Part(
            key="parity/reviewed",
            title=self.title(asks, facts),
            state=State.NOT_MET if due else State.MET,
            why=why,
            about="difference",
            step=_step(facts),
            weight=Weight.TO_DO,
            turn=ANYBODY if due else None,
        )

    def moments(self, asks: ParityReviewedConfig, facts: Facts) -> Iterable[datetime]:
        review = facts(REVIEW)
        return (review.at + parse_duration(asks.within),) if review is not None else ()

    def only_time(self, asks: ParityReviewedConfig, facts: Facts) -> bool:
        return facts(REVIEW) is not None

    def answer(self, asked: Sequence[ParityReviewedConfig], facts: Facts) -> Fact:
        due = _due(_QUARTER, facts)
        return Fact(due is None, due or "reviewed for this release", _step(facts), part="parity/reviewed")


def _step(facts: Facts) -> Step:
    """An empty map is filled before anybody reviews it."""
    return Step(Job.REVIEW_MAP if facts(DIFFERENCE_COUNT) else Job.FILL_MAP)


def _due(within: timedelta, facts: Facts) -> str | None:
    """Why the map has to be reviewed again, or ``None``; of an empty one somebody says that nothing differs."""
    review = facts(REVIEW)
    due = review_due(review, within, facts.now)
    if due is not None or review is None:
        return due
    if facts(DIFFERENCE_COUNT):
        return "last reviewed when it was empty" if review.nothing_differs else None
    holds, why = nothing_differs(review)
    return None if holds else why


KIND = ParityReviewed()
