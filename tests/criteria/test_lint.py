"""Rules that cannot do what they seem to say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.criteria import Criterion, CriterionError, Inputs, Verdict, judge, lint, parse
from workbench.model.quantity import find_unit

from .cases import clauses, criteria

MS = find_unit("ms")


def _lint(pass_: str, warn: str | None = None, unit: str = "ms") -> list[str]:
    return lint(parse(pass_), parse(warn) if warn else None, find_unit(unit))


@pytest.mark.parametrize(
    ("pass_", "warn", "what"),
    [
        ("<= 5 or >= 3", None, "can never fail"),
        ("<= 1 s or > 999 ms", None, "can never fail"),
        ("<= 2 x baseline or >= baseline", None, "can never fail"),
        ("<= baseline + 20% or > baseline + 10%", None, "can never fail"),
        ("within 20% of baseline or < baseline or > baseline", None, "can never fail"),
        ("<= 3 and >= 5", None, "can never be met"),
        ("both <= 3 and > baseline + 1 and >= 4", None, "can never be met"),
        ("within 20% of baseline", "within 10% of baseline", "can never fire"),
        ("within 20% of baseline", "within 20% of baseline", "can never fire"),
        ("<= baseline + 20%", "<= 1.2 x baseline", "can never fire"),
        ("<= 600 ms", "<= 0.5 s", "can never fire"),
        ("<= baseline + 20% or both <= 50 ms", "both <= 40 ms", "can never fire"),
    ],
)
def test_the_provable_is_an_error(pass_: str, warn: str | None, what: str) -> None:
    with pytest.raises(CriterionError, match=what) as caught:
        _lint(pass_, warn)
    assert caught.value.rule == ("warn" if what == "can never fire" else "pass")


@pytest.mark.parametrize(
    ("pass_", "warn"),
    [
        ("within 20% of baseline", "within 30% of baseline"),
        ("within 20% of baseline or both <= 50 ms", "within 30% of baseline"),
        ("<= 5 or >= 6", None),
        ("<= 2 x baseline", "<= 600 ms"),
        ("< 5 or > 5", None),
        ("== 0", "<= 1"),
        ("in control or <= 5", "not worse than baseline"),
    ],
)
def test_ordinary_rules_are_left_alone(pass_: str, warn: str | None) -> None:
    assert _lint(pass_, warn) == []


@pytest.mark.parametrize(
    ("pass_", "warn", "what"),
    [
        (">= 0", None, "the pass rule “>= 0” can never fail, unless values are negative"),
        ("< 0", None, "the pass rule “< 0” can never be met, unless values are negative"),
        (">= 5", "< 0", "the warn rule “< 0” can never fire: where the pass rule fails, it fails too, "
         "unless values are negative"),
        ("<= 5 or both >= 0", None, "can never fail, unless values are negative"),
    ],
)  # fmt: skip
def test_the_doubtful_is_a_warning(pass_: str, warn: str | None, what: str) -> None:
    warnings = _lint(pass_, warn)
    assert len(warnings) == 1
    assert what in warnings[0]


@settings(max_examples=150)
@given(
    criteria(clauses()),
    st.none() | criteria(clauses()),
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=5, max_size=20),
)
def test_what_is_proved_holds(pass_: Criterion, warn: Criterion | None, cases: list[tuple[int, int]]) -> None:
    """No case, however it is chosen, contradicts an error that lint raises."""
    try:
        lint(pass_, warn, MS)
    except CriterionError as error:
        for value, baseline in cases:
            verdict = judge(
                pass_, warn, Inputs(value=Decimal(value), unit=MS, baseline=Decimal(baseline))
            ).verdict
            refuted = {
                "fail": Verdict.FAIL, "met": Verdict.PASS, "fire": Verdict.WARN,
            }[error.what.split("can never ")[1].removeprefix("be ").split(":")[0].split()[0]]  # fmt: skip
            assert verdict is not refuted
