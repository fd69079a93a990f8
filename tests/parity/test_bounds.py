"""Up to what a decision holds: numbers in values, how far apart they are, and what reopens a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build

from workbench.definitions.shapes import Severity
from workbench.gates.model import State
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.parity.bounds import apart, covers, read_size
from workbench.parity.decisions import Decision
from workbench.parity.words import decision_of
from workbench.signoff.holding import Currency
from workbench.usecases import mapping
from workbench.usecases.context import Context


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3 days", "3 d"), ("450 ms", "450 ms"), ("3.1 %", "3.1 %"), ("40,000 products", "40,000 products"),
        ("2", "2"), ("-5", "-5"), ("50 requests a second", "50 requests a second"), ("2 GiB", "2 GiB"),
        ("none", None), ("", None), ("v3", None), ("1,23", "1 ,23"), ("1" * 200, None), ("nan", None),
    ],
)  # fmt: skip
def test_a_number_at_the_beginning_of_a_value(text: str, words: str | None) -> None:
    found = read_size(text)
    assert (None if found is None else str(found)) == words


@pytest.mark.parametrize(
    ("staging", "production", "gap", "words"),
    [
        ("5 s", "2 s", None, "3 s"), ("1 min", "20 s", None, "40 s"), ("0 %", "3.1 %", None, "3.1 %"),
        ("3 days", "live", None, "3 d"), ("none", "50 a second", None, "50 a second"), ("1", "6", None, "5"),
        ("5 s", "2 GB", None, None), ("red", "blue", None, None), ("red", "blue", Decimal(7), "7"),
        ("5 s", "2 s", Decimal(7), "3 s"), ("500 ms", "2 s", None, "1.5 s"),
    ],
)  # fmt: skip
def test_how_far_apart(staging: str, production: str, gap: Decimal | None, words: str | None) -> None:
    found = apart(staging, production, gap)
    assert (None if found is None else str(found)) == words


@pytest.mark.parametrize(
    ("up_to", "staging", "production", "covered"),
    [
        ("3 s", "5 s", "2 s", True), ("2.9 s", "5 s", "2 s", False), ("3000 ms", "5 s", "2 s", True),
        ("20 %", "120", "100", True), ("20 %", "121", "100", False), ("20 %", "1 s", "0 s", False),
        ("5 %", "0 %", "5 %", True), ("5 %", "0 %", "5.1 %", False), ("5", "5 s", "2 s", False),
        ("14 d", "3 days", "live", True), ("14 d", "15 days", "live", False), ("soon", "1", "2", False),
        ("5", "red", "blue", False),
    ],
)  # fmt: skip
def test_what_a_bound_covers(up_to: str, staging: str, production: str, covered: bool) -> None:
    assert covers(up_to, staging, production) is covered


@given(st.text(max_size=130), st.text(max_size=130), st.text(max_size=130))
def test_any_text_is_read_or_not(up_to: str, staging: str, production: str) -> None:
    found = apart(staging, production)
    assert covers(up_to, staging, production) in (True, False) and str(found)


def edit(context: Context, ident: str, **changes: Any) -> None:
    stored, value = parity.find(context.record, ident)
    mapping.edit_difference(context, stored, msgspec.structs.replace(value, **changes))


@pytest.fixture
def timeout(shop: Context) -> str:
    """A high difference that may get five seconds apart."""
    ident = build.add_difference(shop, "timeout", staging="5 s", production="2 s", severity=Severity.HIGH)
    mapping.decide(
        shop,
        [parity.find(shop.record, ident)],
        Decision.MITIGATE,
        mitigation="a test with the timeout of production",
        until=shop.now + timedelta(days=30),
        up_to="5 s",
    )
    return ident


def test_within_its_bound_a_decision_stays(shop: Context, timeout: str) -> None:
    edit(shop, timeout, staging="7 s")
    value = parity.find(shop.record, timeout)[1]
    assert not parity.overtaken(value)
    assert decision_of(value, shop.now, shop.zone).startswith("mitigated up to 5 s until")
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET


def test_beyond_it_the_decision_is_open_again_and_names_both_values(shop: Context, timeout: str) -> None:
    edit(shop, timeout, staging="7 s")
    edit(shop, timeout, staging="8 s")
    (part,) = build.requirement(shop, "ready", "differences_decided").parts
    assert part.state is State.NOT_MET
    assert part.why == (
        "undecided again: “mitigated” was decided when the values were different:"
        " staging was 7 s, is now 8 s; the decision holds up to 5 s"
    )
    edit(shop, timeout, staging="6 s")
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET


def test_another_fact_reopens_it_too(shop: Context, timeout: str) -> None:
    edit(shop, timeout, region="eu")
    assert parity.overtaken(parity.find(shop.record, timeout)[1])


def test_beyond_it_a_signature_is_out_of_date(shop: Context, timeout: str) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    build.sign(shop, "go", "kim")
    edit(shop, timeout, staging="7 s")
    assert build.signature(shop, "go").currency is Currency.CURRENT
    edit(shop, timeout, staging="8 s")
    view = build.signature(shop, "go")
    assert view.currency is Currency.OUT_OF_DATE
    assert "staging was 7 s, is now 8 s" in " ".join(change.words for change in view.changes)


@pytest.mark.parametrize(
    ("staging", "up_to", "words"),
    [
        ("5 s", "soon", "is no number"),
        ("red", "5", "cannot hold|no numbers"),
        ("5 s", "1 s", "the values are 3 s apart, which 1 s does not cover"),
        ("5 s", "1 GB", "does not cover"),
    ],
)
def test_what_cannot_be_a_bound(shop: Context, staging: str, up_to: str, words: str) -> None:
    production = "2 s" if staging != "red" else "blue"
    ident = build.add_difference(shop, "timeout", staging=staging, production=production)
    chosen = [parity.find(shop.record, ident)]
    with pytest.raises(UsageError, match=words):
        mapping.decide(
            shop, chosen, Decision.MITIGATE, mitigation="a test", until=shop.now + timedelta(1), up_to=up_to
        )
    assert mapping.lacks_bound(chosen, up_to)


def test_withdrawing_a_decision_withdraws_its_bound(shop: Context, timeout: str) -> None:
    mapping.decide(shop, [parity.find(shop.record, timeout)], Decision.UNDECIDED)
    assert parity.find(shop.record, timeout)[1].up_to == ""
