"""When anything of a release turns by itself next: an age, an end, a date.  Until then nothing has to be judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from workbench.gates.evaluate import kind_of
from workbench.model.dates import read_moment
from workbench.releases.model import WATCH, Outcome
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation


def next_turn(context: Context, evaluation: Evaluation) -> float | None:
    """Seconds until something turns by itself; ``None`` where nothing does, or the clock stands still."""
    if context.clock.fixed is not None:
        return None
    at = turns_at(evaluation)
    return (at - context.now).total_seconds() if at is not None else None


def turns_at(evaluation: Evaluation) -> datetime | None:
    """The next moment at which anything of this release turns by itself."""
    now = evaluation.now
    found = chain(moments(evaluation), _ages(evaluation))
    return min((moment for moment in found if moment > now), default=None)


def moments(evaluation: Evaluation) -> Iterator[datetime]:
    """When anything of a release turns that was not measured: that values get too old is left out."""
    release = evaluation.held.release
    if release.outcome is not Outcome.OPEN:
        if release.outcome_at is not None:
            yield release.outcome_at + WATCH
        return
    yield from _of_requirements(evaluation)
    yield from (part.until for gate in evaluation.gates for part in gate.parts if part.until)
    yield from (item.until for item in evaluation.overrides)
    yield from (item.until for item in evaluation.quarantines)
    yield from (item.until for item in evaluation.proposals if item.until)
    yield from (promise.by for promise in evaluation.promises.values() if promise.by)
    yield from (one.value.due for one in evaluation.break_glass if one.review is None)
    for gate in evaluation.gates:
        if gate.opening is not None:
            yield gate.opening.until
        yield from (view.signoff.conditions_due for view in gate.signoffs if view.signoff.conditions_due)
    for judged in evaluation.judged:
        if judged.resolved.benchmark.blocking_from:
            yield read_moment(judged.resolved.benchmark.blocking_from, evaluation.facts.zone)


def _of_requirements(evaluation: Evaluation) -> Iterable[datetime]:
    facts = evaluation.facts
    for gate in facts.project.gates:
        for requirement in gate.requires:
            kind, asks = kind_of(requirement)
            yield from kind.moments(asks, facts)


def _ages(evaluation: Evaluation) -> Iterator[datetime]:
    """When values get too old that a release is judged from."""
    facts = evaluation.facts
    if evaluation.held.release.outcome is not Outcome.OPEN:
        return
    for judged in evaluation.judged:
        value, resolved = judged.value, judged.resolved
        if value is not None and resolved.max_age is not None and judged.key not in facts.pinned:
            yield value.measured_at + resolved.max_age
