"""Two sources that measure the same and say different things: both are shown, whichever of them is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Measurement
from workbench.criteria import Verdict
from workbench.definitions.project import RECORD
from workbench.model.quantity import Quantity, find_unit

MOST = Decimal("0.1")  # of the larger value: as much as two ways of measuring one thing usually differ
_MEASURED = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def marked(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """The verdicts; each whose value another source contradicts says so.

    Benchmarks measure the same where their kind, flow, environment and step are the same and their
    sources are not.  They disagree where their verdicts do, or where their values differ by more than :data:`MOST`.
    """
    judged = tuple(judged)
    groups: dict[tuple[object, ...], list[Judged]] = defaultdict(list)
    for one in judged:
        benchmark = one.resolved.benchmark
        if benchmark.kind is not None and benchmark.measure.source != RECORD.key and one.value is not None:
            groups[(benchmark.kind, benchmark.flow, one.resolved.environment, benchmark.step)].append(one)
    told = {
        one.key: words
        for same in groups.values()
        if len(same) > 1
        for one in same
        if (words := _contradicted(one, same))
    }
    if not told:
        return judged
    return tuple(
        msgspec.structs.replace(one, remarks=(*one.remarks, told[one.key])) if one.key in told else one
        for one in judged
    )


def _contradicted(one: Judged, same: Sequence[Judged]) -> str:
    """What other sources say instead, in words; "" where none says anything else."""
    others = [
        other
        for other in same
        if other.resolved.benchmark.measure.source != one.resolved.benchmark.measure.source
        and _disagree(one, other)
    ]
    return "; ".join(
        f"{other.resolved.benchmark.measure.source} says {_said(other.value)}" for other in others
    )


def _said(value: Measurement | None) -> str:
    assert value is not None
    number = value.value if value.value is not None else Decimal(0)
    return f"{Quantity(number, find_unit(value.unit))}"


def _disagree(one: Judged, other: Judged) -> bool:
    if one.verdict not in _MEASURED or other.verdict not in _MEASURED:
        return False
    assert one.value is not None and other.value is not None
    if one.value.value is None or other.value.value is None:
        return False
    if (one.verdict is Verdict.FAIL) is not (other.verdict is Verdict.FAIL):
        return True
    try:
        ours = Quantity(one.value.value, find_unit(one.value.unit))
        theirs = Quantity(other.value.value, find_unit(other.value.unit)).to(ours.unit)
    except ValueError:
        return True  # numbers of two kinds of thing
    larger = max(abs(ours.value), abs(theirs.value))
    return abs(ours.value - theirs.value) > MOST * larger
