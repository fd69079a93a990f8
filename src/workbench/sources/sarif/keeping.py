"""What may be kept of a SARIF file: all but the code that it quotes, which may be the very secret that was found."""

from __future__ import annotations

from workbench.sources.quoted import without

_CODE = frozenset({"snippet", "contextRegion", "contents", "fixes"})


def kept(data: bytes) -> bytes:
    """The file without quoted code."""
    return without(data, _CODE.__contains__)
