"""A figure in words: its count, its value with its interval, what it counts and leaves out.

A share is told only where ten releases or more stand behind it, and ten things or more are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.learning import staging
from workbench.learning.figure import ENOUGH, Figure, Left
from workbench.model.quantity import grouped
from workbench.model.text import number_of
from workbench.usecases.views.marks import Fact

TOO_FEW = "too few to say"
NOTHING = "nothing to count"
_NAMED = 12


def count_text(figure: Figure) -> str:
    """``9 of 11``, or ``12 in 90 days``."""
    if figure.unit == "per week":
        return f"{figure.numerator:,} in {number_of(figure.denominator, 'day')}"
    return f"{figure.numerator:,} of {figure.denominator:,}"


def value_text(figure: Figure) -> str:
    """``82 %, 52–95 %``; why there is nothing to say where too few are counted."""
    if not figure.numerator and not figure.denominator:
        return NOTHING
    if figure.too_few or figure.value is None:
        return TOO_FEW
    told = in_unit(figure.value, figure)
    if figure.interval is None:
        return told
    low, high = figure.interval
    return f"{told}, {between(low, high, figure)}"


def in_unit(value: float, figure: Figure) -> str:
    """A value in the figure's unit: ``82 %``, ``2.1 h``, ``0.8 a week``."""
    match figure.unit:
        case "share":
            return f"{100 * value:.0f} %"
        case "hours":
            return hours_text(value)
        case _:
            return f"{short(value)} a week"


def between(low: float, high: float, figure: Figure) -> str:
    """Two values in the figure's unit: ``52–95 %``, ``2 h to 9 h``."""
    match figure.unit:
        case "share":
            return f"{100 * low:.0f}–{100 * high:.0f} %"
        case "hours":
            return f"{hours_text(low)} to {hours_text(high)}"
        case _:
            return f"{short(low)}–{short(high)}"


def hours_text(hours: float | Decimal) -> str:
    """``45 min``, ``2.1 h``, ``3.5 days``."""
    number = float(hours)
    if not number:
        return "no time"
    if 0 < number < 1:
        return f"{max(1, round(60 * number))} min"
    return f"{short(number)} h" if number < 72 else f"{short(number / 24)} days"


def short(number: float) -> str:
    """Up to three digits, none after the point where they are nought."""
    text = f"{number:.1f}" if number < 100 else f"{number:.0f}"
    return grouped(text.removesuffix(".0"))


def sentence(figure: Figure) -> str:
    """What a figure counts, of what, in one sentence: ``9 of 11 releases that … had no trouble``."""
    counted = f"{count_text(figure)}: {figure.counts}"
    if figure.unit == "per week":
        return f"{counted}."
    return f"{counted}, of {figure.among}."


SPAN = 20  # cells from 0 to 100 %


def span_text(figure: Figure) -> str:
    """A share on a line from 0 to 100 %, its interval thick: ``──────────━━━━━━┿━━──``; "" where it is too few to say."""
    if figure.unit != "share" or figure.too_few or figure.value is None or figure.interval is None:
        return ""
    low, high, value = (min(SPAN - 1, int(SPAN * each)) for each in (*figure.interval, figure.value))
    line = ["━" if low <= n <= high else "─" for n in range(SPAN)]
    line[value] = "┿"
    return "".join(line)


def facts_of(figure: Figure, names: Mapping[str, str]) -> tuple[Fact, ...]:
    """What a figure counts, how sure it is, what it rests on, and what it leaves out."""
    found = [Fact("Counts", figure.counts)]
    if figure.unit != "per week":
        found.append(Fact("Of", figure.among))
    if figure.unit == "hours":
        found.append(Fact("Value", "the median; half took longer"))
    if figure.interval is not None and figure.value is not None:
        low, high = figure.interval
        bounds = f"{between(low, high, figure)} with 95 % confidence"
        known = f"{TOO_FEW}: anything from " if figure.too_few else f"{in_unit(figure.value, figure)}, "
        found.append(Fact("Reckoned", f"{known}{bounds}"))
    found.append(Fact("Rests on", rests_on(figure)))
    if figure.ids:
        found.append(Fact("Counted", listed(figure.ids, names)))
    counted = frozenset(figure.ids)
    rest = [id for id in figure.of if id not in counted]
    if rest:
        found.append(Fact("The others", listed(rest, names)))
    found += [Fact("Left out", f"{one.why}: {listed(one.ids, names)}") for one in figure.left]
    return tuple(found)


def rests_on(figure: Figure) -> str:
    """``11 releases whose watching has ended; 10 are enough``."""
    if figure.key == staging.DRILLS_WORKED.key:
        return f"{number_of(figure.rests_on, 'drill')}; {ENOUGH} are enough"
    known = f"{number_of(figure.rests_on, 'release')} whose watching has ended"
    return f"{known}; it takes {ENOUGH}" if figure.rests_on < ENOUGH else known


def listed(ids: Sequence[str], names: Mapping[str, str]) -> str:
    """The things by what people call them, the first dozen."""
    told = ", ".join(names.get(id, id) for id in ids[:_NAMED])
    return f"{told} and {len(ids) - _NAMED} more" if len(ids) > _NAMED else told


def figure_document(figure: Figure, section: str = "") -> dict[str, Any]:
    """One figure."""
    told = {
        "key": figure.key,
        "title": figure.title,
        "counts": figure.counts,
        "among": figure.among,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": figure.value,
        "unit": figure.unit,
        "interval": list(figure.interval) if figure.interval is not None else None,
        "n": figure.rests_on,
        "too_few": figure.too_few,
        "better": figure.better or None,
        "ids": figure.ids,
        "of": figure.of,
        "left_out": left_document(figure.left),
        "words": f"{sentence(figure)} {value_text(figure)}",
    }
    return {"section": section, **told} if section else told


def left_document(left: Iterable[Left]) -> list[dict[str, Any]]:
    """What a figure leaves out, and why."""
    return [{"why": one.why, "ids": one.ids} for one in left]
