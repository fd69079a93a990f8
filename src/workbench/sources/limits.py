"""How long a server asks us to wait, in whichever of the usual spellings it says so.

``Retry-After`` is RFC 9110's: seconds or a date.  ``RateLimit`` and ``RateLimit-Reset`` are those of the IETF's
draft on rate limits, of which servers implement different versions, and ``X-RateLimit-…`` what was usual before:
seconds to go, or a moment as seconds, milliseconds or more since 1970, or as a text.
"""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from workbench.model.errors import SourceError
from workbench.sources.moments import moment_of_number, moment_of_text

_REFUSALS = frozenset({403, 429, 503})
_MILLISECONDS = ("retry-after-ms", "x-ms-retry-after-ms")
_TO_GO = re.compile(r"\A(?:x-)?rate-?limit-reset-(?:after|in)\Z")
_RESET = re.compile(r"\A(?:x-)?(?:[a-z]+-)?rate-?limit(?:-[a-z]+)?-reset\Z")
_REMAINING = re.compile(r"\A(?:x-)?(?:[a-z]+-)?rate-?limit(?:-[a-z]+)?-remaining\Z")
_IN_ONE = re.compile(r"(?:\A|[;,\s])(r|remaining|t|reset)=(\d{1,15})(?=[;,\s]|\Z)")
_LONGEST_TO_GO = 10**8  # seconds, three years: a larger number is a moment


def seconds_to_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until it is worth asking again; ``None`` where an answer tells none.

    ``headers`` are in lower case.  A refusal with status 403 or 503 is one of a limit only where a header
    says so: ``Retry-After``, or that nothing remains.
    """
    if status not in _REFUSALS:
        return None
    for name in _MILLISECONDS:
        if (told := _number(headers.get(name, ""))) is not None:
            return told / 1000
    if (after := headers.get("retry-after", "").strip()) and (told := _after(after, now)) is not None:
        return told
    spent = [name for name, text in headers.items() if _REMAINING.match(name) and _number(text) == 0.0]
    one = {name: float(number) for name, number in _IN_ONE.findall(headers.get("ratelimit", ""))}
    if status != 429 and not spent and one.get("r", one.get("remaining")) != 0.0:
        return None
    return _until_reset(headers, spent, one.get("t", one.get("reset")), now)


def _until_reset(
    headers: Mapping[str, str], spent: list[str], to_go: float | None, now: datetime
) -> float | None:
    """Until the limits are lifted of which nothing remains; until the last one where no header tells which."""
    for name, text in headers.items():
        if _TO_GO.match(name) and (told := _number(text)) is not None:
            return told
    of_spent = {name.removesuffix("remaining") + "reset" for name in spent}
    resets = {name: text for name, text in headers.items() if _RESET.match(name)}
    counted = [text for name, text in resets.items() if name in of_spent or not of_spent & resets.keys()]
    known = [seconds for text in counted if (seconds := _reset(text, now)) is not None]
    return max(known) if known else to_go


def _after(text: str, now: datetime) -> float | None:
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return _until(moment.replace(tzinfo=moment.tzinfo or UTC), now)


def _reset(text: str, now: datetime) -> float | None:
    number = _number(text)
    if number is not None and number < _LONGEST_TO_GO:
        return number
    try:
        return _until(moment_of_number(number) if number is not None else moment_of_text(text)[0], now)
    except SourceError:
        return _after(text, now) if number is None else None


def _until(moment: datetime, now: datetime) -> float:
    return max(0.0, (moment - now).total_seconds())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None
