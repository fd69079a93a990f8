"""A span, and what was read of many: the same for OTLP, Jaeger and Tempo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["internal", "server", "client", "producer", "consumer"]
ENVIRONMENT = ("deployment.environment.name", "deployment.environment")
"""Attributes of a resource that name its environment: the one of today's conventions, and the earlier one."""
COMMIT = ("vcs.ref.head.revision", "vcs.repository.ref.revision")
"""Attributes of a resource that name the commit that it was built from."""
MOST_SPANS = 1_000_000
"""More spans than this are not held at once."""


class Span(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One operation of one service.

    Ids are lower-case hexadecimal, of 32 and 16 digits; ``parent`` is empty where there is none.  ``start`` and
    ``end`` are nanoseconds since 1970, ``end`` 0 where the span was never finished.  ``links`` are the traces and spans
    that it names as related, ``resource`` the attributes of what it ran in.
    """

    trace: str
    id: str
    service: str
    name: str
    start: int
    parent: str = ""
    kind: Kind = "internal"
    end: int = 0
    failed: bool = False
    attributes: Mapping[str, str] = {}
    resource: Mapping[str, str] = {}
    links: tuple[tuple[str, str], ...] = ()

    @property
    def seconds(self) -> float | None:
        """How long it took; ``None`` where it was not finished or ends before it begins."""
        return (self.end - self.start) / 1e9 if self.end >= self.start else None

    @property
    def title(self) -> str:
        """``orders: POST /orders``, as a step of a flow is written."""
        return f"{self.service}: {self.name}" if self.service else self.name

    def says(self, attribute: str) -> str | None:
        """What the span, or else its resource, says under an attribute."""
        found = self.attributes.get(attribute)
        return self.resource.get(attribute) if found is None else found

    def first_of(self, attributes: tuple[str, ...]) -> str:
        """What its resource says under the first of some attributes that it has."""
        return next((said for name in attributes if (said := self.resource.get(name))), "")


class Spans(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: each span once, what a reader should know of it, and why it may not be everything."""

    spans: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    partial: str = ""


def together(parts: list[Spans]) -> Spans:
    """Several of them as one; a span that was handed out twice counts once."""
    seen: dict[tuple[str, str, str, str], Span] = {}
    for part in parts:
        for span in part.spans:
            known = seen.setdefault((span.trace, span.id, span.service, span.kind), span)
            if known is not span and known.end < known.start <= span.end:
                seen[span.trace, span.id, span.service, span.kind] = span  # the finished one
    return Spans(
        spans=tuple(seen.values()),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        partial="; ".join(dict.fromkeys(part.partial for part in parts if part.partial)),
    )
