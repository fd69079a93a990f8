"""A control chart as SVG.

Nothing is told by colour alone: what counts is a filled point, what does not an empty one, what is invalid
a cross, the judged value a diamond, and a point that a fired rule rests on has a ring.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from textwrap import wrap

from workbench.benchmarks.charted import ChartPoint, ControlChart, Happening
from workbench.model.quantity import Unit, find_unit, show_in
from workbench.model.text import safe_text
from workbench.model.times import day_text
from workbench.notes.plot_scales import Across, Upwards, drawable, upwards
from workbench.notes.svg import HEIGHT, LEFT, RIGHT, across, plot, safe, short, text

_LINE = 18  # from one line of text to the next
_WORDS = 104  # characters in a line
_DATES = 6
_RULES = 3  # fired rules that are told
_SIGNS = {
    "deployment": '<path d="M{x} {y}m-5 4l5 -9l5 9z"/>',
    "refresh": '<circle cx="{x}" cy="{y}" r="4"/>',
    "configuration": '<path d="M{x} {y}m-5 0l5 -5l5 5l-5 5z"/>',
    "limits": '<path d="M{x} {y}m-5 -2h10v4h-10z"/>',
}
_KEYS = {
    "judged": "a diamond: the value that is judged",
    "failed": "an empty circle: failed",
    "overridden": "an empty square: overridden",
    "invalid": "a cross: invalid",
    "earlier_phase": "a dotted circle: before the present phase",
}
_OTHER = '<path d="M{x} {y}m-4 -4h8v8h-8z"/>'


def control_svg(chart: ControlChart, zone: tzinfo) -> str:
    """The chart as one ``svg`` element for a page that has :data:`PLOTS`; "" where there is no point to draw."""
    points = [point for point in chart.points if drawable(float(point.value))]
    if not points:
        return ""
    return _Control(chart, points, zone).drawn()


class _Control:
    """One control chart being drawn."""

    def __init__(self, chart: ControlChart, points: Sequence[ChartPoint], zone: tzinfo) -> None:
        self.chart, self.points, self.zone = chart, points, zone
        self.unit: Unit = find_unit(chart.unit)
        self.said = wrap(safe_text(chart.said), _WORDS)[:2]
        self.top = 34.0 + _LINE * len(self.said)
        self.bottom = self.top + HEIGHT
        levels = [value for _, value in self._levels()]
        numbers = [float(point.value) for point in points] + levels
        self.y: Upwards = upwards(numbers, self.top, self.bottom, log=chart.scale == "log")
        self.x = Across([point.at for point in points], LEFT, RIGHT)
        self.rules = chart.rules[:_RULES]
        self.happenings = [one for one in chart.happenings if self.x.at(one.at) is not None]

    def drawn(self) -> str:
        y = self.bottom + 22
        below: list[str] = []
        if self.happenings:
            below += [*self._happened(y + 14), *self._legend(y + 36)]
            y += 40
        if key := self._key():
            y += _LINE
            below.append(text(LEFT, y, key, "soft"))
        for rule in self.rules:
            y += _LINE
            below.append(text(LEFT, y, f"{rule.rule.replace('_', ' ')}: {rule.words}", f"rule {rule.effect}"))
        parts = [*self._head(), *self._ground(), *self._lines(), *self._course(), *self._dates(), *below]
        return plot(y + 12, self.chart.title, self.chart.said, parts)

    def _key(self) -> str:
        """What the points are that are not plain ones; "" where all are."""
        found = {point.state for point in self.points} - {"counts"}
        told = [_KEYS[state] for state in _KEYS if state in found]
        if any(point.fired for point in self.points):
            told.append("a ring: a rule that fired rests on it")
        return "; ".join(told)

    def _head(self) -> Iterator[str]:
        yield text(LEFT, 20, self.chart.title, "title")
        for number, line in enumerate(self.said):
            yield text(LEFT, 38 + _LINE * number, line, "soft")

    def _levels(self) -> list[tuple[str, float]]:
        """The lines across, each with its kind: of a chart its limits, of any other rule what it allows."""
        chart, limits = self.chart, self.chart.limits
        if limits is not None:
            found = [("centre", limits.centre), ("lower limit", limits.lower), ("upper limit", limits.upper)]
        else:
            found = [
                ("lower limit", None if chart.limit_low is None else float(chart.limit_low)),
                ("upper limit", None if chart.limit_high is None else float(chart.limit_high)),
                ("baseline", None if chart.baseline is None else float(chart.baseline)),
            ]
        return [(name, value) for name, value in found if value is not None and drawable(value)]

    def _ground(self) -> Iterator[str]:
        """Ticks, and the band of what is allowed."""
        for number, words in self.y.ticks():
            y = self.y.place(number)
            yield across("grid", y)
            yield text(LEFT - 8, y + 4, words, "soft", "end")
        if self.unit.symbol:
            yield text(LEFT - 8, self.top - 6, self.unit.symbol, "soft", "end")
        levels = dict(self._levels())
        if "lower limit" in levels or "upper limit" in levels:
            top = self.y.place(levels["upper limit"]) if "upper limit" in levels else self.top
            bottom = self.y.place(levels["lower limit"]) if "lower limit" in levels else self.bottom
            height = max(0.0, bottom - top)
            yield f'<rect class="allowed" x="{LEFT}" y="{short(top)}" width="{RIGHT - LEFT}" height="{short(height)}"/>'

    def _lines(self) -> Iterator[str]:
        taken: list[float] = []
        for name, value in self._levels():
            y = self.y.place(value)
            yield across(name.rpartition(" ")[2] + "-line", y)
            label = y + 4
            while any(abs(label - other) < 13 for other in taken):
                label += 13  # words of lines that lie close stand below one another
            taken.append(label)
            yield text(RIGHT + 8, label, f"{show_in(value, self.unit)} {name}", "soft")

    def _course(self) -> Iterator[str]:
        joined = [
            f"{short(self.x.place(number))},{short(self.y.place(float(point.value)))}"
            for number, point in enumerate(self.points)
            if point.state != "invalid"
        ]
        if len(joined) > 1:
            yield f'<polyline class="course" points="{" ".join(joined)}"/>'
        for number, point in enumerate(self.points):
            yield self._point(self.x.place(number), self.y.place(float(point.value)), point)

    def _point(self, x: float, y: float, point: ChartPoint) -> str:
        at = f'cx="{short(x)}" cy="{short(y)}"'
        told = [show_in(float(point.value), self.unit), point.candidate, day_text(point.at, self.zone)]
        told += [point.state.replace("_", " ")] if point.state != "counts" else []
        told += [rule.replace("_", " ") for rule in point.fired]
        title = f"<title>{safe(', '.join(filter(None, told)))}</title>"
        ring = f'<circle class="ring" {at} r="8"/>' if point.fired else ""
        if point.state == "invalid":
            shape = f'<path class="invalid" d="M{short(x)} {short(y)}m-4 -4l8 8m0 -8l-8 8"/>'
        elif point.state == "judged":
            shape = f'<path class="judged" d="M{short(x)} {short(y)}m-6 0l6 -6l6 6l-6 6z"/>'
        elif point.state == "overridden":
            shape = f'<path class="overridden" d="M{short(x)} {short(y)}m-4 -4h8v8h-8z"/>'
        else:
            shape = f'<circle class="{point.state}" {at} r="3.5"/>'
        return f"<g>{title}{ring}{shape}</g>"

    def _dates(self) -> Iterator[str]:
        step = -(-len(self.points) // _DATES)
        for number in range(0, len(self.points), step):
            words = day_text(self.points[number].at, self.zone)
            yield text(self.x.place(number), self.bottom + 18, words, "soft", "middle")

    def _happened(self, y: float) -> Iterator[str]:
        yield across("grid", y)
        for one in self.happenings:
            x = self.x.at(one.at)
            assert x is not None
            if one.what == "phase":
                yield f'<line class="phase" x1="{short(x)}" x2="{short(x)}" y1="{short(self.top)}" y2="{short(y)}"/>'
            by = f", by {one.by}" if one.by else ""
            title = f"<title>{safe(f'{day_text(one.at, self.zone)}: {one.words}{by}')}</title>"
            yield f'<g class="happening">{title}{_sign(one, x, y)}</g>'

    def _legend(self, y: float) -> Iterator[str]:
        x = float(LEFT)
        for one in {one.what: one for one in self.happenings}.values():
            yield f'<g class="happening">{_sign(one, x + 5, y - 4)}</g>{text(x + 16, y, one.what, "soft")}'
            x += 34 + 7 * len(one.what)


def _sign(one: Happening, x: float, y: float) -> str:
    return _SIGNS.get(one.what, _OTHER).format(x=short(x), y=short(y))
