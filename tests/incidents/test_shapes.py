"""Incidents, their lines, reviews, actions and alarms are kept in the record, and read in the order that people expect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.incidents.actions import Action, all_actions
from workbench.incidents.model import Incident, IncidentEnd, IncidentSeverity, IncidentState, all_incidents
from workbench.incidents.timeline import TimelineLine, lines_of
from workbench.record import Change
from workbench.usecases.context import Context, commit

AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.opened(build.write(tmp_path)) as context:
        yield context


def incident(**fields: object) -> Incident:
    given = {"title": "checkout fails", "environment": "staging", "severity": IncidentSeverity.HIGH}
    return Incident(**{**given, "declared_at": AT, "declared_by": "ines", **fields})  # type: ignore[arg-type]


def test_open_incidents_come_first(shop: Context) -> None:
    ended = incident(title="an old one", ended=IncidentEnd.CLOSED, declared_at=AT + timedelta(days=1))
    commit(
        shop, [Change("incident", "b", "declared", ended), Change("incident", "a", "declared", incident())]
    )
    assert [value.title for _, value in all_incidents(shop.record)] == ["checkout fails", "an old one"]
    assert [value.title for _, value in all_incidents(shop.record, only_open=True)] == ["checkout fails"]


def test_lines_stand_in_the_order_of_what_happened(shop: Context) -> None:
    lines = [
        TimelineLine(
            incident="a", at=AT + timedelta(minutes=minute), said_at=AT, by="ines", words=str(minute)
        )
        for minute in (5, -90, 1)
    ]
    commit(shop, [Change("timeline_line", f"a/{place}", "added", line) for place, line in enumerate(lines)])
    assert [line.words for _, line in lines_of(shop.record, "a")] == ["-90", "1", "5"]


def test_actions_without_a_day_come_last(shop: Context) -> None:
    dues = (None, AT + timedelta(days=2), AT)
    actions = [
        Action(subject="incident/a", title=str(place), by="ines", at=AT, due=due)
        for place, due in enumerate(dues)
    ]
    commit(shop, [Change("action", str(place), "added", each) for place, each in enumerate(actions)])
    assert [value.title for _, value in all_actions(shop.record)] == ["2", "1", "0"]


def test_what_was_declared_by_mistake_counts_nowhere() -> None:
    assert incident().state is IncidentState.OPEN
    assert incident(mitigated_at=AT).state is IncidentState.MITIGATED
    mistake = incident(ended=IncidentEnd.MISTAKE, mitigated_at=AT)
    assert mistake.state is IncidentState.MISTAKE
    assert not mistake.counts
    assert incident(started_at=AT - timedelta(hours=2)).began == AT - timedelta(hours=2)
