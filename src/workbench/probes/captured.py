"""What a probe holds on its way: raw bytes, what they mean, and what differs.

Raw bytes (:class:`Capture`) are kept apart from what they mean (:class:`Snapshot`), so that a
difference can be planted into the bytes, before anything of ours has read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.definitions.shapes import Category, Severity

Side = Literal["staging", "production"]
"""Which of the two environments is looked at: the one under test, or the one it is compared with."""

Fact = str | int | Decimal


class Piece(msgspec.Struct, frozen=True):
    """One answer or file as it came.  ``facts`` stand beside the bytes: a status, seconds that it took."""

    name: str
    media: str
    data: bytes
    facts: Mapping[str, Fact] = {}


class Capture(msgspec.Struct, frozen=True):
    """Everything that was read of one environment in one run, before any of it is parsed.

    ``server`` names what answered and its version, ``build`` the commit that runs there, as far as told.
    """

    pieces: tuple[Piece, ...]
    server: str = ""
    build: str | None = None


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """One thing that can differ: its normalised value, or the fingerprint that stands for a secret.

    ``weight`` is how much of the whole it stands for: rows of a table, requests of a route.
    """

    text: str
    secret: bool = False
    weight: int = 1


class Snapshot(msgspec.Struct, frozen=True):
    """What one environment is like: parameters by path.

    A path leads from the general to the particular, its parts separated by ``/``, as in
    ``app.env/DB_POOL`` or ``orders/total/type``; :func:`path_of` makes one.  ``notes`` are what a person
    should know of what was read: a file left out, a warning of the server.
    """

    parameters: Mapping[str, Parameter]
    notes: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference that a probe found at ``path``; ``None`` on the side where it is not there.

    ``title`` says what differs, unless the path says it.  ``gap`` is how far apart the two are, where
    that can be counted: only a larger gap than the one that was recorded is a wider difference.
    """

    path: str
    staging: str | None
    production: str | None
    secret: bool = False
    title: str = ""
    category: Category | None = None
    severity: Severity | None = None
    gap: Decimal | None = None


class Plant(msgspec.Struct, frozen=True):
    """A capture with one difference planted into its bytes; ``title`` says which, ``key`` its kind."""

    key: str
    title: str
    capture: Capture


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A figure about an environment: a share from 0 to 1, unless ``unit`` says what else.

    ``of`` is how many things it rests on, ``limit`` where it begins to be too low (or, with
    ``better`` ``lower``, too high); ``words`` say what lowers it.
    """

    key: str
    value: Decimal
    of: int
    unit: str = ""
    limit: Decimal | None = None
    better: Literal["higher", "lower"] = "higher"
    words: str = ""


def path_of(*parts: str) -> str:
    """The path of these parts; a ``/`` or ``~`` in a part is written ``~1`` or ``~0``, as in RFC 6901."""
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def parts_of(path: str) -> tuple[str, ...]:
    """The parts that :func:`path_of` made a path of."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/"))


def leaf_of(path: str) -> str:
    """The last part of a path: what people call the parameter."""
    return parts_of(path)[-1]
