"""What can be said of a query before it is asked: variables, environments, units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from workbench.model.canonical import decimal_text
from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Doubt, Place
from workbench.model.quantity import UNITS, Unit, find_unit, rescale
from workbench.sources.prometheus import PrometheusMeasure
from workbench.sources.prometheus.mistakes import mistakes
from workbench.sources.prometheus.units import Proved, unit_of, without_comments
from workbench.sources.prometheus.variables import fill

_VARIABLE = re.compile(r"\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)", re.ASCII)


def doubts(measure: PrometheusMeasure, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved, and what hardly can be meant."""
    query = measure.query or ""
    labels = " ".join((measure.alerts or {}).values())
    written = (
        ("query", query),
        ("alerts", labels),
        ("samples", measure.samples or ""),
        ("histogram", measure.histogram or ""),
    )
    unfilled = [doubt for field, text in written for doubt in _unfilled(field, text, asked.places)]
    yield from unfilled or _same_question(measure, asked)
    yield from _behind(measure)
    yield from mistakes(query)
    yield from _wrong_unit(query, asked.unit)


def _names(text: str) -> set[str]:
    return {braced or plain for braced, plain in _VARIABLE.findall(text)} - {""}


def build_doubts(query: str, place: Place) -> Iterable[Doubt]:
    """The same of the query that tells which build runs at a place."""
    return _unfilled("query", query, [place])


def _unfilled(field: str, text: str, places: Iterable[Place]) -> Iterable[Doubt]:
    for place in places:
        if _names(text) <= place.variables.keys():
            continue
        try:
            fill(text, place.variables)
        except SourceError as error:
            yield Doubt(field, error.what, error.hint, error=True)
            return


def _same_question(measure: PrometheusMeasure, asked: Asked) -> Iterable[Doubt]:
    """A baseline that is measured beside the value needs a question of its own."""
    if len(asked.places) < 2:
        return
    value, baseline = asked.places
    told_apart = {
        name for name, text in value.variables.items() if baseline.variables.get(name) != text
    }  # what both fill alike asks both the same
    field = "alerts" if measure.query is None else "query"
    asks = " ".join((measure.alerts or {}).values()) if measure.query is None else measure.query
    if not _names(without_comments(asks)) & told_apart:
        yield Doubt(
            field,
            f"the query asks the same of {value.key} and {baseline.key}, so a value would be compared with itself",
            'select by $environment, for example with {env="$environment"}',
            error=True,
        )
        return
    for name, does in (("samples", "counts"), ("histogram", "gives")):
        text: str | None = getattr(measure, name)
        if text is not None and not _names(without_comments(text)) & told_apart:
            yield Doubt(
                name,
                f"“{name}” {does} the same for {value.key} and {baseline.key}, whatever the query selects",
                "select by $environment there, too",
            )


def _behind(measure: PrometheusMeasure) -> Iterable[Doubt]:
    if measure.slices is not None and measure.histogram is not None:
        yield Doubt("slices", "one value keeps slices or a histogram, not both", "remove one", error=True)
    elif measure.query is None and _beside(measure):
        yield Doubt(
            "alerts",
            f"alerts are counted, and have no {' or '.join(_beside(measure))}",
            "leave it out",
            error=True,
        )
    elif measure.slices is not None and "window" not in _names(without_comments(measure.query or "")):
        yield Doubt(
            "slices",
            "the slices overlap or leave gaps: the query looks back over a stretch of its own",
            "write [$window], which is one slice when slices are asked for",
        )


def _beside(measure: PrometheusMeasure) -> list[str]:
    """The fields beside ``alerts`` that only a query has."""
    return [
        name for name in ("samples", "trend", "slices", "histogram") if getattr(measure, name) is not None
    ]


def _wrong_unit(query: str, symbol: str) -> Iterable[Doubt]:
    try:
        unit = find_unit(symbol)
    except ValueError:
        return  # told already
    if unit.kind == "count":
        return
    proved = unit_of(query)
    if proved is None or (proved.kind != unit.kind and not proved.by_name):
        return
    if proved.kind == unit.kind and proved.factor == unit.factor:
        return
    own = _unit_of(proved)
    name = "a share of 1" if own is not None and own.symbol == "share" else f"in {own.symbol}" if own else ""
    source = f" ({proved.metric})" if proved.metric else ""
    yield Doubt(
        "unit",
        f"the unit is {unit.symbol}, and what the query gives is {name or 'in another one'}{source}",
        _way_out(unit, own, proved),
        error=True,
    )


def _unit_of(proved: Proved) -> Unit | None:
    return next(
        (unit for unit in UNITS.values() if unit.kind == proved.kind and unit.factor == proved.factor), None
    )


def _way_out(unit: Unit, own: Unit | None, proved: Proved) -> str:
    ways = [f"write unit: {own.symbol}"] if own is not None else []
    if proved.kind == unit.kind:
        times = rescale(Decimal(1), own, unit) if own is not None else proved.factor / unit.factor
        number = times if times >= 1 else 1 / times
        if number == number.to_integral_value():
            verb = "multiply the query by" if times >= 1 else "divide the query by"
            ways.append(f"{verb} {decimal_text(Decimal(int(number)))}")
    return ", or ".join(ways) or "write the unit that the metric is in"
