"""What a report keeps of a statistical verdict: decimals only, so that it can be signed and kept."""

from __future__ import annotations

from decimal import Decimal
from math import inf, nan

from workbench.criteria.figures import Figures, Fired, Limits
from workbench.model.canonical import encode
from workbench.usecases.reporting.statistics import document, kept

FIRED = Fired("western_electric_1", "above the upper limit", "fail", False, 8, 8)


def test_what_is_kept_has_no_floats_and_says_the_same() -> None:
    figures = Figures(
        form="chart", statistic=0.69, limits=Limits(0.45, 0.36, None), rules_fired=(FIRED,), points=8
    )
    found = kept(figures)
    assert found is not None and encode(found)
    told = document(found, lambda number: number)
    assert told["limits"] == {"centre": Decimal("0.45"), "lower": Decimal("0.36"), "upper": None}
    assert (told["statistic"], told["points"], told["interval"]) == (Decimal("0.69"), 8, None)
    assert told["rules_fired"][0]["rule"] == "western_electric_1"


def test_what_is_not_finite_is_left_out() -> None:
    found = kept(Figures(form="two_sample", p=nan, interval=(1.1, inf), ratio=True))
    assert found is not None and encode(found)
    told = document(found, lambda number: number)
    assert told["p"] is None and told["interval"] == [Decimal("1.1"), None] and told["limits"] is None


def test_a_plain_rule_keeps_nothing() -> None:
    assert kept(None) is None
