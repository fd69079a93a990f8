"""What ``workbench try`` prints."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from workbench.criteria import Inputs, Verdict, as_json, judge, parse, text, tried
from workbench.model.quantity import find_unit

from .cases import inputs


def _text(rule: str, numbers: Inputs, warn: str | None = None) -> str:
    criterion = parse(rule)
    return text(criterion, judge(criterion, parse(warn) if warn else None, numbers))


def test_a_failure_in_full() -> None:
    assert _text("within 20% of baseline", inputs("0.69", "0.45", "s")).splitlines() == [
        "fail   28 % over its limit",
        "value  0.69 s",
        "limit  0.54 s   (baseline 0.45 s plus 20 %)",
        "margin -0.15 s  (-28 %)",
        "rule   within 20% of baseline",
    ]


def test_a_warning_and_the_whole_criterion() -> None:
    shown = _text("<= 5 ms or both <= 2 ms", inputs("6", "6", "ms"), "<= 7 ms").splitlines()
    assert shown[0] == "warn   20 % over its limit"
    assert shown[-3:] == [
        "rule   <= 5 ms",
        "from   <= 5 ms or both <= 2 ms",
        "note   a warning only, because “<= 7 ms” is met",
    ]


def test_unknowns() -> None:
    assert _text("<= 5", inputs(None)) == "missing no data\nrule   <= 5"
    assert _text("<= baseline", inputs("1")).splitlines()[0] == (
        "no_baseline nothing to compare: the baseline has no value"
    )
    assert "baseline 0 s" in _text("within 5% of baseline", inputs("1", "0", "s"))
    assert "\nvalue" not in _text("<= 5", inputs("1e-999999"))


def test_json_numbers_are_short_and_in_the_unit() -> None:
    criterion, numbers = parse("within 20% of baseline"), inputs("0.69", "0.45", "s")
    shown = json.dumps(as_json(criterion, judge(criterion, None, numbers)))
    assert '"limit": 0.54' in shown
    assert '"margin": -0.15' in shown
    assert json.loads(shown) == {
        "verdict": "fail", "limit": 0.54, "limit_low": 0.36, "limit_high": 0.54, "margin": -0.15,
        "margin_percent": -27.77777777777778, "rule": "within 20% of baseline",
        "criterion": "within 20% of baseline", "value": 0.69, "baseline": 0.45, "unit": "s",
        "why": "28 % over its limit: 0.69 s, limit 0.54 s (baseline 0.45 s plus 20 %)",
    }  # fmt: skip


def test_json_holds_only_what_json_can_say() -> None:
    criterion = parse("<= baseline + 20%")
    for value in ("NaN", "1e400", "-1e400", "0", "1e20"):
        numbers = Inputs(value=Decimal(value), unit=find_unit(""), value_state=Verdict.ERROR)
        shown = as_json(criterion, judge(criterion, None, numbers))
        json.dumps(shown, allow_nan=False)
        assert shown["limit"] is None


@pytest.mark.parametrize(
    ("rule", "value", "baseline", "unit", "told"),
    [
        ("<= 600 ms", "0.6", None, "s", ("pass", 600, 600, 0, None, "ms")),
        ("<= 600 ms", "600", None, None, ("pass", 600, 600, 0, None, "ms")),
        ("<= baseline + 50 ms", "0.52", "0.45", "s", ("fail", 520, 500, -20, 450, "ms")),
        (">= baseline - 1 pp", "0.98", "0.99", "share", ("pass", 98, 98, 0, 99, "%")),
        ("within 20% of baseline", "118", "100", "ms", ("pass", 118, 120, 2, 100, "ms")),
        ("<= 5", "4", None, "s", ("pass", 4, 5, 1, None, "s")),
        ("<= 5", "4", None, None, ("pass", 4, 5, 1, None, "")),
    ],
)
def test_what_is_tried_is_told_in_the_criterions_unit(
    rule: str, value: str, baseline: str | None, unit: str | None, told: tuple[object, ...]
) -> None:
    criterion = parse(rule)
    outcome = tried(
        criterion, Decimal(value), Decimal(baseline) if baseline else None, find_unit(unit) if unit else None
    )
    shown = as_json(criterion, outcome)
    assert tuple(shown[key] for key in ("verdict", "value", "limit", "margin", "baseline", "unit")) == told


def test_a_bare_number_means_the_unit_that_was_given() -> None:
    criterion = parse("<= 100 ms or <= 3")
    outcome = tried(criterion, Decimal(2), None, find_unit("s"))
    assert (outcome.verdict, outcome.limit, outcome.inputs.value) == ("pass", 3000, 2000)
