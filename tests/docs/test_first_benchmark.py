"""docs/first-benchmark.md, typed in an empty repository, with a metrics server that knows two environments."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from tests.docs.transcripts import type_page
from tests.sources.support import Answer, Asked, Server, body, buildinfo_or

PAGE = Path(__file__).parents[2] / "docs" / "first-benchmark.md"
PORT = 8403  # as on the page; the port here is a free one
P95 = {"staging": "0.58", "production": "0.45"}


def answer(asked: Asked) -> Answer:
    """The answer to the one query, by the environment that it names."""
    named = re.search(r'env="(\w+)"', asked.form["query"])
    value = [float(asked.form["time"]), P95[named[1]]] if named else []
    return body(
        {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": value}]}}
    )


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
    with closing(Server(buildinfo_or(answer))) as server:
        text = PAGE.read_text(encoding="utf-8").replace(f"http://127.0.0.1:{PORT}", server.url)
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
