"""The map by priority, regions by parity, and what is told of one difference; evidence, and what is new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.evidence.model import attachments
from workbench.parity import model as parity
from workbench.parity.model import Difference, Wanted
from workbench.parity.rating import Frequency, Harm
from workbench.releases.model import Outcome
from workbench.usecases import answering, mapping, releasing, undoing
from workbench.usecases.context import Context
from workbench.usecases.parity_map import read_detail, read_map
from workbench.usecases.scripting.acts import tell
from workbench.usecases.views.parity import Standing, read_list, summary
from workbench.usecases.views.priorities import (
    facts_of_priority,
    failing_words,
    read_priorities,
    read_roll_out,
)

REGIONS = """\
environments:
  - {key: production, kind: production, region: eu}
  - {key: production-us, kind: production, region: us}
  - {key: staging, kind: staging}
  - {key: branch, kind: ephemeral}
"""
TEXT = build.SHOP.replace(
    "environments:\n  - {key: production, kind: production}\n  - {key: staging, kind: staging}\n", REGIONS
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def told(context: Context, **fields: Any) -> dict[str, str]:
    value = Difference(title="pool", **fields)
    return {fact.label: fact.text for fact in facts_of_priority(context, value)}


def test_the_map_in_the_order_of_priority(shop: Context) -> None:
    build.add_difference(shop, "cheap", severity="high", closing_cost="1 day")
    build.add_difference(shop, "dear", severity="high", closing_cost="3 weeks", flows=("checkout",))
    low = build.add_difference(shop, "low", severity="low")
    build.decide(shop, low, "no_matter")
    found = read_priorities(shop)
    assert [(one.priority.place, one.difference.title) for one in found] == [
        (1, "cheap"),
        (2, "dear"),
        (3, "low"),
    ]
    assert [one.difference.title for one in read_priorities(shop, undecided=True)] == ["cheap", "dear"]


def test_what_closing_costs_stands_beside_what_failing_would(shop: Context) -> None:
    stored, flow = mapping.find_flow(shop, "checkout")
    mapping.edit_flow(shop, stored, msgspec.structs.replace(flow, failure_cost="900 EUR"))
    said = told(shop, closing_cost="2 days", flows=("checkout",))
    assert said["Costs"] == "closing it 2 days; failing for five minutes 900 EUR (checkout)"
    assert told(shop, failure_cost="a fine")["Costs"] == "failing a fine"
    assert "Costs" not in told(shop)
    costs = {key: f"{key} EUR" for key in "12345"}
    many = failing_words(Difference(title="x", flows=tuple("12345")), costs)
    assert many == "for five minutes 1 EUR (1), 2 EUR (2), 3 EUR (3) and 2 more flows"


def test_what_its_environment_lets_expect(shop: Context) -> None:
    assert told(shop, environment="branch", category=parity.Category.DATA)["Expected"].startswith(
        "data is expected"
    )
    assert told(shop, environment="lab")["Environment"] == "lab: no environment of this project"
    said = told(shop, frequency=Frequency.CONSTANTLY, harm=Harm.LOSS)
    assert said["Severity"] == "how often × how badly says high, the severity says medium"


def test_regions_in_the_order_of_roll_out(shop: Context) -> None:
    build.add_difference(shop, "older in eu", severity="high", region="eu")
    assert [(one.place, one.region) for one in read_roll_out(shop)] == [(1, "us"), (2, "eu")]


def test_a_severity_that_nobody_said_follows_from_how_often_and_how_badly() -> None:
    value = Difference(title="x", frequency=Frequency.DAILY, harm=Harm.LOSS)
    assert mapping.as_severe_as_said(value).severity is parity.Severity.HIGH
    assert mapping.as_severe_as_said(Difference(title="x")).severity is parity.Severity.MEDIUM


def test_what_was_found_after_the_last_release_stands_out_until_the_next(shop: Context) -> None:
    build.add_difference(shop, "old")
    assert read_map(shop).newer == 0 and read_list(shop, Wanted(), 9, new=True)[0] == 1
    held = releasing.find(shop)
    value = msgspec.structs.replace(held.release, outcome=Outcome.SHIPPED, outcome_at=shop.now)
    stored = shop.record.get("release", held.id)
    assert stored is not None
    from workbench.record import Change
    from workbench.usecases.context import commit

    commit(shop, [Change("release", held.id, "shipped", value, stored.base)])
    later = build.later(shop, hours=1)
    build.add_difference(later, "fresh")
    found = read_map(later)
    assert (found.newer, found.released) == (1, "2.0.0")
    assert {line.title: line.newer for line in found.lines} == {"old": False, "fresh": True}
    assert [value.title for _, value in read_list(later, Wanted(), 9, new=True)[1]] == ["fresh"]
    assert any("1 new since 2.0.0" in phrase.text for phrase in summary(found, Standing()))


def test_evidence_of_a_difference_is_kept_told_and_undone(shop: Context) -> None:
    ident = build.add_difference(shop, "pool")
    stored, _ = parity.find(shop.record, "pool")
    subject = mapping.subject_of(stored)
    evidence = answering.evidence_for(shop, subject, link="https://wiki.example/pool")
    mapping.attach(shop, stored, evidence)
    detail = read_detail(shop, ident)
    assert detail is not None and detail.evidence == 1
    (piece,) = attachments(shop.record, subject)[subject]
    assert (piece.kind, piece.by) == ("link", "kim")
    (command,) = tell(shop)[-1].commands
    assert command.words == ("parity", "attach", "pool", "--link", "https://wiki.example/pool")
    undoing.undo(shop)
    assert not attachments(shop.record, subject)
