"""Captures kept in a folder, so that a probe can run again without a server, through the same code.

::

    probes/<probe>/<side>/20261201T150000Z.json     server, build, pieces: name, media, facts, text or base64

A replay takes the latest capture that is not after the moment it asks about.  Secrets are replaced by
their fingerprints before anything is written.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.model.errors import SourceError
from workbench.model.files import read_regular, write_whole
from workbench.probes.captured import Capture, Fact, Piece
from workbench.probes.hiding import Hide
from workbench.sources.redact import Redactor
from workbench.sources.secrets import SHORTEST

FOLDER = "probes"
_STAMP = "%Y%m%dT%H%M%SZ"


class _KeptPiece(msgspec.Struct, omit_defaults=True):
    name: str
    media: str
    facts: dict[str, str | int] = {}
    decimals: dict[str, Decimal] = {}
    text: str | None = None
    base64: str | None = None


class _Kept(msgspec.Struct, omit_defaults=True):
    schema: int
    pieces: list[_KeptPiece]
    server: str = ""
    build: str | None = None


def write(
    folder: Path, probe: str, side: str, at: datetime, capture: Capture, hide: Hide, redactor: Redactor
) -> None:
    """Keeps a capture without its secrets: those that ``hide`` has seen, and those of the sources."""
    cleaned = without_secrets(capture, hide.hidden, redactor)
    kept = _Kept(
        schema=1,
        pieces=[_kept_piece(piece) for piece in cleaned.pieces],
        server=cleaned.server,
        build=cleaned.build,
    )
    place = folder / FOLDER / probe / side
    place.mkdir(parents=True, exist_ok=True)
    data = msgspec.json.format(msgspec.json.encode(kept, order="deterministic"), indent=1) + b"\n"
    write_whole(place / f"{at.astimezone(UTC).strftime(_STAMP)}.json", data)


def read(folder: Path, probe: str, side: str, at: datetime) -> Capture:
    """The latest capture that is not after ``at``; ``SourceError`` where there is none."""
    place = folder / FOLDER / probe / side
    names = sorted(path.name for path in place.glob("*.json")) if place.is_dir() else []
    until = f"{at.astimezone(UTC).strftime(_STAMP)}.json"
    name = max((name for name in names if name <= until), default=None)
    if name is None:
        raise SourceError(
            f"nothing was recorded for the probe {probe} in {side}" + (" by then" if names else ""),
            where=str(place),
            hint="record it: workbench probe --keep-answers DIR",
        )
    try:
        kept = msgspec.json.decode(read_regular(place / name), type=_Kept)
        if kept.schema != 1:
            raise ValueError("it was made by a newer workbench")
        return Capture(tuple(map(_piece, kept.pieces)), kept.server, kept.build)
    except (OSError, ValueError) as error:
        raise SourceError(f"the recording cannot be read: {error}", where=str(place / name)) from None


def without_secrets(capture: Capture, hidden: Mapping[str, str], redactor: Redactor) -> Capture:
    """A capture with fingerprints in the place of secrets.

    ``SourceError`` where a secret is so short that taking it out would take much else along.
    """
    for text in hidden:
        if len(text) < SHORTEST and any(text.encode() in piece.data for piece in capture.pieces):
            raise SourceError(
                f"a secret here has fewer than {SHORTEST} characters, which cannot be kept out of a recording",
                hint="use a longer one",
            )
    longest_first = sorted(hidden.items(), key=lambda pair: -len(pair[0]))

    def cleaned(data: bytes) -> bytes:
        for text, token in longest_first:
            for spelling in _spellings(text):
                data = data.replace(spelling, token.encode())
        return redactor.data(data)

    pieces = tuple(
        msgspec.structs.replace(
            piece,
            name=cleaned(piece.name.encode()).decode("utf-8", "replace"),
            data=cleaned(piece.data),
            facts={
                name: cleaned(fact.encode()).decode("utf-8", "replace") if isinstance(fact, str) else fact
                for name, fact in piece.facts.items()
            },
        )
        for piece in capture.pieces
    )
    return msgspec.structs.replace(capture, pieces=pieces)


def _spellings(text: str) -> tuple[bytes, ...]:
    """How a secret may stand in a file: as it is, within JSON, in base64."""
    raw = text.encode("utf-8", "surrogatepass")
    quoted = msgspec.json.encode(text)[1:-1] if text.isprintable() else raw
    return tuple(dict.fromkeys(one for one in (raw, quoted, base64.b64encode(raw)) if one))


def _kept_piece(piece: Piece) -> _KeptPiece:
    try:
        text: str | None = piece.data.decode()
    except UnicodeDecodeError:
        text = None
    return _KeptPiece(
        name=piece.name,
        media=piece.media,
        facts={name: fact for name, fact in piece.facts.items() if not isinstance(fact, Decimal)},
        decimals={name: fact for name, fact in piece.facts.items() if isinstance(fact, Decimal)},
        text=text,
        base64=None if text is not None else base64.b64encode(piece.data).decode(),
    )


def _piece(kept: _KeptPiece) -> Piece:
    data = kept.text.encode() if kept.text is not None else base64.b64decode(kept.base64 or "", validate=True)
    facts: dict[str, Fact] = {**kept.facts, **kept.decimals}
    return Piece(kept.name, kept.media, data, facts)
