"""What a server did, in words: the first thing that is wrong, and by whom it is contradicted."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.mailbox.heads import Sort
from workbench.mailbox.heard import Fault, Heard, How, Trouble
from workbench.model.text import number_of, safe_text
from workbench.record import Record
from workbench.signoff.reconnected import Reconnection

CHANGED_AS_IT_CAME = "is not what this desk sent: it was changed as it came there"
OWN_LOG = "this desk's own log"
_LISTS = frozenset(str(sort) for sort in Sort)


def names_of_desks(record: Record) -> dict[str, str]:
    """What desks are called: the end of an id, and who writes there."""
    found = {}
    for one in record.desks_seen():
        people = ", ".join(one.people[:3])
        found[one.id] = f"the desk {one.id[-12:]}{f' ({people})' if people else ''}"
    return {desk: safe_text(name, 120) for desk, name in found.items()}


def who_says(heard: Heard, desks: Mapping[str, str]) -> str:
    """Who said something of the mailbox, and how it is known."""
    if heard.by:
        return f"the head that {safe_text(', '.join(heard.by), 120)} signed"
    desk = desks.get(heard.desk, f"the desk {safe_text(heard.desk[-12:], 20)}" if heard.desk else "somebody")
    return {
        How.PACK: f"pack {heard.pack} of {desk}",
        How.HEAD: f"the head of {desk}",
        How.FILE: f"the file with a pack of {desk}",
        How.RECORD: f"a head from {desk}",
    }[heard.how]


def contradicted_by(fault: Fault, desks: Mapping[str, str]) -> str:
    """By whom or what it is known that the server is wrong."""
    if fault.heard is not None:
        return who_says(fault.heard, desks)
    if fault.sort == Trouble.CONTENT and fault.said.endswith(CHANGED_AS_IT_CAME):
        return "this desk, which sent it"
    return OWN_LOG if fault.sort in (*_LISTS, Trouble.DATED) else "the pack itself"


def fault_words(fault: Fault, desks: Mapping[str, str]) -> str:
    """One fault in a sentence without a full stop; of claims that are only counted, the first and how many more."""
    more = f", and {len(fault.like) - 1:,} more like it" if len(fault.like) > 1 else ""
    return f"{_words(fault, desks)}{more}"


def _words(fault: Fault, desks: Mapping[str, str]) -> str:
    if fault.sort in _LISTS:
        return _list_words(fault)
    if fault.heard is None:
        return safe_text(fault.said, 300)
    who, seen = who_says(fault.heard, desks), fault.heard.number
    if fault.sort == Trouble.WITHHELD:
        return (
            f"the server withholds packs: {who} names {number_of(seen, 'pack')}, and this desk was shown "
            f"{fault.noted}"
        )
    return (
        f"the server shows two histories: {who} saw other packs than this desk, among the first "
        f"{number_of(seen, 'pack')}"
    )


def _list_words(fault: Fault) -> str:
    first, last, also = fault.common + 1, fault.noted, fault.also
    if fault.sort == Sort.CUT:
        return (
            f"{_packs(first, last)} that this desk has read {_are(first, last)} not on the server any more: it was restored to an "
            "earlier state, or its end was deleted"
        )
    if fault.sort == Sort.MISSING:
        return (
            f"{_packs(first, also)} that this desk has read {_are(first, also)} not on the server any more, and those after it "
            "were numbered anew: they were deleted"
        )
    if fault.sort == Sort.INSERTED:
        return (
            f"the server has {_packs(first, also)} where this desk has read another one: packs were inserted"
        )
    if fault.sort == Sort.REORDERED:
        return f"what this desk has read as pack {first} is pack {also} on the server: packs were put into another order"
    if fault.sort == Sort.REWRITTEN:
        return f"pack {first} on the server is not the one that this desk has read: it was rewritten"
    return (
        f"from pack {first} on, the server holds other packs than this desk has read: it was restored to an earlier "
        "state and went on, or it was rewritten"
    )


def _packs(first: int, last: int) -> str:
    return f"pack {first}" if first >= last else f"packs {first} to {last}"


def _are(first: int, last: int) -> str:
    return "is" if first >= last else "are"


def accepted_words(fault: Fault, accepted: Reconnection, desks: Mapping[str, str], day: str) -> str:
    """That somebody accepted a fault: who, when, why; it is told for ever."""
    reason = safe_text(accepted.reason, 200)
    return f"{fault_words(fault, desks)}; {safe_text(accepted.by, 60)} accepted that on {day}: {reason}"
