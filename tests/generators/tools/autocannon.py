"""autocannon: its JSON of a run that is answered, of one with failures, and of one that reaches nobody."""

from __future__ import annotations

import json

from tests.generators.shop import shop
from tests.generators.tool import Tool, Workshop


def make(work: Workshop) -> None:
    """A number of requests over two connections, and one run against a closed port."""
    with shop() as server:
        for name, path, known in (
            ("good", "/", "all answered with 200"),
            ("flaky", "/flaky", "every fourth 500"),
        ):
            printed = work.run("autocannon", "-j", "-c", "2", "-a", "200", f"{server.url}{path}")
            read = json.loads(printed)
            told = f"{read['2xx']} with 2xx, {read['non2xx']} others"
            work.keep(f"{name}.json", f"200 requests over 2 connections, {known}: {told}", printed)
        closed = server.url
    printed = work.run("autocannon", "-j", "-c", "1", "-d", "1", closed)
    work.keep("dead.json", "nobody listens: no request is answered", printed)


TOOL = Tool(name="autocannon", make=make, npm=["autocannon@8.0.0"])
