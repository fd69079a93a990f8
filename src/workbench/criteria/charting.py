"""A value on the control chart of the measurements before it: limits, run rules, and what that means.

Everything is computed in floats on the chart's scale, and told in the benchmark's unit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from math import exp, log
from typing import NamedTuple

from workbench.criteria.clause import Earlier, Inputs
from workbench.criteria.figures import Charting, Effect, Fired, Limits
from workbench.model.times import day_text
from workbench.statistics.charts import CHARTS, Band, Course, band, charted, false_alarms, reach_of
from workbench.statistics.proportions import GrowingShares, Shares
from workbench.statistics.run_rules import LONGEST, RULES, Found, family, fired
from workbench.statistics.shape import skew_of_chance, skewness

STOPS = 20  # points from which on a chart may stop a release; below it warns at most
DISTINCT = 5  # values that a history needs to be charted; fewer are too coarse
_SLACK = 1e-11  # of a limit: it is told with 12 digits, and to be at a limit is to be in control
_FIRST = ("western_electric_1", "nelson_1")  # the limits themselves
_BY_DEVIATION = ("mean_3s", "prediction")  # charts that also hold where points depend on each other
_ON_ITSELF = ("moving_average", "ewma")  # charts of several points, for which the run rules are not made


class Drawn(NamedTuple):
    """A chart drawn for the next value: ``band`` on its scale, in which the deviation is a third of ``zone`` wide.

    ``shares`` is there where shares are charted by their own counts, ``least`` where values cannot be
    below it.  ``remarks`` say what is unusual.
    """

    name: str
    course: Course
    band: Band
    logarithmic: bool = False
    shares: Shares | None = None
    least: float | None = None
    remarks: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """What the limits are, in words: ``mean ± 3 s of 24 points``."""
        about = "p′, by the count of each share," if self.shares else CHARTS[self.name].about
        return f"{about} of {len(self.course)} points{', log scale' if self.logarithmic else ''}"

    @property
    def limits(self) -> Limits:
        """The lines of the chart in the benchmark's unit."""
        centre, reach = self.band.centre, self.band.reach
        return Limits(*(self._told(line) for line in (centre, centre - reach, centre + reach)))

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the next value is in control, in the benchmark's unit."""
        return self._told(self.band.lower), self._told(self.band.upper)

    def _told(self, line: float) -> float:
        if self.logarithmic:
            line = exp(line) if line < 700 else float("inf")
        return _rounded(line if self.least is None else max(line, self.least))


def _rounded(number: float) -> float:
    """Without what binary rounding has added: -20.700000000000003 is -20.7."""
    return float(f"{number:.12g}")


def on_scale(charting: Charting, number: float) -> float:
    """A number as it lies on the chart; ``ValueError`` for one that a logarithmic chart cannot hold."""
    return log(number) if charting.scale == "log" else number


def draw(inputs: Inputs, history: Sequence[float]) -> Drawn:
    """The chart of these points, two or more, which are on its scale."""
    drawn = _drawn(inputs, history)
    return drawn._replace(remarks=(*drawn.remarks, *_at_edges(drawn))) if inputs.edges else drawn


def _drawn(inputs: Inputs, history: Sequence[float]) -> Drawn:
    charting = inputs.charting
    course, logarithmic = Course(history), charting.scale == "log"
    least = None if logarithmic or min(history) < (inputs.least or 0) else inputs.least
    if course.correlated:
        name = _chart_of(charting.chart, course)
        remark = f"autocorrelated {course.correlation:.2g}: run rules are silent"
        remark += ", limits are mean ± 3 s" if name == "mean_3s" else ""
        drawn = _moved(band(name, course), inputs)
        return Drawn(name, course, drawn, logarithmic, None, least, (remark,))
    shares = None if logarithmic or charting.chart in _ON_ITSELF else _shares(inputs)
    if shares is not None and inputs.count:
        reach = shares.reach(inputs.count) * _whole(inputs)
        centre = shares.centre * _whole(inputs)
        drawn = Band(centre, reach, centre - reach, centre + reach)
        return Drawn(charting.chart, course, drawn, False, shares, least)
    drawn = _moved(band(charting.chart, course), inputs)
    return Drawn(charting.chart, course, drawn, logarithmic, None, least)


def _chart_of(chart: str, course: Course) -> str:
    """The chart that is drawn: moving ranges and newest points say little where points depend on each other."""
    return chart if chart in _BY_DEVIATION or not course.correlated else "mean_3s"


def _shares(inputs: Inputs) -> Shares | None:
    """The history as parts of counts, where every share is known with its count."""
    if inputs.unit.kind != "share" or not all(earlier.count for earlier in inputs.history):
        return None
    counts = [earlier.count or 0 for earlier in inputs.history]
    whole = _whole(inputs)
    parts = [
        float(earlier.value) / whole * count for earlier, count in zip(inputs.history, counts, strict=True)
    ]
    shares = Shares(parts, counts)
    return shares if shares.beyond > 0 else None


def _whole(inputs: Inputs) -> float:
    """All of something, in the unit of a share."""
    return float(1 / inputs.unit.factor)


def _at_edges(drawn: Drawn) -> tuple[str, ...]:
    """That limits were moved out, where they were."""
    band = drawn.band
    out = drawn.name not in _ON_ITSELF and band.upper - band.lower > 2 * band.reach * (1 + _SLACK)
    return ("values come in buckets, so its limits lie at their edges",) if out else ()


def _moved(found: Band, inputs: Inputs) -> Band:
    """The limits moved out to the edges of the histogram's buckets in which they lie."""
    lower, upper = found.lower, found.upper
    edges = inputs.edges
    if edges and inputs.charting.scale == "linear":
        above, below = bisect_left(edges, upper), bisect_right(edges, lower) - 1
        upper = edges[above] if above < len(edges) else upper
        lower = edges[below] if below >= 0 else lower
    return Band(found.centre, found.reach, lower, upper)


def advice(drawn: Drawn, history: Sequence[float]) -> tuple[str, ...]:
    """What would make the chart better: a logarithmic scale for values of which a few are large."""
    if drawn.logarithmic or drawn.shares or len(history) < STOPS or min(history) <= 0:
        return ()
    skewed = skewness(history)
    if skewed <= skew_of_chance(len(history)) or abs(skewness([log(each) for each in history])) >= skewed:
        return ()
    return ("a few of its points are large: scale: log fits such a history better",)


def side_of(drawn: Drawn, value: float) -> int:
    """On which side of the limits a value on the chart's scale lies: 1 above, -1 below, 0 in control."""
    lower, upper = drawn.band.lower, drawn.band.upper
    slack = _SLACK * (abs(drawn.band.centre) + drawn.band.reach)
    return (value > upper + slack) - (value < lower - slack)


def patterns(drawn: Drawn, value: float, inputs: Inputs) -> Iterator[Fired]:
    """The rules that fire at a value on the chart's scale, those that fail before those that warn."""
    found = _patterns(drawn, value, inputs.charting)
    told = [_told(name, each, drawn, inputs) for name, each in found.items()]
    yield from sorted(told, key=lambda each: each.effect != "fail")


def _patterns(drawn: Drawn, value: float, charting: Charting) -> dict[str, Found]:
    asked = {name for name in RULES if effect_of(name, charting) != "off"}
    found: dict[str, Found] = {}
    if side := side_of(drawn, value):
        name = drawn.name if drawn.name in _ON_ITSELF else _rule_of_limits(charting)
        found = {name: Found(1, side)} if effect_of(name, charting) != "off" else {}
    if drawn.name in _ON_ITSELF or drawn.course.correlated or not drawn.band.reach:
        return found
    points = _in_sigmas(drawn, value)
    found |= fired(points, asked - set(_FIRST))
    for name, each in fired(points, _told_instead(charting)).items():
        found.pop(RULES[name].same_as, None)
        found[name] = each
    return found


def _rule_of_limits(charting: Charting) -> str:
    """The rule by whose name and effect a value outside the limits is told."""
    first, same = _FIRST
    off = effect_of(first, charting) == "off"
    return (
        same if off or (_said(same, charting) == "fail" and effect_of(first, charting) == "warn") else first
    )


def _told_instead(charting: Charting) -> set[str]:
    """Rules of which it is said that they fail, while the same rule of the other family only warns."""
    return {
        name
        for name, rule in RULES.items()
        if name not in _FIRST
        and _said(name, charting) == "fail"
        and rule.same_as
        and effect_of(rule.same_as, charting) == "warn"
    }


def _in_sigmas(drawn: Drawn, value: float) -> list[float]:
    """The newest points and the value as distances from the centre, in sigma."""
    sigma = drawn.band.reach / 3
    newest = [(point - drawn.band.centre) / sigma for point in drawn.course.points[1 - LONGEST :]]
    if drawn.shares is not None:
        newest = drawn.shares.scores[1 - LONGEST :]
    return [*newest, (value - drawn.band.centre) / sigma]


def effect_of(rule: str, charting: Charting) -> Effect:
    """What a rule does when it fires: what the benchmark says of it or of its family, or what is usual."""
    usual: Effect = "fail" if rule in _FIRST else "warn"
    return _said(rule, charting) or usual


def _said(rule: str, charting: Charting) -> Effect | None:
    said = charting.run_rules
    return said.get(rule) or said.get(family(rule))


def can_fail(charting: Charting) -> bool:
    """Whether any rule of such a chart stops a release."""
    if charting.chart in _ON_ITSELF:
        return effect_of(charting.chart, charting) == "fail"
    rules = set(RULES) - set(_FIRST) | {_rule_of_limits(charting)}
    return any(effect_of(name, charting) == "fail" for name in rules)


def _told(name: str, found: Found, drawn: Drawn, inputs: Inputs) -> Fired:
    last = len(inputs.history)
    harmless = found.side != 0 and inputs.better == ("lower" if found.side < 0 else "higher")
    chart = inputs.charting.chart  # of several points: it warns also where points depend on each other
    effect = effect_of(chart if chart in _ON_ITSELF else name, inputs.charting)
    if harmless or len(drawn.course) < STOPS:
        effect = "warn"
    first = last + 1 - found.points
    return Fired(name, _words(name, found, drawn, inputs, first), effect, harmless, first, last)


def _words(name: str, found: Found, drawn: Drawn, inputs: Inputs, first: int) -> str:
    side = "above" if found.side > 0 else "below"
    if name in _FIRST or name in _ON_ITSELF:
        what = "the value" if name in _FIRST else "the mean of the newest points"
        return f"{what} lies {side} the limits of the chart"
    rule = RULES[name]
    words = rule.words.format(side=side, way="rising" if found.side > 0 else "falling")
    began = inputs.history[first].at if first < len(inputs.history) else None
    since = f" since {day_text(began, began.tzinfo)}" if began is not None and began.tzinfo else ""
    return f"{words}: {rule.meaning}{since}"


def chance(drawn: Drawn, inputs: Inputs) -> float | None:
    """How often a value of a process in control would fail; ``None`` where points depend on each other.

    Rules that fail add up, so that it is at most as often.
    """
    if drawn.course.correlated:
        return None
    sides = 2 if inputs.better == "neither" else 1
    own = false_alarms("xmr" if drawn.shares else drawn.name, len(drawn.course)) / 2 * sides
    rules = [name for name in RULES if name not in _FIRST and effect_of(name, inputs.charting) == "fail"]
    others = 0.0 if drawn.name in _ON_ITSELF else sum(RULES[name].rate for name in rules)
    return own + others


def judged_number(drawn: Drawn, value: float) -> float:
    """The number that the chart shows for a value, in the benchmark's unit."""
    number = charted(drawn.name, drawn.course, value)
    return _rounded(exp(number) if drawn.logarithmic else number)


def only_limits_fail(inputs: Inputs) -> bool:
    """Whether nothing but the limits of a chart of single values makes an earlier value fail."""
    charting = inputs.charting
    return (
        charting.scale == "linear"
        and charting.chart not in _ON_ITSELF
        and all((effect_of(name, charting) == "fail") == (name in _FIRST) for name in RULES)
    )


def within_limits(inputs: Inputs, observed: Sequence[Earlier]) -> tuple[Earlier, ...]:
    """Those of earlier values that did not fail in their time, found as quickly as they are read.

    They fail as :func:`patterns` and the verdict have it: only in a bad direction, and only once the
    chart may stop a release.
    """
    charting, course = inputs.charting, Course()
    bad_above, bad_below = inputs.better != "higher", inputs.better != "lower"
    least = max(STOPS, charting.points)
    whole, shares = _whole(inputs), GrowingShares() if inputs.unit.kind == "share" else None
    kept: list[Earlier] = []
    distinct: set[float] = set()
    for each in observed:
        value = float(each.value)
        if len(kept) >= least and len(distinct) >= DISTINCT:
            centre = _beyond(charting.chart, course, shares, value, each.count, whole)
            bad = centre is not None and ((value > centre and bad_above) or (value < centre and bad_below))
            if bad and not _within_buckets(inputs, course, value):
                continue
        course.add(value)
        if shares is not None:
            if each.count:
                shares.add(value / whole * each.count, each.count)
            else:
                shares = None  # one whose count is not known, and all are charted as any other values
        distinct.add(value)
        kept.append(each)
    return tuple(kept)


def _beyond(
    chart: str, course: Course, shares: GrowingShares | None, value: float, count: int | None, whole: float
) -> float | None:
    """The centre of the chart where a value lies outside its limits, as :func:`draw` has them; else ``None``."""
    if shares is not None and count and (chart == "prediction" or not course.correlated):
        if shares.clearly_inside(value / whole * count, count):
            return None
        drawn = shares.drawn()
        if drawn.beyond > 0:
            centre, reach = drawn.centre * whole, drawn.reach(count) * whole
            return centre if abs(value - centre) > reach + _SLACK * (abs(centre) + reach) else None
    return course.mean if _outside(chart, course, value - course.mean) else None


def _within_buckets(inputs: Inputs, course: Course, value: float) -> bool:
    """Whether a value lies within limits that were moved out to the edges of buckets."""
    if not inputs.edges:
        return False
    moved = _moved(band(_chart_of(inputs.charting.chart, course), course), inputs)
    return moved.lower <= value <= moved.upper


def _outside(chart: str, course: Course, away: float) -> bool:
    """Whether a value so far from the mean lies outside the limits."""
    reach = reach_of(_chart_of(chart, course), course)
    return abs(away) > reach + _SLACK * (abs(course.mean) + reach)
