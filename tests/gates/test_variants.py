"""Variants side by side, and the cheapest that meets the rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.gates.variants import VARIANTS, Compared, Meets
from workbench.model.errors import DefinitionError, UsageError
from workbench.releases import model as releases
from workbench.usecases import answering, fetching
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.reporting.remarks import remarks_of
from workbench.usecases.scripting.acts import tell
from workbench.usecases.views.variants import read_variants, variant_verdict, variants_of

MACHINES = """\
  - key: cost
    flow: checkout
    title: Cost of a request
    measure: {source: hand, unit: "%"}
  - key: burst
    flow: checkout
    title: Under a burst
    measure: {source: metrics, query: 'burst{machine="$variant"}', unit: s}
    pass: <= 2 s
    warn: <= 3 s
variants:
  - key: machines
    title: Machines for checkout
    of: [m5.large, m6.large, c7.large]
    now: m5.large
    benchmarks: [errors, burst]
    cost: cost
gates:
"""
TEXT = build.SHOP.replace("gates:\n", MACHINES, 1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def put(context: Context, label: str, *, errors: str = "0.4", burst: str = "1", cost: str = "5") -> None:
    for key, value, unit in (("errors", errors, "%"), ("burst", burst, "s"), ("cost", cost, "%")):
        build.measured(context, f"{key}@{label}", value, unit=unit)


def compared(context: Context) -> Compared:
    (found,) = evaluate(context).facts(VARIANTS)
    return found


def test_the_cheapest_that_meets_the_rules_is_named(shop: Context) -> None:
    put(shop, "m5.large", cost="5")
    put(shop, "m6.large", cost="4")
    put(shop, "c7.large", cost="3", burst="9")
    found = compared(shop)
    assert [row.meets for row in found.rows] == [Meets.YES, Meets.YES, Meets.NO]
    assert (found.cheapest, found.words) == (("m6.large",), "m6.large is the cheapest that meets the rules")
    assert found.rows[2].why.startswith("Under a burst: ")


def test_what_was_not_measured_never_meets_and_is_said(shop: Context) -> None:
    put(shop, "m5.large")
    found = compared(shop)
    assert [row.meets for row in found.rows] == [Meets.YES, Meets.UNKNOWN, Meets.UNKNOWN]
    assert found.words == "m5.large is the cheapest that meets the rules; not known: m6.large, c7.large"


def test_one_that_meets_without_a_cost_is_not_the_cheapest(shop: Context) -> None:
    for key, value, unit in (("errors", "0.4", "%"), ("burst", "1", "s")):
        build.measured(shop, f"{key}@m6.large", value, unit=unit)
    found = compared(shop)
    assert found.cheapest == ()
    assert found.words == "none is known to meet the rules; not known: m5.large, m6.large, c7.large"


def test_none_that_meets_is_said(shop: Context) -> None:
    for label in ("m5.large", "m6.large", "c7.large"):
        put(shop, label, errors="9")
    assert compared(shop).words == "none meets the rules"


def test_several_may_be_equally_cheap(shop: Context) -> None:
    for label in ("m5.large", "m6.large"):
        put(shop, label)
    put(shop, "c7.large", cost="9")
    assert compared(shop).words == "m5.large and m6.large are the cheapest that meet the rules"


def test_a_warning_still_meets_and_says_why(shop: Context) -> None:
    put(shop, "m6.large", burst="2.5")
    row = compared(shop).rows[1]
    assert row.meets is Meets.YES
    assert row.why.startswith("Under a burst: ")


def test_what_runs_now_may_be_measured_without_its_name(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", unit="%")
    build.measured(shop, "burst", "1", unit="s")
    row = compared(shop).rows[0]
    assert (row.label, row.now, row.meets) == ("m5.large", True, Meets.YES)


def test_a_variant_is_no_value_of_the_benchmark_itself(shop: Context) -> None:
    put(shop, "m6.large", errors="9")
    assert verdict_of(evaluate(shop), "errors").value is None


def test_each_variant_is_asked_for_where_the_question_says_which(shop: Context) -> None:
    held = releases.find(shop.record)
    asked = {
        item.subject: item.variables.get("variant")
        for item in fetching.questions(shop, held)
        if item.role == "value" and not item.subject.startswith("tests/")
    }
    assert asked == {
        "p95": None,
        "errors": "m5.large",
        "burst": "m5.large",
        "burst@m5.large": "m5.large",
        "burst@m6.large": "m6.large",
        "burst@c7.large": "c7.large",
    }
    only = fetching.questions(shop, held, fetching.Wanted(benchmarks=("burst",)))
    assert len(only) == 4


def test_a_value_is_typed_in_for_a_variant(shop: Context) -> None:
    evidence = answering.evidence_for(shop, "benchmark:cost", note="the bill of May")
    fetching.enter(shop, "cost", "3.5", evidence=evidence, variant="m6.large")
    assert str(variant_verdict(evaluate(shop), "cost", "m6.large").value.value) == "3.5"
    lines = [str(line) for act in tell(shop) for line in act.lines]
    assert any("enter" in line and "--variant" in line and "m6.large" in line for line in lines)
    with pytest.raises(UsageError, match="no variant") as caught:
        fetching.enter(shop, "cost", "3.5", evidence=evidence, variant="m6.larg")
    assert caught.value.hint == "did you mean m6.large?"
    with pytest.raises(UsageError, match="in no variants"):
        fetching.enter(shop, "p95", "3.5", evidence=evidence, variant="m6.large")


def test_a_gate_and_a_table_say_what_comes_of_it(shop: Context) -> None:
    put(shop, "m6.large")
    found = evaluate(shop)
    remark = (
        "Machines for checkout: m6.large is the cheapest that meets the rules; not known: m5.large, c7.large"
    )
    assert remark in remarks_of(found, found.gate("benchmarks"))
    (table,) = read_variants(found, "machines")
    assert [row.cheapest for row in table.rows] == [False, True, False]
    assert [figure.value for figure in table.rows[1].figures] == ["0.4 %", "1 s", "5 %"]
    assert variants_of(found, "cost") == [table] and variants_of(found, "p95") == []
    with pytest.raises(UsageError, match="there are no variants"):
        read_variants(found, "machine")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("of: [m5.large, m6.large, c7.large]", "of: [m5.large]", "one variant alone is no comparison"),
        ("now: m5.large", "now: m4.large", "none of its variants"),
        ("benchmarks: [errors, burst]", "benchmarks: [errors, burst, bursts]", "no benchmark “bursts”"),
        ("    now: m5.large\n", "", "nothing says which one runs now"),
        (
            "gates:\n",
            "  - {key: again, of: [a, b], benchmarks: [errors]}\ngates:\n",
            "in another set already",
        ),
    ],
)
def test_mistakes_in_the_files_are_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TEXT
    build.write(tmp_path / "shop", TEXT.replace(old, new, 1))
    with pytest.raises(DefinitionError, match=words), build.opened(tmp_path / "shop"):
        pass
