"""Every benchmark is reviewed as often as it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench.benchmarks.reviews import AS_A_WHOLE, EVERYTHING, Due
from workbench.checklists.model import Fact
from workbench.gates import reviewing
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kind import Kind
from workbench.gates.kinds.reviews_not_overdue import KIND as ASKED
from workbench.gates.kinds.reviews_not_overdue import ReviewsConfig, fits
from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import ANYBODY
from workbench.model.steps import Job, Step
from workbench.model.text import number_of

# How every review stands: a requirement asks for that several times.
DUES: Need[Mapping[str, Due]] = Need(
    (*JUDGED.entities, *reviewing.ENTITIES),
    lambda facts: reviewing.dues(facts, (item.resolved for item in facts(JUDGED))),
)
WHOLE: Need[Due] = Need(reviewing.ENTITIES, reviewing.whole)


class ReviewsNotOverdue(Kind[ReviewsConfig]):
    """What was never measured need not be reviewed: there is nothing to see yet."""

    asked = ASKED
    lists = True

    def needs(self, asks: ReviewsConfig) -> Iterable[Need[Any]]:
        return (JUDGED, DUES, WHOLE)

    def title(self, asks: ReviewsConfig, facts: Facts) -> str:
        about = asks.flow or asks.tag or (asks.dimension.value if asks.dimension else "")
        return f"Benchmarks reviewed ({about})" if about else "Benchmarks reviewed"

    def parts(self, asks: ReviewsConfig, facts: Facts) -> Iterable[Part]:
        found = _dues(asks, facts)
        titles = {item.key: item.title for item in facts(JUDGED)}
        open_ = [due for due in found.values() if due.now or due.overdue]
        for due in open_:
            yield _part(due, titles.get(due.benchmark, AS_A_WHOLE))
        if reviewed := len(found) - len(open_):
            yield Part(
                key="reviews/in-time",
                title="",
                state=State.MET,
                why=f"{number_of(reviewed, 'review')} not due",
                about="benchmark",
            )

    def nothing(self, asks: ReviewsConfig, facts: Facts) -> str:
        return "no benchmark matches"

    def only_time(self, asks: ReviewsConfig, facts: Facts) -> bool:
        open_ = [due for due in _dues(asks, facts).values() if due.now or due.overdue]
        return bool(open_) and all(due.at is not None for due in open_)

    def moments(self, asks: ReviewsConfig, facts: Facts) -> Iterable[datetime]:
        return (due.at for due in _dues(asks, facts).values() if due.at is not None)

    def answer(self, asked: Sequence[ReviewsConfig], facts: Facts) -> Fact:
        asks = asked[0] if asked else ReviewsConfig()
        open_ = [part for part in self.parts(asks, facts) if part.state is State.NOT_MET]
        if open_:
            return Fact(False, f"{number_of(len(open_), 'review')} due", open_[0].step, part=open_[0].key)
        return Fact(True, "no review is due")


def _dues(asks: ReviewsConfig, facts: Facts) -> Mapping[str, Due]:
    dues = facts(DUES)
    found = {item.key: dues[item.key] for item in facts(JUDGED) if fits(asks, item.resolved.benchmark)}
    if found and asks.whole:
        found[EVERYTHING] = facts(WHOLE)
    return found


def _part(due: Due, title: str) -> Part:
    key = due.benchmark
    return Part(
        key=f"review/{key}" if key else "review",
        title=title if key else AS_A_WHOLE,
        state=State.NOT_MET,
        why=due.words,
        about=f"benchmark/{key}" if key else "benchmark",
        step=Step(Job.REVIEW_BENCHMARK, key or "--whole"),
        weight=Weight.TO_DO,
        turn=ANYBODY,
    )


KIND = ReviewsNotOverdue()
