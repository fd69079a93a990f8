"""Answers of HTTP servers as pieces of a capture, and what of them can differ between two environments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from workbench.model.canonical import decimal_text
from workbench.model.quantity import significant
from workbench.model.text import safe_text
from workbench.probes.captured import Change, Fact, Parameter, Piece, parts_of, path_of
from workbench.probes.hiding import Hide, named_secret
from workbench.probes.json_shape import EMPTY, json_in, shape_of, values_at, written
from workbench.sources.client import Response
from workbench.sources.configuration.secrets import is_secret
from workbench.sources.secrets import SHORTEST

# Headers that say something of a service, and of which it counts that they are there.
PRESENT = (
    "access-control-allow-origin", "cache-control", "content-encoding", "content-security-policy", "etag",
    "retry-after", "set-cookie", "strict-transport-security", "vary", "www-authenticate",
    "x-content-type-options", "x-frame-options",
)  # fmt: skip
STATUS, TIME, REDIRECTS, BODY, VALUE, HEADER = "status", "time", "redirects", "body", "value", "header"
THERE = "sent"
_OF_A_FIELD = frozenset(
    {"required", "invalid", "missing", "optional", "string", "blank", "empty", "expired", "weak"}
)
GUESSED = "guessed"  # the fact of an answer whose content type nobody told
_MARK = "header/"
_SPAN = re.compile(r"(?P<middle>[0-9.]+) s(?: \((?P<low>[0-9.]+) to (?P<high>[0-9.]+)\))?\Z")


def piece_of(request: str, response: Response, wanted: Iterable[str] = ()) -> Piece:
    """An answer as it came, with its facts: the request, status, seconds, redirects, and the headers that count.

    Of headers that only have to be there no value is kept: one may be a session.
    """
    facts: dict[str, Fact] = {
        "request": request,
        "status": response.status,
        "seconds": Decimal(repr(response.seconds)),
        "redirects": response.hops,
    }
    named = {name.lower() for name in wanted}
    facts |= {_MARK + name: THERE for name in PRESENT if name in response.headers}
    facts |= {_MARK + name: response.headers[name] for name in sorted(named) if name in response.headers}
    return Piece(request, response.media, response.body, facts)


def by_request(pieces: Iterable[Piece]) -> dict[str, list[Piece]]:
    """The answers to each request, in the order in which they came."""
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(str(piece.facts.get("request", piece.name)), []).append(piece)
    return found


def parameters_of(
    name: str, pieces: Sequence[Piece], hide: Hide, same: Sequence[tuple[str, ...]] = ()
) -> dict[str, Parameter]:
    """What several answers to one request say: what differs between them is told as a part of it.

    ``same`` are places in the JSON whose values count, too.
    """
    found = {
        path_of(name, STATUS): Parameter(_several(str(piece.facts.get("status", "")) for piece in pieces))
    }
    hops = _several(str(piece.facts.get("redirects", 0)) for piece in pieces)
    if hops != "0":
        found[path_of(name, REDIRECTS)] = Parameter(hops)
    times = [fact for piece in pieces if isinstance(fact := piece.facts.get("seconds"), Decimal | int)]
    if times:
        found[path_of(name, TIME)] = Parameter(span_text([Decimal(one) for one in times]))
    found |= _headers(name, pieces, hide)
    found |= _bodies(name, pieces, hide, same)
    return found


def _headers(name: str, pieces: Sequence[Piece], hide: Hide) -> dict[str, Parameter]:
    found = {}
    if not any(GUESSED in piece.facts for piece in pieces):
        found[path_of(name, HEADER, "content-type")] = Parameter(_several(_media(piece) for piece in pieces))
    for header in sorted({fact for piece in pieces for fact in piece.facts if fact.startswith(_MARK)}):
        texts = [str(piece.facts[header]) if header in piece.facts else "missing" for piece in pieces]
        called, given = header.removeprefix(_MARK), [text for text in texts if text not in (THERE, "missing")]
        secret = bool(given) and _is_secret(called, given)
        found[path_of(name, HEADER, called)] = _hidden(texts, hide) if secret else Parameter(_several(texts))
    return found


def _media(piece: Piece) -> str:
    return safe_text(piece.media.partition(";")[0].strip().lower(), 100) or "none"


def _several(texts: Iterable[str]) -> str:
    return " or ".join(sorted({safe_text(text, 200) for text in texts}))


def _bodies(
    name: str, pieces: Sequence[Piece], hide: Hide, same: Sequence[tuple[str, ...]]
) -> dict[str, Parameter]:
    documents, others = [], []
    for piece in pieces:
        read = json_in(piece.data, piece.media)
        if read is not None:
            document, why = read
            others.append(why) if why else documents.append(document)
        else:
            others.append("empty" if not piece.data else "text" if _is_text(piece.data) else "bytes")
    found: dict[str, Parameter] = {}
    shape = shape_of(documents) if documents else {}
    whole = _several([*others, *([shape[()]] if shape else [])])
    for parts, text in shape.items():
        found[path_of(name, BODY, *parts)] = Parameter(text)
    found[path_of(name, BODY)] = Parameter(whole)
    for place in same:
        seen: dict[tuple[str, ...], list[Any]] = {}
        for document in documents:
            for where, value in values_at(document, place):
                seen.setdefault(where, []).append(value)
        for where, values in seen.items():
            texts = [value if isinstance(value, str) else written(value) for value in values]
            secret = _is_secret(where[-1] if where else "", texts)
            told = _hidden(texts, hide) if secret else Parameter(_several(map(written, values)))
            found[path_of(name, VALUE, *where)] = told
    for document in documents:
        for text in _secrets_in(document):
            hide(text)  # remembered, so that a recording is without it
    return found


def _is_secret(name: str, texts: Iterable[str]) -> bool:
    return named_secret(name) or any(is_secret(name, text) for text in texts)


def _hidden(texts: Sequence[str], hide: Hide) -> Parameter:
    """A secret that was given as these texts, each of which a recording has to be without."""
    several = sorted(set(texts))
    tokens = [hide(text) for text in several]
    return Parameter(tokens[0] if len(tokens) == 1 else hide.unseen(" or ".join(tokens)), True)


def _secrets_in(document: Any, name: str = "") -> Iterator[str]:
    """The texts of a JSON document that are secrets by their name or their shape."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _secrets_in(value, str(key))
    elif isinstance(document, list):
        for value in document:
            yield from _secrets_in(value, name)
    elif isinstance(document, str) and _may_be_secret(document) and is_secret(name, document):
        yield document


def _may_be_secret(text: str) -> bool:
    """A sentence, or a word about a field, is an error about a secret and none itself."""
    return len(text) >= SHORTEST and " " not in text and text.lower() not in _OF_A_FIELD


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


# --- how long answers take ----------------------------------------------------------------


class Span(msgspec.Struct, frozen=True):
    """Seconds that answers to one request took: the median, the shortest and the longest."""

    middle: Decimal
    low: Decimal
    high: Decimal


def span_text(seconds: Sequence[Decimal]) -> str:
    """Response times as people write them: ``0.12 s (0.11 to 0.15)``."""
    ordered = sorted(seconds)
    shown = [_shown(one) for one in (_median(ordered), ordered[0], ordered[-1])]
    return f"{shown[0]} s" if len(seconds) == 1 else f"{shown[0]} s ({shown[1]} to {shown[2]})"


def _median(ordered: Sequence[Decimal]) -> Decimal:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _shown(seconds: Decimal) -> str:
    """Three digits that count, and no more than a tenth of a millisecond."""
    return decimal_text(significant(seconds, 3).quantize(Decimal("0.0001")))


def read_span(text: str) -> Span | None:
    """What :func:`span_text` wrote."""
    match = _SPAN.match(text)
    if match is None:
        return None
    middle = Decimal(match["middle"])
    return Span(middle, Decimal(match["low"] or middle), Decimal(match["high"] or middle))


def times_apart(staging: Span, production: Span, within: Decimal, least: Decimal) -> Decimal | None:
    """How many times longer (or, below 1, shorter) staging takes; ``None`` where chance explains it.

    The medians have to be farther apart than the share ``within`` of production's and than ``least``
    seconds, and no time of one may lie within the range of the other's.
    """
    apart = abs(staging.middle - production.middle)
    if apart <= max(within * production.middle, least):
        return None
    if not (staging.low > production.high or staging.high < production.low):
        return None
    return staging.middle / max(production.middle, Decimal("0.0001"))


def doublings(ratio: Decimal) -> Decimal:
    """How often one time has to be doubled to pass the other: as a gap, chance hardly moves it."""
    ratio = max(ratio, 1 / ratio) if ratio else Decimal(10**6)
    count = 0
    while ratio > 1 and count < 40:
        ratio, count = ratio / 2, count + 1
    return Decimal(count)


# --- what of the differences counts -------------------------------------------------------


def topmost(
    changes: Iterable[Change], staging: Mapping[str, Parameter], production: Mapping[str, Parameter]
) -> tuple[Change, ...]:
    """The changes without those that follow from one above them.

    Where a field is gone or has become something else, what stood below it is no news; and of a list that
    is empty on one side nobody knows what its items would be.
    """
    found: list[Change] = []
    above: list[str] = []
    for change in sorted(changes, key=lambda one: one.path.split("/")):
        while above and not change.path.startswith(above[-1]):
            above.pop()
        if above:
            continue
        found.append(change)
        if parts_of(change.path)[1:2] == (BODY,) and _ends_here(
            staging.get(change.path), production.get(change.path)
        ):
            above.append(change.path + "/")
    return tuple(found)


def _ends_here(staging: Parameter | None, production: Parameter | None) -> bool:
    """Whether what stands below is not to be compared: gone, empty, or of another type altogether."""
    if staging is None or production is None:
        return True
    ours, theirs = _types(staging.text), _types(production.text)
    return not (ours & theirs & {"object", "list"})


def _types(text: str) -> set[str]:
    return set(text.removesuffix(", sometimes missing").split(" or "))


def is_empty_list(text: str | None) -> bool:
    """Whether a field is a list without any item."""
    return text is not None and EMPTY in _types(text)
