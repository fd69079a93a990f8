"""Short ways to put a criterion to numbers, and generated criteria."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from workbench.criteria import Criterion, Inputs, Outcome, Verdict, judge, parse, tree
from workbench.criteria.amount import Amount
from workbench.criteria.forms.between import Between
from workbench.criteria.forms.both import Both
from workbench.criteria.forms.compare import Compare
from workbench.criteria.forms.in_control import InControl
from workbench.criteria.forms.multiple import Multiple
from workbench.criteria.forms.not_worse import NotWorse
from workbench.criteria.forms.offset import Relative, Shifted
from workbench.criteria.forms.within import Within, WithinPercent
from workbench.criteria.operators import Operator
from workbench.model.quantity import find_unit


def inputs(
    value: str | Decimal | None,
    baseline: str | Decimal | None = None,
    unit: str = "",
    *,
    value_state: Verdict | None = None,
    baseline_state: Verdict | None = None,
    name: str = "baseline",
) -> Inputs:
    return Inputs(
        value=Decimal(value) if value is not None else None,
        unit=find_unit(unit),
        baseline=Decimal(baseline) if baseline is not None else None,
        value_state=value_state,
        baseline_state=baseline_state,
        baseline_name=name,
    )


def tried(
    text: str,
    value: str | Decimal | None,
    baseline: str | Decimal | None = None,
    unit: str = "",
    warn: str | None = None,
) -> Outcome:
    return judge(parse(text), parse(warn) if warn else None, inputs(value, baseline, unit))


numbers = st.decimals(-1000, 1000, places=3)
positive = st.decimals("0.001", 1000, places=3)
operators = st.sampled_from(Operator)
TIMES = (None, "ms", "s", "min", "us")
SHARES = (None, "%", "share")


def _amounts(units: tuple[str | None, ...], values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Amount]:
    # “<= -5%” is refused as ambiguous, so negative bounds are not written in per cent.
    return st.builds(Amount, values, st.sampled_from(units)).filter(
        lambda amount: amount.number >= 0 or amount.unit != "%"
    )


def _between(low: Decimal, high: Decimal, unit: str | None) -> Criterion:
    return Between(Amount(min(low, high), unit), Amount(max(low, high), unit))


def clauses(share: bool = False) -> st.SearchStrategy[Criterion]:
    """Clauses that fit a benchmark in a share, or otherwise in a time."""
    units = SHARES if share else TIMES
    signed, sizes = _amounts(units, numbers), _amounts(units, positive)
    offsets = _amounts((None, "pp", "share") if share else TIMES, numbers)
    return st.one_of(
        st.builds(Compare, operators, signed),
        st.builds(_between, numbers, numbers, st.sampled_from(units)),
        st.builds(Relative, operators, numbers, st.just(True) if share else st.booleans()),
        st.builds(Multiple, operators, positive),
        st.builds(Shifted, operators, st.none() | offsets),
        st.builds(WithinPercent, positive),
        st.builds(Within, sizes.filter(lambda amount: amount.unit != "%")),
        st.builds(Both, operators, signed),
    )


LATER = st.just(InControl()) | st.builds(NotWorse, st.none() | positive)


def criteria(leaf: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    """Trees of clauses joined by and, or and parentheses."""
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: tree.all_of(*parts))
            | st.lists(inner, min_size=2, max_size=3).map(lambda parts: tree.any_of(*parts))
        ),
        max_leaves=6,
    )
