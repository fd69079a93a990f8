"""A value that a person typed, as a reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from workbench.sources.reading import Reading


def reading(
    *,
    subject: str,
    source: str,
    value: Decimal,
    unit: str,
    at: datetime,
    environment: str | None = None,
    commit: str | None = None,
    samples: int | None = None,
    evidence: Sequence[str] = (),
    why: str = "",
    data: bytes | None = None,
) -> Reading:
    """A reading marked ``manual``; ``at`` is the moment that the value stands for; ``data`` holds the
    samples behind it (see :class:`Reading`).

    ``ValueError`` when ``value`` is not a finite number.
    """
    if not value.is_finite():
        raise ValueError("only a finite number can be a value")
    return Reading(
        subject=subject,
        source=source,
        role="value",
        state="ok",
        measured_at=at,
        environment=environment,
        commit=commit,
        value=value,
        unit=unit,
        why=why,
        samples=samples,
        evidence=tuple(evidence),
        mark="manual",
        data=data,
        basis="raw" if data else "",
    )
