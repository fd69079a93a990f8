"""Runs on servers of CI, whatever they are called there: one number about those of a window, and what a commit's say."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.model.quantity import from_float
from workbench.sources.reading import Body, Found, Question, in_unit


def one_number(
    question: Question,
    numbers: Sequence[float],
    natural: str,
    what: str,
    *,
    bodies: Sequence[Body],
    partial: str | None,
    facts: Mapping[str, str | int] = {},
) -> Found:
    """The median of times (``natural`` is ``s``), and the mean of anything else; *missing* where there is no ``what``."""
    found = Found(
        state="missing",
        measured_at=question.at,
        samples=len(numbers),
        bodies=tuple(bodies),
        partial=partial,
        facts=facts,
    )
    if not numbers:
        return msgspec.structs.replace(found, why=f"no {what} in the window")
    middle = statistics.median(numbers) if natural == "s" else statistics.fmean(numbers)
    value, unit = in_unit(from_float(middle), natural, question.unit)
    return msgspec.structs.replace(found, state="ok", value=value, unit=unit)


def verdict(found: Found, why: str, *, green: bool, measured_at: datetime) -> Found:
    """What is known of a commit so far, with the answer to whether it is green."""
    return msgspec.structs.replace(
        found,
        state="ok",
        value=Decimal(int(green)),
        why=why,
        measured_at=measured_at,
        facts={**found.facts, "green": "yes" if green else "no"},
    )
