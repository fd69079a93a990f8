"""The figures behind a statistical verdict, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.benchmarks.judge import Judged
from workbench.criteria.figures import Figures, Fired, Limits
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.views.figures import figure_facts


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def judged(context: Context, figures: Figures | None) -> Judged:
    found = verdict_of(evaluate(context), "p95")
    outcome = msgspec.structs.replace(found.outcome, figures=figures)
    return msgspec.structs.replace(found, outcome=outcome)


def told(context: Context, figures: Figures) -> dict[str, str]:
    return {fact.label: fact.text for fact in figure_facts(judged(context, figures))}


def test_of_a_chart_limits_rules_and_chance_are_told(shop: Context) -> None:
    found = told(
        shop,
        Figures(
            form="chart",
            limits=Limits(0.45, 0.36, None),
            basis="mean ± 3 s of 22 points",
            rules_fired=(Fired("western_electric_2", "2 of the last 3 points beyond two sigma"),),
            chance=0.0091,
            needed=3,
            remarks=("autocorrelated 0.6: run rules are silent",),
        ),
    )
    assert found["Limits"] == "at least 0.36 s, centre 0.45 s"
    assert found["Rule fired"].startswith("Western Electric 2: 2 of the last 3")
    assert found["By chance"].startswith("such a check fails 0.91 % of the time")
    assert found["Needed"] == "3 measurements more" and found["Note"].startswith("autocorrelated")


def test_of_two_samples_shift_p_and_effect_are_told(shop: Context) -> None:
    figures = Figures(form="two_sample", p=2.4e-17, effect=0.23, interval=(1.11, 1.21), ratio=True)
    found = told(shop, figures)
    assert found["Shift"] == "1.11 to 1.21 times, with 98 % certainty"
    assert found["p"].startswith("2.4e-17") and found["Effect"] == "0.23, small"
    found = told(shop, msgspec.structs.replace(figures, ratio=False, interval=(-0.01, 0.02)))
    assert found["Shift"].startswith("-0.01 s to 0.02 s")


def test_a_plain_rule_has_none(shop: Context) -> None:
    assert figure_facts(judged(shop, None)) == []
