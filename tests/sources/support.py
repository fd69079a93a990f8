"""A real HTTP server on the loopback interface that answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from workbench.model.times import Clock
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.prometheus import PrometheusConfig, PrometheusMeasure
from workbench.sources.reading import Batch, Question, Reading, SourceSpec, Summary
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Asked:
    """One request as the server saw it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.path = parts.path
        self.params = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.body = body
        self.form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        self.headers = {key.lower(): value for key, value in handler.headers.items()}


Answer = tuple[int, dict[str, str], bytes]


class Server:
    """``answer`` may be replaced; what it is given and returns are requests and answers."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self, self.rfile.read(int(self.headers.get("content-length") or 0)))
                outer.asked.append(asked)
                status, headers, body = outer.answer(asked)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "content-length" not in {name.lower() for name in headers}:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass  # a client that goes away is part of several tests

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def body(value: Any, status: int = 200, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()


def vector(*series: tuple[dict[str, str], str], at: datetime = AT, **more: Any) -> Answer:
    result = [{"metric": labels, "value": [at.timestamp(), text]} for labels, text in series]
    return body({"status": "success", "data": {"resultType": "vector", "result": result}, **more})


def buildinfo_or(answer: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    def choose(asked: Asked) -> Answer:
        if asked.path.endswith("/buildinfo"):
            return body({"status": "success", "data": {"version": "2.42.0"}})
        return answer(asked)

    return choose


class Pauses:
    """Takes the place of waiting, and remembers how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Fetched:
    def __init__(self, batches: list[Batch], summary: Summary) -> None:
        self.batches = batches
        self.summary = summary

    @property
    def readings(self) -> list[Reading]:
        return [reading for batch in self.batches for reading in batch.readings]

    @property
    def one(self) -> Reading:
        (reading,) = self.readings
        return reading


def ask(
    sources: list[SourceSpec],
    questions: list[Question],
    *,
    root: Path = Path(),
    secrets: Secrets | None = None,
    tuning: Tuning | None = None,
    **more: Any,
) -> Fetched:
    batches: list[Batch] = []
    more.setdefault("on_batch", batches.append)
    more.setdefault("kinds", KINDS)
    summary = fetch(
        Fetch(
            sources=tuple(sources),
            questions=tuple(questions),
            root=root,
            clock=Clock(fixed=AT, real=lambda: AT),
            secrets=secrets or Secrets(allow=True, environ={}),
            tuning=tuning or Tuning(pause=Pauses(), random=lambda: 0.5, now=lambda: AT),
            **more,
        )
    )
    return Fetched(batches, summary)


def prometheus(url: str, key: str = "metrics", **config: Any) -> SourceSpec:
    return SourceSpec(key, "prometheus", PrometheusConfig(url=url, **config))


def question(query: str = "up", *, source: str = "metrics", subject: str = "b", **more: Any) -> Question:
    measure = {k: more.pop(k) for k in PrometheusMeasure.__struct_fields__ if k in more}
    more.setdefault("at", AT)
    return Question(subject=subject, source=source, ask=PrometheusMeasure(query=query, **measure), **more)
