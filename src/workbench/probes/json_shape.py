"""The shape of JSON: which fields there are and of which type, not what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text

MOST_FIELDS = 20_000  # of one answer
EMPTY = "empty list"
GARBLED = "not JSON"
# Objects whose names are all ids are tables by id: the names are data, and differ everywhere.
_ID = re.compile(
    r"[0-9]+\Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z|[0-9a-f]{16,}\Z", re.IGNORECASE
)
Parts = tuple[str, ...]
_MARK = b"\xef\xbb\xbf"  # some programs begin UTF-8 with it
_JSON = msgspec.json.Decoder(float_hook=float)  # a number too large for one is as good a number


def shape_of(documents: Sequence[Any]) -> dict[Parts, str]:
    """Every field of some documents and its types, ``object``, ``list``, ``number``, ``string or null`` …

    The items of a list are one field ``*``.  A field that only some of the documents, or of a list's
    items, have is “sometimes missing”.  ``SourceError`` beyond 20,000 fields.
    """
    found: dict[Parts, str] = {}
    _add((), documents, len(documents), found)
    return found


def _add(path: Parts, values: Sequence[Any], of: int, found: dict[Parts, str]) -> None:
    if len(found) >= MOST_FIELDS:
        raise SourceError(
            f"the answer has more than {MOST_FIELDS:,} fields", hint="ask for a smaller part of it"
        )
    types = sorted({type_of(value) for value in values}, key=lambda name: (name == "null", name))
    if EMPTY in types and "list" in types:
        types.remove(EMPTY)
    found[path] = " or ".join(types) + ("" if len(values) == of else ", sometimes missing")
    objects = [value for value in values if isinstance(value, dict)]
    for name, below, whole in _fields(objects):
        _add((*path, safe_text(name, 200)), below, whole, found)
    lists = [value for value in values if isinstance(value, list) and value]
    if lists:
        items = [item for one in lists for item in one]
        _add((*path, "*"), items, len(items), found)


def _fields(objects: list[dict[str, Any]]) -> Iterator[tuple[str, list[Any], int]]:
    """Each field: its name, its values, and how many there would be if it were never missing."""
    names = dict.fromkeys(name for one in objects for name in one)
    if is_table(names):
        values = [value for one in objects for value in one.values()]
        yield "*", values, len(values)
        return
    for name in names:
        yield name, [one[name] for one in objects if name in one], len(objects)


def is_table(names: Collection[str]) -> bool:
    """Whether the names of an object's fields are ids, so that it is a table and not a thing."""
    return bool(names) and all(_ID.match(name) for name in names)


def type_of(value: Any) -> str:
    """The type of one value, in a word."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "list" if value else EMPTY
    return "object"


def values_at(document: Any, place: Parts) -> Iterator[tuple[Parts, Any]]:
    """What stands at a place, in which ``*`` is every item or field; each with where it stands."""
    if not place:
        yield (), document
        return
    first, rest = place[0], place[1:]
    for name, value in _below(document, first):
        yield from (((name, *below), found) for below, found in values_at(value, rest))


def _below(document: Any, step: str) -> Iterator[tuple[str, Any]]:
    if isinstance(document, dict):
        if step == "*":
            yield from document.items()
        elif step in document:
            yield step, document[step]
    elif isinstance(document, list):
        if step == "*":
            yield from ((str(number), item) for number, item in enumerate(document))
        elif step.isdecimal() and int(step) < len(document):
            yield step, document[int(step)]


def written(value: Any) -> str:
    """A value as one line that says its type, too: ``"7"`` is a text, ``7`` and ``7.0`` are a number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return safe_text(msgspec.json.encode(value, order="sorted").decode(), 500)


def read_json(data: bytes) -> tuple[Any, str]:
    """A document, and ``not JSON: …`` in place of one that cannot be read."""
    try:
        return _JSON.decode(data.removeprefix(_MARK)), ""
    except (msgspec.DecodeError, ValueError) as error:  # nested too deep is the caller's to tell
        return None, f"{GARBLED}: {safe_text(error, 200)}"


def json_in(data: bytes, media: str) -> tuple[Any, str] | None:
    """The same for an answer of a type; ``None`` for one that neither says that it is JSON nor reads as an object or list."""
    if not data:
        return None
    read = read_json(data)
    if "json" in media.lower():
        return read
    return read if data.removeprefix(_MARK).lstrip()[:1] in (b"{", b"[") and not read[1] else None
