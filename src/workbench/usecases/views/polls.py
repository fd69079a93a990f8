"""A go/no-go poll on its page: who is asked, what each said, what is read out, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from workbench.gates.model import Part
from workbench.model.times import moment_text
from workbench.record import Stored
from workbench.signoff import polls
from workbench.signoff.polls import CONCERNS, Poll, PollResult, PollVote, Vote
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.polling import find_poll, read_out, remarks_on, running_polls
from workbench.usecases.views.gates import part_mark
from workbench.usecases.views.marks import Fact, Mark

NO_SIGNATURE = "a vote is no signature: each person signs separately"
SAYS = {
    Vote.GO: "go",
    Vote.NO_GO: "no-go",
    Vote.SEND_BACK: "send back",
    Vote.ABSENT: "absent",
    Vote.PRESENT: "present, not asked yet",
}
RESULTS = {
    PollResult.GO: "go",
    PollResult.NO_GO: "no-go",
    PollResult.SENT_BACK: "sent back",
    PollResult.INCOMPLETE: "not complete",
}
_MARKS = {
    Vote.GO: Mark.DONE,
    Vote.NO_GO: Mark.BLOCKS,
    Vote.SEND_BACK: Mark.BLOCKS,
    Vote.ABSENT: Mark.NOT_APPLICABLE,
    Vote.PRESENT: Mark.OPEN,
}
RESULT_MARKS = {
    PollResult.GO: Mark.DONE,
    PollResult.NO_GO: Mark.BLOCKS,
    PollResult.SENT_BACK: Mark.BLOCKS,
    PollResult.INCOMPLETE: Mark.OPEN,
}


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One person who can answer for one asked role; "" stands for somebody without one who voiced a concern.

    ``needed`` is false where the role has been answered for already; ``remark`` is what everybody should know.
    """

    role: str
    person: str
    name: str
    vote: PollVote | None = None
    needed: bool = True
    remark: str = ""

    @property
    def key(self) -> str:
        return f"{self.role}/{self.person}"

    @property
    def role_words(self) -> str:
        return self.role.replace("-", " ") or "in the room"

    @property
    def mark(self) -> Mark:
        if self.vote is not None:
            return _MARKS[self.vote.vote]
        return Mark.OPEN if self.needed else Mark.NOT_APPLICABLE

    @property
    def says(self) -> str:
        """What they said, in a few words."""
        if self.vote is not None:
            return SAYS[self.vote.vote]
        return "not asked yet" if self.needed else "not needed any more"

    @property
    def entered(self) -> str:
        """Who entered it: in person, or somebody else who heard it in the room."""
        if self.vote is None:
            return ""
        return "entered in person" if self.vote.in_person else f"entered by {self.vote.entered_by}"


class PollPage(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as it stands.

    ``open`` are the lines that are read out, in order, with whether the poll's people have to act on each;
    ``others`` are further polls of the same gate that are running, in words.  ``newer`` is the build that is the
    candidate now, where the poll runs and asks about another one.  ``now`` gives the present moment
    each time that it is called; ``still`` says that it never moves.
    """

    stored: Stored
    value: Poll
    gate_title: str
    release: str
    build: str
    result: PollResult
    seats: tuple[Seat, ...]
    open: tuple[Part, ...]
    for_role: dict[str, tuple[str, ...]]
    others: tuple[str, ...]
    zone: tzinfo
    now: Callable[[], datetime]
    still: bool = False
    newer: str = ""

    @property
    def title(self) -> str:
        return f"Poll: {self.gate_title} of {self.release} {self.build}".rstrip()

    @property
    def next_seat(self) -> str:
        """The key of the seat to ask next; "" where nobody is left."""
        waits = (
            seat.key for seat in self.seats if seat.needed and (seat.vote is None or not seat.vote.answers)
        )
        there = (
            seat.key
            for seat in self.seats
            if seat.needed and (seat.vote is None or seat.vote.vote is Vote.PRESENT)
        )
        return next(there, next(waits, ""))

    @property
    def concerns(self) -> tuple[Seat, ...]:
        """Who said no-go, or sent it back, with words."""
        return tuple(seat for seat in self.seats if seat.vote is not None and seat.vote.vote in CONCERNS)

    @property
    def absent(self) -> tuple[str, ...]:
        """Who is not there, by name, each once."""
        names = (seat.name for seat in self.seats if seat.vote is not None and seat.vote.vote is Vote.ABSENT)
        return tuple(dict.fromkeys(names))


def read_poll(
    context: Context, gate: str | None = None, ref: str | None = None, *, evaluation: Evaluation | None = None
) -> PollPage:
    """The poll with that id, or the latest of a gate, a running one first; ``UsageError`` where there is none."""
    found = evaluation or evaluate(context)
    stored, value = find_poll(context, found, gate, ref)
    concluded = found.gate(value.gate)
    votes = [vote for _, vote in polls.votes_in(context.record, stored.id)]
    seats = tuple(_seats(context, found, value, votes))
    candidate = next((one for row, one in found.held.candidates if row.id == value.candidate), None)
    parts = read_out(concluded, found.gates, [seat.person for seat in seats])
    return PollPage(
        stored=stored,
        value=value,
        gate_title=concluded.gate.title,
        release=found.held.release.version,
        build=candidate.name if candidate else value.commit[:7],
        result=value.result or polls.result_of(value, votes),
        seats=seats,
        open=tuple(part for part, _ in parts),
        for_role=_for_roles(seats, [part for part, _ in parts]),
        others=tuple(_others(context, found, stored.id, value)),
        zone=context.zone,
        now=context.clock.now,
        still=context.clock.fixed is not None,
        newer=_newer(found, value),
    )


def _newer(found: Evaluation, value: Poll) -> str:
    """The candidate of the release where a poll that is running asks about another build."""
    held = found.held
    if not value.running or held.candidate_id == value.candidate or held.candidate is None:
        return ""
    return held.candidate.name or held.candidate.commit[:7]


def read_latest(context: Context) -> PollPage | None:
    """The latest poll of the release in hand; ``None`` where nobody has begun one."""
    if not context.record.count("release") or not context.record.count("poll"):
        return None
    found = evaluate(context)
    if not polls.polls_of(context.record, found.held.id):
        return None
    return read_poll(context, evaluation=found)


def _seats(context: Context, found: Evaluation, value: Poll, votes: Sequence[PollVote]) -> Sequence[Seat]:
    people = {person.key: person for person in context.definitions.project.people}
    said = {vote.person: vote for vote in votes}
    goes = Counter(vote.role for vote in votes if vote.vote is Vote.GO)
    seats: list[Seat] = []
    for asked in value.asked:
        able = [key for key, person in people.items() if asked.role in person.roles]
        gone = [vote.person for vote in votes if vote.role == asked.role and vote.person not in able]
        for key in (*able, *gone):
            vote = said.get(key)
            if vote is not None and vote.role != asked.role:
                continue  # a person counts once
            person = people.get(key)
            seats.append(
                Seat(
                    role=asked.role,
                    person=key,
                    name=person.name if person else key,
                    vote=vote,
                    needed=goes[asked.role] < asked.count or (vote is not None and vote.vote is Vote.GO),
                    remark=remarks_on(context, found, person),
                )
            )
    roles = {asked.role for asked in value.asked}
    for vote in votes:
        if vote.role not in roles:
            person = people.get(vote.person)
            name = person.name if person else vote.person
            seats.append(Seat(role="", person=vote.person, name=name, vote=vote))
    return seats


def _for_roles(seats: Sequence[Seat], parts: Sequence[Part]) -> dict[str, tuple[str, ...]]:
    """The keys of the lines that wait for the people of each role."""
    roles: dict[str, set[str]] = {}
    for seat in seats:
        roles.setdefault(seat.role, set()).add(seat.person)
    return {
        role: tuple(part.key for part in parts if part.turn is not None and set(part.turn.who) & people)
        for role, people in roles.items()
    }


def _others(context: Context, found: Evaluation, ident: str, value: Poll) -> Sequence[str]:
    running = [(row, one) for row, one in running_polls(context, found, value.gate) if row.id != ident]
    return [
        f"another poll of this gate is running, begun by {one.by}, {moment_text(one.at, context.zone)} ({row.id[-12:]}): "
        "votes count only in the poll that they were given in; end one of them"
        for row, one in running
    ]


# --- in words ---------------------------------------------------------------------------------------


def clock(elapsed: timedelta) -> str:
    """How long a poll has been running: ``4:32``, ``1:04:32``."""
    seconds = max(0, int(elapsed.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def counted(page: PollPage) -> str:
    """``2 of 3 roles said go``."""
    goes = Counter(seat.role for seat in page.seats if seat.vote is not None and seat.vote.vote is Vote.GO)
    complete = sum(goes[asked.role] >= asked.count for asked in page.value.asked)
    return f"{complete} of {len(page.value.asked)} roles said go"


def headline(page: PollPage, now: datetime) -> str:
    """The timer while the poll runs, else what it came to."""
    if page.value.running:
        return clock(now - page.value.at)
    return RESULTS[page.result]


def facts(page: PollPage, now: datetime) -> list[Fact]:
    """What stands above the seats."""
    value = page.value
    begun = f"{moment_text(value.at, page.zone)} by {value.by}"
    found = [Fact("Begun", begun)]
    if value.ended_at is not None:
        took = clock(value.ended_at - value.at)
        ended = f"{moment_text(value.ended_at, page.zone)} by {value.ended_by}, after {took}"
        found.append(Fact("Ended", ended))
    found.append(Fact("Stands at", f"{RESULTS[page.result]}; {counted(page)}", RESULT_MARKS[page.result]))
    if page.newer:
        words = (
            f"{page.newer} is the candidate now: this poll takes no more votes; end it and begin another one"
        )
        found.append(Fact("Build", words, Mark.WARNS))
    found += (
        [Fact("Timer", "a demonstration's clock stands still", aside=True)]
        if page.still and value.running
        else []
    )
    found += [Fact("Absent", ", ".join(page.absent), Mark.NOT_APPLICABLE)] if page.absent else []
    found += [Fact("Said", value.words)] if value.words else []
    found += [Fact("Another", text, Mark.WARNS) for text in page.others]
    return found


def seat_facts(page: PollPage, seat: Seat) -> list[Fact]:
    """All that is said of one seat, and what is read out: what waits for its role first."""
    mine = set(page.for_role.get(seat.role, ()))
    ordered = sorted(page.open, key=lambda part: part.key not in mine)
    return [*said_facts(page, seat), *read_out_facts(ordered, mine)]


def said_facts(page: PollPage, seat: Seat) -> list[Fact]:
    """What somebody said, in which words, and who entered it."""
    found = []
    if seat.vote is not None:
        entered = f"{seat.entered.removeprefix('entered ')}, {moment_text(seat.vote.at, page.zone)}"
        found = [Fact("Said", seat.says, seat.mark)]
        found += [Fact("Words", seat.vote.words)] if seat.vote.words else []
        found.append(Fact("Entered", entered))
    return found + ([Fact("Note", seat.remark, Mark.WARNS)] if seat.remark else [])


def read_out_facts(parts: Sequence[Part], mine: Collection[str] = ()) -> list[Fact]:
    """The open lines; those that wait for the role that is asked stand out."""
    found = [
        Fact(
            "" if number else "Read out",
            f"{part.title}: {part.why}",
            part_mark(part),
            bool(mine) and part.key not in mine,
        )
        for number, part in enumerate(parts)
    ]
    return found or [Fact("Read out", "nothing is open but signatures", Mark.DONE)]


def theirs(page: PollPage, seat: Seat) -> list[Fact]:
    """The open lines that wait for the people of a seat's role."""
    mine = set(page.for_role.get(seat.role, ()))
    return read_out_facts([part for part in page.open if part.key in mine], mine) if mine else []


def told(page: PollPage) -> list[str]:
    """The poll in lines, for a terminal."""
    lines = [page.title]
    lines += [f"  {fact.label.lower()}: {fact.text}" for fact in facts(page, page.now())]
    for seat in page.seats:
        words = f": {seat.vote.words}" if seat.vote is not None and seat.vote.words else ""
        by = f" ({seat.entered})" if seat.entered else ""
        remark = f" – {seat.remark}" if seat.remark else ""
        lines.append(f"  {seat.mark.symbol} {seat.role_words}, {seat.name}: {seat.says}{words}{by}{remark}")
    return lines
