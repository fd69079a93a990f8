"""docs/first-probes.md, typed in a repository with two files of settings, its service answering in two places."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "first-probes.md"
STAGING, PRODUCTION = 8401, 8402  # as on the page; the ports here are free ones

Answers = dict[str, tuple[int, dict[str, Any]]]
ORDER = {"id": 17, "total": "18.50", "lines": [{"sku": "A1", "count": 2}]}
NONE: tuple[int, dict[str, Any]] = (404, {"error": "there is no such order"})
IN_STAGING: Answers = {"/version": (200, {"version": "2.4.0-rc1"}), "/api/orders/17": (200, ORDER)}
IN_PRODUCTION: Answers = {
    "/version": (200, {"version": "2.3.1"}),
    "/api/orders/17": (200, {**ORDER, "coupon": None}),
}


@contextmanager
def served(answers: Answers) -> Iterator[int]:
    """A service that answers so; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, value = answers.get(self.path, NONE)
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_page_is_typed(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    orders = tmp_path / "orders"
    orders.mkdir()
    for name, written in zip(
        (".env.staging", ".env.production"), re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S), strict=True
    ):
        (orders / name).write_text(written)
    git = tmp_path / "gitconfig"
    git.write_text("[user]\n\tname = Kim\n\temail = kim@orders.example\n")
    with served(IN_STAGING) as staging, served(IN_PRODUCTION) as production:
        text = text.replace(str(STAGING), str(staging)).replace(str(PRODUCTION), str(production))
        page = tmp_path / "page.md"
        page.write_text(text)
        (probes,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)
        (orders / "probes.yaml").write_text(probes)
        apart = {
            "GIT_CONFIG_GLOBAL": str(git),
            "WORKBENCH_DATA": str(tmp_path / "data"),
            "HOME": str(tmp_path),
        }
        assert type_page(page, orders, apart) >= 12
    record = b"".join(path.read_bytes() for path in (orders / ".workbench").rglob("*") if path.is_file())
    assert b"stg-2c91f07ab3" not in record
    assert b"prd-77e0d41c9f" not in record
