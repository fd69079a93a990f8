"""Reviewing benchmarks: which are due, what there is to see since the last review, and saying that it was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.reviews import AS_A_WHOLE, EVERYTHING, BenchmarkReview, Due, reviewed
from workbench.criteria import Verdict
from workbench.gates import reviewing
from workbench.gates.facts import Facts
from workbench.gates.replaying import Build, Replayed, builds_of
from workbench.incidents.alarms import AlarmRuling, of_part
from workbench.model.text import number_of
from workbench.record import Commit
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.looking_back import look_back
from workbench.usecases.views.what_if_incidents import Caused, caused_by_releases

THE_WHOLE = AS_A_WHOLE
ENOUGH = 8  # values from which on never failing, or always, says something of a limit


class ReviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """TH-8: a benchmark, when its review is due, and how it has judged since the last one.

    ``judged`` counts the values that were judged, ``failed`` those that failed; ``hint`` says what that says of the limit.
    ``false_alarms`` counts the builds of which a person said that it failed although nothing was wrong, ``missed``
    are incidents in production on its flow, whose releases it had let pass: by title, the latest first.
    """

    key: str
    title: str
    due: Due
    judged: int = 0
    failed: int = 0
    hint: str = ""
    false_alarms: int = 0
    missed: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """``3 of 40 values failed, 1 false alarm, missed Payments fail``; "" where nothing was judged."""
        found = [f"{self.failed} of {number_of(self.judged, 'value')} failed"] if self.judged else []
        found += [number_of(self.false_alarms, "false alarm")] if self.false_alarms else []
        found += [f"missed {'; '.join(self.missed)}"] if self.missed else []
        return ", ".join(found)


def review(
    context: Context,
    evaluation: Evaluation,
    benchmarks: Sequence[str],
    *,
    whole: bool = False,
    note: str = "",
) -> Commit:
    """Say that benchmarks were reviewed, or tiers and limits as a ``whole``: what a person has looked at.

    ``UsageError`` for a benchmark that there is not.
    """
    keys = [verdict_of(evaluation, key).key for key in dict.fromkeys(benchmarks)]
    keys += [EVERYTHING] if whole else []
    by, at, release = context.author().actor, context.now, evaluation.held.id
    note = without_secrets_in(context, note)
    return commit(
        context,
        [reviewed(BenchmarkReview(benchmark=key, by=by, at=at, release=release, note=note)) for key in keys],
    )


def read_reviews(context: Context, evaluation: Evaluation) -> list[ReviewLine]:
    """Every benchmark with its review, and tiers and limits as a whole: what is due first."""
    facts = _facts(context, evaluation)
    found = reviewing.dues(facts, [item.resolved for item in evaluation.judged])
    builds, caused = builds_of(context.record), caused_by_releases(context)
    lines = [_line(context, evaluation, due, caused, builds) for due in found.values()]
    if lines:
        lines.append(ReviewLine(key=EVERYTHING, title=AS_A_WHOLE, due=reviewing.whole(facts)))
    return sorted(lines, key=lambda line: (not line.due.overdue, not line.due.now))


def read_review(context: Context, evaluation: Evaluation, key: str) -> ReviewLine:
    """One benchmark with its review; ``UsageError`` for one that there is not."""
    item = verdict_of(evaluation, key)
    due = reviewing.dues(_facts(context, evaluation), [item.resolved])[item.key]
    return _line(context, evaluation, due, caused_by_releases(context))


def _facts(context: Context, evaluation: Evaluation) -> Facts:
    return Facts(
        context.record, context.definitions, evaluation.held, now=evaluation.facts.now,
        demonstration=evaluation.facts.demonstration,
    )  # fmt: skip


def _line(
    context: Context,
    evaluation: Evaluation,
    due: Due,
    caused: Sequence[Caused],
    builds: Mapping[str, Build] | None = None,
) -> ReviewLine:
    item = verdict_of(evaluation, due.benchmark)
    since = due.last.at if due.last is not None else None
    own = _incidents(item, caused, since)
    # Only an incident makes it worth going back before the last review.
    found = look_back(context, item.resolved, evaluation.facts.now, builds=builds)
    every = list(found) if own else list(takewhile(lambda one: since is None or one.at > since, found))
    lately = [one for one in every if since is None or one.at > since]  # they come newest first
    judged = [one.judged.verdict for one in lately if one.judged.verdict.known]
    failed = judged.count(Verdict.FAIL)
    said = (value for _, value in of_part(context.record, f"benchmark/{item.key}"))
    return ReviewLine(
        key=item.key, title=item.title, due=due, judged=len(judged), failed=failed,
        hint=_hint(len(judged), failed),
        false_alarms=sum(
            value.ruling is AlarmRuling.FALSE_ALARM and (since is None or value.at > since) for value in said
        ),
        missed=_missed(own, every),
    )  # fmt: skip


def _incidents(item: Judged, caused: Iterable[Caused], since: datetime | None) -> list[Caused]:
    """The incidents on a benchmark's flow since its last review, the latest first."""
    flow = item.resolved.benchmark.flow
    own = [one for one in caused if flow is not None and flow in one.incident.flows]
    lately = [one for one in own if since is None or one.incident.began > since]
    return sorted(lately, key=lambda one: one.incident.began, reverse=True)


def _missed(own: Sequence[Caused], every: Sequence[Replayed]) -> tuple[str, ...]:
    """Those whose release went out with a last value that did not fail."""
    passed: dict[str, bool] = {}
    for one in every:
        if one.build is not None:
            passed.setdefault(one.build.held.id, one.judged.through)
    return tuple(one.incident.title for one in own if passed.get(one.release))


def _hint(judged: int, failed: int) -> str:
    """What never failing, or always, says of a limit."""
    if judged < ENOUGH:
        return ""
    if not failed:
        return f"never failed in {number_of(judged, 'value')}: is its limit too loose?"
    return f"failed in all {judged} values: is its limit too tight?" if failed == judged else ""
