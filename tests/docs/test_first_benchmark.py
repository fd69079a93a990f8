"""docs/first-benchmark.md, typed in an empty repository, with a metrics server that knows two environments."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "first-benchmark.md"
PORT = 8403  # as on the page; the port here is a free one
P95 = {"staging": "0.58", "production": "0.45"}


class Handler(BaseHTTPRequestHandler):
    """Answers the one query, by the environment that it names."""

    def do_GET(self) -> None:
        self._answer({"version": "2.53.0"})

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        named = re.search(r'env="(\w+)"', body["query"][0])
        value = [float(body["time"][0]), P95[named[1]]] if named else []
        self._answer({"resultType": "vector", "result": [{"metric": {}, "value": value}]})

    def _answer(self, data: Any) -> None:
        body = json.dumps({"status": "success", "data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served() -> Iterator[int]:
    """The metrics server; its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def entry() -> list[str]:
    """The lines of the benchmark as the page has it."""
    (written,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return str(written).partition("benchmarks:\n")[2].splitlines()


def test_three_lines_stand_beside_the_query() -> None:
    lines = entry()
    assert len([line for line in lines if "query:" not in line]) == 3
    assert len(lines) == 4


def test_the_page_is_typed(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    git = tmp_path / "gitconfig"
    git.write_text("[user]\n\tname = Kim\n\temail = kim@shop.example\n")
    (shop / "README.md").write_text("A shop.\n")
    with served() as port:
        text = PAGE.read_text(encoding="utf-8").replace(str(PORT), str(port))
        page = tmp_path / "page.md"
        page.write_text(text)
        (written,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)
        (shop / "checkout.yaml").write_text(written)
        apart = {
            "GIT_CONFIG_GLOBAL": str(git),
            "WORKBENCH_DATA": str(tmp_path / "data"),
            "HOME": str(tmp_path),
        }
        assert type_page(page, shop, apart) >= 12
