"""Keeping a desk and its server in step for as long as the app is open: a loop that waits and never polls.

:class:`KeepingUp` runs in a thread of its own.  What others tell it (something was written, a person wants it now,
the app is being left) comes through :meth:`KeepingUp.say`, which never waits.  What it tells is a :class:`Standing`.
"""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

import msgspec

from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.looking import ServerDesk
from workbench.model.errors import OurMistake, WorkbenchError
from workbench.usecases.sharing.going import Going, Tell
from workbench.usecases.sharing.pacing import (
    LOOK_AGAIN,
    Course,
    Do,
    Happened,
    Phase,
    after,
    is_silent,
    next_step,
)
from workbench.usecases.sharing.synced import AGAIN_LATER, Obstacle, Synced


class Line(Protocol):
    """An open connection to the server on which this desk listens."""

    def exchange(self, stop: Callable[[], bool], tell: Tell) -> Synced:
        """Send and receive all that there is; enough as soon as ``stop`` says so.  ``tell`` is told how far it is."""

    def desks(self) -> tuple[ServerDesk, ...]:
        """The desks that the server knows."""

    def wait(self, seconds: float, wake: socket.socket) -> bool:
        """Wait until the server tells of new packs, ``wake`` can be read, or so many seconds are over; whether it told."""

    def close(self) -> None:
        """End the connection."""


class Here(Protocol):
    """This desk's own side: its record, opened for this thread alone."""

    def connect(self) -> Line:
        """A connection that listens; ``WorkbenchError`` where there is none."""

    def is_current(self) -> bool:
        """Whether the record's file is still the one that was opened."""

    def to_send(self) -> int:
        """How many entries of this desk the server does not hold, as far as it is known here."""

    def close(self) -> None:
        """Close the record."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How this desk stands to its server.

    ``since`` is when it became so; ``what`` and ``hint`` say why it is not live.  ``synced`` is what the last exchange
    did, ended at ``at``; ``received_at`` when something last came.  ``desks`` are those that the server knows, as it
    said a minute ago at most while it is live.  ``going`` is how far an exchange is that lasts longer than a second.
    ``silent``: the server has been asked for a while, and does not answer.
    """

    phase: Phase = Phase.CONNECTING
    silent: bool = False
    since: datetime | None = None
    what: str = ""
    hint: str = ""
    to_send: int = 0
    synced: Synced | None = None
    at: datetime | None = None
    received_at: datetime | None = None
    desks: tuple[ServerDesk, ...] = ()
    going: Going | None = None


EACH_SECOND = 1.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class KeepingUp:
    """The loop; ``told`` is called in its thread with each standing that differs from the one before."""

    def __init__(
        self,
        open_here: Callable[[], Here],
        told: Callable[[Standing], object],
        *,
        seconds: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._open_here, self._told, self._seconds, self._now = open_here, told, seconds, now
        self._events: deque[Happened] = deque()
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._waker.setblocking(False)
        self._course = Course()
        self._standing = Standing()
        self._here: Here | None = None
        self._line: Line | None = None
        self._leaving = False
        self._told_at = 0.0
        self._sign: float | None = (
            None  # when the server last answered what it is asked; None where it is asked nothing
        )
        self._desks_due = 0.0  # when the server is asked for them again

    def say(self, event: Happened) -> None:
        """Tell what happened, from any thread; never waits."""
        if event is Happened.LEAVING:
            self._leaving = True
        self._events.append(event)
        with suppress(OSError):  # full: it will wake anyway; closed: the loop has ended
            self._waker.send(b"!")

    @property
    def is_leaving(self) -> bool:
        """Whether the app is being left: what takes long is stopped at the next step."""
        return self._leaving

    @property
    def is_silent(self) -> bool:
        """Whether the server is asked and does not answer for a while; may be asked from any thread."""
        return is_silent(self._sign, self._seconds())

    def _goes_on(self) -> bool:
        """Between two steps of an exchange: the server answers; whether to stop there."""
        self._sign = self._seconds()
        return self._leaving

    def run(self, desk: str = "") -> None:
        """Until the app is left.  ``desk`` spreads the attempts of many desks over time."""
        self._course = Course(desk=desk)
        try:
            while True:
                self._hear()
                step = next_step(self._course, self._seconds())
                if step.do is Do.END:
                    return
                if step.do is Do.WAIT:
                    self._wait(step.seconds)
                else:
                    self._sign = self._seconds()
                    event = self._try(self._connect if step.do is Do.CONNECT else self._exchange)
                    self._sign = None
                    self._happened(event)
        finally:
            self._close_here()
            self._wake.close()
            self._waker.close()

    # --- one step ---------------------------------------------------------------------------

    def _hear(self) -> None:
        """What was told meanwhile."""
        with suppress(BlockingIOError):
            while self._wake.recv(4096):
                pass
        while self._events:
            self._happened(self._events.popleft())

    def _happened(self, event: Happened) -> None:
        if event in (Happened.CONNECTED, Happened.ASKED):
            self._desks_due = self._seconds()
        self._course = after(self._course, event, self._seconds())
        if event is Happened.LOST:
            self._hang_up()
        elif event is Happened.REFUSED:
            self._close_here()  # whatever a person does about it, it is read anew then
        if event is not Happened.LEAVING and not self._leaving:
            self._tell(event)

    def _try(self, job: Callable[[], Happened]) -> Happened:
        """Do it; what goes wrong is an event, too."""
        try:
            return job()
        except (ServerUnavailable, OSError) as error:
            found, event = _as_ours(error), Happened.LOST
        except WorkbenchError as error:
            found, event = error, Happened.REFUSED
        except Exception as error:  # a mistake of ours ends neither the app nor the next attempt
            found, event = OurMistake.of(error), Happened.REFUSED
        self._standing = msgspec.structs.replace(self._standing, what=found.what, hint=found.hint or "")
        return event

    def _connect(self) -> Happened:
        if self._here is None:
            self._here = self._open_here()
        self._line = self._here.connect()
        return Happened.CONNECTED

    def _exchange(self) -> Happened:
        if self._here is not None and not self._here.is_current():
            self._close_here()
        if self._line is None:
            self._connect()
        assert self._line is not None
        try:
            self._told_at = self._seconds()
            synced = self._line.exchange(self._goes_on, self._tell_going)
        finally:
            self._standing = msgspec.structs.replace(self._standing, going=None)
        at, seconds = self._now(), self._seconds()
        lost = synced.unsent is not None and synced.unsent.why is Obstacle.LOST
        if seconds >= self._desks_due and not self._leaving and not lost:
            self._standing = msgspec.structs.replace(self._standing, desks=self._line.desks())
            self._desks_due = seconds + LOOK_AGAIN
        self._standing = msgspec.structs.replace(
            self._standing,
            synced=synced,
            at=at,
            received_at=at if synced.received else self._standing.received_at,
            what="",
            hint="",
        )
        if synced.unsent is None or synced.unsent.why not in AGAIN_LATER:
            return Happened.EXCHANGED
        self._standing = msgspec.structs.replace(
            self._standing, what=synced.unsent.said, hint=synced.unsent.hint
        )
        return Happened.LOST if lost else Happened.HINDERED

    def _wait(self, seconds: float) -> None:
        if self._line is None:
            self._sleep(seconds)
            return
        line = self._line

        def listen() -> Happened:
            return Happened.HEARD if line.wait(seconds, self._wake) else Happened.EXCHANGED

        event = self._try(listen)
        if event is not Happened.EXCHANGED:
            self._happened(event)

    def _sleep(self, seconds: float) -> None:
        """Off-line: until something is said, or so many seconds are over."""
        select.select([self._wake], [], [], seconds)

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(Exception):  # it is gone anyhow
                line.close()

    def _close_here(self) -> None:
        self._hang_up()
        here, self._here = self._here, None
        if here is not None:
            with suppress(WorkbenchError, OSError):
                here.close()

    # --- telling ------------------------------------------------------------------------------

    def _tell(self, event: Happened) -> None:
        before, phase = self._standing, self._course.phase
        if self._course.connected and event in (Happened.WRITTEN, Happened.HEARD, Happened.ASKED):
            return  # what comes of it is told in a moment
        count = before.to_send
        with suppress(WorkbenchError, OSError):
            count = self._here.to_send() if self._here is not None else count
        since = before.since if phase is before.phase and before.since is not None else self._now()
        standing = msgspec.structs.replace(before, phase=phase, since=since, to_send=count)
        self._standing = standing
        if standing != self._last:
            self._last = standing
            self._told(standing)

    def _tell_going(self, going: Going) -> None:
        """What lasts is told while it lasts, once a second."""
        self._sign = seconds = self._seconds()
        if self._leaving or seconds - self._told_at < EACH_SECOND or going.done >= going.total:
            return
        self._told_at = seconds
        self._standing = self._last = msgspec.structs.replace(self._standing, going=going)
        self._told(self._standing)

    _last: Standing | None = None


def _as_ours(error: Exception) -> WorkbenchError:
    if isinstance(error, WorkbenchError):
        return error
    return ServerUnavailable(f"the server cannot be reached: {error}")
