"""What turns out after an incident was closed: that there was none, that two were one, that one was two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.usecases.test_incidents import HOUR, declare, found

from workbench.incidents.model import IncidentState
from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases import deciding, incident_corrections, incidents
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.incidents import find_incident


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def closed(context: Context, title: str) -> str:
    ident = declare(context, title)
    incidents.close(context, *find_incident(context, title))
    deciding.lift_freeze(context, "it answers as it should again", ident)
    return ident


def test_a_closed_one_is_marked_as_a_mistake_without_freezing_anything_again(shop: Context) -> None:
    closed(shop, "checkout answers 503")
    before = found(shop)
    incident_corrections.mistake(shop, *find_incident(shop, "checkout"), "the monitor was wrong all along")
    after = found(shop)
    assert (after.state, after.counts) == (IncidentState.MISTAKE, False)
    assert after.closed_at == before.closed_at, "when it was closed stays as it was said"
    assert not evaluate(shop).freezes
    with pytest.raises(NotAllowed, match="has ended: mistake"):
        incident_corrections.mistake(
            shop, *find_incident(shop, "checkout"), "the monitor was wrong all along"
        )


def test_two_that_are_closed_turn_out_to_be_one_and_an_open_one_is_no_part_of_them(shop: Context) -> None:
    ident = closed(shop, "checkout answers 503")
    closed(shop, "cart is slow")
    cart = find_incident(shop, "cart")
    incident_corrections.merge(shop, *cart, find_incident(shop, "checkout"))
    assert (found(shop, "cart").state, found(shop, "cart").into) == (IncidentState.MERGED, ident)
    assert found(shop).state is IncidentState.CLOSED
    declare(shop, "search is empty")
    search = find_incident(shop, "search")
    with pytest.raises(UsageError, match="has ended"):
        incident_corrections.merge(shop, *search, find_incident(shop, "checkout"))


def test_a_part_of_a_closed_one_is_closed_and_freezes_nothing(shop: Context) -> None:
    closed(shop, "checkout answers 503")
    incident_corrections.split(shop, *find_incident(shop, "checkout"), "cart is slow")
    made = found(shop, "cart")
    assert (made.state, made.closed_at) == (IncidentState.CLOSED, found(shop).closed_at)
    assert made.mitigated_at is None, "nobody said when this part was"
    assert not evaluate(shop).freezes
    incident_corrections.mistake(shop, *find_incident(shop, "cart"), "there was only the one")
    with pytest.raises(UsageError, match="has ended"):
        incident_corrections.split(shop, *find_incident(shop, "cart"), "prices are old")


def test_one_that_was_over_belongs_to_no_build_that_came_later(shop: Context) -> None:
    held = evaluate(shop).held
    declare(shop, "long ago", started_at=shop.now - 72 * HOUR, closed_at=shop.now - 71 * HOUR)
    assert (found(shop, "long ago").release, found(shop, "long ago").candidate) == ("", None)
    declare(shop, "just over", closed_at=shop.now)
    assert found(shop, "just over").candidate == held.candidate_id
    declare(shop, "still open", started_at=shop.now - 72 * HOUR)
    assert found(shop, "still open").candidate == held.candidate_id, "it holds up what is in hand"
