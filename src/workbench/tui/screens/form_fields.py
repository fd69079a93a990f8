"""A noun's fields as the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from workbench.model.noun_fields import Field, Holds, write_form
from workbench.tui.widgets import form
from workbench.tui.widgets.fields import Option

YES_NO = (Option("yes"), Option("no"))


def form_fields(
    fields: Iterable[Field], value: Any, zone: tzinfo, hints: Mapping[str, str] = {}
) -> tuple[form.Field, ...]:
    """The form's fields, filled in with a value; ``hints`` say other words below a field than its own."""
    return tuple(
        form_field(field, write_form(field, getattr(value, field.name), zone), hints) for field in fields
    )


def form_field(field: Field, text: str = "", hints: Mapping[str, str] = {}) -> form.Field:
    """One field of a form, filled in with ``text``."""
    return form.Field(
        field.name,
        field.label or field.title,
        _kind(field),
        text,
        hints.get(field.name, field.hint),
        YES_NO if field.holds is Holds.FLAG else tuple(Option(*choice) for choice in field.choices),
        field.needed,
    )


def _kind(field: Field) -> form.Kind:
    if field.holds in (Holds.CHOICE, Holds.FLAG):
        return "choice"
    return "lines" if field.lines else "text"
