"""Incidents in words: how each stands, what comes next, and the timeline line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.incidents.model import Incident, IncidentSeverity
from workbench.incidents.timeline import LineKind
from workbench.usecases import deciding, incident_corrections, incident_reviews, incidents
from workbench.usecases.actions import add_action
from workbench.usecases.context import Context
from workbench.usecases.views.incident_page import read_page
from workbench.usecases.views.incidents import (
    IncidentLine,
    incident_words,
    read_lines,
    subject_of,
    summary,
)
from workbench.usecases.views.marks import Mark


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def declared(context: Context, title: str, environment: str = "staging", **said: object) -> str:
    value = Incident(
        title=title,
        environment=environment,
        severity=IncidentSeverity.HIGH,
        declared_at=context.now,
        declared_by="robin",
        **said,  # type: ignore[arg-type]
    )
    return incidents.declare(context, value)


def the_line(context: Context, id: str) -> IncidentLine:
    return next(line for line in read_lines(context) if line.id == id)


def test_one_in_staging_blocks_and_one_in_production_is_under_way(shop: Context) -> None:
    began = shop.now - timedelta(minutes=38)
    staging = the_line(shop, declared(shop, "checkout answers 503", started_at=began))
    assert (staging.mark, staging.state, staging.next, staging.frozen) == (
        Mark.BLOCKS, "open for 38 min", "to mitigate", True,
    )  # fmt: skip
    production = the_line(shop, declared(shop, "login is slow", "production"))
    assert (production.mark, production.state, production.frozen) == (
        Mark.UNDER_WAY, "declared just now", False,
    )  # fmt: skip
    assert [phrase.text for phrase in summary(read_lines(shop))] == [
        "2 open", "promotion frozen by 1 incident", "0 closed",
    ]  # fmt: skip
    assert incident_words(staging) == "staging · open for 38 min · promotion is frozen"


def test_it_is_complete_once_its_freeze_is_lifted_it_is_reviewed_and_its_actions_are_done(
    shop: Context,
) -> None:
    id = declared(shop, "checkout answers 503")
    incidents.close(shop, *incidents.find_incident(shop, id), why="it answers again")
    assert (the_line(shop, id).mark, the_line(shop, id).next) == (Mark.BLOCKS, "freeze to lift, to review")
    deciding.lift_freeze(shop, "it answers again, for two hours now", id)
    incident_reviews.review(shop, subject_of(id), {"contributed": "no"})
    assert (the_line(shop, id).mark, the_line(shop, id).next) == (Mark.COMPLETE, "")
    due = shop.now - timedelta(days=1)
    add_action(shop, {"title": "pin the address", "owner": "kim", "due": f"{due:%Y-%m-%d}"}, subject_of(id))
    line = the_line(shop, id)
    assert (line.mark, line.next) == (Mark.OPEN, "1 action, 1 overdue")


def test_what_was_declared_by_mistake_is_marked_and_counted_nowhere(shop: Context) -> None:
    id = declared(shop, "checkout answers 503")
    incident_corrections.mistake(shop, *incidents.find_incident(shop, id), "the wrong window was looked at")
    line = the_line(shop, id)
    assert (line.mark, line.counts, line.next) == (Mark.NOT_APPLICABLE, False, "")
    assert [phrase.text for phrase in summary(read_lines(shop))] == ["0 open", "0 closed"]


def test_a_page_says_how_long_each_took_and_when_a_line_was_typed_later(shop: Context) -> None:
    id = declared(
        shop,
        "checkout answers 503",
        started_at=shop.now - timedelta(minutes=30),
        detected_at=shop.now - timedelta(minutes=20),
        mitigated_at=shop.now,
    )
    incidents.note(
        shop, *incidents.find_incident(shop, id), "gateway redeployed", at=shop.now - timedelta(minutes=25)
    )
    incidents.note(shop, *incidents.find_incident(shop, id), "#releases", what=LineKind.TOLD)
    page = read_page(shop, id)
    assert page is not None
    times = next(fact.text for fact in page.facts if fact.label == "Times")
    assert "(10 min)" in times and "(30 min)" in times
    words = [line.words for line in page.lines]
    assert words[:3] == ["started", "gateway redeployed", "detected"] and "people told: #releases" in words
    assert page.lines[1].later.startswith("typed ") and page.lines[-1].later == ""
    checklist = next(fact for fact in page.facts if fact.label == "Checklist")
    assert "next: Traffic and resources isolated" in checklist.text


def test_of_one_that_is_gone_there_is_no_page(shop: Context) -> None:
    assert read_page(shop, "nothing") is None
    assert read_lines(shop) == () and [phrase.text for phrase in summary(())] == ["No incident is recorded"]
