"""Definitions of which a part is up to their kind, and all of these in a project.

A shape declares itself kinded in a class variable; reading, the schema, the search for
secrets, references and trust follow from that alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from workbench.definitions.structs import struct_type, structs_in
from workbench.model.kinds import Kind, Kinds


class Kinded(msgspec.Struct, frozen=True, kw_only=True):
    """Where a shape's kind is told, and which of the kind's shapes stands in it.

    ``kinds`` names the registry and, where there is one, the project's list: ``sources``.
    The kind is told by the field ``kind``; or, with ``by_name``, by the name that the block
    has (``- checklist: smoke``); or, with ``through``, by another definition of that list,
    which the field of that name names.  The kind's attribute ``shape`` is the struct that is
    read into the field ``holder``.  ``gives`` is what a kind without that shape does not
    give, in words.
    """

    kinds: str
    by_name: bool = False
    through: str | None = None
    shape: str = "config"
    holder: str = "config"
    gives: str = ""


class Chosen(msgspec.Struct, frozen=True):
    """What was written for one kind: ``path`` leads to its mark, ``where`` names it for people."""

    path: tuple[str | int, ...]
    where: str
    kind: Kind
    config: msgspec.Struct


def kinded_of(cls: type) -> Kinded | None:
    """How a shape is kinded, or ``None``."""
    found: Kinded | None = getattr(cls, "KINDED", None)
    return found


def chosen(project: msgspec.Struct, kinds: Kinds) -> Iterator[Chosen]:
    """Everything in a project that a kind has the say in; what could not be read is left out."""
    yield from _chosen(project, (), (), project, kinds)


def _chosen(
    value: Any, path: tuple[str | int, ...], names: tuple[str, ...], project: msgspec.Struct, kinds: Kinds
) -> Iterator[Chosen]:
    shape: type[msgspec.Struct] = type(value)
    kinded = kinded_of(shape)
    if kinded is not None:
        config = getattr(value, kinded.holder)
        kind = kinds[kinded.kinds].get(_name_of_kind(value, kinded, project)) if config is not None else None
        if kind is not None:
            yield Chosen(path, "/".join(names), kind, config)
    for name in _leading_on(shape):
        below = getattr(value, name)
        if isinstance(below, list | tuple):
            outer = names or (name,)
            for number, item in enumerate(below):
                key = getattr(item, "key", number)
                yield from _chosen(item, (*path, name, key), (*outer, str(key)), project, kinds)
        elif below is not None:
            yield from _chosen(below, (*path, name), names, project, kinds)


def _name_of_kind(value: Any, kinded: Kinded, project: msgspec.Struct) -> str:
    if kinded.through is None:
        return str(value.kind)
    named = getattr(value, kinded.through)
    return next((str(other.kind) for other in getattr(project, kinded.kinds) if other.key == named), "")


@cache
def _leading_on(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields below which something kinded may stand."""
    holder = getattr(kinded_of(cls), "holder", None)
    return tuple(
        field.name
        for field in struct_type(cls).fields
        if field.name != holder and any(_has_kinded(below) for below in structs_in(field.type))
    )


@cache
def _has_kinded(cls: type[msgspec.Struct]) -> bool:
    return kinded_of(cls) is not None or bool(_leading_on(cls))


@cache
def kinded_shapes(cls: type[msgspec.Struct]) -> tuple[type[msgspec.Struct], ...]:
    """The kinded shapes at or below a shape, each once."""
    found = {cls: None} if kinded_of(cls) is not None else {}
    for field in struct_type(cls).fields:
        if field.name in _leading_on(cls):
            for below in structs_in(field.type):
                found |= dict.fromkeys(kinded_shapes(below))
    return tuple(found)
