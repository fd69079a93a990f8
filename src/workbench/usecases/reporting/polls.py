"""The polls of a release as its notes name them: who said what, and who entered it."""

from __future__ import annotations

from workbench.signoff import polls
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.report import PollReport, VoteReport


def polls_of(context: Context, evaluation: Evaluation) -> tuple[PollReport, ...]:
    """Every poll of the release, the earliest first; what a running one comes to is told as of now."""
    found = []
    titles = {item.key: item.gate.title for item in evaluation.gates}
    names = {row.id: value.name for row, value in evaluation.held.candidates}
    for row, value in reversed(polls.polls_of(context.record, evaluation.held.id)):
        votes = [vote for _, vote in polls.votes_in(context.record, row.id)]
        found.append(
            PollReport(
                gate=titles.get(value.gate, value.gate),
                candidate=names.get(value.candidate, value.commit[:7]),
                begun_at=value.at,
                by=value.by,
                ended_at=value.ended_at,
                result=value.result or polls.result_of(value, votes),
                words=value.words,
                votes=tuple(
                    VoteReport(
                        person=vote.person,
                        role=vote.role,
                        vote=vote.vote,
                        words=vote.words,
                        entered_by=vote.entered_by,
                    )
                    for vote in votes
                    if vote.vote is not polls.Vote.PRESENT
                ),
            )
        )
    return tuple(found)
