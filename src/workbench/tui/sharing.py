"""The thread in which the app sends and receives, beside the desk's: no key press ever waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from workbench.usecases.sharing.pacing import Happened

if TYPE_CHECKING:
    from workbench.usecases.project import Options
    from workbench.usecases.sharing.keeping_up import KeepingUp, Standing

PATIENCE = (
    0.2  # seconds that leaving waits for the thread: what it sends is whole on the server, or not there
)


class _Running(msgspec.Struct):
    options: Options
    loop: KeepingUp
    thread: threading.Thread


class Sharing:
    """Keeps the record and its server in step while the app is open; does nothing for a record that is not shared.

    ``told`` is called with each new standing, from the thread: it must not wait.
    """

    def __init__(self, told: Callable[[Standing], object]) -> None:
        self._told = told
        self._running: _Running | None = None

    @property
    def is_on(self) -> bool:
        """Whether the app sends and receives."""
        return self._running is not None

    @property
    def is_silent(self) -> bool:
        """Whether the server is asked and does not answer for a while."""
        return self._running is not None and self._running.loop.is_silent

    def follow(self, options: Options, *, is_shared: bool) -> bool:
        """Begin, end, or begin anew with other options, as the record is now; whether something changed."""
        running = self._running
        if running is not None and is_shared and running.options == options:
            return False
        if running is None and not is_shared:
            return False
        self.close()
        if is_shared:
            self._begin(options)
        return True

    def _begin(self, options: Options) -> None:
        # For records that are shared alone: others never load it.
        from workbench.usecases.sharing.keeping_up import KeepingUp
        from workbench.usecases.sharing.live import ThisDesk

        loop = KeepingUp(partial(ThisDesk, options), self._told)
        thread = threading.Thread(target=loop.run, name="sharing", daemon=True)
        self._running = _Running(options, loop, thread)
        thread.start()

    def written(self) -> None:
        """This desk's record may have new entries."""
        if self._running is not None:
            self._running.loop.say(Happened.WRITTEN)

    def asked(self) -> None:
        """A person wants everything exchanged now."""
        if self._running is not None:
            self._running.loop.say(Happened.ASKED)

    def close(self) -> None:
        """End; where the server keeps the thread waiting, it is left behind."""
        running, self._running = self._running, None
        if running is None:
            return
        running.loop.say(Happened.LEAVING)
        with suppress(RuntimeError):  # never started, or closed from its own thread
            running.thread.join(PATIENCE)
