"""Nodes of a file become the structs of ``shapes``, and every mistake on the way a problem.

The types say what is expected.  Nothing is raised: a field that is wrong is noted with its
file, line and column, and reading goes on, so that all mistakes are told at once.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Lookup
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import msgspec.inspect as mi

from workbench.definitions.shapes import Mark
from workbench.definitions.structs import field_names, label_of, struct_type
from workbench.definitions.text_checks import Check, Wrong, checks, did_you_mean, quoted
from workbench.definitions.yaml_text import Document, Mapping, Node, Scalar, Sequence
from workbench.model.canonical import MAX_INTEGER
from workbench.model.errors import Problem
from workbench.model.quantity import read_number
from workbench.model.text import normalised

FAILED: Any = object()
PROBLEM_LIMIT = 200

MarkPath: TypeAlias = tuple[str | int, ...]

_TEXT = mi.StrType()
# What stands for a value in YAML; a scalar for all others.
_NODES: Lookup[type[mi.Type], tuple[type[Node], ...]] = {
    mi.ListType: (Sequence,),
    mi.VarTupleType: (Sequence,),
    mi.StructType: (Mapping,),
    mi.DictType: (Mapping,),
    mi.NoneType: (),
}
_YES = {"true", "True", "TRUE", "yes", "Yes", "YES"}
_NO = {"false", "False", "FALSE", "no", "No", "NO"}
_ON_OFF = {"on": "yes", "off": "no", "y": "yes", "n": "no", "1": "yes", "0": "no"}
_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})\Z")
_OCTAL = re.compile(r"[+-]?0[0-9]+\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z")


def column_in(lines: list[str], line: int, column: int, text: str, offset: int) -> int | None:
    """The column in a file of column ``offset`` inside ``text``, or ``None`` where it is folded or escaped."""
    if not 0 < line <= len(lines):
        return None
    for start in (column - 1, column):
        if lines[line - 1][start : start + len(text)] == text:
            return start + offset
    return None


def title_of(kind: mi.Type) -> str | None:
    """The title of an annotated type: how its text is checked."""
    if isinstance(kind, mi.Metadata):
        title = (kind.extra_json_schema or {}).get("title")
        return title if isinstance(title, str) else None
    return None


class Reader:
    """Reads one document.  ``problems`` and ``marks``, those of the whole project, grow while it reads."""

    def __init__(self, document: Document, root: Path, marks: dict[MarkPath, Mark]) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.marks = marks
        self._checks: dict[str, Check] = checks(root)
        self._right: set[tuple[str | None, str]] = set()  # title and text of what was checked already
        self._readers: dict[type[mi.Type], Callable[[Node, Any, MarkPath, str], Any]] = {
            mi.StrType: self._str,
            mi.BoolType: self._bool,
            mi.IntType: self._int,
            mi.DecimalType: self._decimal,
            mi.FloatType: self._float,
            mi.EnumType: self._enum,
            mi.LiteralType: self._literal,
            mi.ListType: self._list,
            mi.VarTupleType: self._list,
            mi.DictType: self._dict,
            mi.StructType: self._struct,
            mi.UnionType: self._union,
            mi.Metadata: self._annotated,
        }

    # -- problems and marks

    def problem(self, node: Node, what: str, hint: str | None = None, column: int | None = None) -> Any:
        """Note a mistake at ``node`` and return ``FAILED``."""
        if not self.full:
            at = column if column is not None else node.column
            self.problems.append(Problem(self.document.file, node.line, at, what, hint))
        return FAILED

    @property
    def full(self) -> bool:
        """So much is wrong that more need not be told."""
        return len(self.problems) >= PROBLEM_LIMIT

    def mark(self, path: MarkPath, node: Node) -> None:
        """Remember where ``path`` stands; the first place counts."""
        if path not in self.marks:
            self.marks[path] = Mark(self.document.file, node.line, node.column)

    # -- structs

    def struct(self, node: Node, cls: type[msgspec.Struct], path: MarkPath, label: str) -> Any:
        """``node`` as ``cls``; ``FAILED`` only where it is no block of fields at all."""
        if not isinstance(node, Mapping):
            return self.problem(node, f"{label} is expected here: names and values, not {_called(node)}")
        self.unknown_fields(node, field_names(cls), label)
        return self.build(cls, self.fields(node, cls, path, label), node, label)

    def unknown_fields(self, node: Mapping, known: Iterable[str], label: str) -> None:
        """Note each name that ``label`` does not have."""
        options = tuple(known)
        for name, (key, _) in node.entries.items():
            if name not in options and not self.full:
                left = [option for option in options if option not in node.entries]
                self.problem(key, f"{label} has no field {quoted(name)}", did_you_mean(name, left))

    def fields(
        self, node: Mapping, cls: type[msgspec.Struct], path: MarkPath, label: str, skip: Iterable[str] = ()
    ) -> dict[str, Any]:
        """The values of ``cls``'s fields by attribute name.  What failed is its default or ``None``."""
        values: dict[str, Any] = {}
        for field in struct_type(cls).fields:
            name = field.encode_name
            if name in skip:
                continue
            entry = node.entries.get(name)
            if entry is None:
                if field.required:
                    self.problem(node, f"{label} needs “{name}”", _example(field.type))
                    values[field.name] = None
                continue
            key, child = entry
            below = (*path, name)
            self.mark(below, child if isinstance(child, Scalar) else key)
            if not field.required and isinstance(child, Scalar) and child.empty and _holds_many(field.type):
                continue
            value = self.value(child, field.type, below, name)
            if value is not FAILED:
                values[field.name] = value
            elif field.required:
                values[field.name] = None
        return values

    def build(self, cls: type[msgspec.Struct], values: dict[str, Any], node: Node, label: str) -> Any:
        """The struct; what its own check refuses is noted at ``node``."""
        known = len(self.problems)
        try:
            return cls(**values)
        except (ValueError, TypeError) as error:
            if known == len(self.problems) and None not in values.values():
                self.problem(node, f"{label}: {error}")
            return FAILED

    def _struct(self, node: Node, kind: mi.StructType, path: MarkPath, name: str) -> Any:
        return self.struct(node, kind.cls, path, label_of(kind.cls))

    # -- any value

    def value(self, node: Node, kind: mi.Type, path: MarkPath, name: str) -> Any:
        """``node`` as ``kind``, or ``FAILED``.  ``name`` is how messages call it."""
        read = self._readers.get(type(kind))
        if read is None:
            raise TypeError(f"the field {name} has a type that definitions cannot hold: {kind}")
        return read(node, kind, path, name)

    def _union(self, node: Node, kind: mi.UnionType, path: MarkPath, name: str) -> Any:
        if isinstance(node, Scalar) and node.empty and kind.includes_none:
            return None
        fitting = [member for member in kind.types if _fits(node, member)]
        if not fitting:
            members = (member for member in kind.types if not isinstance(member, mi.NoneType))
            expected = " or ".join(dict.fromkeys(_expected(member) for member in members))
            return self.problem(node, f"{name} must be {expected}, not {_called(node)}")
        for member in fitting[:-1]:
            before = len(self.problems)
            value = self.value(node, member, path, name)
            if value is not FAILED:
                return value
            del self.problems[before:]
        return self.value(node, fitting[-1], path, name)

    def _annotated(self, node: Node, kind: mi.Metadata, path: MarkPath, name: str) -> Any:
        title = title_of(kind)
        check = self._checks.get(title) if title else None
        if check is None or not isinstance(node, Scalar):
            return self.value(node, kind.type, path, name)
        if node.empty:
            return self._nothing(node, f"a {title}", name)
        if (title, node.text) not in self._right:
            try:
                check(node.text)
            except Wrong as wrong:
                column = self._column(node, wrong.column)
                return self.problem(node, f"{name}: {wrong.what}", wrong.hint, column)
            self._right.add((title, node.text))
        # The check of a key says the same as its pattern, in plainer words.
        return self.value(node, _TEXT if title == "key" else kind.type, path, name)

    def _column(self, node: Scalar, offset: int | None) -> int | None:
        """The column in the file of a column inside a text, if the text stands there as it is."""
        if offset is None:
            return None
        return column_in(self.document.lines, node.line, node.column, node.text, offset)

    # -- scalars

    def _scalar(self, node: Node, expected: str, name: str) -> Scalar | None:
        if not isinstance(node, Scalar):
            self.problem(node, f"{name} must be {expected}, not {_called(node)}")
            return None
        if node.empty:
            self._nothing(node, expected, name)
            return None
        return node

    def _nothing(self, node: Node, expected: str, name: str) -> Any:
        return self.problem(
            node, f"{name} must be {expected}, and nothing stands here", "remove the line, or fill it in"
        )

    def _str(self, node: Node, kind: mi.StrType, path: MarkPath, name: str) -> Any:
        scalar = self._scalar(node, "text", name)
        if scalar is None:
            return FAILED
        try:
            text = normalised(scalar.text)
        except ValueError:
            return self.problem(node, f"{name} holds half of a character", "write the character itself")
        if kind.min_length is not None and len(text) < kind.min_length:
            return self.problem(node, f"{name} needs at least {kind.min_length} characters")
        if kind.max_length is not None and len(text) > kind.max_length:
            return self.problem(
                node, f"{name} has {len(text)} characters; at most {kind.max_length} are allowed"
            )
        if kind.pattern is not None and re.search(kind.pattern, text) is None:
            return self.problem(
                node, f"{name}: {quoted(text)} is not in the expected form", f"the form is {kind.pattern}"
            )
        return text

    def _bool(self, node: Node, kind: mi.BoolType, path: MarkPath, name: str) -> Any:
        scalar = self._scalar(node, "yes or no", name)
        if scalar is None:
            return FAILED
        if scalar.plain and scalar.text in _YES:
            return True
        if scalar.plain and scalar.text in _NO:
            return False
        meant = _ON_OFF.get(scalar.text.lower())
        hint = f"write {meant}" if meant else "write yes or no, without quotes"
        return self.problem(node, f"{name} must be yes or no, not {quoted(scalar.text)}", hint)

    def _int(self, node: Node, kind: mi.IntType, path: MarkPath, name: str) -> Any:
        scalar = self._scalar(node, "a whole number", name)
        if scalar is None:
            return FAILED
        text = scalar.text
        if not scalar.plain or _INTEGER.match(text) is None:
            return self.problem(
                node, f"{name} must be a whole number, not {quoted(text)}", _number_hint(scalar)
            )
        number = int(text)
        if abs(number) > MAX_INTEGER:
            return self.problem(node, f"{name} is too large")
        return self._in_range(node, number, kind, name)

    def _decimal(self, node: Node, kind: mi.DecimalType, path: MarkPath, name: str) -> Any:
        scalar = self._scalar(node, "a number", name)
        if scalar is None:
            return FAILED
        if not scalar.plain or _NUMBER.match(scalar.text) is None:
            return self.problem(
                node, f"{name} must be a number, not {quoted(scalar.text)}", _number_hint(scalar)
            )
        try:
            return read_number(scalar.text)
        except ValueError as error:
            return self.problem(node, f"{name}: {error}")

    def _float(self, node: Node, kind: mi.FloatType, path: MarkPath, name: str) -> Any:
        number = self._decimal(node, mi.DecimalType(), path, name)
        return FAILED if number is FAILED else self._in_range(node, float(number), kind, name)

    def _in_range(self, node: Node, number: Any, kind: mi.IntType | mi.FloatType, name: str) -> Any:
        bounds = (
            (kind.ge, "at least", operator.ge),
            (kind.gt, "more than", operator.gt),
            (kind.le, "at most", operator.le),
            (kind.lt, "less than", operator.lt),
        )
        for limit, words, holds in bounds:
            if limit is not None and not holds(number, limit):
                return self.problem(node, f"{name} must be {words} {limit}, not {number}")
        return number

    def _enum(self, node: Node, kind: mi.EnumType, path: MarkPath, name: str) -> Any:
        members = _members(kind.cls)
        chosen = self._one_of(node, members, name)
        return FAILED if chosen is FAILED else members[chosen]

    def _literal(self, node: Node, kind: mi.LiteralType, path: MarkPath, name: str) -> Any:
        values = {str(value): value for value in kind.values}
        chosen = self._one_of(node, values, name)
        return FAILED if chosen is FAILED else values[chosen]

    def _one_of(self, node: Node, options: Lookup[str, Any], name: str) -> Any:
        if isinstance(node, Scalar) and not node.empty and node.text in options:
            return node.text
        listed = _either(options)
        scalar = self._scalar(node, listed, name)
        if scalar is None:
            return FAILED
        hint = did_you_mean(scalar.text, options)
        if hint and hint.startswith("possible"):
            hint = None
        return self.problem(node, f"{name} must be {listed}, not {quoted(scalar.text)}", hint)

    # -- lists and names with values

    def _list(self, node: Node, kind: mi.ListType | mi.VarTupleType, path: MarkPath, name: str) -> Any:
        if not isinstance(node, Sequence):
            hint = "begin each entry with “- ”" if isinstance(node, Mapping) else "write it as [ … ]"
            return self.problem(node, f"{name} must be a list, not {_called(node)}", hint)
        found = []
        for part, item in zip(self.item_names(node, kind.item_type), node.items, strict=True):
            below = (*path, part)
            self.mark(below, item)
            value = self.value(item, kind.item_type, below, f"an entry of {name}")
            if value is not FAILED:
                found.append(value)
        return tuple(found) if isinstance(kind, mi.VarTupleType) else found

    def item_names(self, node: Sequence, kind: mi.Type) -> list[str | int]:
        """What the items are called in marks: their own key, or their number from 0."""
        names: list[str | int] = []
        taken: set[str] = set()
        keyed = isinstance(kind, mi.StructType) and "key" in field_names(kind.cls)
        for index, item in enumerate(node.items):
            key = item.text("key") if keyed and isinstance(item, Mapping) else None
            names.append(index if key is None or key in taken else key)
            if key:
                taken.add(key)
        return names

    def _dict(self, node: Node, kind: mi.DictType, path: MarkPath, name: str) -> Any:
        if not isinstance(node, Mapping):
            return self.problem(node, f"{name} must be names with values, not {_called(node)}")
        found: dict[Any, Any] = {}
        for key, (scalar, child) in node.entries.items():
            below = (*path, key)
            self.mark(below, scalar)
            if not key.isascii():
                self.problem(
                    scalar, f"{name}: the name {quoted(key)} has letters outside of ASCII", "use a to z"
                )
                continue
            known = self.value(scalar, kind.key_type, below, f"a name in {name}")
            value = self.value(child, kind.value_type, below, key if len(key) <= 40 else name)
            if known is not FAILED and value is not FAILED:
                found[known] = value
        return found


@cache
def _members(cls: type[Enum]) -> Lookup[str, Enum]:
    """The members of an enum by what is written for them."""
    return {str(member.value): member for member in cls}


def _called(node: Node) -> str:
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a block of fields"
    return "nothing" if node.empty else f"the text {quoted(node.text)}"


def _either(options: Iterable[str]) -> str:
    words = list(options)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _number_hint(scalar: Scalar) -> str | None:
    text = scalar.text
    if not scalar.plain and _NUMBER.match(text):
        return "write it without quotes"
    if _OCTAL.match(text):
        return f"write {int(text)}: a leading zero would mean octal to other readers of YAML"
    if ":" in text:
        return "times such as 1:30 are not numbers here"
    if "_" in text or "," in text:
        return "write the digits without separators"
    return None


def _unwrapped(kind: mi.Type) -> mi.Type:
    return kind.type if isinstance(kind, mi.Metadata) else kind


def _holds_many(kind: mi.Type) -> bool:
    return isinstance(_unwrapped(kind), mi.ListType | mi.VarTupleType | mi.DictType)


def _fits(node: Node, kind: mi.Type) -> bool:
    return isinstance(node, _NODES.get(type(_unwrapped(kind)), Scalar))


def _expected(kind: mi.Type) -> str:
    inner = _unwrapped(kind)
    if isinstance(inner, mi.ListType | mi.VarTupleType):
        return "a list"
    if isinstance(inner, mi.StructType):
        return f"a block with {_either(field_names(inner.cls))}"
    if isinstance(inner, mi.DictType):
        return "names with values"
    if isinstance(inner, mi.BoolType):
        return "yes or no"
    if isinstance(inner, mi.IntType | mi.FloatType | mi.DecimalType):
        return "a number"
    return "text"


def _example(kind: mi.Type) -> str | None:
    if isinstance(kind, mi.Metadata):
        examples = (kind.extra_json_schema or {}).get("examples")
        return f"for example {examples[0]}" if examples else None
    if isinstance(kind, mi.EnumType):
        return f"one of {', '.join(str(member.value) for member in kind.cls)}"
    return None
