"""Differences: what a decision asks for, when it ends, how a row is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import building as build

from workbench.definitions.shapes import Severity
from workbench.gates.model import State
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity import decisions, reviews
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import ORDER, Category, Difference, Wanted, page
from workbench.record import Change
from workbench.releases.model import Release
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import mapping, releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.parity_map import read_map


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
        ("accept", {"reason": " TBD. ", "until": build.NOW + timedelta(1)}, "makes sense a year from now"),
        ("accept", {"reason": "small enough", "until": None}, "needs an end"),
        (
            "mitigate",
            {"mitigation": "a test each week", "until": None},
            "mitigating a high-severity .* needs an end",
        ),
        ("close", {"until": None}, "closing a high-severity .* needs an end"),
        ("close", {"owner": " "}, "closing a high-severity .* needs an owner"),
        (
            "no_matter",
            {"reason": "it is wanted so", "until": None},
            "marking a high-severity .* irrelevant needs an end",
        ),
        ("no_matter", {}, "marking a high-severity .* irrelevant needs a reason"),
        ("no_matter", {"reason": "n/a"}, "makes sense a year from now"),
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
    with pytest.raises(UsageError, match="matches several"):
        parity.find(shop.record, "load")
    with pytest.raises(UsageError, match="no difference"):
        parity.find(shop.record, "_%")


def test_the_map_is_looked_over_for_a_release_and_again_after_a_while(shop: Context) -> None:
    release = evaluate(shop).held.id
    assert reviews.review_due(None, timedelta(30), shop.now) == "not reviewed for this release yet"
    build.add_difference(shop, "before")
    commit(shop, [reviews.review_change(reviews.reviewed(shop.record, release, by="kim", at=shop.now))])
    build.add_difference(shop, "after")
    stored, review = reviews.last_review(shop.record, release) or (None, None)
    assert review and review.differences == 1 and reviews.changed_since(shop.record, (stored, review)) == 1
    assert reviews.review_due(review, timedelta(30), shop.now + timedelta(30)) is None
    assert reviews.review_due(review, timedelta(30), shop.now + timedelta(31)) is not None
    assert reviews.last_review(shop.record, "another") is None


def test_what_is_gone_is_taken_off_and_kept_in_the_ledger(shop: Context) -> None:
    ident = build.add_difference(shop, severity="medium")
    stored = parity.find(shop.record, ident)[0]
    commit(shop, [parity.removed(stored, "both have it now")])
    assert shop.record.count("difference") == 0
    assert shop.record.history(entity="difference", id=ident, limit=9)[0].reason == "both have it now"


def test_what_is_lacking_is_said_field_by_field() -> None:
    nothing: dict[str, Any] = {"reason": " ", "mitigation": "", "owner": "", "ends": False}
    small, high = nothing | {"high": False}, nothing | {"high": True}
    assert set(decisions.lacks(decisions.Decision.ACCEPT, **small)) == {"reason", "until"}
    assert set(decisions.lacks(decisions.Decision.MITIGATE, **small)) == {"mitigation"}
    assert not decisions.lacks(decisions.Decision.MITIGATE, **small | {"reason": "a test"})
    assert not decisions.lacks(decisions.Decision.CLOSE, **small)
    assert not decisions.lacks(decisions.Decision.IRRELEVANT, **small)
    assert set(decisions.lacks(decisions.Decision.ACCEPT, **high)) == {"reason", "until"}
    assert set(decisions.lacks(decisions.Decision.MITIGATE, **high)) == {"mitigation", "until"}
    assert set(decisions.lacks(decisions.Decision.CLOSE, **high)) == {"owner", "until"}
    assert set(decisions.lacks(decisions.Decision.IRRELEVANT, **high)) == {"reason", "until"}
    assert not decisions.lacks(decisions.Decision.UNDECIDED, **high)


def test_a_high_difference_goes_off_the_map_once_it_was_decided_to_close_it(shop: Context) -> None:
    ident = build.add_difference(shop)
    with pytest.raises(NotAllowed, match="no one has decided to close it"):
        parity.removed(parity.find(shop.record, ident)[0], "both have it now")
    build.decide(shop, ident, "close")
    with pytest.raises(UsageError, match="makes sense a year from now"):
        parity.removed(parity.find(shop.record, ident)[0], "done")
    commit(shop, [parity.removed(parity.find(shop.record, ident)[0], "both have it now")])
    assert shop.record.count("difference") == 0


def decided_earlier(shop: Context, **fields: Any) -> str:
    """A high difference whose decision was written down before anything was asked of it."""
    value = Difference(title="cache size", severity=Severity.HIGH, found_at=shop.now, **fields)
    change = Change("difference", "made-elsewhere", "found", parity.decided_now(value))
    commit(shop, [change])
    return change.id


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"decision": decisions.Decision.IRRELEVANT}, "a reason and an end date"),
        ({"decision": decisions.Decision.IRRELEVANT, "reason": "wanted so"}, "an end date"),
        ({"decision": decisions.Decision.MITIGATE, "mitigation": "a test"}, "an end date"),
        ({"decision": decisions.Decision.CLOSE, "owner": "kim"}, "an end date"),
        ({"decision": decisions.Decision.CLOSE}, "an owner and an end date"),
    ],
)
def test_a_high_difference_is_undecided_where_its_decision_lacks_something(
    shop: Context, fields: dict[str, Any], lacks: str
) -> None:
    ident = decided_earlier(shop, **fields)
    value = parity.find(shop.record, ident)[1]
    assert parity.undecided(value, shop.now) and parity.falls_short(value) == lacks
    requirement = build.requirement(shop, "ready", "differences_decided")
    assert (
        requirement.state is State.NOT_MET
        and f"needs {lacks} for a high-severity difference" in requirement.why
    )
    assert shop.record.count("difference", parity.NOT_DECIDED) == 1
    (line,) = read_map(shop).lines
    assert line.open and line.lacks == lacks and not line.overtaken


def test_that_a_high_difference_does_not_matter_is_for_two_people_to_say(shop: Context) -> None:
    ident = build.add_difference(shop)
    build.decide(shop, ident, "no_matter", reason="nobody pays through it", alone=True)
    waits = build.requirement(shop, "ready", "differences_decided")
    assert waits.state is State.NOT_MET and "“irrelevant” by kim, waiting for approval by" in waits.why
    build.second_person(shop, ident)
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET
    late = build.later(shop, days=366)
    assert build.requirement(late, "ready", "differences_decided").state is State.NOT_MET


def test_of_an_empty_map_somebody_says_that_nothing_differs(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", stated=False) as shop:
        held = evaluate(shop).held
        asked = build.requirement(shop, "ready", "differences_decided")
        assert asked.state is State.NOT_MET
        assert (
            asked.why
            == "nothing to judge: the parity map is empty, and no one has stated that nothing differs"
        )
        with pytest.raises(UsageError, match="the map is empty, so there is nothing to review"):
            mapping.mark_reviewed(shop, held)
        with pytest.raises(UsageError, match="“nothing differs” needs a reason"):
            mapping.mark_reviewed(shop, held, "none", nothing_differs=True)
        with pytest.raises(NotAllowed):
            mapping.mark_reviewed(
                build.who(shop, "stranger"), held, "One plan makes both", nothing_differs=True
            )
        mapping.mark_reviewed(shop, held, "One plan makes both", nothing_differs=True)
        asked = build.requirement(shop, "ready", "differences_decided")
        assert (asked.state, asked.why) == (State.MET, "kim stated that nothing differs")
        (review,) = [row.decode(reviews.Review) for row in shop.record.all("parity_review")]
        assert read_statement(shop.record.blob(review.statement).data).act is Act.REVIEW
        # A difference ends it, for the next release it is said anew.
        ident = build.add_difference(shop)
        assert build.requirement(shop, "ready", "differences_decided").state is State.NOT_MET
        with pytest.raises(UsageError, match="something differs"):
            mapping.mark_reviewed(shop, held, "One plan makes both", nothing_differs=True)
        build.decide(shop, ident, "close")
        mapping.remove_difference(shop, parity.find(shop.record, ident)[0], "closed with the plan")
        releasing.plan(shop, Release(version="3.0.0"), None)
        found = evaluate(shop, "3.0.0")
        assert any("no one has stated that nothing differs" in part.why for _, part in found.open_parts())


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
