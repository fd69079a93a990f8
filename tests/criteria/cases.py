"""Short ways to put a criterion to numbers, and generated criteria."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from workbench.criteria import Inputs, Outcome, Verdict, judge, parse, tree
from workbench.criteria.tree import Amount, Criterion, Operator
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
        Decimal(value) if value is not None else None,
        find_unit(unit),
        Decimal(baseline) if baseline is not None else None,
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
    return tree.Between(Amount(min(low, high), unit), Amount(max(low, high), unit))


def clauses(share: bool = False) -> st.SearchStrategy[Criterion]:
    """Clauses that fit a benchmark in a share, or otherwise in a time."""
    units = SHARES if share else TIMES
    signed, sizes = _amounts(units, numbers), _amounts(units, positive)
    offsets = _amounts((None, "pp", "share") if share else TIMES, numbers)
    return st.one_of(
        st.builds(tree.Compare, operators, signed),
        st.builds(_between, numbers, numbers, st.sampled_from(units)),
        st.builds(tree.Relative, operators, numbers, st.just(True) if share else st.booleans()),
        st.builds(tree.Multiple, operators, positive),
        st.builds(tree.Shifted, operators, st.none() | offsets),
        st.builds(tree.WithinPercent, positive),
        st.builds(tree.Within, sizes.filter(lambda amount: amount.unit != "%")),
        st.builds(tree.Both, operators, signed),
    )


LATER = st.just(tree.InControl()) | st.builds(tree.NotWorse, st.none() | positive)


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
