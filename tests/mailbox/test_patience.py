"""A server that keeps the connection and says nothing is given up; one that says something now and then never is."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import pytest

from workbench.mailbox.patience import watched

READY = 1


def answers_after(turns: int) -> Generator[str, int | None, str]:
    """What the driver does: it asks to wait for its socket until there is an answer."""
    for _ in range(turns):
        yield "read"
    return "the answer"


def drive(turns: int, ready: Iterable[int], every: float = 0.1) -> str:
    """Plays the socket: what it is ready for at each look, of which there is one every so many seconds."""
    now = 0.0
    waits = watched(answers_after(turns), lambda: TimeoutError("given up"), lambda: 30.0, lambda: now)
    try:
        assert next(waits) == "read"
        for one in ready:
            now += every
            waits.send(one)
    except StopIteration as end:
        return str(end.value)
    raise AssertionError("it waits on")


def test_the_answer_comes_through() -> None:
    assert drive(3, [0, READY, READY]) == "the answer"


def test_silence_is_given_up() -> None:
    with pytest.raises(TimeoutError, match="given up"):
        drive(1_000, [0] * 400)


def test_what_comes_slowly_is_waited_for() -> None:
    assert drive(100, [0, READY] * 50, every=20.0) == "the answer"
