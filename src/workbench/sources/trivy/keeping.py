"""What may be kept of a report: all but the code that it quotes around a secret or a wrong setting."""

from __future__ import annotations

from workbench.sources.quoted import without

_CODE = frozenset({"Match", "Code", "RenderedCause"})


def kept(data: bytes) -> bytes:
    """The report without quoted code."""
    return without(data, _CODE.__contains__)
