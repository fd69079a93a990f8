"""An outcome in words.  The printed numbers never contradict the verdict."""

from __future__ import annotations

from decimal import Decimal, localcontext

import msgspec

from workbench.criteria.clause import Comparison, Outcome
from workbench.criteria.operators import Operator
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import Unit, show, significant, with_unit

_DIGITS = 500  # working precision while numbers are shortened; more than any number here has


class Shown(msgspec.Struct, frozen=True):
    """The numbers of an outcome as text with units; empty where there is none."""

    value: str = ""
    limit: str = ""
    baseline: str = ""


def shown(outcome: Outcome) -> Shown:
    """Value, limit and baseline with as many digits as it takes to keep their order."""
    numbers = {
        "value": _finite(outcome.inputs.value),
        "limit": outcome.limit,
        "baseline": _finite(outcome.inputs.baseline),
    }
    known = {name: number for name, number in numbers.items() if number is not None}
    with localcontext(prec=_DIGITS):
        texts = show(*known.values())
    unit = outcome.inputs.unit
    return Shown(**{name: with_unit(text, unit) for name, text in zip(known, texts, strict=True)})


def _finite(number: Decimal | None) -> Decimal | None:
    # Absurdly large or small numbers are not judged and would only fill the screen.
    if number is None or not number.is_finite() or abs(number.adjusted()) > _DIGITS // 2:
        return None
    return number


def difference(margin: Decimal, unit: Unit) -> str:
    """A distance as text; between percentages it is counted in points."""
    with localcontext(prec=_DIGITS):
        (number,) = show(margin)
    if unit.symbol != "%":
        return with_unit(number, unit)
    return f"{number} {'point' if number == '1' else 'points'}"


def percentage(percent: Decimal) -> str:
    """A percentage as text, never 0 unless it is: two digits, or three where they are exact (12.5)."""
    with localcontext(prec=_DIGITS):
        (number,) = show(percent, digits=3 if significant(percent, 3) == percent else 2)
    return f"{number} %"


def headline(outcome: Outcome) -> str:
    """``28 % over its limit``, ``0.06 s to spare``, or why nothing is known."""
    margin, limit = outcome.margin, outcome.limit
    if margin is None or limit is None or not outcome.verdict.known:
        return outcome.reason
    if outcome.inputs.unit.kind == "version":  # two minors less a patch are no number of anything
        return "within its limit" if outcome.verdict is Verdict.PASS else "over its limit"
    fired = outcome.figures.rules_fired if outcome.figures else ()
    if fired and margin >= 0:
        return fired[0].words
    if outcome.verdict is Verdict.PASS and margin >= 0:
        return f"{difference(margin, outcome.inputs.unit)} to spare" if margin else _at_limit(outcome)
    number = outcome.clause.decisive(outcome.inputs, limit)
    assert number is not None
    whose = "its limit" if number == outcome.inputs.value else "the limit, on the side of the baseline"
    if not margin:
        side = "below" if _operator(outcome) is Operator.BELOW else "above"
        return f"exactly at {whose}, and must be {side} it"
    percent, unit = outcome.margin_percent, outcome.inputs.unit
    # “0.5 % under” would be read as points where the value itself is a percentage.
    in_percent = percent is not None and unit.kind != "share"
    size = percentage(abs(percent)) if percent and in_percent else difference(abs(margin), unit)
    words = f"{size} {'over' if number > limit else 'under'} {whose}"
    return f"{words}, of which its run rules take no notice" if outcome.verdict is Verdict.PASS else words


def _at_limit(outcome: Outcome) -> str:
    return "exactly as required" if _operator(outcome) is Operator.EQUAL else "exactly at its limit"


def _operator(outcome: Outcome) -> Operator | None:
    return outcome.clause.operator if isinstance(outcome.clause, Comparison) else None


def sentence(outcome: Outcome) -> str:
    """The headline with its numbers: what was measured, the limit, and where the limit comes from."""
    return sentence_of(outcome, headline(outcome), shown(outcome) if outcome.limit is not None else Shown())


def sentence_of(outcome: Outcome, words: str, numbers: Shown) -> str:
    """The same for who has headline and numbers already."""
    if outcome.limit is not None:
        source = origin(outcome, numbers.baseline)
        words += f": {numbers.value}, limit {numbers.limit}" + (f" ({source})" if source else "")
    return f"{words}; {outcome.note}" if outcome.note else words


def origin(outcome: Outcome, baseline: str) -> str:
    """Where the limit comes from: ``production's 0.45 s plus 20 %``; empty for a plain number."""
    return "" if outcome.limit is None else outcome.clause.origin(outcome, _whose(outcome, baseline))


def _whose(outcome: Outcome, baseline: str) -> str:
    name = outcome.inputs.baseline_name
    whose = name if name == "baseline" or name.endswith("'s") else f"{name}'s"
    return f"{whose} {baseline}"


class Allowed(msgspec.Struct, frozen=True):
    """What a rule lets pass: ``range`` in words, and ``source``, where that comes from ("" for plain numbers).

    ``low`` and ``high`` are the bounds as text with their unit; "" is no bound on that side.
    """

    range: str = ""
    source: str = ""
    low: str = ""
    high: str = ""


def allowed(outcome: Outcome) -> Allowed:
    """``0.36–0.54 s`` from ``production's 0.45 s ± 20 %``; nothing where there is no limit."""
    low, high = outcome.accepts()
    if low is None and high is None:
        return Allowed()
    source = outcome.clause.around(outcome, _whose(outcome, shown(outcome).baseline))
    texts = _bounds(outcome, low, high)
    at_low, at_high = (with_unit(text, outcome.inputs.unit) if text else "" for text in texts)
    strict = _operator(outcome) in (Operator.BELOW, Operator.ABOVE)
    if low == high:
        return Allowed(f"exactly {at_low}", source, at_low, at_high)
    if low is None:
        return Allowed(f"{'less than' if strict else 'at most'} {at_high}", source, "", at_high)
    if high is None:
        return Allowed(f"{'more than' if strict else 'at least'} {at_low}", source, at_low, "")
    dash = " to " if low < 0 else "–"
    return Allowed(f"{texts[0]}{dash}{at_high}", source, at_low, at_high)


def _bounds(outcome: Outcome, low: Decimal | None, high: Decimal | None) -> tuple[str, str]:
    """Both bounds as text, each apart from the value and the baseline as :func:`shown` has them."""
    inputs = outcome.inputs
    numbers = {"low": low, "high": high, "value": _finite(inputs.value), "baseline": _finite(inputs.baseline)}
    known = {name: number for name, number in numbers.items() if number is not None}
    with localcontext(prec=_DIGITS):
        texts = dict(zip(known, show(*known.values()), strict=True))
    return texts.get("low", ""), texts.get("high", "")
