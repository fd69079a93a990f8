"""A go/no-go poll of a gate, and each vote in it.

A vote is a word in a meeting, kept with who entered it.  It is never a signature: no gate is judged from polls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles, strictest


class Vote(StrEnum):
    """What somebody says in a poll; ``absent`` and ``present`` say only whether they are in the room."""

    GO = "go"
    NO_GO = "no_go"
    SEND_BACK = "send_back"
    ABSENT = "absent"
    PRESENT = "present"


class PollResult(StrEnum):
    """What the votes come to."""

    GO = "go"
    NO_GO = "no_go"
    SENT_BACK = "sent_back"
    INCOMPLETE = "incomplete"


CONCERNS = (Vote.NO_GO, Vote.SEND_BACK)
_ANSWERS = (Vote.GO, *CONCERNS)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A role that was asked when the poll began, and how many people of it."""

    role: str
    count: int = 1


class ReadOut(msgspec.Struct, frozen=True, kw_only=True):
    """A line that was open when the poll began: its key, its title, and why it is open."""

    key: str
    title: str
    why: str = ""


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll of one gate about one build.

    ``shown`` is the digest of the document that lay before everybody when it began, ``read_out`` what was open
    then, ``more`` how many lines beyond those; ``statement`` is the digest of what was said at its end.  ``result`` is what the votes came to then, ``words`` what was added.
    """

    release: str
    candidate: str
    commit: str
    gate: str
    at: datetime
    by: str
    asked: tuple[Asked, ...] = ()
    shown: str = ""
    read_out: tuple[ReadOut, ...] = ()
    more: int = 0
    ended_at: datetime | None = None
    ended_by: str = ""
    result: PollResult | None = None
    words: str = ""
    statement: str = ""

    @property
    def running(self) -> bool:
        return self.ended_at is None


class PollVote(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said in a poll, for which of the asked roles ("" for a concern of somebody who has none).

    ``entered_by`` sat at the terminal; ``statement`` is the digest of all that was said.
    """

    poll: str
    release: str
    gate: str
    person: str
    role: str
    vote: Vote
    at: datetime
    entered_by: str
    words: str = ""
    identity: str = ""
    statement: str = ""

    @property
    def answers(self) -> bool:
        """Whether the person has said something, rather than only being there or not."""
        return self.vote in _ANSWERS

    @property
    def in_person(self) -> bool:
        """Whether the person entered it at their own terminal."""
        return self.person == self.entered_by


def result_of(poll: Poll, votes: Iterable[PollVote]) -> PollResult:
    """What the votes come to: one no-go of an asked role is a no-go, then one send back; go once every role said so.

    A concern of somebody without an asked role is kept and told, and decides nothing.
    """
    roles = {asked.role: asked.count for asked in poll.asked}
    counted = [vote for vote in votes if vote.role in roles]
    said = {vote.vote for vote in counted}
    if Vote.NO_GO in said:
        return PollResult.NO_GO
    if Vote.SEND_BACK in said:
        return PollResult.SENT_BACK
    goes = [vote.role for vote in counted if vote.vote is Vote.GO]
    complete = roles and all(goes.count(role) >= count for role, count in roles.items())
    return PollResult.GO if complete else PollResult.INCOMPLETE


def lacks(vote: Vote, words: str) -> str:
    """What a vote still needs, in words; "" where nothing is missing."""
    if vote is Vote.NO_GO and not words.strip():
        return "a no-go needs words: what is the concern?"
    if vote is Vote.SEND_BACK and not words.strip():
        return "say what is needed before it can be decided"
    return ""


# --- what may happen ------------------------------------------------------------------------------


def begun(ident: str, value: Poll) -> Change:
    """The change that begins a poll."""
    return Change("poll", ident, "began", value)


def require_running(value: Poll) -> None:
    """``NotAllowed`` where a poll has ended."""
    if not value.running:
        raise NotAllowed("this poll has ended", hint="workbench poll GATE --begin begins another one")


def voted(existing: Stored | None, poll: Poll, value: PollVote) -> Change:
    """The change that keeps a vote; the latest word of a person counts, the earlier ones stay in the history.

    ``UsageError`` for a no-go or a send back without words.
    """
    require_running(poll)
    if wrong := lacks(value.vote, value.words):
        raise UsageError(wrong)
    ident = f"{value.poll}/{value.person}"
    return Change(
        "poll_vote", ident, "entered", value, existing.base if existing else None, value.words or None
    )


def ended(stored: Stored, value: Poll, **said: Any) -> Change:
    """The change that ends a poll."""
    require_running(value)
    done = msgspec.structs.replace(value, **said)
    return Change("poll", stored.id, "ended", done, stored.base, done.words or None)


# --- in the record --------------------------------------------------------------------------------


def _poll_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("gate", ""))
    return f"of {titles('gate', key) or key}"


def _vote_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{value.get('person', '')}: {str(value.get('vote', '')).replace('_', '-')}"


_RANK = {
    vote: place for place, vote in enumerate((Vote.GO, Vote.PRESENT, Vote.ABSENT, Vote.SEND_BACK, Vote.NO_GO))
}

ENTITIES = (
    EntityKind(
        "poll",
        Poll,
        columns=(Column("release"), Column("gate"), Column("at")),
        thing="poll",
        title=_poll_title,
        documents=("shown", "statement"),
        together=(("ended_at", "ended_by", "result", "words", "statement"),),
    ),
    EntityKind(
        "poll_vote",
        PollVote,
        speaks=True,
        columns=(Column("poll"), Column("release")),
        thing="vote of",
        title=_vote_title,
        documents=("statement",),
        stricter=strictest(lambda value: _RANK[Vote(value["vote"])] if value else -1),
    ),
)


def polls_of(record: Record, release: str) -> list[tuple[Stored, Poll]]:
    """The polls of a release, the latest first."""
    rows = [(row, row.decode(Poll)) for row in record.all("poll", "release = ?", (release,))]
    return sorted(rows, key=lambda pair: (pair[1].at, pair[0].made), reverse=True)


def votes_in(record: Record, poll: str) -> list[tuple[Stored, PollVote]]:
    """The votes of a poll in the order in which they were given."""
    rows = [(row, row.decode(PollVote)) for row in record.all("poll_vote", "poll = ?", (poll,))]
    return sorted(rows, key=lambda pair: (pair[1].at, pair[0].id))


def find(
    record: Record, release: str, *, gate: str | None = None, ref: str | None = None
) -> tuple[Stored, Poll]:
    """The poll that ``ref`` names by its id or the end of it; else the latest of a gate, a running one first."""
    found: Sequence[tuple[Stored, Poll]] = polls_of(record, release)
    if ref:
        hit = next((pair for pair in found if ref in (pair[0].id, pair[0].id[-12:])), None)
        if hit is None:
            meant = nearest(ref, [pair[0].id[-12:] for pair in found])
            raise UsageError(f"there is no poll “{ref}”", hint=f"did you mean {meant}?" if meant else "")
        return hit
    of_gate = [pair for pair in found if gate in (None, pair[1].gate)]
    if not of_gate:
        raise UsageError("nobody has begun a poll yet", hint="workbench poll GATE --begin")
    return next((pair for pair in of_gate if pair[1].running), of_gate[0])
