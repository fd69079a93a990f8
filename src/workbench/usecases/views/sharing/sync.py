"""A sync in words: what was sent and received, what stood in the way, and what the server holds otherwise than before."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from workbench.mailbox.addresses import LONGEST
from workbench.model.text import entries_of, number_of, safe_text
from workbench.usecases.exchanging import short
from workbench.usecases.sharing.synced import AGAIN_LATER, Ended, Obstacle, Refused, Synced, Unsent
from workbench.usecases.speaking import admitting
from workbench.usecases.views.exchange import aside_lines

_SHOWN = 20
_PACK = "waits.pack"
_OBSTACLES = {
    Obstacle.LOST: "the connection was lost before all was sent and received",
    Obstacle.FULL: "the server has no room for more",
    Obstacle.READ_ONLY: "the server takes nothing at present: it is a standby, or was set to reading only",
    Obstacle.LAGS: "a standby answers that does not hold yet what this desk has seen; nothing was sent",
    Obstacle.READER: "the role may only read what is shared",
    Obstacle.NOT_ALLOWED: "the server does not allow it",
    Obstacle.BUSY: "others were sending at the same moment, each time that it was tried",
    Obstacle.STOPPED: "it was stopped before all was sent and received",
    Obstacle.MOVED: "the record was moved to another server",
}
_HINTS = {
    Obstacle.LOST: "workbench sync, once the server is back",
    Obstacle.FULL: "tell the server's administrator; workbench sync, once there is room",
    Obstacle.READ_ONLY: "workbench sync, once the server takes what is sent",
    Obstacle.LAGS: "workbench sync, once the standby has caught up or the server is back",
    Obstacle.READER: "ask a keeper of the record: workbench member add ROLE --right writer",
    Obstacle.NOT_ALLOWED: "ask a keeper of the record: workbench member list",
    Obstacle.TWO_COPIES: "workbench join URL --again: this copy goes on as a desk of its own, and keeps what it wrote",
    Obstacle.TWO_LINES: "workbench repair: what is quarantined, and what can be done about it",
    Obstacle.OTHER_ROLE: "they are sent when that role syncs at its desk; otherwise a keeper carries them: workbench exchange --to FILE",
    Obstacle.BUSY: "workbench sync",
    Obstacle.BROKEN: "tell the server's administrator: its packs were changed; workbench verify --server",
    Obstacle.MOVED: "ask a keeper of the record whether that address is right; workbench share --move URL then follows, with a role of yours",
    Obstacle.STOPPED: "workbench sync",
}


def summary(done: Synced) -> str:
    """``sent 3 entries, received 12``."""
    if not done.sent and not done.received:
        return "nothing new was received" if done.unsent is not None else "all is sent and received"
    return f"sent {entries_of(done.sent)}, received {done.received:,}"


def synced_lines(done: Synced) -> Iterator[str]:
    """All that there is to say about a sync."""
    yield summary(done)
    if done.unsent is not None:
        yield f"stopped: {obstacle(done.unsent)}"
    if done.new_desk:
        yield (
            f"another copy of this record went on as this desk did; from now on this one is the desk {short(done.new_desk)}"
        )
    yield from (f"server: {one}" for one in done.faults[:_SHOWN])
    yield from (refused_line(one) for one in done.refused[:_SHOWN])
    if len(done.refused) > _SHOWN:
        yield f"refused  and {number_of(len(done.refused) - _SHOWN, 'pack')} more"
    yield from aside_lines(done.quarantined, "quarantined")
    if done.waiting:
        yield f"waiting: {entries_of(done.waiting)} for others that are not here yet"
    if done.contested:
        yield f"contested: {number_of(done.contested, 'thing')} with several versions"
    yield from (safe_text(note) for note in done.notes)


def obstacle(unsent: Unsent) -> str:
    """What stopped a sync, and what waits here because of it."""
    whose = "" if unsent.why in (Obstacle.TWO_LINES, Obstacle.OTHER_ROLE) else " of this desk"
    waits = f"; {entries_of(unsent.entries)}{whose} {_wait(unsent.entries)} here" if unsent.entries else ""
    return f"{_why(unsent)}{waits}"


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _why(unsent: Unsent) -> str:
    desk = safe_text(short(unsent.desk))
    match unsent.why:
        case Obstacle.NOT_THIS_PERSON:
            return (
                f"entry {unsent.number} of the desk {desk} is what {safe_text(unsent.person, 60)} signed, "
                "and the role may not sign for them"
            )
        case Obstacle.TWO_COPIES:
            return (
                f"another copy of this record writes as this desk: entry {unsent.number} of the desk {desk} "
                "on the server is another one; nothing was sent"
            )
        case Obstacle.TWO_LINES:
            return (
                f"the server holds another entry {unsent.number} of the desk {desk} than this desk does; "
                "what follows it here was not sent"
            )
        case Obstacle.OTHER_ROLE:
            return f"what was written here as the desk {desk} was not sent: that desk belongs to another role on the server"
        case Obstacle.BROKEN:
            return f"pack {unsent.number} on the server is missing, or does not follow the one before; nothing after it was read"
        case Obstacle.MOVED if unsent.said:
            return f"the record was moved to {safe_text(unsent.said, 200)}"
    words = _OBSTACLES[unsent.why]
    return f"{words} ({safe_text(unsent.said, 300)})" if unsent.said else words


def refused_line(one: Refused) -> str:
    """A pack of which nothing was received."""
    return f"refused  pack {one.number} of the desk {safe_text(short(one.desk))}, because {safe_text(one.why, 300)}"


def way_out(unsent: Unsent) -> str:
    """What to do about what stopped a sync."""
    return _not_this_person(unsent) if unsent.why is Obstacle.NOT_THIS_PERSON else _HINTS[unsent.why]


def _not_this_person(unsent: Unsent) -> str:
    """A keeper lets the role sign for them, or sends in its place what was signed; a desk of a keeper's does so itself."""
    if unsent.keeps:
        address = quote(safe_text(unsent.url, LONGEST)) if unsent.url else "URL"
        return f"workbench share {address}: this desk goes on as a new one, and sends what was signed at the one before"
    carried = (
        f"workbench exchange --to {_PACK} here, and a keeper of the record who has that file runs "
        f"workbench import {_PACK}, then workbench repair --server"
    )
    if not unsent.listed:
        return carried
    admitted = admitting(unsent.role or "ROLE", unsent.person)
    return f"a keeper of the record runs {admitted}, then workbench sync here; or {carried}"


def advice(done: Synced) -> Iterator[str]:
    """What to do next, the most urgent first."""
    if done.unsent is not None:
        yield way_out(done.unsent)
    if done.faults:
        yield "workbench share --reconnect --reason WHY: accept how the server is now, once you know why"
    if done.quarantined:
        yield "workbench repair: what is quarantined, and what can be done about it"
    if done.contested:
        yield "workbench contested: the versions side by side"


def exit_code(done: Synced) -> int:
    """0 where all was sent and received, 1 where a person has to look, 3 where the server is to be asked again, 130 after ctrl+c."""
    if done.unsent is not None and done.unsent.why is Obstacle.STOPPED:
        return Ended.exit_code
    if done.needs_a_person:
        return 1
    return 3 if done.unsent is not None and done.unsent.why in AGAIN_LATER else 0
