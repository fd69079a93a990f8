"""Our own JSON of measurements, ``workbench.measurements.1``: what a program prints that was written for the workbench."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import find_unit
from workbench.model.text import safe_text
from workbench.sources.moments import moment_of_number, moment_of_text
from workbench.sources.numbers import number_of

SCHEMA = "workbench.measurements.1"


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measurement: a ``value`` or ``samples``, in ``unit``; ``error`` says why there is none, ``partial`` what is missing."""

    name: str
    value: Any = None
    samples: list[float] | None = None
    unit: str = ""
    at: str | int | float | None = None
    error: str = ""
    partial: str = ""
    selection: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the program prints."""

    schema: str
    measurements: list[Measured]
    commit: str = ""
    tool: str = ""


def read_document(output: bytes) -> Document:
    """The document; ``SourceError`` says what is wrong with it."""
    try:
        found = msgspec.json.decode(output, type=Document)
    except RecursionError:
        raise SourceError("it prints JSON that is nested too deep") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise SourceError(f"it does not print {SCHEMA}: {safe_text(error, 200)}") from None
    if found.schema != SCHEMA:
        raise SourceError(f"it prints “{safe_text(found.schema, 60)}”, and {SCHEMA} is what can be read")
    names = [one.name for one in found.measurements]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SourceError(f"it prints “{safe_text(twice, 60)}” twice")
    return found


def checked(one: Measured) -> Measured:
    """A measurement whose unit is one and whose number, if it has any, is one; ``SourceError`` otherwise."""
    where = f"“{safe_text(one.name, 60)}”"
    if one.error:
        raise SourceError(f"it says of {where}: {safe_text(one.error, 200)}")
    try:
        find_unit(one.unit)
    except ValueError as error:
        raise SourceError(f"{where}: {error}") from None
    number_of(one.value, where)
    return one


def moment_of(one: Measured, otherwise: datetime) -> datetime:
    """When it was measured; ``otherwise`` where the program does not say."""
    where = f"the moment of “{safe_text(one.name, 60)}”"
    if one.at is None:
        return otherwise
    return (
        moment_of_text(one.at, where)[0] if isinstance(one.at, str) else moment_of_number(one.at, where=where)
    )
