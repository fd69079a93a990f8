"""Our own JSON of measurements, ``workbench.measurements.1``: what a program prints, or leaves as a file, that was written for the workbench."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.keys import nearest
from workbench.model.quantity import find_unit
from workbench.model.text import safe_text
from workbench.sources.load_tests.observed import listed, plain_number
from workbench.sources.moments import moment_of_number, moment_of_text
from workbench.sources.numbers import number_of
from workbench.sources.of_samples import Told, of_samples
from workbench.sources.other_form import in_words
from workbench.sources.reading import Found, Question, WrongQuestion, in_unit, missing

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
        raise SourceError("its JSON is nested too deep") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise SourceError(f"it is no {SCHEMA}: {safe_text(in_words(error), 200)}") from None
    if found.schema != SCHEMA:
        raise SourceError(f"it is “{safe_text(found.schema, 60)}”, and {SCHEMA} is what can be read")
    names = [one.name for one in found.measurements]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SourceError(f"“{safe_text(twice, 60)}” stands there twice")
    return found


def answered(
    document: Document, name: str, statistic: str | None, question: Question, otherwise: datetime
) -> Found:
    """What one measurement answers; ``otherwise`` is its moment where the document tells none."""
    known = {one.name: one for one in document.measurements}
    if name not in known:
        return missing(question, f"there is no “{safe_text(name, 60)}”; {beside(name, known)}")
    one = checked(known[name])
    told = Told(
        at=moment_of(one, otherwise),
        facts={"tool": safe_text(document.tool, 100)} if document.tool else {},
        partial=safe_text(one.partial, 200) or None,
        selection=safe_text(one.selection, 200),
    )
    made = _of_value if one.samples is None else _of_samples
    return made(one, statistic, question, told)


def beside(name: str, known: Mapping[str, object]) -> str:
    """What there is in place of a name."""
    meant = nearest(name, list(known))
    return (
        f"did you mean {safe_text(meant, 60)}?"
        if meant
        else f"there is {safe_text(listed(list(known)), 200)}"
    )


def _of_value(one: Measured, statistic: str | None, question: Question, told: Told) -> Found:
    where = f"“{safe_text(one.name, 60)}”"
    if statistic is not None:
        raise WrongQuestion(f"{where} is a value, not samples", field="statistic", hint="leave it out")
    number = number_of(one.value, where)
    if number is None:
        return missing(question, f"there is no value for {where}")
    value, unit = in_unit(number, one.unit, question.unit)
    return Found(
        state="ok", measured_at=told.at, value=value, unit=unit, partial=told.partial, facts=told.facts
    )


def _of_samples(one: Measured, statistic: str | None, question: Question, told: Told) -> Found:
    where = f"“{safe_text(one.name, 60)}”"
    if statistic is None:
        raise WrongQuestion(
            f"{where} is samples", field="statistic", hint="say what is made of them: p95, mean"
        )
    if one.value is not None:
        raise SourceError(f"{where} has a value and samples; it can have one of them")
    numbers = array("d", one.samples or ())
    if not all(isfinite(number) and plain_number(number) for number in numbers):
        raise SourceError(f"a sample of {where} is no number that can be measured")
    return of_samples(numbers, statistic, question, told, unit=one.unit)


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
