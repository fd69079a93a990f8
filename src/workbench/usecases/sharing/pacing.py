"""When a desk connects to the server, exchanges entries and waits: a function of what happened, without a clock of its own.

``after`` makes the next state of a state and an event; ``next_step`` says what to do in a state.  Seconds are those
of a clock that never goes back, which the caller reads; nothing here waits.
"""

from __future__ import annotations

from enum import Enum
from hashlib import sha256

import msgspec

FIRST_PAUSE = 1.0  # seconds after the first failure, doubled with each further one
LONGEST_PAUSE = 15.0  # so long at most a server that is back waits for a desk; an attempt costs a connection
REFUSED_PAUSE = 300.0  # where a person has to act first, asking often helps nobody
WONDERING = 3.0  # after so many seconds without an answer a person is told
GAP = 0.25  # between two exchanges of which the second was only heard: anybody may tell of packs, any number of times
LOOK_AGAIN = 60.0  # while nothing is heard: a notification can be lost, and a connection can be dead


class Happened(Enum):
    """What the desk, the server or a person did."""

    CONNECTED = "the server answered, and listens for this desk"
    WRITTEN = "this desk's record has new entries"
    HEARD = "the server has told of new packs"
    EXCHANGED = "all that was there has been sent and received"
    HINDERED = "the server answers, but cannot take everything now: it is full, or only read for a while"
    LOST = "the server cannot be reached, or the connection has ended"
    REFUSED = "the server answers, but a person has to act before anything can be exchanged"
    ASKED = "a person wants it now"
    LEAVING = "the app is being left"


class Phase(Enum):
    """How the desk stands to its server."""

    CONNECTING = "connecting"
    LIVE = "live"
    OFF_LINE = "off-line"
    REFUSED = "refused"
    ENDED = "ended"


class Do(Enum):
    """What comes next."""

    CONNECT = "connect"
    EXCHANGE = "exchange"
    WAIT = "wait"
    END = "end"


class Course(msgspec.Struct, frozen=True):
    """A state: ``due`` is the second from which on there is something to do again, ``failures`` how many attempts
    have failed one after the other.  ``hears`` is the second from which on what is heard leads to an exchange.
    ``desk`` spreads the attempts of many desks over time."""

    desk: str = ""
    phase: Phase = Phase.CONNECTING
    due: float = 0.0
    failures: int = 0
    hears: float = 0.0

    @property
    def connected(self) -> bool:
        """Whether there is a connection to listen on."""
        return self.phase is Phase.LIVE


class Step(msgspec.Struct, frozen=True):
    """What to do next, and for how many seconds to wait at most; less, where something happens."""

    do: Do
    seconds: float = 0.0


def next_step(course: Course, now: float) -> Step:
    """What to do in this state."""
    if course.phase is Phase.ENDED:
        return Step(Do.END)
    if now < course.due:
        return Step(Do.WAIT, course.due - now)
    return Step(Do.EXCHANGE if course.connected else Do.CONNECT)


def after(course: Course, event: Happened, now: float) -> Course:
    """The state once something has happened."""
    if course.phase is Phase.ENDED:
        return course
    match event:
        case Happened.LEAVING:
            return msgspec.structs.replace(course, phase=Phase.ENDED)
        case Happened.CONNECTED:
            return msgspec.structs.replace(course, phase=Phase.LIVE, due=now)
        case Happened.EXCHANGED:
            return (
                msgspec.structs.replace(course, due=now + LOOK_AGAIN, failures=0, hears=now + GAP)
                if course.connected
                else course
            )
        case Happened.HINDERED:
            failed = course.failures + 1
            again = now + pause(course.desk, failed)
            if not course.connected:
                return course
            return msgspec.structs.replace(course, due=again, failures=failed, hears=now + GAP)
        case Happened.LOST:
            failed = course.failures + 1
            return msgspec.structs.replace(
                course, phase=Phase.OFF_LINE, failures=failed, due=now + pause(course.desk, failed)
            )
        case Happened.REFUSED:
            failed = course.failures + 1
            return msgspec.structs.replace(
                course,
                phase=Phase.REFUSED,
                failures=failed,
                due=now + _spread(REFUSED_PAUSE, course.desk, failed),
            )
        case Happened.ASKED:
            return msgspec.structs.replace(course, due=now)
        case Happened.WRITTEN:
            # Off-line it makes no server come back: what waits is sent with the next attempt that succeeds.
            return msgspec.structs.replace(course, due=now) if course.connected else course
        case Happened.HEARD:
            due = min(course.due, max(now, course.hears))
            return msgspec.structs.replace(course, due=due) if course.connected else course


def is_silent(sign: float | None, now: float) -> bool:
    """Whether a server that is asked something gave its last ``sign`` of life too long ago; ``None``: it is asked nothing."""
    return sign is not None and now - sign >= WONDERING


def pause(desk: str, failures: int) -> float:
    """The seconds before the next attempt after so many failures."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 30))
    return _spread(longest, desk, failures)


def _spread(seconds: float, desk: str, failures: int) -> float:
    """Between half of it and all of it: a hundred desks whose server comes back do not all ask in the same second."""
    dice = sha256(f"{desk} {failures}".encode()).digest()
    return seconds * (0.5 + int.from_bytes(dice[:4], "big") / 2**33)
