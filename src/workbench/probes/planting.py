"""Differences planted into files of configuration, line by line, as a person's hand or a merge would make them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Piece, Plant, parts_of
from workbench.probes.parameters import reading_of
from workbench.sources.configuration.decoding import Binary, decode
from workbench.sources.configuration.flatten import Value

_IN_A_FILE = 6  # differences planted in one file
_IN_ALL = 60
_WORTH = 2  # characters of a value that can be told from the rest of its line
_ONE_A_LINE = re.compile(r"\s*(?:export\s+)?[\w.\"'-]+\s*[:=]\s*[^\s{\[|>&*].*")


Counts = Callable[[Piece, tuple[str, ...]], bool]


def everything(piece: Piece, place: tuple[str, ...]) -> bool:
    """All values of a file count."""
    return True


def plants_in(capture: Capture, counts: Counts = everything) -> Iterator[Plant]:
    """Copies of a capture, each with one difference: a value, a switch, a secret changed, a setting or a file lost.

    ``counts`` says which values of a file are compared at all, by the names that lead there.
    """
    for number, piece in enumerate(capture.pieces):
        if number * _IN_A_FILE >= _IN_ALL:
            return
        for key, title, changed in _planted(piece, counts):
            pieces = (*capture.pieces[:number], changed, *capture.pieces[number + 1 :])
            yield Plant(key, title, msgspec.structs.replace(capture, pieces=pieces))
    if len(capture.pieces) > 1:
        lost = capture.pieces[-1].name
        rest = msgspec.structs.replace(capture, pieces=capture.pieces[:-1])
        yield Plant("lost-file", f"a file is lost: {lost}", rest)


def _planted(piece: Piece, counts: Counts) -> Iterator[tuple[str, str, Piece]]:
    try:
        lines = decode(piece.data)[0].split("\n")
        reading = reading_of(piece)
    except (Binary, SourceError):
        return
    if reading.whole:
        yield _edited(piece, lines, 0, lines[0] + "x", "changed-file", f"a file is changed: {piece.name}")
        return
    if (document := _json_of(piece)) is not None:
        yield from _planted_json(piece, document, counts)
        return
    found = [
        one
        for path, value in reading.values.items()
        if counts(piece, parts_of(path)) and (one := _place(lines, path, value)) is not None
    ]
    for path, value, column in _spread(found, _IN_A_FILE - 1):
        line = lines[value.line - 1]
        key, what = _kind_of(value)
        edited = line[:column] + _other(value.text) + line[column + len(value.text) :]
        yield _edited(piece, lines, value.line - 1, edited, key, f"{what} is changed: {_named(piece, path)}")
    for path, value, _ in found[-1:]:
        if _ONE_A_LINE.fullmatch(lines[value.line - 1]):
            title = f"a setting is lost: {_named(piece, path)}"
            yield _edited(piece, lines, value.line - 1, "", "lost-setting", title)


def _json_of(piece: Piece) -> Any:
    """A file that is strict JSON, which need not have a line for each value; ``None`` for any other."""
    if piece.data.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(piece.data)
    except (ValueError, RecursionError):
        return None


def _planted_json(piece: Piece, document: Any, counts: Counts) -> Iterator[tuple[str, str, Piece]]:
    places = [
        place
        for place in _leaves(document, ())
        if place and isinstance(place[-1], str) and counts(piece, tuple(map(str, place)))
    ]
    for place in places[:: max(1, len(places) // (_IN_A_FILE - 1))][: _IN_A_FILE - 1]:
        yield changed_json(piece, document, place)
    if places:
        yield changed_json(piece, document, places[0], lost=True)


def changed_json(
    piece: Piece, document: Any, place: tuple[str | int, ...], *, lost: bool = False
) -> tuple[str, str, Piece]:
    """A file of JSON with another value at a place, or without it."""
    copied = json.loads(json.dumps(document))
    holder = copied
    for step in place[:-1]:
        holder = holder[step]
    value = holder[place[-1]]
    if lost:
        del holder[place[-1]]
    else:
        holder[place[-1]] = not value if isinstance(value, bool) else _other(str(value))
    key = "lost-setting" if lost else "flipped-switch" if isinstance(value, bool) else "changed-value"
    what = {"lost-setting": "a setting is lost", "flipped-switch": "a switch is flipped"}.get(
        key, "a value is changed"
    )
    title = f"{what}: {_named(piece, '/'.join(map(str, place)))}"
    return key, title, msgspec.structs.replace(piece, data=json.dumps(copied).encode())


def _leaves(node: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _leaves(inner, (*place, name))
    elif isinstance(node, list):
        for at, inner in enumerate(node):
            yield from _leaves(inner, (*place, at))
    elif node is not None:
        yield place


def _place(lines: list[str], path: str, value: Value) -> tuple[str, Value, int] | None:
    """Where on its line a value stands as it is compared; ``None`` where that cannot be told."""
    if not value.line or value.line > len(lines) or not value.text or "\n" in value.text:
        return None
    line = lines[value.line - 1]
    if value.text in ("true", "false"):
        line = line.lower()  # “True” is compared as “true”
    column = line.rfind(value.text)
    alone = len(value.text) >= _WORTH and line.count(value.text) == 1
    at_the_end = re.fullmatch(r"[\s\"',;}\]]*", line[column + len(value.text) :]) is not None
    return (path, value, column) if column > 0 and (alone or at_the_end) else None


def _spread(found: list[tuple[str, Value, int]], most: int) -> list[tuple[str, Value, int]]:
    """Some of all: of each kind one first, then from beginning, middle and end."""
    first = {_kind_of(value)[0]: one for one in reversed(found) for value in [one[1]]}
    chosen = list(first.values())
    step = max(1, len(found) // most)
    chosen += [one for one in found[::step] if one not in chosen]
    return chosen[:most]


def _kind_of(value: Value) -> tuple[str, str]:
    if value.secret:
        return "changed-secret", "a secret"
    if value.text in ("true", "false"):
        return "flipped-switch", "a switch"
    return "changed-value", "a value"


def _other(text: str) -> str:
    if text in ("true", "false"):
        return "false" if text == "true" else "true"
    return str(int(text) + 1) if text.isascii() and text.isdigit() and len(text) < 15 else text + "1"


def _named(piece: Piece, path: str) -> str:
    return f"{piece.name}/{path}" if piece.name else path


def _edited(
    piece: Piece, lines: list[str], at: int, line: str, key: str, title: str
) -> tuple[str, str, Piece]:
    text = "\n".join([*lines[:at], line, *lines[at + 1 :]])
    return key, title, msgspec.structs.replace(piece, data=text.encode())
