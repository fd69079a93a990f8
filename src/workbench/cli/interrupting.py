"""ctrl+c in commands that last: it ends them where nothing is half done, and they say what was done."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

CANCELLED = 130
Handle = Callable[[int, FrameType | None], None]


@contextmanager
def _handled(handle: Handle) -> Iterator[None]:
    try:
        before: Any = signal.signal(signal.SIGINT, handle)
    except ValueError:  # not the main thread: whoever runs us there handles signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def interruptible() -> Iterator[list[int]]:
    """The first ctrl+c asks politely; a second one ends at once."""
    caught: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)

    with _handled(handle):
        yield caught


class Interrupt:
    """ctrl+c ends a wait at once, and what is done as a whole once that is done; a second one ends that, too."""

    def __init__(self) -> None:
        self._within = 0
        self._asked = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """While this lasts ctrl+c is heard here."""
        with _handled(self.handle):
            yield

    def handle(self, number: int, frame: FrameType | None) -> None:
        """ctrl+c came."""
        if self._within and not self._asked:
            self._asked = True
            return
        raise KeyboardInterrupt

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is done within this is not broken off by the first ctrl+c."""
        self._within += 1
        try:
            yield
        finally:
            self._within -= 1
        if self._asked and not self._within:
            self._asked = False
            raise KeyboardInterrupt
