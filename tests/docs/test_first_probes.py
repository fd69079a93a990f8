"""docs/first-probes.md, typed in a repository with two files of settings, its service answering in two places."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.docs.transcripts import type_page
from tests.sources.support import Answer, Asked, Server, body

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


def service(answers: Answers) -> Server:
    """A service that answers so."""

    def answer(asked: Asked) -> Answer:
        status, value = answers.get(asked.path, NONE)
        return body(value, status)

    return Server(answer)


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
    with closing(service(IN_STAGING)) as staging, closing(service(IN_PRODUCTION)) as production:
        for port, server in ((STAGING, staging), (PRODUCTION, production)):
            text = text.replace(f"http://127.0.0.1:{port}", server.url)
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
