"""Canonical JSON: one byte sequence for one value, so that digests mean something.

Integers lie within ±(2^53 − 1); decimals and times travel as strings; there are no
floats; keys are ASCII and in byte order; nulls are left out of objects; DEL is escaped.
The format is described for other programs in ``docs/record-format.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from workbench.model.times import to_text

MAX_INTEGER = 2**53 - 1

_encoder = msgspec.json.Encoder(order="sorted")


def decimal_text(value: Decimal) -> str:
    """The shortest plain spelling: no exponent, no trailing zeros, no minus zero."""
    if not value.is_finite():
        raise ValueError("only finite numbers can be written")
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: Any) -> Any:
    """``value`` reduced to what canonical JSON knows; raises ``ValueError`` or ``TypeError``."""
    kind = type(value)
    if kind is str or kind is bool:
        return value
    if kind is int:
        if -MAX_INTEGER <= value <= MAX_INTEGER:
            return value
        raise ValueError(f"the integer {value} is too large")
    if kind is dict:
        # The common cases stand here in full: every change of the record passes this line.
        return {
            k if type(k) is str and k.isascii() else _key(k): v if type(v) is str else plain(v)
            for k, v in value.items()
            if v is not None
        }
    if kind is list or kind is tuple:
        return [v if type(v) is str else plain(v) for v in value]
    if value is None:
        return None
    reduce = _REDUCE.get(kind)
    if reduce is None:
        reduce = _REDUCE[kind] = _reducing(kind)
    return reduce(value)


def _reducing(kind: type[Any]) -> Callable[[Any], Any]:
    """How values of a type are reduced: found once for each type."""
    if issubclass(kind, Decimal):
        return decimal_text
    if issubclass(kind, Enum):
        values = {item: plain(item.value) for item in kind}
        return values.__getitem__
    if issubclass(kind, datetime):
        return to_text
    if issubclass(kind, msgspec.Struct):
        names = tuple(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
        known = _REDUCE.get
        return lambda value: {
            name: item
            if (held := type(item)) is str or held is bool
            else reduce(item)
            if (reduce := known(held)) is not None
            else plain(item)
            for name, attribute in names
            if (item := getattr(value, attribute)) is not None
        }
    if issubclass(kind, Mapping):
        return lambda value: plain(dict(value))
    if issubclass(kind, (set, frozenset)):
        return lambda value: sorted(plain(v) for v in value)
    raise TypeError(f"{kind.__name__} has no place in canonical JSON")


_REDUCE: dict[type[Any], Callable[[Any], Any]] = {}


def _key(key: Any) -> str:
    if isinstance(key, Enum):
        key = key.value  # as it stands among values
    if type(key) is str and key.isascii():
        return key
    raise ValueError(f"{key!r} cannot be a key: only ASCII text can")


def encode(value: Any) -> bytes:
    """The canonical bytes of ``value``.  Lone surrogates raise ``ValueError``."""
    try:
        data = _encoder.encode(plain(value))
    except UnicodeEncodeError as error:
        raise ValueError("the text holds half of a surrogate pair") from error
    return data.replace(b"\x7f", b"\\u007f") if b"\x7f" in data else data


def encode_plain(value: Any) -> bytes:
    """The same for a value that holds nothing but texts, lists and objects of them: in half of the time."""
    data = _encoder.encode(value)
    return data.replace(b"\x7f", b"\\u007f") if b"\x7f" in data else data


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of ``data``."""
    import hashlib  # 2 ms of OpenSSL: who only looks the files over needs none

    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """Hexadecimal SHA-256 of the canonical bytes of ``value``."""
    return sha256(encode(value))
