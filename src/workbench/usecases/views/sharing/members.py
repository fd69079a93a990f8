"""The members of a shared record, as both front ends and ``--json`` tell them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from workbench.model.text import number_of, some_of
from workbench.usecases.sharing.members import Admitted, Member
from workbench.usecases.views.marks import Mark

_MAY = {
    "reader": "reads",
    "writer": "writes",
    "signer": "signs for {persons}",
    "keeper": "keeps the record",
}


RIGHTS = tuple(_MAY)
"""The rights that there are, the widest last."""


class MemberLine(msgspec.Struct, frozen=True, kw_only=True):
    """One role: what it may do, how many desks it has, and who let it in."""

    mark: Mark
    role: str
    may: str
    desks: str
    added_by: str


def member_lines(found: Iterable[Member]) -> Iterator[MemberLine]:
    """A line for each role."""
    for member in found:
        may = [_MAY[right].format(persons=some_of(list(member.persons), 5)) for right in member.may]
        yield MemberLine(
            mark=Mark.OPEN if member.lacks else Mark.DONE,
            role=member.role,
            may=", ".join(may) or "nothing yet",
            desks=number_of(member.desks, "desk") if member.desks else "no desk",
            added_by=", ".join(dict.fromkeys(one.added_by for one in member.rights)),
        )


def missing(found: Iterable[Member]) -> Iterator[str]:
    """For each role whose rights do not count yet, what an administrator runs."""
    for member in found:
        if member.lacks:
            yield f"{member.role} may not yet do what it is entered for; the server's administrator runs: {' '.join(member.lacks)}"


def admitted_words(done: Admitted) -> str:
    """What was done, in a sentence."""
    if done.lacks:
        return f"the role {done.role} is entered as {_entered(done)}; that does not count yet"
    if not done.changed:
        return f"the role {done.role} {_what(done)} already"
    return f"the role {done.role} {_what(done)} now"


def removed_words(done: Admitted) -> str:
    """The same of a right that was taken away."""
    if done.person and done.member:
        return f"the role {done.role} no longer signs for {done.person}"
    only = f"; to sign for {done.person} was its only right" if done.person else ""
    return f"the role {done.role} is no member any more: its connections see nothing of the record from now on{only}"


def advice(done: Admitted) -> Iterator[str]:
    """What is still to be done by somebody with the rights of an administrator."""
    if done.lacks:
        yield f"the server's administrator runs: {' '.join(done.lacks)}"


def _entered(done: Admitted) -> str:
    return f"signer for {done.person}" if done.person else done.may


def _what(done: Admitted) -> str:
    return {
        "reader": "may read the record",
        "writer": "may write to the record",
        "signer": f"may sign for {done.person}",
        "keeper": "keeps the record",
    }[done.may]
