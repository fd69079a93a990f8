"""What a step is called: ``orders: POST /orders``, as in a flow's steps, with ``*`` for what varies."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from workbench.sources.traces.model import Span

_SERVICE = re.compile(r"(?P<service>[^:\s][^:]*?):\s+(?P<operation>\S.*)", re.DOTALL)
_PEERS = (
    "service.peer.name",
    "peer.service",
    "db.system.name",
    "db.system",
    "messaging.system",
    "rpc.service",
    "server.address",
    "net.peer.name",
)


class Name(msgspec.Struct, frozen=True):
    """A step: its service, which may be anything where none is said, and what it does."""

    service: str
    operation: str

    def fits(self, span: Span) -> bool:
        """Whether a span is that step: its service did it, or called a service of that name for it."""
        if not _fits(self.operation, span.name):
            return False
        return not self.service or _fits(self.service, span.service) or _fits(self.service, peer(span))


def read_name(text: str) -> Name:
    """The step that a line says; what stands in its brackets is not looked at."""
    line = re.sub(r"\s*\[[^\[\]]*\]\s*$", "", text.strip())
    found = _SERVICE.fullmatch(line)
    return Name(found["service"], found["operation"]) if found else Name("", line)


def peer(span: Span) -> str:
    """Whom a span calls, as far as it says so; nothing for what it does itself."""
    if span.kind not in ("client", "producer"):
        return ""
    return next((said for name in _PEERS if (said := span.attributes.get(name))), "")


def fits(pattern: str, text: str) -> bool:
    """Whether a text is the pattern, in which each ``*`` stands for anything."""
    return _fits(pattern, text)


def _fits(pattern: str, text: str) -> bool:
    if "*" not in pattern:
        return pattern == text
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("[\\s\\S]*?".join(map(re.escape, re.split(r"\*+", pattern))))
