"""Where each benchmark is going: its last values, build by build, and whether they rise or fall."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Judged, in_unit
from workbench.benchmarks.measurements import Measurement
from workbench.criteria.report import number
from workbench.model.quantity import from_float
from workbench.statistics.trends import FEWEST, trend
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.benchmark import quantity
from workbench.usecases.views.standing import accepted

BUILDS = 12  # the newest ones that a trend is told of
RARE = 0.05  # an order that chance makes less often is a trend
Way: TypeAlias = Literal["rising", "falling", "none", "unknown"]


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """The last values of a benchmark, one of each build, the earliest first, in its unit.

    ``way`` is ``none`` where the order is one that chance makes, and ``unknown`` of fewer than five
    values.  ``per_build`` is the usual step from one to the next, ``p`` how often chance alone makes
    such an order; both ``None`` where it is unknown.  ``worse`` says whether that way is bad.
    """

    way: Way
    values: tuple[Decimal, ...]
    per_build: Decimal | None = None
    p: float | None = None
    worse: bool | None = None


def read_going(context: Context, evaluation: Evaluation) -> dict[str, Going]:
    """Where each benchmark is going, by its key: all are read at once."""
    found = measurements.last_of_builds(context.record, evaluation.facts.now, BUILDS)
    return {item.key: _going(item, found.get(item.key, ())) for item in evaluation.judged}


def _going(judged: Judged, newest_first: Sequence[Measurement]) -> Going:
    resolved = judged.resolved
    fitting = (item for item in reversed(newest_first) if item.environment == resolved.environment)
    values = tuple(value for item in fitting if (value := in_unit(resolved, item)) is not None)
    if len(values) < FEWEST:
        return Going(way="unknown", values=values)
    slope, p = trend(list(map(float, values)))
    way: Way = "none" if p >= RARE or not slope else "rising" if slope > 0 else "falling"
    bad = {"lower": "rising", "higher": "falling"}.get(resolved.better)
    worse = way == bad if bad and way != "none" else None
    return Going(way=way, values=values, per_build=from_float(slope), p=p, worse=worse)


def words(going: Going, judged: Judged) -> str:
    """``rising by 0.02 s a build, which is worse``; "" where nothing can be said."""
    if going.way not in ("rising", "falling") or going.per_build is None:
        return ""
    side = {True: ", which is worse", False: ", which is better", None: ""}[going.worse]
    return f"{going.way} by {quantity(abs(going.per_build), judged)} a build{side}"


def document(going: Going) -> dict[str, Any]:
    """A trend as ``benchmark list --json`` prints it."""
    return {
        "direction": going.way,
        "per_build": number(going.per_build),
        "p": going.p,
        "worse": going.worse,
        "values": [number(value) for value in going.values],
    }


def limits_document(judged: Judged) -> dict[str, Any]:
    """What is allowed: ``centre``, ``lower`` and ``upper`` in the benchmark's unit, ``null`` where there is none.

    Of a control chart these are its limits, of any other rule what it lets pass; ``chart`` tells which.
    """
    figures = judged.outcome.figures
    if figures is not None and figures.limits is not None:
        limits = figures.limits
        return {"chart": True, "centre": limits.centre, "lower": limits.lower, "upper": limits.upper}
    low, high = accepted(judged)
    return {"chart": False, "centre": None, "lower": number(low), "upper": number(high)}
