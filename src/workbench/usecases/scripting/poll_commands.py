"""Polls and votes as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.record import EntryView
from workbench.signoff.polls import Poll, PollVote, Vote
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import Telling, command, said, value_of


def polls(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A poll began, or ended."""
    for entry in entries:
        value = value_of(entry, Poll)
        if entry.verb == "began":
            yield command("poll", value.gate, said(begin=True), telling.of_release(value.release))
        else:
            words = said(end=True, note=value.words)
            yield command("poll", value.gate, words, telling.of_release(value.release))


def votes(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What people said in a poll."""
    for entry in entries:
        value = value_of(entry, PollVote)
        who = said(_for=value.person, role=value.role)
        yield command("poll", value.gate, who, _vote(value), telling.of_release(value.release))


def _vote(value: PollVote) -> tuple[str, ...]:
    if value.vote is Vote.NO_GO:
        return said(no_go=value.words)
    if value.vote is Vote.SEND_BACK:
        return said(send_back=value.words)
    return (*said(**{value.vote.value: True}), *said(comment=value.words))
