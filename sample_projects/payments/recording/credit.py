"""The credit bureau twice: its sandbox, which staging asks, and the real one, which production asks.

    credit.py 9381 sandbox          answers within 20 ms, and to everything
    credit.py 9382 production       needs over half a second at times, and refuses some payloads
    credit.py 9383 metrics          what either environment measured of it in the last hour

What they answer depends on nothing but the question, so that a recording made tomorrow equals today's.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# What either environment measured of its calls to the bureau, in the hour before it is asked.
METRICS = {
    "staging": {"calls": 1_180, "p50_ms": 18, "p95_ms": 47, "errors_percent": 0},
    "production": {"calls": 41_200, "p50_ms": 210, "p95_ms": 612, "errors_percent": 0.9},
}


def answer(which: str, url: str) -> tuple[int, dict[str, Any], float]:
    """Status, body and seconds of one answer."""
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if which == "metrics":
        found = METRICS.get(parts.path.rpartition("/")[2])
        return (200, {"bureau": found}, 0.0) if found else (404, {"error": "no such environment"}, 0.0)
    if parts.path == "/health":
        return 200, {"status": "up", "version": "2026.9" if which == "production" else "2026.6"}, 0.0
    if parts.path != "/score":
        return 404, {"error": {"code": "not_found"}}, 0.0
    if which == "sandbox":
        return 200, {"score": 612, "band": "B", "source": "sandbox"}, 0.015
    if asked.get("country") == "MT":
        return 422, {"error": {"code": "country_not_covered", "retry": False}}, 0.12
    if asked.get("history") == "none":
        return 200, {"score": None, "band": None, "source": "bureau", "reasons": ["no history"]}, 0.31
    return 200, {"score": 612, "band": "B", "source": "bureau", "reasons": []}, 0.54


def serve(which: str, port: int) -> ThreadingHTTPServer:
    """A server on this machine that answers as one of the three."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, seconds = answer(which, self.path)
            time.sleep(seconds)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what is asked stands in the recordings."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    serve(sys.argv[2], int(sys.argv[1]))
    threading.Event().wait()
