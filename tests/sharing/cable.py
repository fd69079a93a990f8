"""A cable between desks and a server: it can be cut, and mended; or it is held, so that nothing comes through any more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import msgspec

from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import Shared, change_of, require_shared


class Cable:
    """Passes on what comes at a port of this machine to the server's port, and back."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._ends: list[socket.socket] = []
        self._free = threading.Event()
        self._free.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._begin()

    def _begin(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(("127.0.0.1", self._server))
                self._ends += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._free.wait()
                other.sendall(data)
        for end in (one, other):
            _close(end)

    def cut(self) -> None:
        """Every connection ends, and none can be made."""
        _close(self._listener)
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def mend(self) -> None:
        """Connections can be made again, at the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._begin()

    def hold(self) -> None:
        """Connections stay, and nothing comes through: a server that hangs."""
        self._free.clear()

    def let_go(self) -> None:
        """What was held comes through."""
        self._free.set()

    def joins(self, *desks: Context) -> None:
        """These desks reach their server through this cable from now on."""

        def through(shared: Shared) -> Shared:
            return msgspec.structs.replace(
                shared, url=shared.url.replace(f":{self._server}/", f":{self.port}/")
            )

        for desk in desks:
            desk.record.keep_note(*change_of(require_shared(desk).mailbox, through))


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def cable_to(server: int) -> Iterator[Cable]:
    """A cable, taken away in the end."""
    cable = Cable(server)
    try:
        yield cable
    finally:
        cable.let_go()
        cable.cut()
