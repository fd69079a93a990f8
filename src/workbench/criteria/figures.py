"""What a statistical rule computed beside its verdict: limits, test figures, the run rules that fired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import msgspec

ChartName: TypeAlias = Literal["mean_3s", "xmr", "prediction", "moving_average", "ewma"]
ScaleName: TypeAlias = Literal["linear", "log"]
Effect: TypeAlias = Literal["fail", "warn", "off"]

POINTS = 8  # earlier measurements that a chart needs before it judges, unless the benchmark says otherwise


class Charting(msgspec.Struct, frozen=True):
    """How a control chart is drawn.

    ``run_rules`` maps rules (``nelson_3``) or families of them (``western_electric``) to what they
    do when they fire; the others do what is usual.
    """

    chart: ChartName = "mean_3s"
    points: int = POINTS
    scale: ScaleName = "linear"
    run_rules: Mapping[str, Effect] = {}


USUAL = Charting()


class Limits(msgspec.Struct, frozen=True):
    """The lines of a control chart; ``None`` is no limit on that side."""

    centre: float
    lower: float | None = None
    upper: float | None = None


class Fired(msgspec.Struct, frozen=True):
    """A run rule that fired.

    ``first`` and ``last`` are the places of the points that it rests on, the oldest earlier
    measurement being 0 and the judged value the last.  ``harmless``: it points in the direction
    that the benchmark calls good.
    """

    rule: str
    words: str
    effect: Effect = "warn"
    harmless: bool = False
    first: int = 0
    last: int = 0


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures behind a verdict.

    ``interval`` is that of the shift, in the benchmark's unit, or of the ratio where ``ratio`` says
    so.  ``points`` is how many earlier measurements or samples were looked at, ``needed`` how many
    more there must be before anything can be told.  ``chance`` is how often such a check fails by
    chance alone, a share.  ``basis`` says what limits rest on: ``mean ± 3 s of 24 points``.  Of a chart
    ``statistic`` is the number that it shows for the value; of two samples that of Mann and Whitney.
    """

    form: Literal["chart", "two_sample"]
    statistic: float | None = None
    p: float | None = None
    effect: float | None = None
    interval: tuple[float, float] | None = None
    ratio: bool = False
    limits: Limits | None = None
    basis: str = ""
    rules_fired: tuple[Fired, ...] = ()
    points: int = 0
    needed: int = 0
    chance: float | None = None
    remarks: tuple[str, ...] = ()

    def converted(self, convert: Callable[[float], float]) -> Figures:
        """The same with its limits and its interval in another unit."""
        limits, interval, statistic = self.limits, self.interval, self.statistic
        if self.form == "chart" and statistic is not None:
            statistic = convert(statistic)
        if limits is not None:
            lower, upper = (None if each is None else convert(each) for each in (limits.lower, limits.upper))
            limits = Limits(convert(limits.centre), lower, upper)
        if interval is not None and not self.ratio:
            interval = convert(interval[0]), convert(interval[1])
        return msgspec.structs.replace(self, limits=limits, interval=interval, statistic=statistic)
