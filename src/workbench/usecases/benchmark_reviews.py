"""Reviewing benchmarks: which are due, what there is to see since the last review, and saying that it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

import msgspec

from workbench.benchmarks.reviews import AS_A_WHOLE, EVERYTHING, BenchmarkReview, Due, reviewed
from workbench.criteria import Verdict
from workbench.gates import reviewing
from workbench.gates.facts import Facts
from workbench.gates.replaying import Build, builds_of
from workbench.model.text import number_of
from workbench.record import Commit
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.looking_back import look_back

THE_WHOLE = AS_A_WHOLE
ENOUGH = 8  # values from which on never failing, or always, says something of a limit


class ReviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """TH-8: a benchmark, when its review is due, and how it has judged since the last one.

    ``judged`` counts the values that were judged, ``failed`` those that failed; ``hint`` says what that says of the limit.
    """

    key: str
    title: str
    due: Due
    judged: int = 0
    failed: int = 0
    hint: str = ""


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
    return commit(
        context,
        [
            reviewed(BenchmarkReview(benchmark=key, by=by, at=at, release=release, note=note.strip()))
            for key in keys
        ],
    )


def read_reviews(context: Context, evaluation: Evaluation) -> list[ReviewLine]:
    """Every benchmark with its review, and tiers and limits as a whole: what is due first."""
    facts = _facts(context, evaluation)
    found = reviewing.dues(facts, [item.resolved for item in evaluation.judged])
    builds = builds_of(context.record)
    lines = [_line(context, evaluation, due, builds) for due in found.values()]
    if lines:
        lines.append(ReviewLine(key=EVERYTHING, title=AS_A_WHOLE, due=reviewing.whole(facts)))
    return sorted(lines, key=lambda line: (not line.due.overdue, not line.due.now))


def read_review(context: Context, evaluation: Evaluation, key: str) -> ReviewLine:
    """One benchmark with its review; ``UsageError`` for one that there is not."""
    item = verdict_of(evaluation, key)
    due = reviewing.dues(_facts(context, evaluation), [item.resolved])[item.key]
    return _line(context, evaluation, due)


def _facts(context: Context, evaluation: Evaluation) -> Facts:
    return Facts(
        context.record, context.definitions, evaluation.held, now=evaluation.facts.now,
        demonstration=evaluation.facts.demonstration,
    )  # fmt: skip


def _line(
    context: Context, evaluation: Evaluation, due: Due, builds: Mapping[str, Build] | None = None
) -> ReviewLine:
    item = verdict_of(evaluation, due.benchmark)
    since = due.last.at if due.last is not None else None
    found = look_back(context, item.resolved, evaluation.facts.now, builds=builds)
    lately = takewhile(lambda one: since is None or one.at > since, found)  # they come newest first
    known = [one.judged.verdict for one in lately]
    judged = [verdict for verdict in known if verdict.known]
    failed = judged.count(Verdict.FAIL)
    return ReviewLine(
        key=item.key, title=item.title, due=due, judged=len(judged), failed=failed,
        hint=_hint(len(judged), failed),
    )  # fmt: skip


def _hint(judged: int, failed: int) -> str:
    """What never failing, or always, says of a limit."""
    if judged < ENOUGH:
        return ""
    if not failed:
        return f"never failed in {number_of(judged, 'value')}: is its limit too loose?"
    return f"failed in all {judged} values: is its limit too tight?" if failed == judged else ""
