"""The parity map was looked over for this release, and not too long ago."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from workbench.checklists.model import Fact
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.parity_reviewed import KIND as ASKED
from workbench.gates.kinds.parity_reviewed import ParityReviewedConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import CHANGED_SINCE_REVIEW, REVIEW
from workbench.model.steps import Job, Step
from workbench.model.times import parse_duration
from workbench.parity.model import review_due

_QUARTER = timedelta(days=92)
_STEP = Step(Job.REVIEW_MAP)


class ParityReviewed(Kind[ParityReviewedConfig]):
    asked = ASKED
    fact = "parity_reviewed"

    def needs(self, asks: ParityReviewedConfig) -> Iterable[Need[Any]]:
        return (REVIEW, CHANGED_SINCE_REVIEW)

    def title(self, asks: ParityReviewedConfig, facts: Facts) -> str:
        return "Parity map looked over"

    def parts(self, asks: ParityReviewedConfig, facts: Facts) -> Iterable[Part]:
        due = review_due(facts(REVIEW), parse_duration(asks.within), facts.now)
        why = due or "looked over for this release"
        if due is None and (changed := facts(CHANGED_SINCE_REVIEW)):
            why += f"; {changed} changed since"
        yield Part(
            key="parity/reviewed",
            title=self.title(asks, facts),
            state=State.NOT_MET if due else State.MET,
            why=why,
            about="difference",
            step=_STEP,
            weight=Weight.TO_DO,
        )

    def only_time(self, asks: ParityReviewedConfig, facts: Facts) -> bool:
        return facts(REVIEW) is not None

    def answer(self, asked: Sequence[ParityReviewedConfig], facts: Facts) -> Fact:
        due = review_due(facts(REVIEW), _QUARTER, facts.now)
        return Fact(due is None, due or "looked over for this release", _STEP)


KIND = ParityReviewed()
