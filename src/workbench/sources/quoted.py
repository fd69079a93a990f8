"""What result files quote: values of data that broke a check, lines of code that hold a secret.

Whose they are is nobody's business, so they are left out of what is kept as evidence, and of files that are
imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec


def without(data: bytes, left_out: Callable[[str], bool]) -> bytes:
    """A JSON file without the fields whose names are ``left_out``, wherever they stand; it reads the same.

    Nothing is kept of a file that cannot be read.
    """
    try:
        found = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
        return msgspec.json.encode(_without(found, left_out))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return b""


def _without(value: Any, left_out: Callable[[str], bool]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, left_out) for key, one in value.items() if not left_out(key)}
    return [_without(one, left_out) for one in value] if isinstance(value, list) else value
