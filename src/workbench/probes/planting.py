"""Differences planted into files of configuration, line by line, as a person's hand or a merge would make them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Piece, Plant
from workbench.probes.parameters import reading_of
from workbench.sources.configuration.decoding import Binary, decode
from workbench.sources.configuration.flatten import Value

_IN_A_FILE = 6  # differences planted in one file
_IN_ALL = 60
_WORTH = 2  # characters of a value that can be told from the rest of its line
_ONE_A_LINE = re.compile(r"\s*(?:export\s+)?[\w.\"'-]+\s*[:=]\s*[^\s{\[|>&*].*")


def plants_in(capture: Capture) -> Iterator[Plant]:
    """Copies of a capture, each with one difference: a value, a switch, a secret changed, a setting or a file lost."""
    for number, piece in enumerate(capture.pieces):
        if number * _IN_A_FILE >= _IN_ALL:
            return
        for key, title, changed in _planted(piece):
            pieces = (*capture.pieces[:number], changed, *capture.pieces[number + 1 :])
            yield Plant(key, title, msgspec.structs.replace(capture, pieces=pieces))
    if len(capture.pieces) > 1:
        lost = capture.pieces[-1].name
        rest = msgspec.structs.replace(capture, pieces=capture.pieces[:-1])
        yield Plant("lost-file", f"a file is lost: {lost}", rest)


def _planted(piece: Piece) -> Iterator[tuple[str, str, Piece]]:
    try:
        lines = decode(piece.data)[0].split("\n")
        reading = reading_of(piece)
    except (Binary, SourceError):
        return
    if reading.whole:
        yield _edited(piece, lines, 0, lines[0] + "x", "changed-file", f"a file is changed: {piece.name}")
        return
    found = [one for path, value in reading.values.items() if (one := _place(lines, path, value)) is not None]
    for path, value, column in _spread(found, _IN_A_FILE - 1):
        line = lines[value.line - 1]
        key, what = _kind_of(value)
        edited = line[:column] + _other(value.text) + line[column + len(value.text) :]
        yield _edited(piece, lines, value.line - 1, edited, key, f"{what} is changed: {_named(piece, path)}")
    for path, value, _ in found[-1:]:
        if _ONE_A_LINE.fullmatch(lines[value.line - 1]):
            title = f"a setting is lost: {_named(piece, path)}"
            yield _edited(piece, lines, value.line - 1, "", "lost-setting", title)


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
