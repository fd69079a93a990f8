"""A way to the server that breaks: it kills the server when so much has passed, or loses its answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_PIECE = 65536
_SENDING = b"INSERT INTO workbench.pack"


class BreakingWay:
    """Passes bytes between a client and the server, until the client sends a pack.

    Then ``kill`` is called when a part of the pack has passed, of at most ``most`` bytes; with ``answers`` the whole pack
    reaches the server, and only what the server says to it is lost.
    """

    def __init__(self, port: int, most: int, kill: Callable[[], None], *, answers: bool = False) -> None:
        self._target, self._most, self._kill, self._answers = port, most, kill, answers
        self._broken = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def broken(self) -> bool:
        """Whether it has broken."""
        return self._broken.is_set()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes who waits there
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, job: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=job, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._start(self._forth, client, server)
                self._start(self._back, server, client)

    def _forth(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := client.recv(_PIECE):
                if _SENDING not in piece and not self.broken:
                    server.sendall(piece)
                elif self._answers:
                    self._broken.set()
                    server.sendall(piece)
                else:
                    server.sendall(piece[: min(self._most, len(piece) // 2)])
                    self._broken.set()
                    self._kill()
                    break
        for one in (client, server):
            _close(one)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while (piece := server.recv(_PIECE)) and not self.broken:
                client.sendall(piece)
        for one in (client, server):
            _close(one)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
