"""Saying something about a checklist item, which answers nothing, and reading what was said and done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from workbench.checklists.comments import Comment, comment_change, comments
from workbench.checklists.model import ItemView, answer_id
from workbench.record import Commit
from workbench.releases.model import candidate_names
from workbench.usecases.answering import Walked, subject_of
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.handed_in import without_secrets_in

MOST_PAST = 20  # entries of an item's history that are read


class Act(msgspec.Struct, frozen=True):
    """One line of an item's history: when, who, and what they did."""

    at: datetime
    by: str
    words: str


class Past(msgspec.Struct, frozen=True):
    """What was said about an item, and what was done with it, the latest first."""

    comments: tuple[Comment, ...] = ()
    acts: tuple[Act, ...] = ()
    builds: Mapping[str, str] = {}
    """The names of candidates by their ids, to tell evidence of earlier builds by."""


def comment(context: Context, walked: Walked, view: ItemView, text: str) -> Commit:
    """Say something about an item; its answer, or that it is open, stays as it is."""
    walked.require_open()
    said = Comment(
        subject=subject_of(walked, view),
        text=without_secrets_in(context, text),
        by=context.author().actor,
        at=context.now,
    )
    return commit(context, [comment_change(said, fresh_id(context))])


def past(context: Context, walked: Walked, view: ItemView) -> Past:
    """The comments on an item, and its answers."""
    said = comments(context.record, subject_of(walked, view))
    answer = answer_id(walked.subject, view.checklist, view.item.key)
    entries = context.record.history(entity="answer", id=answer, limit=MOST_PAST)
    acts = tuple(
        Act(entry.claimed_at or entry.recorded_at, entry.actor, _words(entry.verb, entry.reason))
        for entry in entries
    )
    return Past(tuple(reversed(said)), acts, candidate_names(context.record))


def _words(verb: str, reason: str | None) -> str:
    done = _VERBS.get(verb, verb)
    return f"{done}: {reason}" if reason else done


_VERBS = {"ticked": "done", "ruled out": "not applicable", "reopened": "opened again"}
