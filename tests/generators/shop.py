"""A server on this machine that tools put load on; what it answers is known beforehand."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec


class Shop(msgspec.Struct):
    """Its address, and how often each path was asked for.

    ``/`` answers at once, ``/slow`` after 50 ms, and every fourth request for ``/flaky`` fails with status 500.
    """

    url: str
    asked: Counter[str]


@contextmanager
def shop() -> Iterator[Shop]:
    """The server, for as long as it is needed."""
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body leave together: nobody waits for an acknowledgement between them

        def do_GET(self) -> None:
            with lock:
                asked[self.path] += 1
                fails = self.path == "/flaky" and asked[self.path] % 4 == 0
            if self.path == "/slow":
                time.sleep(0.05)
            body = b"sold out" if fails else b"welcome"
            self.send_response(500 if fails else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Shop(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
