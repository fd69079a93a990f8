"""JMESPath (https://jmespath.org/specification.html) over what servers answer, stricter than the language.

JMESPath gives null for whatever is not there.  Asked of another answer than it was written for, a question
would get an empty list, a length of 0 or a sum of 0; here it is told what the answer lacks.  Numbers stay as
they are written (``Decimal``), in answers and in expressions.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

import msgspec
from jmespath.exceptions import JMESPathError, JMESPathTypeError, ParseError
from jmespath.functions import Functions, signature
from jmespath.parser import Parser
from jmespath.visitor import Options, TreeInterpreter

from workbench.model.quantity import from_float, read_number
from workbench.model.text import safe_text

_STEP = r'(?:[A-Za-z_][\w-]*|"(?:[^"\\]|\\.)+")'
_PLACE = re.compile(rf"{_STEP}(?:\.{_STEP}|\[-?\d+\])*", re.ASCII)
_HYPHENATED = re.compile(r'"(?:[^"\\]|\\.)+"|[A-Za-z_]\w*(?:-\w*)+', re.ASCII)

# Nodes of a path: each names one step, and none chooses.
_PATH = frozenset({"field", "subexpression", "index_expression", "index"})
# Where null is a usual answer: the expression goes on with something else.
_FORGIVING = frozenset({"or_expression", "and_expression", "not_expression", "comparator"})
_FORGIVING_FUNCTIONS = frozenset({"not_null", "type", "to_array"})
_OF_NUMBERS = frozenset({"sum", "avg", "max", "min"})


class Value(msgspec.Struct, frozen=True):
    """What an expression gives; ``lacking`` says of how many counted elements there was no number."""

    value: Any
    lacking: str = ""


class Expression:
    """One expression, read once; see :func:`read_expression`."""

    def __init__(self, text: str, tree: Any) -> None:
        self.text = text
        self._tree = tree

    def value(self, document: Any) -> Value:
        """What the expression gives of ``document``: ``None`` for null.

        ``LookupError`` names the step of a path that leads nowhere; ``ValueError`` says what else an answer
        lacks: a list, a field that elements are chosen by, a number among numbers.
        """
        strict = _Strict(document)
        return Value(self._visited(strict, document), strict.lacking)

    def says(self, document: Any) -> str:
        """The text or texts that it gives, ``"yes"`` for true and for objects, and nothing where it does not hold.

        Nothing is asked of the answer here: ``errors[0].message`` may not be there.
        """
        value = self._visited(TreeInterpreter(Options(custom_functions=_Exact())), document)
        found = value if isinstance(value, list) else [value]
        texts = [safe_text(one, 200) for one in found if isinstance(one, str) and one]
        return "; ".join(texts[:3]) or ("yes" if any(map(_holds, found)) else "")

    def _visited(self, interpreter: TreeInterpreter, document: Any) -> Any:
        try:
            return interpreter.visit(self._tree, document)
        except JMESPathTypeError as error:
            given = _TYPES.get(str(error.actual_type), str(error.actual_type))
            raise ValueError(f"{error.function_name}() in {self} is given {given}") from None
        except (JMESPathError, TypeError, ArithmeticError) as error:
            raise ValueError(f"{self} cannot be worked out: {safe_text(error, 200)}") from None
        except RecursionError:
            raise ValueError(f"{self} is nested too deep") from None

    def __str__(self) -> str:
        return f"“{safe_text(self.text, 100)}”"


_TYPES = {
    "Decimal": "a number", "int": "a number", "number": "a number", "unknown": "a number",
    "null": "nothing", "NoneType": "nothing", "str": "a text", "string": "a text",
    "dict": "an object", "object": "an object", "list": "a list", "array": "a list",
}  # fmt: skip


def read_expression(text: str) -> Expression:
    """The expression of a text; ``ValueError`` says where it cannot be read."""
    shown = f"“{safe_text(text, 100)}”"
    plain = _PLACE.fullmatch(text) is not None  # names with a hyphen then need no quotes
    try:
        with warnings.catch_warnings():  # a literal that is no JSON: the library guesses, and warns
            warnings.simplefilter("error", PendingDeprecationWarning)
            tree = Parser().parse(_HYPHENATED.sub(_quoted, text) if plain else text).parsed
    except PendingDeprecationWarning:
        raise ValueError(f"{shown} cannot be read: within ` ` stands JSON; write a text as 'text'") from None
    except ParseError as error:
        at = len(text) if error.lex_position is None else error.lex_position
        where = "to its end" if at >= len(text) else f"from its character {at + 1} on"
        raise ValueError(f"{shown} cannot be read {where}; write data.items[0].total") from None
    except (JMESPathError, RecursionError):
        raise ValueError(f"{shown} is no JMESPath; write data.items[0].total") from None
    for node in _nodes(tree):
        if node["type"] == "function_expression" and node["value"] not in _Exact.FUNCTION_TABLE:
            raise ValueError(f"{shown} cannot be read: there is no function {node['value']}()")
        if node["type"] == "literal" and isinstance(node["value"], float):
            node["value"] = from_float(node["value"])
    return Expression(text, tree)


def _quoted(name: re.Match[str]) -> str:
    return name[0] if name[0].startswith('"') else f'"{name[0]}"'


def _nodes(tree: Any) -> Iterator[Any]:
    """Each node of a parsed expression; the parts of a slice are numbers."""
    if isinstance(tree, dict):
        yield tree
        for child in tree.get("children", ()):
            yield from _nodes(child)


class _Exact(Functions):
    """JMESPath's functions for numbers that are ``Decimal``."""

    def _type_check_single(self, current: Any, types: Any, function_name: str) -> None:
        super()._type_check_single(_as_known(current), types, function_name)  # type: ignore[misc]

    def _convert_to_jmespath_type(self, pyobject: str) -> str:
        from_base: str = super()._convert_to_jmespath_type(pyobject)  # type: ignore[misc]
        return "number" if pyobject == "Decimal" else from_base

    @signature({"types": ["array-number"]})
    def _func_avg(self, arg: list[Any]) -> Any:
        return from_float(float(sum(arg)) / len(arg)) if arg else None

    @signature({"types": ["array-number"]})
    def _func_sum(self, arg: list[Any]) -> Any:
        return sum(arg) if arg else None  # the sum of nothing was not measured

    @signature({"types": []})
    def _func_to_number(self, arg: Any) -> Any:
        if isinstance(arg, str):
            return read_number(arg)  # never null: a text among numbers would be left out unseen
        return None if arg is None or isinstance(arg, bool | list | dict) else arg

    @signature({"types": []})
    def _func_to_string(self, arg: Any) -> Any:
        return str(arg) if isinstance(arg, Decimal) else super()._func_to_string(arg)  # type: ignore[misc]

    @signature({"types": []})
    def _func_type(self, arg: Any) -> Any:
        return "number" if isinstance(arg, Decimal) else super()._func_type(arg)  # type: ignore[misc]


def _as_known(value: Any) -> Any:
    """The value as the library knows its type: by the name of its class."""
    if isinstance(value, list):
        return [0.0 if isinstance(one, Decimal) else one for one in value]
    return 0.0 if isinstance(value, Decimal) else value


class _Strict(TreeInterpreter):
    """Says what an answer lacks where JMESPath would go on with null."""

    def __init__(self, document: Any) -> None:
        super().__init__(Options(custom_functions=_Exact()))
        self._document = document
        self._forgives = 0
        self._counts = 0
        self.lacking = ""

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        """The value of one node."""
        (value,) = args
        kind = node["type"]
        if kind in _PATH and value is self._document and not self._forgives and _is_path(node):
            return _walked(node, value)
        if kind in _FORGIVING or (kind == "function_expression" and node["value"] in _FORGIVING_FUNCTIONS):
            self._forgives += 1
            try:
                return super().visit(node, value)
            finally:
                self._forgives -= 1
        return super().visit(node, value)

    def visit_function_expression(self, node: Any, value: Any) -> Any:
        """A function; those that count numbers look whether each element has one."""
        counts = node["value"] in _OF_NUMBERS
        if node["value"] == "length" and not self._forgives:
            self._require_elements(node["children"][0], value)
        self._counts += counts
        try:
            return super().visit_function_expression(node, value)
        finally:
            self._counts -= counts

    def _require_elements(self, node: Any, value: Any) -> None:
        """``ValueError`` where the letters of a text would be counted."""
        if isinstance(self.visit(node, value), str):
            raise ValueError(f"{_named(node) or 'what length() counts'} is a text, and has no elements")

    def visit_projection(self, node: Any, value: Any) -> Any:
        """A part of each element of a list."""
        found = super().visit_projection(node, value)
        if self._counts and found is not None:
            self._note_lacking(node, self.visit(node["children"][0], value), found)
        return found

    def visit_filter_projection(self, node: Any, value: Any) -> Any:
        """The elements of a list that a condition chooses, which has to name something that they have."""
        base, part, condition = node["children"]
        elements = self.visit(base, value)
        if not isinstance(elements, list):
            return None
        if elements and not self._forgives:
            _require_known(_chosen_by(condition), elements)
        chosen = [one for one in elements if _holds(self.visit(condition, one))]
        found = [told for one in chosen if (told := self.visit(part, one)) is not None]
        if self._counts:
            self._note_lacking(node, chosen, found)
        return found

    def _note_lacking(self, node: Any, elements: list[Any], found: list[Any]) -> None:
        if len(found) < len(elements):
            of = _named(node["children"][1]) or "a value"
            self.lacking = f"{len(elements) - len(found)} of {len(elements)} elements have no {of}"


def _holds(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


def _require_known(paths: Iterator[Any], elements: list[Any]) -> None:
    """``ValueError`` where none of the elements has what they are chosen by."""
    plain = TreeInterpreter()
    for path in paths:
        if all(plain.visit(path, element) is None for element in elements):
            name = _named(path)
            raise ValueError(
                f"none of the {len(elements)} elements has “{name}”, by which they are chosen; "
                f"write not_null({name}, '') where that is usual"
            )


def _is_path(node: Any) -> bool:
    return all(one["type"] in _PATH for one in _nodes(node))


def _steps(node: Any) -> Iterator[str | int]:
    """The names and numbers of a path."""
    for one in _nodes(node):
        if one["type"] in ("field", "index"):
            yield one["value"]


def _named(node: Any) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in _steps(node)).lstrip(".")


def _walked(node: Any, document: Any) -> Any:
    """The value at a path; ``LookupError`` names the first step that leads nowhere."""
    value: Any = document
    for step in _steps(node):
        try:
            if not isinstance(value, dict if isinstance(step, str) else list):
                raise LookupError
            value = cast(Any, value)[step]
        except LookupError:
            raise LookupError(step if isinstance(step, str) else f"[{step}]") from None
    return value


def _chosen_by(condition: Any) -> Iterator[Any]:
    """The paths that a condition compares with something other than null; what is chosen within an element is its own."""
    if condition["type"] == "comparator":
        left, right = condition["children"]
        for side, other in ((left, right), (right, left)):
            if side["type"] in _PATH and _is_path(side) and not (_is_null(side) or _is_null(other)):
                yield side
    elif condition["type"] in _FORGIVING:
        for child in condition["children"]:
            yield from _chosen_by(child)


def _is_null(node: Any) -> bool:
    """Whether it is null: as a literal, or as a name, which people write for it and which gives the same."""
    return (node["type"], node.get("value")) in (("literal", None), ("field", "null"))
