"""A noun's fields as options of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any, TypeVar

import click

from workbench.model.cells import CellError
from workbench.model.noun_fields import Field, Holds

F = TypeVar("F", bound=Callable[..., Any])


def options(fields: Iterable[Field], *, leave_out: tuple[str, ...] = ()) -> Callable[[F], F]:
    """A decorator that adds an option for each field but those of ``leave_out``.

    The command gets a field's name and what was given: a text, several, yes or no, or ``None``.
    """
    made = [option(field) for field in fields if field.name not in leave_out]

    def decorate(function: F) -> F:
        for add in reversed(made):
            function = add(function)
        return function

    return decorate


def option(field: Field) -> Callable[[F], F]:
    """The option that asks for a field."""
    name = f"--{field.option or field.name.replace('_', '-')}"
    if field.holds is Holds.FLAG:
        return click.option(f"{name}/--not-{name[2:]}", field.name, default=None, help=field.help)
    if field.holds is Holds.CHOICE:
        return click.option(name, field.name, type=choice(field), help=field.help)
    if field.holds is Holds.LIST:
        words = f"{field.help.removesuffix('.')}; repeatable."
        return click.option(name, field.name, multiple=True, metavar=field.metavar, help=words)
    return click.option(name, field.name, metavar=field.metavar, help=field.help)


class _Named(click.Choice[str]):
    """The values of a field under whatever name people give them: ``sev2`` for ``high``."""

    def __init__(self, field: Field) -> None:
        super().__init__([value for value, _ in field.choices])
        self.field = field

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(self.field.read(str(value), UTC).value)
        except CellError:
            return super().convert(value, param, ctx)


def choice(field: Field) -> click.Choice[str]:
    """The values of a field that has a closed set of them; other names where people call them so."""
    return _Named(field) if field.by_any_name else click.Choice([value for value, _ in field.choices])
