"""A go/no-go poll: beginning one, entering what each person says, ending it.

Votes are votes and signatures are signatures: a poll leaves no signature, and no gate is judged from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.model import Part, State, Weight
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.text import safe_text
from workbench.record import Commit, Stored
from workbench.releases.model import require_open
from workbench.signoff import polls
from workbench.signoff.authorship import wrote
from workbench.signoff.conclude import Concluded
from workbench.signoff.polls import Asked, Poll, PollVote, ReadOut, Vote
from workbench.signoff.rosters import Roster
from workbench.signoff.statement import Act
from workbench.usecases import signing, stating
from workbench.usecases.context import Context, commit, fresh_id, require_person
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.people import known_person

LONGEST = 2_000  # characters of what one person says
EARLIER = "earlier-gates"  # the line that earlier gates are open, which say it themselves
MOST_READ = 100  # lines that are kept as read out


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """What is entered: of whom, in which role ("" lets it follow from the person), what they say, in which words."""

    person: str
    vote: Vote
    role: str = ""
    words: str = ""


def begin(context: Context, gate: str | None = None, *, another: bool = False) -> str:
    """Begin a poll of a gate (the next that asks for signatures unless one is named); returns its id.

    What lies before everybody is kept with it.  ``NotAllowed`` while a poll of the same gate is running, unless
    ``another`` one is wanted.
    """
    person = require_person(context)
    evaluation = evaluate(context)
    concluded = signing.gate_to_sign(evaluation, gate)
    require_open(evaluation.held)
    held = evaluation.held
    if held.candidate is None or held.candidate_id is None:
        raise NotAllowed("there is no candidate to poll on", hint="workbench release candidate COMMIT")
    asked = tuple(Asked(role=one.role, count=one.count) for one in signing.policy_of(concluded).roles)
    running = running_polls(context, evaluation, concluded.gate.key)
    if running and not another:
        raise NotAllowed(
            f"a poll of {concluded.gate.title} is running: begun by {running[0][1].by}",
            hint=f"go on with it: workbench poll {concluded.gate.key}; --another begins a second one",
        )
    documents = stating.documents_of(evaluation, concluded)
    open_ = [part for part, _ in read_out(concluded, evaluation.gates, ())]
    value = Poll(
        release=held.id,
        candidate=held.candidate_id,
        commit=held.candidate.commit,
        gate=concluded.gate.key,
        at=context.now,
        by=person.key,
        asked=asked,
        shown=documents.shown.digest,
        read_out=tuple(
            ReadOut(key=part.key, title=safe_text(part.title, 200), why=safe_text(part.why, 300))
            for part in open_[:MOST_READ]
        ),
        more=max(0, len(open_) - MOST_READ),
    )
    ident = fresh_id(context)
    commit(context, [polls.begun(ident, value)], blobs=[documents.shown])
    return ident


def running_polls(context: Context, evaluation: Evaluation, gate: str) -> list[tuple[Stored, Poll]]:
    """The polls of a gate that are running for the build in hand, the latest first."""
    found = polls.polls_of(context.record, evaluation.held.id)
    here = evaluation.held.candidate_id
    return [(row, one) for row, one in found if one.running and one.gate == gate and one.candidate == here]


def find_poll(
    context: Context, evaluation: Evaluation, gate: str | None = None, ref: str | None = None
) -> tuple[Stored, Poll]:
    """The poll with that id, or the latest of a gate, a running one first; ``UsageError`` where there is none."""
    key = evaluation.gate(gate).gate.key if gate else None
    return polls.find(context.record, evaluation.held.id, gate=key, ref=ref)


def enter(context: Context, ident: str, ballot: Ballot) -> Commit:
    """Keep what one person says, with who entered it.

    ``NotAllowed`` for the vote of somebody who is not there, for a role that they do not have, and once the poll
    has ended or another build is the candidate; ``UsageError`` for a no-go without words.
    """
    sitting = require_person(context)
    evaluation = evaluate(context)
    stored, poll = find_poll(context, evaluation, ref=ident)
    polls.require_running(poll)
    _require_same_build(evaluation, poll)
    person = known_person(context.definitions.project.people, ballot.person)
    if context.signs is not None and person.key != sitting.key:
        raise NotAllowed(
            f"your key cannot sign what {person.key} says",
            hint="leave --ssh-key out; they sign it at their own terminal",
        )
    given = polls.votes_in(context.record, ident)
    before = next((pair for pair in given if pair[1].person == person.key), None)
    if person.key != sitting.key:  # whoever enters it themselves is there
        _require_there(context, person, ballot.vote, before[1] if before else None)
    role = _role_of(poll, person, ballot, [vote for _, vote in given])
    words = _words(context, ballot.words)
    if wrong := polls.lacks(ballot.vote, words):
        raise UsageError(wrong)
    concluded = evaluation.gate(poll.gate)
    stated = stating.state(
        context,
        evaluation,
        Act.POLL,
        stating.documents_of(evaluation, concluded),
        subject=stored.base,
        gate=poll.gate,
        part=f"poll/{ident}",
        person=person.key,
        role=role,
        decision=ballot.vote.value,
        words=words,
    )
    value = PollVote(
        poll=ident,
        release=poll.release,
        gate=poll.gate,
        person=person.key,
        role=role,
        vote=ballot.vote,
        at=context.now,
        entered_by=sitting.key,
        words=words,
        identity=context.author().identity,
        statement=stated.digest,
    )
    changes = [polls.voted(before[0] if before else None, poll, value), *stated.keyed]
    return commit(context, changes, blobs=stated.blobs)


def end(context: Context, ident: str, words: str = "") -> Commit:
    """End a poll: what the votes came to is kept, and those who said nothing stay without a vote."""
    person = require_person(context)
    evaluation = evaluate(context)
    stored, poll = find_poll(context, evaluation, ref=ident)
    polls.require_running(poll)
    result = polls.result_of(poll, [vote for _, vote in polls.votes_in(context.record, ident)])
    said = _words(context, words)
    stated = stating.state(
        context,
        evaluation,
        Act.POLL,
        stating.documents_of(evaluation, evaluation.gate(poll.gate)),
        subject=stored.base,
        gate=poll.gate,
        part=f"poll/{ident}",
        decision=result.value,
        words=said,
    )
    change = polls.ended(
        stored,
        poll,
        ended_at=context.now,
        ended_by=person.key,
        result=result,
        words=said,
        statement=stated.digest,
    )
    return commit(context, [change, *stated.keyed], blobs=stated.blobs)


def read_out(
    concluded: Concluded, gates: Sequence[Concluded], people: Sequence[str]
) -> list[tuple[Part, bool]]:
    """What is open in a gate and those before it, but for signatures; whether each waits for one of these people."""
    upto = gates[: list(gates).index(concluded) + 1]
    found: dict[str, tuple[Part, bool]] = {}
    for gate in upto:
        for part in gate.parts:
            open_ = part.state is State.NOT_MET and not part.folded and part.weight is not Weight.TO_SIGN
            if open_ and part.key != EARLIER:
                theirs = part.turn is not None and bool(set(part.turn.who) & set(people))
                found.setdefault(part.key, (part, theirs))
    return list(found.values())


def _require_same_build(evaluation: Evaluation, poll: Poll) -> None:
    require_open(evaluation.held)
    if evaluation.held.candidate_id != poll.candidate:
        raise NotAllowed(
            f"this poll is about {poll.commit[:7]}, and another build is the candidate now",
            hint="end it, and begin another one: workbench poll GATE --end",
        )


def _require_there(context: Context, person: Person, vote: Vote, before: PollVote | None) -> None:
    """Whoever is absent, or is away today, says nothing: they have to be marked present first."""
    if vote in (Vote.ABSENT, Vote.PRESENT):
        return
    if before is not None and before.vote is Vote.ABSENT:
        raise NotAllowed(
            f"{person.name} is marked absent from this poll, so nobody can enter a vote of theirs",
            hint="mark them present first, if they have come",
        )
    if before is None and (away := away_words(context, person)):
        raise NotAllowed(
            f"{person.name} {away}, so nobody can enter a vote of theirs",
            hint="mark them present first, if they are in the room after all",
        )


def away_words(context: Context, person: Person) -> str:
    """``is away until 7 Dec``; "" for somebody who is not."""
    return Roster(context.definitions.project.people, context.now, context.zone).absence(person.key)


def _words(context: Context, text: str) -> str:
    """What was said, in one line, without secrets and codes that steer a terminal."""
    handed = HandedIn()
    plain = " ".join(handed.words(text, "what was said", LONGEST).split())
    handed.tell(context)
    return plain


def _role_of(poll: Poll, person: Person, ballot: Ballot, given: Sequence[PollVote]) -> str:
    """The asked role that somebody answers for; "" for a concern of somebody who has none."""
    asked = [one.role for one in poll.asked]
    mine = [role for role in asked if role in person.roles]
    if ballot.role:
        if ballot.role not in asked:
            raise UsageError(f"this poll asks for no {ballot.role}", hint=f"asked: {', '.join(asked)}")
        if ballot.role not in mine:
            raise NotAllowed(
                f"{person.name} does not have the role {ballot.role}",
                where=f"{person.key} has: {', '.join(person.roles) or 'none'}",
                hint="roles are set under people: in workbench.yaml",
            )
        return ballot.role
    before = next((vote.role for vote in given if vote.person == person.key), "")
    if before in mine:
        return before
    if mine:  # a role that nobody has answered for comes first
        answered = {vote.role for vote in given if vote.answers}
        return next((role for role in mine if role not in answered), mine[0])
    if ballot.vote is Vote.GO:
        raise NotAllowed(
            f"{person.name} has none of the roles that are asked",
            where=f"asked: {', '.join(asked)}; {person.key} has: {', '.join(person.roles) or 'none'}",
            hint="a concern of theirs can be kept: no-go or send back, with words",
        )
    return ""


def remarks_on(context: Context, evaluation: Evaluation, person: Person | None) -> str:
    """What everybody should know of a person's vote: whether they wrote the build, or are away today."""
    if person is None:
        return ""
    known = ["wrote this build"] if wrote(evaluation.held.candidate, person) else []
    return "; ".join(filter(None, (*known, away_words(context, person))))
