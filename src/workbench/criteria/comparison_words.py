"""What a comparison of two samples found, in words.  The printed numbers never contradict the verdict."""

from __future__ import annotations

from decimal import Decimal
from math import expm1, isfinite

from workbench.criteria.clause import Inputs
from workbench.criteria.comparing import FAR, Compared, Tail
from workbench.model.quantity import from_float, show, with_unit
from workbench.statistics.percentiles import percentiles


def told(found: Compared, percent: Decimal, inputs: Inputs) -> str:
    """``3 % higher than production (98 % sure: 1 % lower to 7 % higher); up to 10 % higher is allowed``."""
    if not isfinite(found.high - found.low):
        return f"so few samples tell nothing: about {found.needed} more on each side are needed"
    if not (found.low or found.high or found.estimate):
        alike = max(inputs.samples, default=0) == min(inputs.samples, default=0)
        alike = alike and max(inputs.baseline_samples, default=0) == min(inputs.baseline_samples, default=0)
        return f"{'' if alike else 'mostly '}the same as {_whose(inputs)}"
    numbers = [
        _size(each, found, inputs) for each in (found.estimate, found.low, found.high, found.tolerance)
    ]
    texts = show(*(abs(each) for each in numbers), digits=2)
    estimate, low, high = (
        f"{_with_unit(text, found, inputs)} {_way(number, inputs)}" if number else "equal"
        for text, number in zip(texts[:3], numbers[:3], strict=True)
    )
    allowed = _allowed(texts[3], percent, found, inputs)
    words = f"{estimate} {'to' if estimate == 'equal' else 'than'} {_whose(inputs)}"
    ends = (high, low) if inputs.better == "higher" else (low, high)
    words += f" (98 % sure: {' to '.join(ends)}); up to {allowed}"
    words += "; their means are compared, for most samples are equal" if found.by_means else ""
    if found.within or found.beyond:
        return words
    return f"{words}; {_more(found.needed)}"


def _more(needed: int) -> str:
    """How many samples would tell."""
    if needed >= 1_000_000:
        return "the value is so near to that bound that hardly any number of samples would tell"
    (number,) = show(Decimal(needed))
    return f"about {number} more samples on each side would tell"


def _size(number: float, found: Compared, inputs: Inputs) -> Decimal:
    """How much worse, in per cent or in the benchmark's unit."""
    if found.ratio:
        turned = -expm1(-number) if inputs.better == "higher" else expm1(number)
        return from_float(float(f"{100 * turned:.12g}"))
    return from_float(float(f"{number / _unit(inputs):.12g}"))


def _unit(inputs: Inputs) -> float:
    """Shares are compared between 0 and 1; samples are in the benchmark's unit already."""
    return float(inputs.unit.factor) if not len(inputs.samples) else 1.0


def _with_unit(text: str, found: Compared, inputs: Inputs) -> str:
    if found.ratio:
        return f"{text} %"
    return f"{text} points" if inputs.unit.symbol == "%" else with_unit(text, inputs.unit)


def _way(worse: Decimal, inputs: Inputs) -> str:
    return "higher" if (worse > 0) == (inputs.better != "higher") else "lower"


def _allowed(text: str, percent: Decimal, found: Compared, inputs: Inputs) -> str:
    if found.ratio:
        return f"{text} % {_way(Decimal(1), inputs)} is allowed"
    return f"{_with_unit(text, found, inputs)} {_way(Decimal(1), inputs)} is allowed, {percent:f} % of it"


def _whose(inputs: Inputs) -> str:
    name = inputs.baseline_name
    return "the baseline" if name == "baseline" else name.removesuffix("'s")


def against(inputs: Inputs) -> tuple[str, ...]:
    """``p95 0.61 s against 0.48 s, p99 0.9 s against 0.5 s``, which stand beside every comparison.

    If higher is better, p5 and p1.
    """
    if not len(inputs.samples):
        return ()
    ranks = FAR[inputs.better == "higher"]
    own, base = (percentiles(side, ranks) for side in (inputs.samples, inputs.baseline_samples))
    parts = []
    for rank, *pair in zip(ranks, own, base, strict=True):
        one, other = (with_unit(text, inputs.unit) for text in show(*map(from_float, pair)))
        parts.append(f"p{rank} {one} against {other}")
    return (", ".join(parts),)


def tail_words(tail: Tail, inputs: Inputs) -> str:
    """``10 of 200 samples are outliers, 0 of 200 of the baseline's``"""
    own, base = (
        f"{tail.beyond:,} of {len(inputs.samples):,}",
        f"{tail.base_beyond:,} of {len(inputs.baseline_samples):,}",
    )
    if tail.name == "outliers":
        return f"{own} samples are outliers, {base} of the baseline's"
    beyond = "below" if inputs.better == "higher" else "beyond"
    return f"{own} samples lie {beyond} the baseline's {tail.name} by more than is allowed, {base} of its own {beyond} it"
