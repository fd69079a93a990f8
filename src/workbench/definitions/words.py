"""What editors say about a field: the text that stands below it in its shape.

Such a text costs nothing when a module is imported, for Python drops it; so it is read from
the source, by the few who want it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import msgspec


@cache
def words_of(cls: type[msgspec.Struct]) -> Mapping[str, str]:
    """A line for each field of a shape, by the name that the field has in YAML.

    Empty where the source is not at hand.
    """
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if issubclass(base, msgspec.Struct) and base is not msgspec.Struct:
            found |= _below_fields(base)
    names = zip(cls.__struct_fields__, cls.__struct_encode_fields__, strict=True)
    return {written: found[name] for name, written in names if name in found}


def _below_fields(cls: type) -> dict[str, str]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, SyntaxError):
        return {}
    (made,) = tree.body
    body = made.body if isinstance(made, ast.ClassDef) else []
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
