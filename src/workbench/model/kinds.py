"""The registry that hands a definition's configuration to the kind it belongs to.

Definitions know no source and no requirement; those describe themselves here, and the
use case that opens a project passes them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class SourceKind(msgspec.Struct, frozen=True):
    """One kind of source.

    ``config`` is the shape of a source of this kind in YAML beside ``key``, ``kind`` and
    ``title``; ``measure`` the shape of a benchmark's ``measure`` beside ``source``,
    ``unit`` and ``window``.  ``tests`` is the shape of a question for test results, or
    ``None`` where the kind knows none.  ``load`` imports the module that asks.
    """

    name: str
    about: str
    config: type[msgspec.Struct]
    measure: type[msgspec.Struct] | None
    load: Callable[[], Any]
    tests: type[msgspec.Struct] | None = None


class RequirementKind(msgspec.Struct, frozen=True):
    """One kind of gate requirement.

    ``config`` is its shape in YAML.  ``shorthand`` names the field that a plain scalar
    fills (``checklist: pre-production``).  ``refers`` maps fields to the kind of
    definition that they must name (``source``, ``checklist``, ``benchmark``, ``environment``).
    """

    name: str
    about: str
    config: type[msgspec.Struct]
    shorthand: str | None = None
    refers: Mapping[str, str] = {}


class Kinds(msgspec.Struct, frozen=True):
    """Every kind that a project's files may name."""

    sources: Mapping[str, SourceKind]
    requirements: Mapping[str, RequirementKind]
