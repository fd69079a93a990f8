"""A review's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from workbench.incidents.reviews import (
    Addition,
    Form,
    Known,
    Lacking,
    RunbookWorked,
    Surprise,
    WhyNot,
)
from workbench.model.canonical import decimal_text
from workbench.model.cells import CellError, short_text
from workbench.model.money import read_money
from workbench.model.noun_fields import Field, choice_field, list_field, moment_field, text_field

E = TypeVar("E", bound=Enum)
_HOURS = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(h|hours?|min|minutes?|days?|d)?", re.IGNORECASE)
_A_DAY, _AN_HOUR = 8, 60  # hours that a person works in a day; minutes


def read_hours(text: str, zone: tzinfo) -> Decimal:
    """``6``, ``6.5 h``, ``90 min``, ``2 days`` of eight hours: hours of people's work."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise CellError(f"“{short_text(text)}” is no number of hours", "write 6, 6.5 h, 90 min or 2 days")
    number, unit = Decimal(found[1]), (found[2] or "h").lower()
    if unit.startswith("d"):
        return number * _A_DAY
    return (number / _AN_HOUR).quantize(Decimal("0.01")) if unit.startswith("m") else number


def write_hours(value: Any, zone: tzinfo) -> str:
    """The inverse: a number of hours."""
    return decimal_text(value) if isinstance(value, Decimal) else ""


def _tell_hours(value: Any, zone: tzinfo) -> str:
    return f"{decimal_text(value)} h" if isinstance(value, Decimal) else ""


def _read_cost(text: str, zone: tzinfo) -> str:
    if read_money(text) is None:
        raise CellError(f"“{short_text(text)}” is no amount of money", "write 1,200 EUR, for example")
    return text.strip()


def hours_field(help: str) -> Field:
    """Hours of people's work."""
    return Field(
        "hours", "Hours", read=read_hours, write=write_hours, tell=_tell_hours, empty=None, help=help, metavar="HOURS",
    )  # fmt: skip


def _said(values: Iterable[E]) -> tuple[E, ...]:
    """The answers that can be given: leaving a question open is none."""
    return tuple(value for value in values if value.value)


FIELDS: tuple[Field, ...] = (
    choice_field(
        "form", "Form", choices=tuple(Form), empty=Form.FAST,
        help="Fast asks what makes staging better; full goes on to the runbook, the cause and the cost.",
    ),
    choice_field(
        "contributed", "A difference contributed", choices=tuple(Known), empty=Known.UNKNOWN,
        help="Whether a difference between staging and production contributed.",
    ),
    list_field(
        "differences", "Differences", option="difference", metavar="REF", refers="difference",
        help="A difference of the map that contributed",
    ),
    choice_field(
        "staging_would_catch", "Staging would have caught it", choices=tuple(Known), empty=Known.UNKNOWN,
        option="would-catch", help="Whether staging would have caught it.",
    ),
    choice_field(
        "why_not", "Why not", choices=_said(WhyNot), empty=WhyNot.UNSAID,
        help="Why staging would not have caught it.",
    ),
    text_field("why_not_words", "Why not, in words", help="The same in words."),
    choice_field(
        "add_kind", "To be added", choices=_said(Addition), empty=Addition.UNSAID, option="add",
        help="What is to be added so that it is caught next time.",
    ),
    text_field("add_words", "What it has to show", help="What that has to show, or why nothing is to be added."),
    text_field("add_key", "Key", help="The key of the benchmark or probe that is to be added.", metavar="KEY"),
    choice_field(
        "runbook_worked", "The runbook worked", choices=_said(RunbookWorked), empty=RunbookWorked.UNSAID,
        help="Whether the runbook worked.",
    ),
    text_field("runbook_step", "Step that failed", help="The step of the runbook that failed, and how."),
    choice_field(
        "surprise", "Surprise", choices=_said(Surprise), empty=Surprise.UNSAID,
        help="Whether production surprised you, and what staging would have done.",
    ),
    choice_field(
        "lacking", "Lacking", choices=_said(Lacking), empty=Lacking.UNSAID,
        help="What was lacking to see it earlier.",
    ),
    choice_field(
        "caused_by_release", "A release caused it", choices=tuple(Known), empty=Known.UNKNOWN,
        help="Whether a release caused it.",
    ),
    text_field("cause", "Cause", help="What the cause was.", lines=True),
    hours_field("Hours of people's work that it cost: 6, 6.5 h, 90 min or 2 days."),
    text_field("cost", "Cost", help="What it cost beside that, as an amount: 1,200 EUR.", metavar="AMOUNT", read=_read_cost),
    text_field("words", "Words", help="What else is worth knowing.", lines=True),
    text_field("subject", "Review of", help="What is reviewed.", verbs=()),
    text_field("by", "Begun by", help="Who began the review.", verbs=()),
    moment_field("at", "Begun", help="When it was begun.", verbs=()),
)  # fmt: skip
