"""Every form of the language lives in one file, and nothing else in the source names it."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from workbench import criteria
from workbench.criteria import Inputs, Outcome, Verdict, judge, parse, sentence
from workbench.criteria.clause import Clause, Earlier, Plan
from workbench.criteria.forms import FORMS
from workbench.criteria.operators import subtract
from workbench.model.quantity import Unit, find_unit

ROOM = Path(criteria.__file__).parent
MODULES = [form.read.__module__ for form in FORMS]


@pytest.mark.parametrize("name", MODULES)
def test_a_form_shows_itself_by_examples(name: str) -> None:
    examples = re.findall("``(.+?)``", (sys.modules[name].__doc__ or "").splitlines()[0])
    assert examples
    for example in examples:
        assert str(parse(example)) == example
        assert type(parse(example)).__module__ == name


@pytest.mark.parametrize("name", MODULES)
def test_nothing_but_the_list_names_a_form(name: str) -> None:
    short = name.rpartition(".")[2]
    naming = re.compile(rf"forms(\.| import .*\b){short}\b")
    files = ROOM.parent.rglob("*.py")
    assert [path for path in files if naming.search(path.read_text(encoding="utf-8"))] == []
    listed = (ROOM / "forms" / "__init__.py").read_text(encoding="utf-8")
    assert listed.count(f'    "{short}",\n') == 1


class Usual(Clause, frozen=True, cache_hash=True):
    """A made-up rule: at most the largest of the history."""

    def printed(self) -> str:
        return "usual"

    def prepare(self, unit: Unit) -> Plan:
        return _Usual(self)

    def origin(self, outcome: Outcome, whose: str) -> str:
        return f"the largest of {len(outcome.inputs.history)}"


class _Usual(Plan, frozen=True):
    clause: Clause

    def judge(self, inputs: Inputs) -> Outcome:
        assert inputs.value is not None
        limit = max(item.value for item in inputs.history)
        verdict = Verdict.PASS if inputs.value <= limit else Verdict.FAIL
        return Outcome(verdict, self.clause, inputs, limit, None, None, subtract(limit, inputs.value))


def test_a_form_says_where_its_limit_comes_from_without_a_baseline() -> None:
    day = datetime(2026, 11, 1, tzinfo=UTC)
    history = tuple(Earlier(day, Decimal(number)) for number in (5, 8))
    outcome = judge(Usual(), None, Inputs(value=Decimal(10), unit=find_unit("ms"), history=history))
    assert sentence(outcome) == "25 % over its limit: 10 ms, limit 8 ms (the largest of 2)"
