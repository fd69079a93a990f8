"""How much memory it takes to fetch one very large answer: run alone, so that nothing else counts."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.measuring import Row

MOST = 3.0  # times the answer


def memory(body: bytes) -> Iterator[Row]:
    """The most memory that a fetch of a course takes, in times of the answer; Linux alone can tell."""
    if not Path("/proc/self/clear_refs").exists():
        return

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = body if self.path.endswith("query_range") else _ONE % datetime.now(UTC).timestamp()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    words = [sys.executable, "-m", "bench.large_answer", f"http://127.0.0.1:{server.server_port}"]
    try:
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    finally:
        server.shutdown()
    yield Row(
        name="answer-memory",
        what=f"memory for a course of {len(body) / 1e6:.0f} MB, fetched and kept",
        peer="the answer itself",
        measured=int(told) / len(body),
        target=MOST,
    )


_ONE = b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[%d,"1"]}]}}'


def main(url: str) -> None:
    """Fetch the course at ``url`` and print how many bytes more than before it took."""
    from workbench.model.times import Clock
    from workbench.sources.asking import fetch
    from workbench.sources.fetch import Fetch
    from workbench.sources.kinds import KINDS
    from workbench.sources.prometheus import PrometheusConfig, PrometheusMeasure
    from workbench.sources.reading import Batch, Question, SourceSpec
    from workbench.sources.secrets import Secrets

    kept: list[Batch] = []

    def ask(**more: str) -> None:
        measure = PrometheusMeasure(query="up", **more)
        asked = Question(subject="up", source="metrics", at=datetime.now(UTC), ask=measure)
        config = PrometheusConfig(url=url, max_answer="64 MB")
        summary = fetch(
            Fetch(
                sources=(SourceSpec("metrics", "prometheus", config),),
                questions=(asked,),
                root=Path(),
                clock=Clock(),
                secrets=Secrets(allow=True, environ={}),
                kinds=KINDS,
                on_batch=kept.append,
            )
        )
        assert summary.ok == 1, summary.problems

    ask()  # what is imported and made once does not count
    kept.clear()
    Path("/proc/self/clear_refs").write_text("5")
    before = _kilobytes("VmRSS")
    ask(trend="1d", trend_step="10s")
    assert kept[0].readings[0].trend
    print((_kilobytes("VmHWM") - before) * 1024)


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main(sys.argv[1])
