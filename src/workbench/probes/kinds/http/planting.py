"""Differences planted into answers as they came, before any of them is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from workbench.probes import answers
from workbench.probes.captured import Capture, Piece, Plant
from workbench.probes.json_shape import is_table, json_in, read_json, shape_of, type_of

SLOW, REDIRECT = "slow-answer", "redirect"
_FIELDS = 4  # of one answer in which something is planted
_OTHERS: tuple[Any, ...] = (0, "planted", True, ["planted"], {"planted": 0})


def plants_of(capture: Capture) -> Iterator[Plant]:
    """One difference after another, in every request; the same in all of its answers."""
    for name, pieces in answers.by_request(capture.pieces).items():
        for key, title, edit in _of_answers(name, pieces):
            edited = tuple(
                edit(one) if any(one is piece for piece in pieces) else one for one in capture.pieces
            )
            yield Plant(key, title, msgspec.structs.replace(capture, pieces=edited))


Edit = Callable[[Piece], Piece]


_Plants = Iterator[tuple[str, str, Edit]]


def _of_answers(name: str, pieces: Sequence[Piece]) -> _Plants:
    first = pieces[0]
    status = 503 if first.facts.get("status") != 503 else 200
    yield str(status), f"{name} answers {status}", _fact(status=status)
    yield SLOW, f"{name} takes a second longer, and ten times as long", _slow
    yield (
        REDIRECT,
        f"{name} is redirected once more",
        _fact(redirects=int(first.facts.get("redirects", 0)) + 1),
    )
    if answers.GUESSED not in first.facts:
        yield (
            "other-media",
            f"{name} answers with another content type",
            lambda piece: msgspec.structs.replace(piece, media="text/x-planted"),
        )
    for header in sorted(fact for fact in first.facts if fact.startswith("header/")):
        lost = header.removeprefix("header/")
        yield "lost-header", f"{name} loses its header {lost}", _without(header)
    yield from _of_body(name, pieces)


def _of_body(name: str, pieces: Sequence[Piece]) -> _Plants:
    read = [json_in(piece.data, piece.media) for piece in pieces]
    documents = [one[0] for one in read if one is not None and not one[1]]
    if not documents:
        return
    if isinstance(documents[0], dict | list):
        yield "cut-short", f"{name} is cut short", _bytes(lambda data: data.rstrip()[:-1])
    shape = shape_of(documents)
    for place in list(_places(documents[0]))[:_FIELDS]:
        field = "/".join(place)
        yield "dropped-field", f"{name} drops the field {field}", _document(place, _drop)
        other = next((value for value in _OTHERS if type_of(value) not in shape.get(place, "")), None)
        yield "other-type", f"{name} gives {field} in another type", _document(place, _put(other))
        if shape.get(place) != "null":
            yield "null-field", f"{name} gives null for {field}", _document(place, _put(None))


def _fact(**facts: Any) -> Edit:
    return lambda piece: msgspec.structs.replace(piece, facts={**piece.facts, **facts})


def _without(fact: str) -> Edit:
    return lambda piece: msgspec.structs.replace(
        piece, facts={name: value for name, value in piece.facts.items() if name != fact}
    )


def _slow(piece: Piece) -> Piece:
    seconds = piece.facts.get("seconds", 0)
    slower = (Decimal(seconds) if not isinstance(seconds, str) else Decimal(0)) * 10 + 1
    return msgspec.structs.replace(piece, facts={**piece.facts, "seconds": slower})


def _bytes(change: Callable[[bytes], bytes]) -> Edit:
    return lambda piece: msgspec.structs.replace(piece, data=change(piece.data))


def _places(document: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Fields of a document, those at the top first; of a list the fields of its items."""
    if isinstance(document, list) or (isinstance(document, dict) and is_table(document)):
        items = document if isinstance(document, list) else list(document.values())
        first = next((item for item in items if isinstance(item, dict | list)), None)
        if first is not None:
            yield from _places(first, (*above, "*"))
    elif isinstance(document, dict):
        for name in document:
            yield (*above, name)
        for name, value in document.items():
            yield from _places(value, (*above, name))


def _document(place: tuple[str, ...], change: Callable[[dict[str, Any], str], None]) -> Edit:
    """Applies a change to every object that holds a place."""

    def edit(data: bytes) -> bytes:
        document, why = read_json(data)
        if why:
            return data
        for holder in _holders(document, place[:-1]):
            change(holder, place[-1])
        return msgspec.json.encode(document)

    return _bytes(edit)


def _holders(document: Any, above: tuple[str, ...]) -> list[dict[str, Any]]:
    if not above:
        return [document] if isinstance(document, dict) else []
    first, rest = above[0], above[1:]
    if first == "*":
        items = (
            document.values()
            if isinstance(document, dict)
            else document
            if isinstance(document, list)
            else ()
        )
        return [holder for item in items for holder in _holders(item, rest)]
    return _holders(document.get(first) if isinstance(document, dict) else None, rest)


def _drop(holder: dict[str, Any], name: str) -> None:
    holder.pop(name, None)


def _put(value: Any) -> Callable[[dict[str, Any], str], None]:
    def change(holder: dict[str, Any], name: str) -> None:
        if name in holder:
            holder[name] = value

    return change
