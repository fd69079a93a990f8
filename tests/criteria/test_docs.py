"""The page for users says what the language does."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.criteria import CriterionError, Earlier, Inputs, parse, text, tried
from workbench.model.quantity import find_unit, from_float

PAGE = (Path(__file__).parents[2] / "docs" / "criteria.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ workbench try (.+)\n((?:.+\n)*?)(?=\n|```)", PAGE, re.MULTILINE)
MISTAKES = re.findall(r"^\| `(.+)` \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)


FILES = {
    name: [float(number) for number in numbers.split()]
    for name, numbers in re.findall(r"^`(.+)` holds, one number a line: (.+)$", PAGE, re.MULTILINE)
}


def printed(arguments: str) -> str:
    rule, *rest = shlex.split(arguments)
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    criterion, unit = parse(rule), find_unit(options.get("--unit", ""))
    value, baseline = (options.get(name) for name in ("--value", "--baseline"))
    beside = Inputs(
        value=None,
        unit=unit,
        history=tuple(
            Earlier(None, from_float(each)) for each in FILES.get(options.get("--history", ""), ())
        ),
        samples=FILES.get(options.get("--samples", ""), ()),
        baseline_samples=FILES.get(options.get("--baseline-samples", ""), ()),
        better=options.get("--better", "neither"),
    )
    outcome = tried(
        criterion,
        Decimal(value) if value is not None else None,
        Decimal(baseline) if baseline is not None else None,
        unit if "--unit" in options else None,
        beside,
    )
    return text(criterion, outcome)


@pytest.mark.parametrize(("arguments", "output"), EXAMPLES)
def test_examples(arguments: str, output: str) -> None:
    assert printed(arguments) == output.rstrip("\n")


@pytest.mark.parametrize(("written", "column", "answer"), MISTAKES)
def test_mistakes(written: str, column: str, answer: str) -> None:
    with pytest.raises(CriterionError) as caught:
        parse(written)
    assert (caught.value.column, caught.value.hint) == (int(column), answer)


def test_the_page_is_read() -> None:
    assert len(EXAMPLES) == PAGE.count("workbench try ")
    assert len(EXAMPLES) >= 25
    assert len(MISTAKES) == 10
