"""Mistakes that the text of a query shows before anybody asks it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.model.kinds import Doubt
from workbench.sources.prometheus.reasons import loses_le, without_texts

_QUANTILE = re.compile(
    r"\b(histogram_quantile|quantile_over_time|quantile)\s*(?:(?:by|without)\s*\([^)]*\)\s*)?\(\s*([0-9.]+)\s*,"
)
_SELECTOR = r"[a-zA-Z_:][\w:]*\s*(?:\{[^}]*\})?"
_COUNTER = re.compile(r"(?<![\w:])([a-zA-Z_:][\w:]*_total)\b\s*(?:\{[^}]*\})?\s*(?![\w:\[{])")
_OF_A_STRETCH = r"(?:rate|irate|increase|delta|idelta|deriv|changes|resets|\w+_over_time)"
_NO_WINDOW = re.compile(rf"\b({_OF_A_STRETCH})\s*\(\s*(?:[0-9.]+\s*,\s*)?{_SELECTOR}\s*\)")
_OF_COUNTERS = re.compile(
    rf"\b(?:{_OF_A_STRETCH}|count|absent|group|timestamp|label_replace|label_join)\s*(?:by|without|\()"
)
_AVERAGED = re.compile(
    r"\bavg\s*(?:(?:by|without)\s*\([^)]*\)\s*)?\([^()]*(?:\bquantile\s*=|\bhistogram_quantile\b)"
)
_RATE_OF_SUM = re.compile(r"\b(rate|increase|irate)\s*\(\s*(?:sum|avg|max|min|count)\b")
_COMPARED = re.compile(r"(?:[<>]=?|[=!]=)(?!\s*bool\b|~)")


def mistakes(query: str) -> Iterator[Doubt]:
    """What is hardly meant: the value would be missing, or another one than people think."""
    plain = without_texts(query)
    for name, text in _QUANTILE.findall(plain):
        if text.count(".") <= 1 and text != "." and float(text) > 1:
            share = f"{float(text) / 100:g}"
            what = f"{name} takes a share from 0 to 1, and {text} is more: the answer is always +Inf"
            yield Doubt("query", what, f"write {share}" if float(text) <= 100 else None, error=True)
    if loses_le(plain):
        what = "histogram_quantile needs the label le, which the sum inside it drops: there will be no series"
        yield Doubt("query", what, "write sum by (le) (…)")
    if found := _NO_WINDOW.search(plain):
        what = (
            f"{found[1]} looks back over no stretch: Prometheus refuses that, and VictoriaMetrics chooses one"
        )
        yield Doubt("query", what, "write [$window] behind what it looks at")
    elif "/" not in plain and not _OF_COUNTERS.search(plain) and (found := _COUNTER.search(plain)):
        what = f"{found[1]} counts since its program was started, so its value depends on the last restart"
        yield Doubt("query", what, f"write increase({found[1]}[$window]) or rate({found[1]}[$window])")
    if found := _RATE_OF_SUM.search(plain):
        what = f"{found[1]} of a sum takes every restart of one program for a jump of all"
        yield Doubt("query", what, f"sum the rates instead: sum({found[1]}(…))")
    if _AVERAGED.search(plain):
        yield Doubt(
            "query",
            "an average of percentiles is a percentile of nothing",
            "compute it of the sum of the buckets",
        )
    if _COMPARED.search(_outermost(plain)):
        what = "the comparison leaves no series where it does not hold: a value that fails would be missing"
        yield Doubt("query", what, "leave the limit to “pass”, or write > bool")


def _outermost(plain: str) -> str:
    """What stands in no brackets."""
    depth, found = 0, []
    for character in plain:
        depth += (character in "([{") - (character in ")]}")
        found.append(character if depth == 0 else " ")
    return "".join(found)
