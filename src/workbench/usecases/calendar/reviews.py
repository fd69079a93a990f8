"""What has to be looked at again: decisions on differences, benchmarks, and values that get too old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workbench.benchmarks.reviews import EVERYTHING, Due
from workbench.gates import reviewing
from workbench.gates.judging import JUDGED
from workbench.model.dates import day_of, read_moment
from workbench.model.text import number_of
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.parity.words import decision_words
from workbench.usecases.calendar.event import INSTANT, Asked, Event, What


def tell_decisions(asked: Asked) -> Iterator[Event]:
    """When decisions on differences end, and when somebody wanted to look at differences again."""
    for row in asked.context.record.all("difference", "decision <> ?", (Decision.UNDECIDED.value,)):
        value = row.decode(Difference)
        if value.until is not None:
            word = decision_words(value.decision)
            title = f"the decision on {value.title} ends ({word})"
            yield _difference(row.id, value, f"decision/{row.id}", value.until, What.DECISION, title)
        if value.review_by is not None:
            title = f"{value.title} is to be looked at again"
            yield _difference(row.id, value, f"look/{row.id}", value.review_by, What.REVIEW, title)


def _difference(ident: str, value: Difference, key: str, at: datetime, what: What, title: str) -> Event:
    return Event(
        key=key,
        at=at,
        what=what,
        title=title,
        ref=f"difference/{ident}",
        owner=value.owner or "",
        part=f"difference/{ident}" if what is What.DECISION else "",
    )


def tell_benchmark_reviews(asked: Asked) -> Iterator[Event]:
    """When benchmarks, and tiers and limits as a whole, are to be reviewed."""
    if asked.facts is None:
        return
    judged = asked.facts(JUDGED)
    titles = {item.key: item.title for item in judged}
    dues = {**reviewing.dues(asked.facts, (item.resolved for item in judged))}
    if dues:
        dues[EVERYTHING] = reviewing.whole(asked.facts)
    for key, due in dues.items():
        if due.at is not None:
            yield _review(key, due.at, titles.get(key, ""), due)


def _review(key: str, at: datetime, title: str, due: Due) -> Event:
    return Event(
        key=f"review/{key}" if key else "review",
        at=at,
        what=What.REVIEW,
        title=f"{title} is to be reviewed" if key else "tiers and limits as a whole are to be reviewed",
        ref=f"benchmark/{key}" if key else "benchmark",
        part=f"review/{key}" if key else "review",
        overdue=due.overdue,
    )


def tell_values(asked: Asked) -> Iterator[Event]:
    """When values that were measured get too old, day by day; and when benchmarks begin to block."""
    if asked.facts is None:
        return
    days: dict[str, list[tuple[datetime, str]]] = {}
    for judged in asked.facts(JUDGED):
        value, resolved = judged.value, judged.resolved
        if resolved.benchmark.blocking_from:
            yield Event(
                key=f"blocking/{judged.key}",
                at=read_moment(resolved.benchmark.blocking_from, asked.zone) - INSTANT,
                what=What.GATE,
                title=f"{judged.title} begins to block",
                ref=f"benchmark/{judged.key}",
                part=f"benchmark/{judged.key}",
            )
        if value is not None and resolved.max_age is not None:
            at = value.measured_at + resolved.max_age
            if at > asked.now:
                days.setdefault(day_of(at, asked.zone).isoformat(), []).append((at, judged.title))
    for day, ages in days.items():
        at, first = min(ages)
        more = f", and {len(ages) - 1} more" if len(ages) > 1 else ""
        verb = "get" if len(ages) > 1 else "gets"
        yield Event(
            key=f"values/{day}",
            at=at,
            what=What.VALUES,
            title=f"{number_of(len(ages), 'value')} {verb} too old: {first}{more}",
            ref="benchmark",
            effect="counts as no data until it is measured again",
        )
