"""The page for users says what the language does."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.criteria import CriterionError, parse, text, tried
from workbench.model.quantity import find_unit

PAGE = (Path(__file__).parents[2] / "docs" / "criteria.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ workbench try (.+)\n((?:.+\n)*?)(?=\n|```)", PAGE, re.MULTILINE)
MISTAKES = re.findall(r"^\| `(.+)` \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)


def printed(arguments: str) -> str:
    rule, *rest = shlex.split(arguments)
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    baseline = options.get("--baseline")
    criterion = parse(rule)
    outcome = tried(
        criterion,
        Decimal(options["--value"]),
        Decimal(baseline) if baseline is not None else None,
        find_unit(options["--unit"]) if "--unit" in options else None,
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
