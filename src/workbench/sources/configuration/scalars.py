"""When two texts say the same: how a value is written does not count, what it says does."""

from __future__ import annotations

import re
from decimal import Decimal

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE = re.compile(r"(-?)(0|[1-9][0-9]{0,39})(?:\.0+)?")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]{0,39})\.[0-9]{1,40}")
_EXPONENT = re.compile(r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?[eE][+-]?[0-9]{1,2}")


def normal(text: str, *, bare: bool, exact: bool = False) -> str:
    """The form in which a value is compared.

    ``1``, ``1.0`` and ``"1"`` are the same, and so are ``true``, ``True`` and ``"true"``.  ``1.50`` is ``1.5``
    only where the file itself says that it is a number (``bare``): in quotes it may be a version.  With
    ``exact`` (versions, tags) digits stay as they are written.  ``yes`` and ``on`` are not ``true``: that
    depends on the program that reads them.
    """
    text = text.removesuffix("\n")
    if bare and text in _NOTHING:
        return "null"
    if len(text) > 100:
        return text
    if text[:1] in "tTfF" and text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower()
    if exact or text[:1] not in "-0123456789":
        return text
    if whole := _WHOLE.fullmatch(text):
        return whole[2] if whole[2] == "0" else whole[1] + whole[2]
    if bare and (_FRACTION.fullmatch(text) or _EXPONENT.fullmatch(text)):
        return _plain(Decimal(text))
    return text


def _plain(number: Decimal) -> str:
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
