"""A server on the loopback interface that answers with any bytes, right or not."""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import threading
from collections.abc import Sequence

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Server:
    """``answers`` are whole answers, head and all: one for each request, in turn, from the first again."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._turns = itertools.cycle([b""])
        threading.Thread(target=self._serve, daemon=True).start()

    def say(self, answers: Sequence[bytes]) -> None:
        """Answer so from now on."""
        self._turns = itertools.cycle(answers)

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            if _whole(connection):
                connection.sendall(next(self._turns))
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass  # until the other side has closed, or it would not see the end of the answer


def _whole(connection: socket.socket) -> bool:
    """Read a request to its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = connection.recv(65536)
        if not got:
            return False
        data += got
    head, _, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    while length and len(body) < int(length[1]):
        got = connection.recv(65536)
        if not got:
            return False
        body += got
    return True
