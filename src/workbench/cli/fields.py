"""A noun's fields as options of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

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


def choice(field: Field) -> click.Choice[str]:
    """The values of a field that has a closed set of them."""
    return click.Choice([value for value, _ in field.choices])
