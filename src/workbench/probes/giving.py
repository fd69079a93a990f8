"""Captures configuration: each file is called by the same name in both environments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Piece
from workbench.probes.given import Given, Origin, patterns_of
from workbench.probes.parameters import FILE
from workbench.sources.configuration.naming import common_names
from workbench.sources.project_files import find

if TYPE_CHECKING:  # asyncio, which only looking needs
    from workbench.probes.reach import Reach

_MEDIA = "text/plain"


async def capture(origin: Origin, other: Origin, reach: Reach) -> Capture:
    """The files of one environment.  ``other`` says where those of the other come from: they lend their names."""
    if isinstance(origin, Given):
        return await _given(origin, reach)
    import asyncio

    return await asyncio.to_thread(_files, patterns_of(origin), patterns_of(other), reach)


async def _given(origin: Given, reach: Reach) -> Capture:
    if origin.command is not None:
        return Capture((Piece(origin.name, _MEDIA, await reach.command(origin.command)),))
    if origin.source is None:
        raise SourceError("it says neither a command nor a source")
    from workbench.sources.http.site import Site  # the web client

    site = Site(reach.channel(origin.source))
    request = await site.request(origin.path)
    response = await site.send(request)
    if response.status >= 400:
        raise SourceError(
            f"{origin.path} answered with status {response.status}", hint="is the path the right one?"
        )
    return Capture((Piece(origin.name, response.media or _MEDIA, response.body),))


def _files(patterns: Sequence[str], others: Sequence[str], reach: Reach) -> Capture:
    patterns, others = _below_folders(patterns, reach.root), _below_folders(others, reach.root)
    found = reach.files(patterns)
    names = common_names([name for name, _ in found], patterns)
    if len(found) == 1 and others:
        theirs = [_relative(path, reach.root) for path in find(reach.root, list(others))]
        if len(theirs) == 1:  # one file in each environment: these are compared, whatever they are called
            names = {found[0][0]: _shared(names[found[0][0]], common_names(theirs, others)[theirs[0]])}
    return Capture(tuple(Piece(names[name], _MEDIA, data, {FILE: name}) for name, data in found))


def _below_folders(patterns: Sequence[str], root: Path) -> list[str]:
    """A pattern that is a folder names all files below it."""
    return [f"{pattern.rstrip('/')}/**/*" if (root / pattern).is_dir() else pattern for pattern in patterns]


def _shared(ours: str, theirs: str) -> str:
    """One name for two files: the same for whichever of them is asked about."""
    return ours if ours == theirs else min(ours, theirs)


def _relative(path: Path, root: Path) -> str:
    top = root.resolve()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.name
