"""What may be kept of a result: all but the values of the data that broke an expectation."""

from __future__ import annotations

from typing import Any

import msgspec

_OF_THE_DATA = ("partial_unexpected_", "unexpected_list", "unexpected_index_", "unexpected_rows", "details")


def kept(data: bytes) -> bytes:
    """The result without those values, which reads the same; nothing of a file that cannot be read."""
    try:
        return msgspec.json.encode(_without(msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return b""


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(one) for key, one in value.items() if not key.startswith(_OF_THE_DATA)}
    return [_without(one) for one in value] if isinstance(value, list) else value
