"""What benchmarks are compared with, in words."""

from __future__ import annotations

from datetime import tzinfo

from workbench.model.quantity import find_unit, show, with_unit
from workbench.model.text import number_of
from workbench.model.times import moment_text
from workbench.usecases.baselines import Compared
from workbench.usecases.views.marks import Fact, Mark


def mark_of(one: Compared) -> Mark:
    """How it stands, in a sign."""
    if one.waits:
        return Mark.OPEN
    if one.value is None:
        return Mark.BLOCKS
    if not one.used:
        return Mark.NOT_APPLICABLE
    return Mark.WARNS if one.why or one.marks else Mark.DONE


def value_words(one: Compared) -> str:
    """``0.45 s``; "" where there is none."""
    if one.value is None:
        return ""
    (number,) = show(one.value)
    return with_unit(number, find_unit(one.unit))


def stands(one: Compared, zone: tzinfo) -> str:
    """What speaks against it, and where and when it was measured, in a line."""
    where = one.environment if one.environment != one.kind else ""
    when = moment_text(one.measured_at, zone) if one.measured_at else ""
    return "; ".join(filter(None, (one.why, *one.marks, f"{where or ''} {when}".strip())))


def facts_of(one: Compared, zone: tzinfo) -> list[Fact]:
    """Everything that is kept of it."""
    asked = ", ".join(f"{name}: {value}" for name, value in one.asked.items())
    told = [
        ("Value", value_words(one)),
        ("Standing", one.why),
        ("Measured", moment_text(one.measured_at, zone) if one.measured_at else ""),
        ("Where", one.environment or ""),
        ("Window", one.window or ""),
        ("Samples", f"{one.samples:,}" if one.samples is not None else ""),
        ("Measurement", one.measurement),
        ("Asked", asked),
        (
            "Parity map",
            f"{number_of(len(one.map), 'difference')} touched it then" if one.map is not None else "",
        ),
        ("Mind", "; ".join(one.marks)),
        ("Pinned", f"by {one.by}, {moment_text(one.at, zone)}: {one.reason}" if one.at else ""),
        ("Digest", one.digest),
    ]
    return [Fact(label, text) for label, text in told if text]
