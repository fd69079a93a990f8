"""How much of what is wrong with a server a desk keeps: what this desk found itself is never dropped for what others claim.

Whoever may write packs can claim anything in them, thousands of times.  So of each sender so many claims are kept in
full; those beyond are counted, and stand open until somebody accepts that number of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from workbench.mailbox.heard import Fault, Heard, Kept, Past
from workbench.model.canonical import digest as digest_of

OF_ONE = 50  # claims of one sender in full
MOST = 2_000  # claims of all senders in full, or things that were heard
MOST_LIKE = 20_000  # claims that are counted beside those
MOST_OWN = 10_000  # faults that this desk found itself: beyond these it refuses to go on
_MARK = 16
_ALL = "everybody"


def sender_of(heard: Heard) -> str:
    """Who says something: a desk, or the people whose signatures hold."""
    return heard.desk or ",".join(heard.by)


def mark_of(id: str) -> str:
    """What a fault is known by that was only counted."""
    return digest_of({"id": id})[:_MARK]


class _Faults:
    """The faults of one desk's notes while more are added; each is looked up once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.full = [one for one in faults if not one.like]
        self._ids = {one.id for one in self.full}
        self._more = {_counted_of(one): one for one in faults if one.like}
        self._likes: dict[str, list[str]] = defaultdict(list)
        for sender, one in self._more.items():
            self._likes[sender] += one.like
        self._marks = {mark for marks in self._likes.values() for mark in marks}
        self._claims = Counter(sender_of(one.heard) for one in self.full if one.heard is not None)

    def holds(self, fault: Fault) -> bool:
        return fault.id in self._ids or (bool(self._marks) and mark_of(fault.id) in self._marks)

    def add(self, fault: Fault) -> None:
        """Keeps one more, in full or counted; what has no room at all is left out (:func:`missing`)."""
        if self.holds(fault):
            return
        claims, own = self._claims.total(), len(self.full) - self._claims.total()
        sender = sender_of(fault.heard) if fault.heard is not None else ""
        if fault.heard is None:
            if own < MOST_OWN:
                self._keep(fault)
        elif claims < MOST and self._claims[sender] < OF_ONE:
            self._claims[sender] += 1
            self._keep(fault)
        elif len(self._marks) < MOST_LIKE:
            counted = sender if self._claims[sender] >= OF_ONE else _ALL
            self._marks.add(mark_of(fault.id))
            self._likes[counted].append(mark_of(fault.id))
            self._more.setdefault(counted, msgspec.structs.replace(fault, id=_name(fault.id, counted)))

    def _keep(self, fault: Fault) -> None:
        self._ids.add(fault.id)
        self.full.append(fault)

    def all(self) -> tuple[Fault, ...]:
        """All of them; the name of those that are counted says how many, so that more of them are another fault."""
        more = []
        for sender, one in self._more.items():
            likes, name = self._likes[sender], one.id.rpartition("/")[0] if one.like else one.id
            more.append(msgspec.structs.replace(one, id=f"{name}/{len(likes)}", like=tuple(likes)))
        return (*self.full, *more)


def _name(id: str, sender: str) -> str:
    return f"{id.partition('/')[0]}/more/{mark_of(sender)}"


def _counted_of(fault: Fault) -> str:
    """Whose claims a fault counts."""
    sender = sender_of(fault.heard) if fault.heard is not None else ""
    return sender if fault.id.split("/")[2] == mark_of(sender) else _ALL


def with_faults(kept: Kept, found: Iterable[Fault]) -> Kept:
    """The notes with more faults, each of which stands there once, as far as there is room (:func:`missing`)."""
    faults = _Faults(kept.faults)
    for one in found:
        faults.add(one)
    now = faults.all()
    return msgspec.structs.replace(kept, faults=now) if now != kept.faults else kept


def missing(kept: Kept, found: Iterable[Fault]) -> list[Fault]:
    """Those of these faults that the notes hold neither in full nor counted."""
    faults = _Faults(kept.faults)
    return [one for one in found if not faults.holds(one)]


def is_full(kept: Kept) -> bool:
    """Whether a further fault might find no room."""
    own = sum(one.heard is None for one in kept.faults)
    return own >= MOST_OWN or sum(len(one.like) for one in kept.faults) >= MOST_LIKE


def bounded(heard: Sequence[Heard], past: Past) -> tuple[Heard, ...]:
    """What was heard, of each sender the last ones: nobody pushes away what others said.

    What contradicts this desk's log is a fault by now, which is kept; what it has not read yet comes first.
    """
    pending: dict[str, list[Heard]] = defaultdict(list)
    wrong: dict[str, list[Heard]] = defaultdict(list)
    fits = [one for one in heard if one.fits]
    for one in sorted((one for one in heard if not one.fits), key=lambda each: each.number):
        (pending if past.agrees(one) is None else wrong)[sender_of(one)].append(one)
    unread, known = ([one for each in of.values() for one in each[-OF_ONE:]] for of in (pending, wrong))
    return (*unread, *known[:MOST], *fits[:MOST])
