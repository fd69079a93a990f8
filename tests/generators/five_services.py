"""A program of five services that is instrumented with OpenTelemetry; run by itself, with the SDK beside it.

``python five_services.py ENVIRONMENT`` starts the services as processes of their own, sends them what ``main`` says,
and leaves the spans of all in ``ENVIRONMENT.jsonl`` (the SDK's JSON) and ``ENVIRONMENT-base64.jsonl`` (what a protobuf
library makes of the same).  It imports nothing of the workbench.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SERVICES = ("gateway", "orders", "payments", "stock", "notifications")
COMMIT = "4f2a9c1d7e6b5a3c8d9e0f1a2b3c4d5e6f708192"
ORDERS, DECLINED_EACH, ARTICLES, NIGHTS, LOOKS = 12, 6, 6, 2, 3


def main(environment: str) -> None:
    """12 orders of which every sixth is declined, 6 looks at an article, 2 counts of the stock, 3 health checks."""
    ports = {name: 18_100 + place for place, name in enumerate(SERVICES)}
    told = json.dumps(ports)
    deployed = [name for name in SERVICES if environment == "production" or name != "notifications"]
    running = [
        subprocess.Popen([sys.executable, __file__, environment, name, told], stdin=subprocess.PIPE)
        for name in deployed
    ]
    for name in deployed:
        _until_up(ports[name])
    for number in range(1, ORDERS + 1):
        _send(ports["gateway"], "POST", f"/orders?number={number}")
    for number in range(ARTICLES):
        _send(ports["gateway"], "GET", f"/articles/{number + 100}")
    for _ in range(NIGHTS):
        _send(ports["stock"], "POST", "/timer")
    for _ in range(LOOKS):
        _send(ports["gateway"], "GET", "/health")
    time.sleep(0.3)
    for process in running:
        process.communicate(b"\n", timeout=30)
    for spelling in ("", "-base64"):
        parts = [Path(f"{environment}-{name}{spelling}.part") for name in deployed]
        Path(f"{environment}{spelling}.jsonl").write_text("".join(part.read_text() for part in parts))


def _until_up(port: int) -> None:
    for _ in range(200):
        try:
            _send(port, "GET", "/up")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nothing listens at {port}")


def _send(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", b"" if method == "POST" else None, headers or {}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


class Service:
    """One service: what it answers, whom it asks for it, and the spans of both."""

    def __init__(self, environment: str, name: str, ports: dict[str, int]) -> None:
        from google.protobuf.json_format import MessageToDict
        from opentelemetry.exporter.otlp.json.file import FileSpanExporter
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

        class Base64(SpanExporter):
            def export(self, spans: Any) -> SpanExportResult:
                with Path(f"{environment}-{name}-base64.part").open("a") as file:
                    file.write(json.dumps(MessageToDict(encode_spans(spans))) + "\n")
                return SpanExportResult.SUCCESS

        resource = {
            "service.name": name,
            "deployment.environment.name": environment,
            "vcs.ref.head.revision": COMMIT,
        }
        self.environment, self.ports = environment, ports
        self.provider = TracerProvider(resource=Resource.create(resource))
        self.provider.add_span_processor(BatchSpanProcessor(FileSpanExporter(f"{environment}-{name}.part")))
        self.provider.add_span_processor(BatchSpanProcessor(Base64()))
        self.tracer = self.provider.get_tracer("five-services")

    # --- what each of them does ------------------------------------------------------------

    def gateway(self, method: str, path: str, query: str) -> tuple[str, Any]:
        if path == "/orders":
            return "POST /orders", lambda: self.ask("orders", "POST", "/orders", query)
        if path == "/health":
            return "GET /health", lambda: 200
        return "GET /articles/{id}", lambda: self.ask(
            "stock", "GET", "/stock/{id}", path=path.replace("articles", "stock")
        )

    def orders(self, method: str, path: str, query: str) -> tuple[str, Any]:
        if path == "/orders/open":
            return "GET /orders/open", lambda: 200
        return "POST /orders", lambda: self._place(query)

    def _place(self, query: str) -> int:
        if self.ask("payments", "POST", "/payments", query) >= 400:
            return 502
        self.ask("stock", "POST", "/reservations", query)
        self.publish()
        return 201

    def payments(self, method: str, path: str, query: str) -> tuple[str, Any]:
        return "POST /payments", lambda: self._charge(int(query.partition("=")[2]))

    def _charge(self, number: int) -> int:
        real = self.environment == "production"
        self.outside(
            "POST /charge",
            {"peer.service": "bank", **({} if real else {"stub": True})},
            0.02 if real else 0.005,
        )
        return 503 if number % DECLINED_EACH == 0 else 201

    def stock(self, method: str, path: str, query: str) -> tuple[str, Any]:
        if path == "/reservations":
            return (
                "POST /reservations",
                lambda: self.outside("INSERT reservations", {"db.system.name": "postgresql"}) or 201,
            )
        return (
            "GET /stock/{id}",
            lambda: self.outside("SELECT stock", {"db.system.name": "postgresql"}) or 200,
        )

    def notifications(self, method: str, path: str, query: str) -> tuple[str, Any]:
        raise AssertionError("it takes messages only")

    # --- spans -----------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: str, headers: dict[str, str]) -> int:
        """Answer a request in a span that hangs on the one that asked."""
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        if path == "/timer":
            return self.night()
        if path == "/message":
            return self.message(headers)
        name, act = getattr(self, str(self.provider.resource.attributes["service.name"]))(method, path, query)
        with self.tracer.start_as_current_span(
            name, context=extract(headers), kind=SpanKind.SERVER, attributes={"http.request.method": method}
        ) as span:
            status = int(act())
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(StatusCode.ERROR)
        return status

    def ask(self, service: str, method: str, route: str, query: str = "", *, path: str = "") -> int:
        """Ask another service in a span of one's own."""
        from opentelemetry.propagate import inject
        from opentelemetry.trace import SpanKind, StatusCode

        with self.tracer.start_as_current_span(
            f"{method} {route}", kind=SpanKind.CLIENT, attributes={"peer.service": service}
        ) as span:
            headers: dict[str, str] = {}
            inject(headers)
            status = _send(self.ports[service], method, f"{path or route}?{query}", headers)
            if status >= 400:
                span.set_status(StatusCode.ERROR)
        return status

    def outside(self, name: str, attributes: dict[str, Any], seconds: float = 0.002) -> int:
        """Something that leaves no spans of its own: a database, a bank."""
        from opentelemetry.trace import SpanKind

        with self.tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=attributes):
            time.sleep(seconds)
        return 0

    def publish(self) -> None:
        """A message: who takes it begins a trace of its own, which is linked."""
        from opentelemetry.propagate import inject
        from opentelemetry.trace import SpanKind

        with self.tracer.start_as_current_span(
            "publish order-placed", kind=SpanKind.PRODUCER, attributes={"messaging.system": "queue"}
        ):
            headers: dict[str, str] = {}
            inject(headers)
            if self.environment == "production":
                _send(self.ports["notifications"], "POST", "/message", headers)

    def message(self, headers: dict[str, str]) -> int:
        from opentelemetry.context import Context
        from opentelemetry.propagate import extract
        from opentelemetry.trace import Link, SpanKind, get_current_span

        sender = get_current_span(extract(headers)).get_span_context()
        with self.tracer.start_as_current_span(
            "process order-placed",
            context=Context(),
            kind=SpanKind.CONSUMER,
            links=[Link(sender)],
            attributes={"messaging.system": "queue"},
        ):
            self.outside("POST /mails", {"peer.service": "mail-provider"})
        return 200

    def night(self) -> int:
        with self.tracer.start_as_current_span("count the stock", attributes={"faas.trigger": "timer"}):
            self.outside("SELECT stock", {"db.system.name": "postgresql"})
            return self.ask("orders", "GET", "/orders/open")


def serve(environment: str, name: str, ports: dict[str, int]) -> None:
    """One service, until its input ends."""
    service = Service(environment, name, ports)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            headers = {key.lower(): value for key, value in self.headers.items()}
            status = 200 if path == "/up" else service.answer(self.command, path, query, headers)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *words: object) -> None:
            pass

    import threading

    server = ThreadingHTTPServer(("127.0.0.1", ports[name]), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.readline()
    server.shutdown()
    service.provider.shutdown()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        serve(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
    else:
        main(sys.argv[1])
