"""The way to the terminal: it may close while we write, and then nobody waits for it."""

from __future__ import annotations

from queue import Full

from textual.drivers.linux_driver import LinuxDriver

_LOOK = 0.2  # seconds after which is looked whether the terminal is still there


class TerminalDriver(LinuxDriver):
    """Textual's driver, whose writing thread ends when the terminal is closed: what comes then is dropped.

    Textual's own goes on filling that thread's queue, and when it is full waits for ever, deaf to
    any signal.
    """

    def write(self, data: str) -> None:
        """Hand something to the writing thread, as long as there is one."""
        self._hand_over(data)

    def close(self) -> None:
        """Let the writing thread finish, if it has not ended already."""
        thread = self._writer_thread
        if thread is not None:
            self._hand_over(None)
            thread.join()

    def _hand_over(self, data: str | None) -> None:
        thread = self._writer_thread
        assert thread is not None, "in application mode"
        while thread.is_alive():
            try:
                thread._queue.put(data, timeout=_LOOK)
            except Full:
                continue
            return
