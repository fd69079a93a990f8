"""The forms of the language, each in a file of its own that says everything about it.

A file gives its ``FORM``, which says how the form is read, and the clauses that it makes, which
say what it means.  A form is added with a file here and its name in this list; a text is
given to them in this order.
"""

from __future__ import annotations

from importlib import import_module

from workbench.criteria.forms.form import Form

_NAMES = (
    "multiple",
    "offset",
    "compare",
    "between",
    "within",
    "both",
    "in_control",
    "not_worse",
)

FORMS: tuple[Form, ...] = tuple(import_module(f"{__name__}.{name}").FORM for name in _NAMES)
