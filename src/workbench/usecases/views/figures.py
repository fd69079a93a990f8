"""The figures behind a statistical verdict, each with its name."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.benchmarks.judge import Judged
from workbench.criteria.figures import Figures, Fired
from workbench.model.quantity import from_float, show
from workbench.model.text import number_of
from workbench.statistics.effects import size_of
from workbench.usecases.views.benchmark import quantity
from workbench.usecases.views.marks import Fact, Mark


def figure_facts(judged: Judged) -> list[Fact]:
    """Limits, rules that fired, interval, p and effect, and what chance alone does; [] of a rule without any."""
    figures = judged.outcome.figures
    return list(_facts(figures, judged)) if figures is not None else []


def _facts(figures: Figures, judged: Judged) -> Iterator[Fact]:
    if (limits := figures.limits) is not None:
        low, high = (_said(each, judged) for each in (limits.lower, limits.upper))
        between = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
        yield Fact("Limits", f"{between}, centre {_said(limits.centre, judged)}")
    if figures.basis:
        yield Fact("From", figures.basis)
    for rule in figures.rules_fired:
        warns = rule.effect == "warn" or rule.harmless
        yield Fact("Rule fired", f"{_name(rule)}: {rule.words}", Mark.WARNS if warns else None)
    if figures.interval is not None:
        yield Fact("Shift", f"{_interval(figures, judged)}, with 98 % certainty")
    if figures.form == "two_sample" and figures.p is not None:
        yield Fact("p", f"{figures.p:.2g}, by Mann and Whitney")
    if figures.effect is not None:
        yield Fact("Effect", f"{figures.effect:.2g}, {size_of(figures.effect)}")
    if figures.needed:
        noun = "measurement" if figures.form == "chart" else "sample"
        yield Fact("Needed", f"{number_of(figures.needed, noun)} more")
    if figures.chance is not None:
        yield Fact(
            "By chance", f"such a check fails {figures.chance * 100:.2g} % of the time by chance alone"
        )
    for remark in figures.remarks:
        if remark not in judged.remarks:  # it is said at the top already
            yield Fact("Note", remark)


def _name(rule: Fired) -> str:
    """``Western Electric 2``."""
    family, _, number = rule.rule.rpartition("_")
    return f"{family.replace('_', ' ').title()} {number}"


def _said(number: float | None, judged: Judged) -> str:
    return quantity(from_float(number), judged) if number is not None else ""


def _interval(figures: Figures, judged: Judged) -> str:
    assert figures.interval is not None
    low, high = (from_float(each) for each in figures.interval)
    if figures.ratio:
        texts = show(low, high)
        return f"{texts[0]} to {texts[1]} times"
    return f"{quantity(low, judged)} to {quantity(high, judged)}"
