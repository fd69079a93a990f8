"""Sources, measures and requirements: their kind's fields stand among their own.

A source's kind says which other fields it has; a measure has the fields that its source's
kind can be asked for; a requirement is one name, its kind, and what stands under that name.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect as mi

from workbench.definitions.reading import FAILED, MarkPath, Reader, field_names, struct_type
from workbench.definitions.shapes import Measure, Requirement, Source
from workbench.definitions.text_checks import did_you_mean, quoted
from workbench.definitions.yaml_text import Document, Mapping, Node, Scalar, Sequence
from workbench.model.keys import MAX_SLUG, is_slug
from workbench.model.kinds import Kinds, RequirementKind

_BESIDE = ("key", "title")


class DefinitionReader(Reader):
    """A reader that knows the kinds, and the kind of every source of the project."""

    def __init__(
        self,
        document: Document,
        root: Path,
        kinds: Kinds,
        source_kinds: Lookup[str, str],
        complete: bool = True,
    ) -> None:
        super().__init__(document, root)
        self._kinds = kinds
        self._source_kinds = source_kinds
        self._complete = complete

    def struct(self, node: Node, cls: type[msgspec.Struct], path: MarkPath, label: str) -> Any:
        """The same as in a plain reader, with inline kinds."""
        if cls is Source:
            return self._source(node, path)
        if cls is Measure:
            return self._measure(node, path)
        if cls is Requirement:
            return self._requirement(node, path)
        return super().struct(node, cls, path, label)

    # -- sources and measures

    def _source(self, node: Node, path: MarkPath) -> Any:
        if not isinstance(node, Mapping):
            return super().struct(node, Source, path, "a source")
        name = node.text("kind")
        if name is None:
            return self._outer(node, Source, path, "a source", None)
        try:
            kind = self._kinds.sources[name]
        except KeyError:
            self.problem(
                node.entries["kind"][1],
                f"there is no source kind {quoted(name)}",
                did_you_mean(name, self._kinds.sources),
            )
            return self._outer(node, Source, path, "a source", None)
        return self._outer(node, Source, path, f"a source of kind {name}", kind.config)

    def _measure(self, node: Node, path: MarkPath) -> Any:
        if not isinstance(node, Mapping):
            return super().struct(node, Measure, path, "a measure")
        source = node.text("source")
        if source is None:
            return self._outer(node, Measure, path, "a measure", None)
        at = node.entries["source"][1]
        if source not in self._source_kinds:
            if self._complete:
                hint = did_you_mean(source, self._source_kinds)
                self.problem(at, f"there is no source {quoted(source)}", hint)
            return self._outer(node, Measure, path, "a measure", None)
        name = self._source_kinds[source]
        try:
            kind = self._kinds.sources[name]
        except KeyError:  # told where the source stands
            return self._outer(node, Measure, path, "a measure", None)
        if kind.measure is None:
            self.problem(at, f"the source {source} ({name}) gives no measurements")
        return self._outer(node, Measure, path, f"a measure of {source} ({name})", kind.measure)

    def _outer(
        self,
        node: Mapping,
        cls: type[msgspec.Struct],
        path: MarkPath,
        label: str,
        inner: type[msgspec.Struct] | None,
    ) -> Any:
        """``cls`` with the struct ``inner`` read from the same block; unknown kinds check no names."""
        holder = "ask" if cls is Measure else "config"
        values = self.fields(node, cls, path, label, skip=(holder,))
        if inner is not None:
            own = [name for name in field_names(cls) if name != holder]
            self.unknown_fields(node, dict.fromkeys([*own, *field_names(inner)]), label)
            config = self.build(inner, self.fields(node, inner, path, label), node, label)
            values[holder] = None if config is FAILED else config
        return self.build(cls, values, node, label)

    # -- requirements

    def _requirement(self, node: Node, path: MarkPath) -> Any:
        name = _kind_name(node, self._kinds)
        if name is None:
            return self._no_kind(node)
        kind = self._kinds.requirements[name]
        label = f"the requirement {name}"
        values: dict[str, Any] = {}
        child: Node | None = None
        if isinstance(node, Mapping):
            self.unknown_fields(node, (*_BESIDE, name), label)
            values = {key: value for key, value in self._beside(node, path).items() if value is not FAILED}
            child = node.get(name)
        key = path[-1]
        values.setdefault("key", key if isinstance(key, str) else name)
        values["kind"] = name
        config = self._config(child if child is not None else node, kind, path, label)
        return FAILED if config is FAILED else Requirement(**values, config=config)

    def _beside(self, node: Mapping, path: MarkPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in struct_type(Requirement).fields:
            child = node.get(field.encode_name) if field.encode_name in _BESIDE else None
            if child is not None:
                self.mark((*path, field.encode_name), child)
                found[field.name] = self.value(
                    child, field.type, (*path, field.encode_name), field.encode_name
                )
        return found

    def _config(self, child: Node, kind: RequirementKind, path: MarkPath, label: str) -> Any:
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

    def _no_kind(self, node: Node) -> Any:
        kinds = self._kinds.requirements
        if isinstance(node, Scalar):
            return self.problem(
                node, f"there is no requirement {quoted(node.text)}", did_you_mean(node.text, kinds)
            )
        if not isinstance(node, Mapping):
            return self.problem(node, "a requirement is expected here, not a list")
        named = [name for name in node.entries if name in kinds]
        if len(named) > 1:
            return self.problem(
                node.entries[named[1]][0],
                f"one requirement cannot be both {named[0]} and {named[1]}",
                "begin another entry with “- ”",
            )
        other = next((name for name in node.entries if name not in _BESIDE), None)
        if other is None:
            return self.problem(node, "a requirement needs its kind", did_you_mean("", kinds))
        return self.problem(
            node.entries[other][0], f"there is no requirement {quoted(other)}", did_you_mean(other, kinds)
        )

    def item_names(self, node: Sequence, kind: mi.Type) -> list[str | int]:
        """Requirements without a key are called after what they ask for, numbered where needed."""
        if not (isinstance(kind, mi.StructType) and kind.cls is Requirement):
            return super().item_names(node, kind)
        written = [item.text("key") if isinstance(item, Mapping) else None for item in node.items]
        taken = {key for key in written if key is not None}
        names: list[str | int] = []
        for item, key in zip(node.items, written, strict=True):
            name = key if key is not None else _free(_automatic_key(item, self._kinds), taken)
            taken.add(name)
            names.append(name)
        return names


def _kind_name(node: Node, kinds: Kinds) -> str | None:
    """The one kind that a requirement names, or ``None``."""
    if isinstance(node, Scalar):
        return node.text if node.text in kinds.requirements else None
    if not isinstance(node, Mapping):
        return None
    named = [name for name in node.entries if name in kinds.requirements]
    return named[0] if len(named) == 1 else None


def _automatic_key(node: Node, kinds: Kinds) -> str:
    name = _kind_name(node, kinds)
    if name is None:
        return "requirement"
    main: str | None = None
    child = node.get(name) if isinstance(node, Mapping) else None
    short = kinds.requirements[name].shorthand
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
