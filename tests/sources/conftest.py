"""Fixtures of the sources' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .support import Answer, Asked, Server


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Asked], Answer]], Server]]:
    servers: list[Server] = []

    def start(answer: Callable[[Asked], Answer]) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
