"""Sharing, joining, moving and leaving a record in words."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from workbench.model.text import entries_of, number_of, safe_text
from workbench.usecases.exchanging import short
from workbench.usecases.sharing.joining import Joined
from workbench.usecases.sharing.leaving import Left
from workbench.usecases.sharing.moving import Moved
from workbench.usecases.sharing.sharing import SharedNow
from workbench.usecases.views.exchange import pieces_of
from workbench.usecases.views.sharing.sync import advice, summary, synced_lines

_SHOWN = 20


# --- sharing --------------------------------------------------------------------------------


def shared_lines(done: SharedNow) -> Iterator[str]:
    """What came of sharing a record."""
    project, url = safe_text(done.project, 80), safe_text(done.url)
    if done.already:
        yield f"“{project}” was shared already at {url}, as {safe_text(done.role)}"
    elif done.found:
        yield f"“{project}” was there already; this desk joined it at {url}, as {safe_text(done.role)}"
    else:
        made = ", where the tables for it were made" if done.made else ""
        yield f"“{project}” is shared at {url}{made}; the role {safe_text(done.role)} keeps it"
    yield from synced_lines(done.synced)
    if done.aside:
        yield f"{entries_of(done.aside)} that are quarantined or wait stay here (workbench repair)"
    if done.absent:
        yield f"{pieces_of(done.absent)} are not here, and come from the desk that has them"


def shared_advice(done: SharedNow) -> Iterator[str]:
    """What to do next."""
    yield from advice(done.synced)
    if not done.already and not done.found:
        yield "workbench member add ROLE --right signer --person KEY: lets somebody in"
        yield f"at their desk: workbench join {quote(done.for_others)}"


# --- joining --------------------------------------------------------------------------------


def joined_lines(done: Joined) -> Iterator[str]:
    """What came of joining."""
    project, where = safe_text(done.project, 80), f"{safe_text(done.url)}, as {safe_text(done.role)}"
    holds = f"{entries_of(done.entries)} of {number_of(done.desks, 'desk')}"
    if done.laid:
        yield f"joined “{project}” at {where}: {holds}; this is the desk {short(done.desk)}"
    elif done.already:
        yield f"this desk had joined “{project}” before, at {where}: {holds}"
    else:
        yield f"the record of “{project}” that was here is joined with that at {where}: {holds} now"
    if done.demonstration:
        yield "it is a demonstration, with people who do not exist"
    told = synced_lines(done.synced)
    yield from list(told)[1:] if done.laid else told  # how much was received is said already
    if not done.sends:
        yield "this role only reads: what is written here stays here"
    yield from _kept(done)
    if not done.has_files:
        yield "the project's files are not in this folder: gates are judged where its repository is checked out"


def _kept(done: Joined) -> Iterator[str]:
    """What became of the record that was here before."""
    if done.kept is not None:
        yield f"the record before is kept as {safe_text(done.kept)}"
        if done.only_there:
            aside = f", of which {entries_of(done.aside)} are quarantined or wait" if done.aside else ""
            yield f"{entries_of(done.only_there)} that only it held are here, too{aside}"
        else:
            yield "it held nothing that is not here"
    if done.set_aside is not None:
        yield f"the ends of the ledger that were noted before are kept as {safe_text(done.set_aside)}"


def joined_advice(done: Joined) -> Iterator[str]:
    """What to do next, the most urgent first."""
    if done.aside and not done.synced.quarantined:
        yield "workbench repair: what is quarantined, and what can be done about it"
    yield from advice(done.synced)
    if not done.has_files:
        yield "clone the project's repository and join there; workbench verify and history work here, too"
    elif done.synced.is_whole:
        yield "workbench status"


# --- moving -----------------------------------------------------------------------------------


def moved_lines(done: Moved) -> Iterator[str]:
    """What came of moving a record, or of following it."""
    project, url = safe_text(done.project, 80), safe_text(done.url)
    how = "was moved" if done.closed else "had been moved; this desk followed"
    yield f"“{project}” {how}: from {safe_text(done.before)} to {url}, as {safe_text(done.role)}"
    yield f"sent {entries_of(done.sent)} to the new server, received {done.received:,}"
    if done.closed:
        yield "the old server takes nothing for it any more; it can still be read there"
    if done.named:
        yield f"the old server names another address: {safe_text(done.named, 300)}"
    if done.unreached:
        yield f"the old server could not be asked for what was sent there last ({safe_text(done.unreached, 300)}); whoever has it sends it again"
    if done.evidence:
        yield f"{pieces_of(done.evidence)} went along"
    if done.evidence_left:
        yield f"{pieces_of(done.evidence_left)} stayed at the old server, for want of an answer"


def moved_advice(done: Moved) -> Iterator[str]:
    """What to do next: who has to be let in at the new server, and what the others do."""
    for one in done.to_admit[:_SHOWN]:
        person = f" --person {quote(safe_text(one.person, 80))}" if one.person else ""
        yield f"workbench member add {quote(safe_text(one.role, 80))} --right {one.may}{person}"
    if len(done.to_admit) > _SHOWN:
        yield f"and {number_of(len(done.to_admit) - _SHOWN, 'member')} more, whom the old server lists: workbench member list"
    if done.closed:
        yield f"each other desk is told when it sends or receives, and follows: workbench share --move {quote(done.for_others)}"


# --- leaving ------------------------------------------------------------------------------------


def left_lines(done: Left) -> Iterator[str]:
    """What came of leaving."""
    yield f"“{safe_text(done.project, 80)}” is no longer shared from this desk; the record stays, with all that was received from {safe_text(done.url)}"
    yield (
        f"not all was sent and received: {safe_text(done.problem, 500)}"
        if done.problem
        else summary(done.synced)
    )
    if not done.told:
        yield "the server was not told: it goes on listing this desk"
    if done.unsent is None:
        yield "nobody can tell here what the server lacks"
    elif done.unsent:
        yield f"{entries_of(done.unsent)} are here alone"
    if done.absent:
        yield f"{pieces_of(done.absent)} are not here"


def left_advice(done: Left) -> Iterator[str]:
    """What to do next."""
    again = f"workbench join {quote(done.url)}"
    if done.unsent or done.unsent is None:
        yield f"{again} sends the rest; or by file: workbench exchange --to FILE"
    else:
        yield f"{again} joins again"
