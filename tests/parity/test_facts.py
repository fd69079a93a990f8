"""What a decision was made on: which fields are facts, and what happens when one changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.definitions.shapes import Severity
from workbench.gates.model import State
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.facts import changes_in_words, digest_of_facts
from workbench.parity.model import Category, Difference, Wanted, page
from workbench.parity.table import TABLE
from workbench.record import Change
from workbench.signoff.holding import Currency
from workbench.usecases import mapping
from workbench.usecases.context import Context, commit
from workbench.usecases.parity_map import read_map

VALUE = {"title": "cache size", "staging": "1", "production": "2", "severity": "high", "flows": ["a", "b"]}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.fixture
def cache(shop: Context) -> str:
    """An accepted difference."""
    ident = build.add_difference(shop, "cache size", staging="1", production="2", flows=("checkout",))
    build.decide(shop, ident, "accept", reason="small enough for us", until=shop.now + timedelta(days=30))
    return ident


def edit(context: Context, ident: str, **changes: Any) -> None:
    stored, value = parity.find(context.record, ident)
    mapping.edit_difference(context, stored, msgspec.structs.replace(value, **changes))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"production": "4"}, "production was 2, is now 4"),
        ({"staging": ""}, "staging was 1, is now nothing"),
        ({"severity": "low"}, "severity was high, is now low"),
        ({"region": "eu"}, "region was nothing, is now eu"),
        ({"flows": ["b"]}, "the flows it touches were a, b, are now b"),
        ({"production": "4", "region": "eu"}, "production was 2, is now 4; region was nothing, is now eu"),
        (
            {"staging": "", "production": ""},
            "staging was 1, is now nothing; production was 2, is now nothing",
        ),
    ],
)
def test_facts(change: dict[str, Any], words: str) -> None:
    assert digest_of_facts(VALUE | change) != digest_of_facts(VALUE)
    assert changes_in_words(VALUE, VALUE | change) == words


@pytest.mark.parametrize(
    "change",
    [
        {"title": "size of the cache"}, {"impact": "slower"}, {"category": "data"}, {"owner": "kim"},
        {"closing_cost": "2 days"}, {"flows": ["b", "a"]}, {"reason": "because of that"}, {"region": None},
    ],
)  # fmt: skip
def test_words_and_order_are_no_facts(change: dict[str, Any]) -> None:
    assert digest_of_facts(VALUE | change) == digest_of_facts(VALUE)


def test_the_title_is_a_fact_where_it_alone_says_what_differs() -> None:
    bare = {"title": "no load balancer"}
    assert digest_of_facts(bare) != digest_of_facts({"title": "no firewall"})
    assert (
        changes_in_words(bare, {"title": "no firewall"}) == "title was no load balancer, is now no firewall"
    )


def test_a_decision_made_on_other_values_applies_no_more(shop: Context, cache: str) -> None:
    edit(shop, cache, production="4")
    (part,) = build.requirement(shop, "ready", "differences_decided").parts
    assert part.state is State.NOT_MET and part.step is not None
    assert (
        part.why
        == "undecided again: “accepted” was decided when the values were different: production was 2, is now 4"
    )
    assert page(shop.record, Wanted(decision=Decision.UNDECIDED), shop.now)[0] == 1
    assert page(shop.record, Wanted(decision=Decision.ACCEPT), shop.now)[0] == 0
    assert shop.record.count("difference", parity.NOT_DECIDED) == 1
    (line,) = read_map(shop).lines
    assert line.open and line.overtaken and read_map(shop).high_open == 1


def test_it_applies_again_when_the_values_are_back_or_it_is_decided_anew(shop: Context, cache: str) -> None:
    edit(shop, cache, production="4")
    edit(shop, cache, production="2")
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET
    edit(shop, cache, production="4")
    build.decide(shop, cache, "close")
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET


def test_better_words_leave_a_decision_alone(shop: Context, cache: str) -> None:
    edit(shop, cache, title="size of the cache", impact="slower", category=Category.DATA, owner="kim")
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET


def test_raising_the_severity_is_a_change_of_what_was_decided_on(shop: Context) -> None:
    ident = build.add_difference(shop, "log level", severity=Severity.LOW)
    build.decide(shop, ident, "no_matter")
    edit(shop, ident, severity=Severity.HIGH)
    assert parity.overtaken(parity.find(shop.record, ident)[1])


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW])
def test_making_less_of_a_high_difference_is_a_decision_about_it(
    shop: Context, cache: str, severity: Severity
) -> None:
    with pytest.raises(UsageError, match="is high severity; lowering it") as said:
        edit(shop, cache, severity=severity)
    assert said.value.hint and "--irrelevant --reason WHY --until DATE" in said.value.hint
    stored, value = parity.find(shop.record, cache)
    with pytest.raises(UsageError, match="is high severity; lowering it"):
        TABLE.edited(stored, value, {"severity": severity})


def test_a_severity_that_a_table_did_not_say_clearly_counts_as_high_until_somebody_judges_it(
    shop: Context,
) -> None:
    ident = build.add_difference(shop, "DNS", severity=Severity.HIGH, severity_written="Showstopper")
    assert build.requirement(shop, "ready", "differences_decided").state is State.NOT_MET
    edit(shop, ident, severity=Severity.LOW)
    assert parity.find(shop.record, ident)[1].severity_written == ""
    edit(shop, ident, severity=Severity.HIGH)
    with pytest.raises(UsageError, match="is a decision"):
        edit(shop, ident, severity=Severity.LOW)


def test_a_row_that_decides_otherwise_decides_on_what_it_says(shop: Context, cache: str) -> None:
    stored, value = parity.find(shop.record, cache)
    commit(shop, [TABLE.edited(stored, value, {"production": "4"})])
    stored, value = parity.find(shop.record, cache)
    assert parity.overtaken(value)
    with pytest.raises(UsageError, match="needs an owner"):
        TABLE.edited(stored, value, {"decision": Decision.CLOSE, "owner": None})
    commit(shop, [TABLE.edited(stored, value, {"decision": Decision.CLOSE, "owner": "kim"})])
    assert not parity.undecided(parity.find(shop.record, cache)[1], shop.now)


def test_a_signature_over_a_decision_is_out_of_date_when_the_values_change(shop: Context, cache: str) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    build.sign(shop, "go", "kim")
    edit(shop, cache, production="4")
    view = build.signature(shop, "go")
    assert view.currency is Currency.OUT_OF_DATE
    words = "the decision on “cache size” was made on other values: production was 2, is now 4"
    assert words in [c.words for c in view.changes]


def test_a_decision_that_names_no_facts_does_not_apply(shop: Context) -> None:
    value = Difference(title="cache size", production="2", decision=Decision.CLOSE)
    commit(shop, [Change("difference", "made-elsewhere", "found", value)])
    assert parity.undecided(parity.find(shop.record, "cache size")[1], shop.now)
    assert shop.record.count("difference", parity.NOT_DECIDED) == 1


def test_a_decision_of_the_first_version_counts_for_the_facts_beside_it() -> None:
    kind = next(kind for kind in parity.ENTITIES if kind.name == "difference")
    assert kind.lift is not None
    lifted = kind.lift(1, VALUE | {"decision": "accept"})
    assert lifted["decided_on"] == digest_of_facts(VALUE)
    assert "decided_on" not in kind.lift(1, VALUE | {"decision": "undecided"})


def test_the_facts_of_a_value_are_those_of_its_struct(shop: Context, cache: str) -> None:
    stored, value = parity.find(shop.record, cache)
    assert value.decided_on == digest_of_facts(stored.decode(dict))
