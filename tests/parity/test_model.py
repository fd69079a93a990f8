"""Differences: what a decision asks for, when it ends, how a row is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import building as build

from workbench.definitions.shapes import Severity
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.parity.model import ORDER, Category, Decision, Difference, Wanted, page
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def test_what_differs_is_enough(shop: Context) -> None:
    ident = build.add_difference(shop, "load balancer", severity="medium")
    value = parity.find(shop.record, ident)[1]
    assert (value.decision, value.found_at) == (Decision.UNDECIDED, shop.now)
    with pytest.raises(UsageError, match="what differs"):
        build.add_difference(shop, "  ")
    stored = parity.find(shop.record, ident)[0]
    with pytest.raises(UsageError, match="what differs"):
        parity.edited(stored, Difference(title=" "))


@pytest.mark.parametrize(
    ("decision", "fields", "words"),
    [
        ("accept", {"until": build.NOW + timedelta(1)}, "needs a reason"),
        ("accept", {"reason": " TBD. ", "until": build.NOW + timedelta(1)}, "can be read in a year"),
        ("accept", {"reason": "small enough"}, "needs an end"),
        ("accept", {"reason": "small enough", "until": build.NOW}, "in the future"),
        ("mitigate", {}, "how it is mitigated"),
    ],
)
def test_what_a_decision_needs(shop: Context, decision: str, fields: dict[str, Any], words: str) -> None:
    ident = build.add_difference(shop)
    with pytest.raises(UsageError, match=words):
        build.decide(shop, ident, decision, **fields)


def test_a_decision_ends(shop: Context) -> None:
    ident, until = build.add_difference(shop), shop.now + timedelta(days=2)
    build.decide(shop, ident, "accept", reason="small enough", until=until)
    value = parity.find(shop.record, ident)[1]
    assert (value.decided_by, value.decided_at) == ("kim", shop.now)
    assert not parity.undecided(value, until - timedelta(seconds=1)) and parity.undecided(value, until)
    assert not parity.expired(Difference(title="x", until=until), until)


def test_severities_at_or_above(shop: Context) -> None:
    for severity in ("low", "medium", "high"):
        build.add_difference(shop, severity, severity=severity)
    titles = {s: {d.title for _, d in parity.at_least(shop.record, s)} for s in Severity}
    assert titles == {
        Severity.LOW: {"low", "medium", "high"}, Severity.MEDIUM: {"medium", "high"}, Severity.HIGH: {"high"},
    }  # fmt: skip
    assert [d.title for _, d in parity.all_differences(shop.record)] == ["high", "medium", "low"]


def test_a_row_is_found_by_title_or_part_of_it(shop: Context) -> None:
    ident = build.add_difference(shop, "Load balancer 50%_x")
    build.add_difference(shop, "Load generator")
    for ref in (ident, "load balancer 50%_X", "balancer", "%_", ident[-12:]):
        assert parity.find(shop.record, ref)[0].id == ident
    with pytest.raises(UsageError, match="fits several"):
        parity.find(shop.record, "load")
    with pytest.raises(UsageError, match="no difference"):
        parity.find(shop.record, "_%")


def test_the_map_is_looked_over_for_a_release_and_again_after_a_while(shop: Context) -> None:
    release = evaluate(shop).held.id
    assert parity.review_due(None, timedelta(30), shop.now) == "never looked over for this release"
    build.add_difference(shop, "before")
    commit(shop, [parity.reviewed(shop.record, release, by="kim", at=shop.now)])
    build.add_difference(shop, "after")
    stored, review = parity.last_review(shop.record, release) or (None, None)
    assert review and review.differences == 1 and parity.changed_since(shop.record, (stored, review)) == 1
    assert parity.review_due(review, timedelta(30), shop.now + timedelta(30)) is None
    assert parity.review_due(review, timedelta(30), shop.now + timedelta(31)) is not None
    assert parity.last_review(shop.record, "another") is None


def test_what_is_gone_is_taken_off_and_kept_in_the_ledger(shop: Context) -> None:
    ident = build.add_difference(shop)
    stored = parity.find(shop.record, ident)[0]
    commit(shop, [parity.removed(stored, "both have it now")])
    assert shop.record.count("difference") == 0
    assert shop.record.history(entity="difference", id=ident, limit=9)[0].reason == "both have it now"


def test_what_is_lacking_is_said_field_by_field() -> None:
    nothing: dict[str, Any] = {"reason": " ", "mitigation": "", "ends": False}
    assert set(parity.lacks(parity.Decision.ACCEPT, **nothing)) == {"reason", "until"}
    assert set(parity.lacks(parity.Decision.MITIGATE, **nothing)) == {"mitigation"}
    assert not parity.lacks(parity.Decision.MITIGATE, reason="a test", mitigation="", ends=False)
    assert not parity.lacks(parity.Decision.CLOSE, **nothing)


# --- the map, a page at a time -----------------------------------------------------------


def _mapped(context: Context) -> None:
    past, future = build.NOW - timedelta(days=1), build.NOW + timedelta(days=9)
    accepted: dict[str, Any] = {
        "decision": Decision.ACCEPT,
        "reason": "small enough to live with",
        "decided_by": "kim",
    }
    for value in (
        Difference(title="b", severity=Severity.HIGH, flows=("checkout", 'a"checkout')),
        Difference(title="a", severity=Severity.HIGH, until=future, **accepted),
        Difference(title="c", severity=Severity.LOW, until=past, category=Category.DATA, **accepted),
        Difference(title="d", impact="Money moves", flows=("login",)),
        Difference(title="e", flows=('a"checkout',)),
    ):
        commit(context, [parity.new_difference(value, build.NOW)])


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Wanted(), ["b", "a", "d", "e", "c"]),
        (Wanted(severity=Severity.HIGH), ["b", "a"]),
        (Wanted(decision=Decision.ACCEPT), ["a"]),
        (Wanted(decision=Decision.UNDECIDED), ["b", "d", "e", "c"]),
        (Wanted(category=Category.DATA), ["c"]),
        (Wanted(flow="checkout"), ["b"]),
        (Wanted(flow="nowhere"), []),
        (Wanted(text="MONEY"), ["d"]),
        (Wanted(text="login", decision=Decision.UNDECIDED), ["d"]),
    ],
)
def test_a_page_of_the_map_holds_what_is_wanted(shop: Context, wanted: Wanted, titles: list[str]) -> None:
    _mapped(shop)
    total, found = page(shop.record, wanted, build.NOW)
    assert [value.title for _, value in found] == titles and total == len(titles)
    assert [value.title for _, value in page(shop.record, wanted, build.NOW, 2, 1)[1]] == titles[1:3]
    assert page(shop.record, wanted, build.NOW, 1)[0] == total


def test_a_page_is_read_from_an_index_alone(shop: Context) -> None:
    _mapped(shop)
    where, args = Wanted(decision=Decision.UNDECIDED, category=Category.DATA, flow="x").terms(build.NOW)
    for what in ("count(*)", "seq"):
        order = f" ORDER BY {ORDER} LIMIT 2" if what == "seq" else ""
        plan = shop.record.query(
            f"EXPLAIN QUERY PLAN SELECT {what} FROM e_difference WHERE {where}{order}", args
        )
        said = " ".join(str(row[3]) for row in plan)
        assert "USING COVERING INDEX e_difference_i0" in said and "TEMP B-TREE" not in said
