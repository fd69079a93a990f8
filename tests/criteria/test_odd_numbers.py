"""Whatever numbers come: a verdict and its words, and never a pass of what is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbench.criteria import Charting, Earlier, Inputs, Verdict, as_json, fed, judge, parse, text
from workbench.model.quantity import find_unit, from_float

odd = st.one_of(
    st.floats(-1e100, 1e100),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 5e-324, 1e-300, 1e300, -1e300, 1.0, 1.0 + 2**-52]),
    st.integers(-3, 3).map(float),
)
kept = st.one_of(
    st.floats(-1e100, 1e100), st.integers(-3, 3).map(float), st.sampled_from([1e-99, 1e100, -1e100])
)
BETTER = st.sampled_from(["lower", "higher", "neither"])
CONTROL, WORSE = parse("in control"), parse("not worse than baseline by 25%")


@given(
    st.lists(kept, max_size=40),
    odd,
    BETTER,
    st.sampled_from(["mean_3s", "xmr", "prediction", "moving_average", "ewma"]),
    st.sampled_from(["linear", "log"]),
    st.sampled_from(["", "%", "ms"]),
    st.none() | st.integers(0, 10**9),
)
def test_any_history(
    history: list[float], value: float, better: str, chart: Any, scale: Any, unit: str, count: int | None
) -> None:
    inputs = Inputs(
        value=from_float(value) if value == value else Decimal("NaN"),
        unit=find_unit(unit),
        better=better,
        charting=Charting(chart=chart, scale=scale),
        least=0.0,
        count=count,
    )
    earlier = tuple(Earlier(None, from_float(each), count) for each in history)
    outcome = judge(
        CONTROL, None, Inputs(**{**_fields(inputs), "history": fed(CONTROL, None, inputs, earlier)})
    )
    assert text(CONTROL, outcome) and as_json(CONTROL, outcome)
    if outcome.verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL):
        assert outcome.figures is not None and outcome.figures.points >= 8
    assert text(CONTROL, outcome.told_in(find_unit({"": "", "%": "share", "ms": "h"}[unit])))


def _fields(inputs: Inputs) -> dict[str, Any]:
    return {name: getattr(inputs, name) for name in inputs.__struct_fields__}


@given(st.lists(odd, max_size=40), st.lists(odd, max_size=40), BETTER, st.integers(1, 20))
def test_any_samples(samples: list[float], baseline: list[float], better: str, least: int) -> None:
    inputs = Inputs(
        value=None,
        unit=find_unit("ms"),
        samples=samples,
        baseline_samples=baseline,
        better=better,
        min_samples=least,
    )
    outcome = judge(WORSE, None, inputs)
    assert text(WORSE, outcome) and as_json(WORSE, outcome)
    if outcome.verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL):
        assert min(len(samples), len(baseline)) >= least


@given(
    st.decimals(0, 100, places=4),
    st.decimals(0, 100, places=4),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    BETTER,
)
def test_any_shares(share: Decimal, base: Decimal, count: int, base_count: int, better: str) -> None:
    inputs = Inputs(
        value=share,
        baseline=base,
        unit=find_unit("%"),
        count=count,
        baseline_count=base_count,
        better=better,
    )
    outcome = judge(WORSE, None, inputs)
    assert text(WORSE, outcome) and as_json(WORSE, outcome)
