"""What a source answered, as programs read it: without samples and courses, which the record keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.model.canonical import decimal_text
from workbench.sources.reading import Reading


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: its ``subject`` is a benchmark's key, or ``tests/SOURCE``; the rest as in a ``Reading``."""

    subject: str
    source: str
    role: str
    state: str
    measured_at: datetime
    environment: str | None
    commit: str | None
    value: Decimal | None
    unit: str
    why: str
    window: str | None
    samples: int | None
    partial: str | None
    mark: str
    build: str | None
    facts: Mapping[str, str | int]
    evidence: tuple[str, ...]


def answered(reading: Reading) -> Answered:
    """An answer without what belongs into the record alone; its number is spelled plainly, without an exponent."""
    fields = {name: getattr(reading, name) for name in Answered.__struct_fields__}
    if reading.value is not None:
        fields["value"] = Decimal(decimal_text(reading.value))
    return Answered(**fields)
