"""What a kind of source makes of a checkout: what it sees and proposes, and why nothing was found there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a compose ``file``; ``ports`` are those of the machine on which it answers."""

    file: str
    name: str
    image: str = ""
    ports: tuple[int, ...] = ()


def nothing_read(path: Path) -> None:
    """Reads no file."""


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder as ``init`` looks at it.

    ``top`` is where its checkout begins; ``files`` are relative to ``folder``, with slashes,
    sorted; ``tracked`` are those XML files among them that its version control holds; ``host``
    and ``path`` are those of its remote; ``branch`` is the one that is checked out (``None`` where it is not
    known); ``services`` are those of compose files; ``yaml`` reads a file as lists, mappings and
    texts (``None`` where it cannot be read).  Links are not to be followed.
    """

    folder: Path
    top: Path
    files: tuple[str, ...] = ()
    tracked: frozenset[str] = frozenset()
    host: str | None = None
    path: str | None = None
    branch: str | None = None
    services: tuple[Service, ...] = ()
    yaml: Callable[[Path], Any] = nothing_read


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a source found nothing, as the checkout tells it, and the ``field`` of the source to edit, if any."""

    why: str
    field: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind says about a folder.

    ``seen`` are pairs for people: what it is (``repository``, ``pipeline``, ``test reports``, ``metrics``)
    and what was found.  ``entry`` are the lines of the source in YAML, ``remarks`` comments
    below the sources, where one that is written in them can be switched on, ``later`` a sentence about what may follow.  ``tests`` are the lines of
    the requirement that this source can answer, and ``about`` what it means.  ``asks`` names
    whom the source asks, where that needs trust.  ``then`` is a command that may follow, and what it is good for.
    """

    seen: tuple[tuple[str, str], ...] = ()
    entry: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    later: str = ""
    tests: tuple[str, ...] = ()
    about: str = ""
    asks: str = ""
    then: tuple[str, str] | None = None
