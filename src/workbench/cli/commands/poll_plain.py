"""``workbench poll --plain``, and on a terminal: who is asked, what is read out, and the vote, one line after another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from workbench.cli import output, plain, session
from workbench.cli.options import Settings
from workbench.model.errors import NotAllowed, UsageError
from workbench.signoff.polls import Vote
from workbench.usecases import polling, signing
from workbench.usecases.context import Context, person
from workbench.usecases.evaluate import evaluate
from workbench.usecases.polling import Ballot
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.polls import (
    NO_SIGNATURE,
    RESULTS,
    PollPage,
    Seat,
    counted,
    facts,
    read_out_facts,
    read_poll,
    said_facts,
    theirs,
    told,
)

_ANSWERS = (
    (Vote.GO, "go"),
    (Vote.NO_GO, "no-go: the concern is kept in their words"),
    (Vote.SEND_BACK, "send back: something is needed first"),
    (Vote.ABSENT, "absent"),
)
_LATER, _END, _STOP = len(_ANSWERS), len(_ANSWERS) + 1, len(_ANSWERS) + 2
_CHOICES = (
    *(words for _, words in _ANSWERS),
    "ask later",
    "end the poll now",
    "stop; the poll goes on later",
)


def poll_plainly(settings: Settings, gate: str | None, ref: str | None, ssh_key: str | None = None) -> int:
    """Go on with the poll that is running, or begin one; the exit code.  ``ssh_key`` signs when one signs right after."""
    code, signs = 0, ""
    with session.acting(settings) as context:
        page = _page(context, gate, ref)
        try:
            ended = _ask(context, page)
        except plain.Ended as end:
            output.talk(f"{end.words}; what was entered is kept, and the poll goes on later")
            return end.code
        page = read_poll(context, ref=page.stored.id)
        output.lines(told(page))
        if not ended:
            output.talk(f"next: {next_words(page)}")
            return code
        output.line(ended_words(page))
        signs = signs_here(context, page)
    return _offer_to_sign(settings, page, signs, ssh_key) if signs else code


def _page(context: Context, gate: str | None, ref: str | None) -> PollPage:
    evaluation = evaluate(context)
    concluded = signing.gate_to_sign(evaluation, gate)
    running = polling.running_polls(context, evaluation, concluded.gate.key)
    if ref is None and not running:
        ident = polling.begin(context, gate)
        output.talk(f"A poll of {concluded.gate.title} begins. {NO_SIGNATURE.capitalize()}.")
    else:
        ident = read_poll(context, concluded.gate.key, ref, evaluation=evaluation).stored.id
        output.talk("Going on with the poll that is running.")
    return read_poll(context, ref=ident)


def _ask(context: Context, page: PollPage) -> bool:
    """Ask seat by seat; whether the poll was ended."""
    ident = page.stored.id
    output.talk(page.title)
    _tell([*facts(page, page.now()), *read_out_facts(page.open)])
    later: set[str] = set()
    while seat := _next(page, later):
        output.talk("")
        output.talk(f"{seat.role_words}: {seat.name}, {seat.says}")
        _tell([*said_facts(page, seat), *theirs(page, seat)])
        chosen = plain.choose(f"What does {seat.name} say?", _CHOICES)
        if chosen == _STOP:
            return False
        if chosen == _END:
            return _end(context, ident)
        if chosen == _LATER or not _enter(context, ident, seat, _ANSWERS[chosen][0]):
            later.add(seat.key)
        page = read_poll(context, ref=ident)
    return _end(context, ident)


def _tell(found: Sequence[Fact]) -> None:
    for fact in found:
        mark = f"{fact.mark.symbol} " if fact.mark else ""
        output.talk(f"  {fact.label + ': ' if fact.label else ''}{mark}{fact.text}")


def _next(page: PollPage, later: set[str]) -> Seat | None:
    waits = (seat for seat in page.seats if seat.needed and seat.vote is None and seat.key not in later)
    return next(waits, None)


def _enter(context: Context, ident: str, seat: Seat, vote: Vote) -> bool:
    words = ""
    if vote is Vote.NO_GO:
        words = plain.needed("What is the concern, in their words", "a no-go needs words")
    elif vote is Vote.SEND_BACK:
        words = plain.needed("What is needed first", "say what is needed")
    ballot = Ballot(person=seat.person, vote=vote, role=seat.role, words=words)
    return plain.fits(partial(polling.enter, context, ident, ballot))


def _end(context: Context, ident: str) -> bool:
    words = plain.line("The poll ends. What is added, or nothing")
    polling.end(context, ident, words)
    return True


def signs_here(context: Context, page: PollPage) -> str:
    """The gate that whoever sits here could sign right now; "" where there is none."""
    evaluation = evaluate(context)
    me = person(context)
    if me is None:
        return ""
    concluded = evaluation.gate(page.value.gate)
    try:
        signing.check_may_sign(context, evaluation, concluded, me)
        signing.check_may_approve(concluded)
        signing.role_for(context, concluded, me, None)
    except (NotAllowed, UsageError):
        return ""
    standing = signing.standing_answer(concluded, me.key)
    return "" if standing is not None and standing.counts else page.value.gate


def _offer_to_sign(settings: Settings, page: PollPage, gate: str, ssh_key: str | None) -> int:
    from workbench.cli.commands.sign_plain import sign_plainly

    try:
        chosen = plain.choose(
            f"Nobody has signed yet. Do you sign {page.gate_title} yourself now?", ("yes", "no")
        )
    except plain.Ended as end:
        output.talk(end.words)
        return end.code
    return sign_plainly(settings, gate, None, ssh_key) if chosen == 0 else 0


def ended_words(page: PollPage) -> str:
    """What a poll came to, in a sentence."""
    concerns = ", ".join(seat.name for seat in page.concerns)
    kept = f"; concerns of {concerns} are kept" if concerns else ""
    return f"the poll ended: {RESULTS[page.result]} ({counted(page)}){kept}; {NO_SIGNATURE}"


def next_words(page: PollPage) -> str:
    """What comes next, as a command."""
    gate = page.value.gate
    if not page.value.running:
        return f"workbench poll {gate} --format md; workbench sign {gate}"
    seat: Sequence[Seat] = [one for one in page.seats if one.key == page.next_seat]
    if not seat:
        return f"workbench poll {gate} --end"
    return f"workbench poll {gate} --for {seat[0].person} --role {seat[0].role} --go"
