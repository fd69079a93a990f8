"""A noun's fields as the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from workbench.definitions.shapes import Person
from workbench.model.noun_fields import Field, Holds, write_form
from workbench.tui.widgets import form
from workbench.tui.widgets.fields import Option

YES_NO = (Option("yes"), Option("no"))


def form_fields(
    fields: Iterable[Field],
    value: Any,
    zone: tzinfo,
    hints: Mapping[str, str] = {},
    people: Sequence[Person] = (),
) -> tuple[form.Field, ...]:
    """The form's fields, filled in with a value; ``hints`` say other words below a field than its own,
    ``people`` are those of the project, whom a field for a person offers."""
    return tuple(
        form_field(field, write_form(field, getattr(value, field.name), zone), hints, people)
        for field in fields
    )


def person_options(people: Sequence[Person]) -> tuple[Option, ...]:
    """The people of the project, as a field for a person offers them."""
    return tuple(Option(person.key, person.name) for person in people)


def form_field(
    field: Field, text: str = "", hints: Mapping[str, str] = {}, people: Sequence[Person] = ()
) -> form.Field:
    """One field of a form, filled in with ``text``."""
    if field.refers == "person":
        label, hint = field.label or field.title, hints.get(field.name, field.hint)
        return form.Field(field.name, label, "person", text, hint, person_options(people), field.needed)
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
    if field.holds is Holds.MOMENT:
        return "past" if field.past else "date"
    return "lines" if field.lines else "text"
