"""Where the versions of an environment are told: files of the project, answers of a server, a source itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Piece
from workbench.probes.given import Given, Origin
from workbench.probes.giving import capture
from workbench.probes.reach import Reach
from workbench.sources.http.requesting import filled
from workbench.sources.http.site import Site
from workbench.sources.kinds import KINDS
from workbench.sources.versions.in_files import version_in, versions_in
from workbench.sources.versions.reading import read_version

DEFAULT = {"version": "/version"}
ONE = "name"  # the fact of a piece that tells the version of one thing


async def capture_versions(where: Origin, asked: Mapping[str, str], reach: Reach) -> tuple[Piece, ...]:
    """What tells versions: files, what a command or a server gives in their place, or the source of that key.

    ``asked`` are names and paths that a source of kind ``http`` is asked for; of another kind the server's
    own name and version count.
    """
    if isinstance(where, Given):
        return (await capture(where, where, reach)).pieces
    source = reach.source(where)
    if source is None:
        files = await asyncio.to_thread(reach.files, where)
        return tuple(Piece(name, "text/plain", data) for name, data in files)
    if source.kind != "http":
        told = await KINDS[source.kind].load()(reach.channel(source.key)).server()
        if not told:
            raise SourceError(f"the source {source.key} does not tell its version")
        return (Piece(source.kind, "text/plain", told.encode(), {ONE: source.kind}),)
    return tuple(
        [piece async for piece in _answers(Site(reach.channel(source.key)), asked or DEFAULT, reach)]
    )


async def _answers(site: Site, asked: Mapping[str, str], reach: Reach) -> Any:
    for name, path in asked.items():
        request = await site.request(filled(path, reach.variables))
        response = await site.send(request)
        if response.status >= 400:
            raise SourceError(f"the server answered with status {response.status}", where=request.where)
        yield Piece(name, response.media, response.body, {ONE: name})


def versions_of(pieces: Iterable[Piece]) -> dict[str, str]:
    """Names and versions; what is named several times with different versions has them all."""
    found: dict[str, set[str]] = {}
    for name, version in _told(pieces):
        found.setdefault(name, set()).update(version.split(" or "))
    return {name: " or ".join(sorted(versions)) for name, versions in found.items()}


def _told(pieces: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    for piece in pieces:
        if ONE in piece.facts:
            yield str(piece.facts[ONE]), version_in(piece.data, piece.media, piece.name)
        else:
            yield from versions_in(piece.data, piece.name).items()


# --- versions planted into what was captured ----------------------------------------------


def replaced(capture: Capture, old: str, new: str) -> Capture:
    """A capture in which one text stands in place of another."""
    pieces = tuple(
        msgspec.structs.replace(piece, data=piece.data.replace(old.encode(), new.encode()))
        for piece in capture.pieces
    )
    return msgspec.structs.replace(capture, pieces=pieces)


def one_more(text: str, place: int) -> str | None:
    """A version with one of its leading numbers counted up; ``None`` where it has none there."""
    numbers = read_version(text).numbers
    if place >= len(numbers):
        return None
    at = re.search(r"(?<![0-9.])" + r"\.".join(rf"0*{number}" for number in numbers) + r"(?![0-9])", text)
    if at is None:
        return None
    parts = at[0].split(".")
    parts[place] = str(int(parts[place]) + 1)
    return text[: at.start()] + ".".join(parts) + text[at.end() :]
