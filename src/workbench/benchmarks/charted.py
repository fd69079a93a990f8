"""A benchmark over time, as every picture of it has it: points, limits, what happened meanwhile, samples side by side."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from workbench.criteria.figures import Fired, Limits, ScaleName

What: TypeAlias = Literal[
    "deployment", "refresh", "configuration", "limits", "phase", "baseline", "occupancy", "override"
]
PointState: TypeAlias = Literal["counts", "failed", "invalid", "overridden", "earlier_phase", "judged"]


class Happening(msgspec.Struct, frozen=True):
    """Something that may have moved a measurement, in words; ``by`` is who did it, "" where nobody is named."""

    at: datetime
    what: What
    words: str
    by: str = ""


class ChartPoint(msgspec.Struct, frozen=True):
    """One measurement on a chart, ``value`` in the chart's unit.

    ``ref`` names it in the record, ``candidate`` is what people call the build, "" where it is not known.
    ``counts`` says that later values are compared with it; what failed, was overridden, is invalid or lies
    before the present phase is not.  ``fired`` are the run rules that rest on it.
    """

    at: datetime
    value: Decimal
    ref: str
    candidate: str
    state: PointState
    fired: tuple[str, ...] = ()


class ControlChart(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark's measurements, one of each build, the earliest first, and what they are held against.

    ``limits`` are those of a control chart, ``limit_low`` and ``limit_high`` those of any other rule, each
    ``None`` where there is none; ``baseline`` is what the judged value is compared with.  All in ``unit``.
    ``rules`` are the run rules that fired.  ``said`` is the verdict in one sentence.
    """

    key: str
    title: str
    unit: str
    scale: ScaleName
    points: tuple[ChartPoint, ...]
    said: str
    limits: Limits | None = None
    rules: tuple[Fired, ...] = ()
    happenings: tuple[Happening, ...] = ()
    baseline: Decimal | None = None
    limit_low: Decimal | None = None
    limit_high: Decimal | None = None


class Histograms(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of both environments, counted in the same buckets.

    ``edges`` has one number more than there are counts, in ``unit``.  ``overlap`` is the share that the two have
    in common (BM-7), ``own_overlap`` what two draws of the same size from one of them have by chance.
    ``basis`` says what a sample is: ``raw``, ``averaged`` or ``buckets``.  ``own`` and ``other`` are what people
    call the two sides: the environment that was measured, and what it is compared with.
    """

    unit: str
    edges: tuple[float, ...]
    staging: tuple[int, ...]
    production: tuple[int, ...]
    staging_p50: float
    staging_p99: float
    production_p50: float
    production_p99: float
    overlap: float
    own_overlap: float | None = None
    staging_p95: float | None = None
    production_p95: float | None = None
    own: str = "staging"
    other: str = "production"
    basis: str = ""
