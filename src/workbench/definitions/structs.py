"""What is known of the shapes: their fields as YAML calls them, what messages call them, their lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec
import msgspec.inspect as mi

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


_KNOWN: dict[type, mi.StructType] = {}


def struct_type(cls: type[msgspec.Struct]) -> mi.StructType:
    """What msgspec knows of a struct."""
    if cls not in _KNOWN:
        look_at(cls)
    return _KNOWN[cls]


def look_at(*shapes: type[msgspec.Struct]) -> None:
    """Look at shapes and all that stands in them at once, which costs least: each is looked at once."""
    new = [shape for shape in shapes if shape not in _KNOWN]
    for info in mi.multi_type_info(new):
        _keep(info)


def _keep(kind: mi.Type) -> None:
    if isinstance(kind, mi.StructType) and kind.cls not in _KNOWN:
        _KNOWN[kind.cls] = kind
        for field in kind.fields:
            _keep(field.type)
    elif isinstance(kind, mi.ListType | mi.VarTupleType):
        _keep(kind.item_type)
    elif isinstance(kind, mi.Metadata):
        _keep(kind.type)
    elif isinstance(kind, mi.UnionType):
        for one in kind.types:
            _keep(one)


def field_names(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    """The names that a struct's fields have in YAML."""
    return cls.__struct_encode_fields__


def was_read(value: msgspec.Struct) -> bool:
    """Whether all that a struct has to have could be read; what could not stands in it as ``None``."""
    fields = struct_type(type(value)).fields
    return all(getattr(value, field.name) is not None for field in fields if field.required)


def structs_in(kind: mi.Type) -> Iterator[type[msgspec.Struct]]:
    """The structs that a field's type names."""
    if isinstance(kind, mi.StructType):
        yield kind.cls
    elif isinstance(kind, mi.Metadata):
        yield from structs_in(kind.type)
    elif isinstance(kind, mi.ListType | mi.VarTupleType):
        yield from structs_in(kind.item_type)
    elif isinstance(kind, mi.UnionType):
        for one in kind.types:
            yield from structs_in(one)


@cache
def noun_of(cls: type) -> str:
    """``SignPolicy`` as “sign policy”."""
    return _CAMEL.sub(" ", cls.__name__).lower()


@cache
def label_of(cls: type) -> str:
    """``SignPolicy`` as “a sign policy”."""
    noun = noun_of(cls)
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


@cache
def lists_of(cls: type[msgspec.Struct]) -> Mapping[str, str]:
    """What the keyed things of a project are called, and the list that each stands in."""
    found = {}
    for field in struct_type(cls).fields:
        item = field.type.item_type if isinstance(field.type, mi.ListType) else None
        if isinstance(item, mi.StructType) and "key" in field_names(item.cls):
            found[noun_of(item.cls)] = field.encode_name
    return found | {"checklist": "checklists"}  # files of their own, named there by their paths
