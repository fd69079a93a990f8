"""Investigations: opened, owned, and ended with a finding and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.investigations import model as investigations
from workbench.investigations.model import Ending, Investigation, fell
from workbench.model.errors import NotAllowed, UsageError
from workbench.probes.scores import limit_text, score_text
from workbench.usecases import investigating
from workbench.usecases.context import Context, commit
from workbench.usecases.views.investigations import ended_words, lines, told

FELL = Investigation(
    title="Data consistency of staging fell under its limit",
    environment="staging",
    probe="same-queries",
    score="data_consistency",
    run="r1",
    value=Decimal("0.875"),
    limit=Decimal("0.9"),
)
FOUND = "orders before May are missing in staging"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        commit(context, [investigations.opened(FELL, context.now)])
        yield context


def found(context: Context, ref: str = "data consistency") -> Investigation:
    return investigating.find_investigation(context, ref)[1]


def end(context: Context, ending: Ending, outcome: str, finding: str = FOUND) -> None:
    investigating.end_investigation(
        context, *investigating.find_investigation(context, "data consistency"), ending, outcome, finding
    )


def test_a_share_is_told_as_a_percentage_and_other_scores_with_their_unit() -> None:
    assert fell(FELL) == "87.5 %, limit 90 %"
    assert score_text(Decimal("1"), "") == "100 %"
    assert score_text(Decimal("0.9496"), "") == "94.9 %", "it never looks better than it is"
    assert score_text(Decimal("31.50"), "h") == "31.5 h"
    assert score_text(Decimal("1710.51"), "h") == "71.3 days", "nobody counts so many hours"
    assert score_text(Decimal(336), "h") == "14 days"
    assert score_text(Decimal("0.99948"), "", Decimal("0.9995")) == "99.94 %", "nor like its limit"
    assert limit_text(Decimal("0.9995"), "") == "99.95 %"
    assert fell(Investigation(title="checkout is slower")) == ""


def test_an_open_one_says_what_fell_and_that_nobody_owns_it(shop: Context) -> None:
    (line,) = lines(shop)
    assert (line.fell, line.owner, line.state, line.when) == (
        "87.5 %, limit 90 %",
        "unassigned",
        "open",
        "just now",
    )
    assert ("owner", "unassigned") in told(shop, FELL)


def test_an_owner_and_a_finding_are_edited(shop: Context) -> None:
    stored, value = investigating.find_investigation(shop, "data consistency")
    changed = msgspec.structs.replace(value, owner="kim", finding="looking at orders")
    investigating.edit_investigation(shop, stored, changed)
    assert found(shop).owner == "kim"


def test_it_ends_in_a_difference_of_the_map_by_whatever_names_it(shop: Context) -> None:
    ident = build.add_difference(shop, title="smaller database")
    end(shop, Ending.DIFFERENCE, "smaller")
    value = found(shop)
    assert (value.outcome, value.ended_by, value.ended_at, value.finding) == (ident, "kim", shop.now, FOUND)
    assert ended_words(shop.record, value) == "difference: smaller database"
    assert not lines(shop, only_open=True) and len(lines(shop)) == 1


@pytest.mark.parametrize("ending", [Ending.REFRESH, Ending.LIMIT])
def test_it_ends_in_a_refresh_or_another_limit_in_words(shop: Context, ending: Ending) -> None:
    end(shop, ending, "the one of 14 September")
    assert ended_words(shop.record, found(shop)) == f"{ending.value}: the one of 14 September"


@pytest.mark.parametrize(
    ("ending", "outcome", "finding", "why"),
    [
        (Ending.LIMIT, "", FOUND, "what did it end in"),
        (Ending.OPEN, "nothing", FOUND, "what did it end in"),
        (Ending.REFRESH, "last night", "", "ending an investigation needs a reason"),
        (Ending.DIFFERENCE, "no such row", FOUND, "there is no difference"),
    ],
)
def test_it_does_not_end_without_a_finding_and_an_outcome(
    shop: Context, ending: Ending, outcome: str, finding: str, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        end(shop, ending, outcome, finding)
    assert found(shop).open


def test_what_has_ended_does_not_end_again(shop: Context) -> None:
    end(shop, Ending.LIMIT, "85 % from now on")
    with pytest.raises(NotAllowed, match="has ended already, in a limit"):
        end(shop, Ending.REFRESH, "last night")


def test_a_name_means_the_open_one_of_several(shop: Context) -> None:
    end(shop, Ending.REFRESH, "the one of 14 September")
    commit(shop, [investigations.opened(FELL, shop.now)])
    assert found(shop).open
    assert investigations.open_of(shop.record) == {("same-queries", "data_consistency"): found(shop)}
    commit(shop, [investigations.opened(FELL, shop.now)])
    with pytest.raises(UsageError, match="matches several"):
        found(shop)


def test_one_that_nobody_has_is_told(shop: Context) -> None:
    with pytest.raises(UsageError, match="there is no investigation “nothing”"):
        found(shop, "nothing")
    with pytest.raises(UsageError, match="there is no investigation “”"):
        found(shop, "")


def test_one_without_words_is_refused(shop: Context) -> None:
    with pytest.raises(UsageError, match="say what is investigated"):
        investigating.open_investigation(shop, Investigation(title=" "))
    stored, value = investigating.find_investigation(shop, "data consistency")
    with pytest.raises(UsageError, match="say what is investigated"):
        investigating.edit_investigation(shop, stored, msgspec.structs.replace(value, title=""))


def test_the_same_is_not_investigated_twice(shop: Context) -> None:
    with pytest.raises(UsageError, match="is being investigated already"):
        investigating.open_investigation(shop, Investigation(title=FELL.title.upper()))


def test_of_one_that_several_desks_changed_the_open_one_counts() -> None:
    (kind,) = investigations.ENTITIES
    assert kind.stricter is not None
    assert kind.stricter([{"ended": "limit"}, {"ended": "open"}]) == 1
    assert kind.stricter([{"ended": "limit"}, None]) == 0
