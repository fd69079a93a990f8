"""What may be kept of a result: all but the values of the data that broke an expectation."""

from __future__ import annotations

from workbench.sources.quoted import without

_OF_THE_DATA = ("partial_unexpected_", "unexpected_list", "unexpected_index_", "unexpected_rows", "details")


def kept(data: bytes) -> bytes:
    """The result without those values."""
    return without(data, lambda name: name.startswith(_OF_THE_DATA))
