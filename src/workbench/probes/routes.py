"""Requests by name: routes, in which every id is ``*``, and keys, which are one part of a parameter's path."""

from __future__ import annotations

import re

from workbench.model.text import safe_text

_ID = re.compile(
    r"[0-9]+\Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\Z|[0-9a-f]{12,}\Z|[A-Za-z]*[-_]?[0-9]{3,}\Z|[^/]{49,}\Z",
    re.IGNORECASE,
)


def route_of(method: str, path: str) -> str:
    """``GET /orders/*`` for ``GET /orders/17?full=1``."""
    plain = path.partition("?")[0].partition("#")[0] or "/"
    parts = ("*" if _ID.match(part) else part for part in plain.split("/"))
    return safe_text(f"{method} {'/'.join(parts)}", 300)


def request_key(method: str, path: str) -> str:
    """``api.orders.17`` for ``GET /api/orders/17``, ``POST api.search`` for another method."""
    plain = path.strip("/").replace("/", ".") or "root"
    return safe_text(plain if method == "GET" else f"{method} {plain}", 300)
