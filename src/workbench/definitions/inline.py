"""Definitions of which a part is up to their kind: the kind's fields stand among their own.

Three ways to tell the kind: a field ``kind`` (a source); another definition that is named (a
measure has the fields that its source's kind can be asked for); or the name of the block (a
requirement is one name, its kind, and what stands under that name).
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect as mi

from workbench.definitions.kinded import Kinded, kinded_of
from workbench.definitions.reading import FAILED, MarkPath, Reader
from workbench.definitions.shapes import Mark
from workbench.definitions.structs import field_names, label_of, noun_of, struct_type
from workbench.definitions.text_checks import did_you_mean, quoted
from workbench.definitions.yaml_text import Document, Mapping, Node, Scalar, Sequence
from workbench.model.keys import MAX_SLUG, is_slug
from workbench.model.kinds import Kind, Kinds

BESIDE = ("key", "title", "satisfies")  # what stands beside the name of a kind
Struct = type[msgspec.Struct]


class DefinitionReader(Reader):
    """A reader that knows the kinds, and by list and key the kind of every definition of the project."""

    def __init__(
        self,
        document: Document,
        root: Path,
        kinds: Kinds,
        kind_names: Lookup[str, Lookup[str, str]],
        marks: dict[MarkPath, Mark],
        complete: bool = True,
    ) -> None:
        super().__init__(document, root, marks)
        self._kinds = kinds
        self._kind_names = kind_names
        self._complete = complete

    def struct(self, node: Node, cls: Struct, path: MarkPath, label: str) -> Any:
        """The same as in a plain reader, with inline kinds."""
        kinded = kinded_of(cls)
        if kinded is None:
            return super().struct(node, cls, path, label)
        if kinded.by_name:
            return self._by_name(node, cls, kinded, path)
        if not isinstance(node, Mapping):
            return super().struct(node, cls, path, label_of(cls))
        if kinded.through is not None:
            return self._through(node, cls, kinded, kinded.through, path)
        return self._by_field(node, cls, kinded, path)

    # -- a kind whose fields stand beside the shape's own

    def _by_field(self, node: Mapping, cls: Struct, kinded: Kinded, path: MarkPath) -> Any:
        label, kinds = label_of(cls), self._kinds[kinded.kinds]
        name = node.text("kind")
        kind = self._kind(kinded, name)
        if kind is None:
            if name is not None:
                self.problem(
                    node.entries["kind"][1],
                    f"there is no {noun_of(cls)} kind {quoted(name)}",
                    did_you_mean(name, kinds),
                )
            return self._outer(node, cls, kinded, path, label, None)
        return self._outer(node, cls, kinded, path, f"{label} of kind {name}", kind)

    def _through(self, node: Mapping, cls: Struct, kinded: Kinded, other: str, path: MarkPath) -> Any:
        label, known = label_of(cls), self._kind_names.get(kinded.kinds, {})
        key = node.text(other)
        if key is None:
            return self._outer(node, cls, kinded, path, label, None)
        at = node.entries[other][1]
        if key not in known:
            if self._complete:
                self.problem(at, f"there is no {other} {quoted(key)}", did_you_mean(key, known))
            return self._outer(node, cls, kinded, path, label, None)
        name = known[key]
        kind = self._kind(kinded, name)
        if kind is None:  # told where the other one stands
            return self._outer(node, cls, kinded, path, label, None)
        if getattr(kind, kinded.shape) is None:
            self.problem(at, f"the {other} {key} ({name}) gives no {kinded.gives}")
        return self._outer(node, cls, kinded, path, f"{label} of {key} ({name})", kind)

    def _kind(self, kinded: Kinded, name: str | None) -> Kind | None:
        return None if name is None else self._kinds[kinded.kinds].get(name)

    def _outer(
        self, node: Mapping, cls: Struct, kinded: Kinded, path: MarkPath, label: str, kind: Kind | None
    ) -> Any:
        """``cls`` with its kind's struct read from the same block; unknown kinds check no names."""
        values = self.fields(node, cls, path, label, skip=(kinded.holder,))
        inner: Struct | None = None if kind is None else getattr(kind, kinded.shape)
        if inner is not None:
            own = [name for name in field_names(cls) if name != kinded.holder]
            self.unknown_fields(node, dict.fromkeys([*own, *field_names(inner)]), label)
            config = self.build(inner, self.fields(node, inner, path, label), node, label)
            values[kinded.holder] = None if config is FAILED else config
        return self.build(cls, values, node, label)

    # -- a kind that is the name of the block

    def _by_name(self, node: Node, cls: Struct, kinded: Kinded, path: MarkPath) -> Any:
        kinds = self._kinds[kinded.kinds]
        name = _kind_name(node, kinds)
        if name is None:
            return self._no_kind(node, cls, kinds)
        kind = kinds[name]
        label = f"the {noun_of(cls)} {name}"
        values: dict[str, Any] = {}
        child: Node | None = None
        if isinstance(node, Mapping):
            self.unknown_fields(node, (*BESIDE, name), label)
            values = {
                key: value for key, value in self._beside(node, cls, path).items() if value is not FAILED
            }
            child = node.get(name)
        key = path[-1]
        values.setdefault("key", key if isinstance(key, str) else name)
        values["kind"] = name
        config = self._config(child if child is not None else node, kind, path, label)
        return FAILED if config is FAILED else cls(**values, **{kinded.holder: config})

    def _beside(self, node: Mapping, cls: Struct, path: MarkPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in struct_type(cls).fields:
            child = node.get(field.encode_name) if field.encode_name in BESIDE else None
            if child is not None:
                self.mark((*path, field.encode_name), child)
                found[field.name] = self.value(
                    child, field.type, (*path, field.encode_name), field.encode_name
                )
        return found

    def _config(self, child: Node, kind: Kind, path: MarkPath, label: str) -> Any:
        if isinstance(child, Mapping):
            return super().struct(child, kind.config, path, label)
        short = kind.shorthand
        bare = isinstance(child, Scalar) and (child.empty or child.text == kind.name)
        if bare or short is None:
            empty = Mapping(child.line, child.column)
            if not bare:
                return self.problem(
                    child, f"{label} must be a block of fields", did_you_mean("", field_names(kind.config))
                )
            return self.build(kind.config, self.fields(empty, kind.config, path, label), child, label)
        field = next(field for field in struct_type(kind.config).fields if field.encode_name == short)
        self.mark((*path, short), child)
        value = self.value(child, field.type, (*path, short), short)
        if value is FAILED:
            return FAILED
        others = [f for f in struct_type(kind.config).fields if f.required and f.encode_name != short]
        if others:
            return self.problem(
                child, f"{label} needs “{others[0].encode_name}” too", f"write {kind.name}: {{{short}: …}}"
            )
        return self.build(kind.config, {field.name: value}, child, label)

    def _no_kind(self, node: Node, cls: Struct, kinds: Lookup[str, Kind]) -> Any:
        label, noun = label_of(cls), noun_of(cls)
        if isinstance(node, Scalar):
            return self.problem(
                node, f"there is no {noun} {quoted(node.text)}", did_you_mean(node.text, kinds)
            )
        if not isinstance(node, Mapping):
            return self.problem(node, f"{label} is expected here, not a list")
        named = [name for name in node.entries if name in kinds]
        if len(named) > 1:
            return self.problem(
                node.entries[named[1]][0],
                f"one {noun} cannot be both {named[0]} and {named[1]}",
                "begin another entry with “- ”",
            )
        other = next((name for name in node.entries if name not in BESIDE), None)
        if other is None:
            return self.problem(node, f"{label} needs its kind", did_you_mean("", kinds))
        return self.problem(
            node.entries[other][0], f"there is no {noun} {quoted(other)}", did_you_mean(other, kinds)
        )

    def item_names(self, node: Sequence, kind: mi.Type) -> list[str | int]:
        """Those without a key are called after what they ask for, numbered where needed."""
        kinded = kinded_of(kind.cls) if isinstance(kind, mi.StructType) else None
        if kinded is None or not kinded.by_name:
            return super().item_names(node, kind)
        noun = noun_of(kind.cls) if isinstance(kind, mi.StructType) else ""
        kinds = self._kinds[kinded.kinds]
        written = [item.text("key") if isinstance(item, Mapping) else None for item in node.items]
        taken = {key for key in written if key is not None}
        names: list[str | int] = []
        for item, key in zip(node.items, written, strict=True):
            name = key if key is not None else _free(_automatic_key(item, kinds) or noun, taken)
            taken.add(name)
            names.append(name)
        return names


def _kind_name(node: Node, kinds: Lookup[str, Kind]) -> str | None:
    """The one kind that a block names, or ``None``."""
    if isinstance(node, Scalar):
        return node.text if node.text in kinds else None
    if not isinstance(node, Mapping):
        return None
    named = [name for name in node.entries if name in kinds]
    return named[0] if len(named) == 1 else None


def _automatic_key(node: Node, kinds: Lookup[str, Kind]) -> str | None:
    name = _kind_name(node, kinds)
    if name is None:
        return None
    main: str | None = None
    child = node.get(name) if isinstance(node, Mapping) else None
    short = kinds[name].shorthand
    if isinstance(child, Scalar) and not child.empty:
        main = child.text
    elif isinstance(child, Mapping) and short:
        main = child.text(short)
    key = f"{name}-{main}"
    return key if main and len(key) <= MAX_SLUG - 4 and is_slug(key) else name


def _free(stem: str, taken: set[str]) -> str:
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name
