"""Giving a server up that keeps the connection and says nothing: no setting of PostgreSQL's library does that.

A server process that hangs, a proxy that has lost its server: the machine behind the connection still confirms every
byte, so that neither ``keepalives`` nor ``tcp_user_timeout`` ever ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import Any

PATIENCE = (
    30.0  # seconds in which not one byte comes or goes; a lock of another desk ends before (lock_timeout)
)


def watched(
    waits: Generator[Any, Any, Any],
    give_up: Callable[[], BaseException],
    patience: Callable[[], float] = lambda: PATIENCE,
    seconds: Callable[[], float] = monotonic,
) -> Generator[Any, Any, Any]:
    """The same as ``waits``, a generator of psycopg that asks to wait for its socket and is sent what it is ready for,
    0 for nothing in a while; where nothing comes or goes for as many seconds as ``patience`` says, what ``give_up`` makes is raised."""
    last, ready = seconds(), None
    while True:
        try:
            wanted = waits.send(ready)
        except StopIteration as end:
            return end.value
        ready = yield wanted
        now = seconds()
        if ready:
            last = now
        elif now - last >= patience():
            raise give_up()


def patient(library: Any) -> Any:
    """The class of psycopg's connection, which gives up after :data:`PATIENCE`."""

    class Patient(library.Connection):  # type: ignore[misc]  # psycopg is imported where it is used
        def wait(self, gen: Generator[Any, Any, Any], *values: Any, **named: Any) -> Any:
            def give_up() -> BaseException:
                self.pgconn.finish()  # nobody knows what it would answer: nothing more is asked over it
                return library.OperationalError(f"it has not answered for {PATIENCE:.0f} seconds")  # type: ignore[no-any-return]

            return super().wait(watched(gen, give_up, lambda: PATIENCE), *values, **named)

    return Patient
