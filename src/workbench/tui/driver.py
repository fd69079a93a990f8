"""The way to the terminal and from it: it may close while we write, and whatever bytes may come from it."""

from __future__ import annotations

import os
import signal
from codecs import getincrementaldecoder
from queue import Full
from select import select

from textual.drivers.linux_driver import LinuxDriver

from workbench.tui.typed import TypedParser

_LOOK = 0.2  # seconds after which is looked whether the terminal is still there
_PAUSE = 0.1  # seconds after which an escape that stands alone is the key
_READ = 4096  # bytes


class TerminalDriver(LinuxDriver):
    """Textual's driver, whose writing thread ends when the terminal is closed: what comes then is dropped.

    Textual's own goes on filling that thread's queue, and when it is full waits for ever, deaf to
    any signal.  Its reading thread ends the app over a byte that is not UTF-8, and takes a pasted escape
    code for keys; here such a byte is shown as one that cannot be read, and a paste stays one.
    """

    def run_input_thread(self) -> None:
        """Hand on what is typed until the app ends; what is left then is read, so that no shell gets it.

        A terminal that is gone is ready to be read for ever, and has nothing to say: where nobody
        said that it hangs up, the app leaves as if it had been told.
        """
        parser, decoder = TypedParser(self._debug), getincrementaldecoder("utf-8")("replace")
        ends = False
        while not ends:
            ends = self.exit_event.is_set()
            if select([self.fileno], [], [], _PAUSE)[0]:
                data = self._read()
                if not data:
                    if not ends:
                        os.kill(os.getpid(), signal.SIGHUP)
                    return
                typed = decoder.decode(data)
                for event in parser.feed(typed) if typed else ():
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _read(self) -> bytes:
        """What is there to read; nothing where the terminal is gone."""
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

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
