"""What falls due in environments: refreshes, ends of life, who uses them when, and days on which nothing goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workbench.environments import model as environments
from workbench.environments.freshness import data_age
from workbench.environments.life import life_of
from workbench.environments.model import Occupied
from workbench.model.dates import begin_of
from workbench.usecases.calendar.event import INSTANT, Asked, Event, What


def tell_refreshes(asked: Asked) -> Iterator[Event]:
    """When the data of each environment gets older than its own service level."""
    for environment in asked.context.definitions.project.environments:
        if environment.fresh_within is None:
            continue
        history = [one for _, one in environments.refreshes(asked.context.record, environment.key)]
        data = data_age(history, environment.fresh_within, asked.now)
        if data.refresh is None or data.limit is None:
            continue
        at = data.refresh.of + data.limit
        yield Event(
            key=f"refresh/{environment.key}",
            at=at,
            what=What.REFRESH,
            title=f"the data of {environment.title or environment.key} is due for a refresh",
            ref=f"environment/{environment.key}",
            owner=environment.owner or "",
            part=f"data/fresh/{environment.key}",
            overdue=at < asked.now,
        )


def tell_ends_of_life(asked: Asked) -> Iterator[Event]:
    """When the life of an environment is over."""
    record = asked.context.record
    for environment in asked.context.definitions.project.environments:
        life = life_of(environment, environments.ends_of_life(record, environment.key), asked.zone)
        if life.ends is not None:
            yield Event(
                key=f"end_of_life/{environment.key}",
                at=life.ends,
                what=What.END_OF_LIFE,
                title=f"the life of {environment.title or environment.key} ends ({life.why})",
                ref=f"environment/{environment.key}",
                owner=environment.owner or "",
            )


def tell_occupancies(asked: Asked) -> Iterator[Event]:
    """Who has said that they use an environment, or work on it."""
    for row, one in environments.occupancies(asked.context.record):
        found = asked.context.definitions.environment(one.environment)
        title = (found.title if found else "") or one.environment
        maintains = one.sort is Occupied.MAINTENANCE
        yield Event(
            key=f"occupancy/{row.id}",
            at=one.begins,
            until=one.ends,
            what=What.OCCUPANCY,
            title=f"maintenance of {title}: {one.why}" if maintains else f"{one.who} uses {title}: {one.why}",
            ref=f"environment/{one.environment}",
            owner=one.who,
        )


def tell_change_freezes(asked: Asked) -> Iterator[Event]:
    """The days on which nothing is promoted."""
    for window in asked.context.definitions.project.change_freezes:
        first, last = date.fromisoformat(window.first), date.fromisoformat(window.last)
        yield Event(
            key=f"freeze/{window.first}/{window.last}",
            at=begin_of(first, asked.zone),
            until=begin_of(last + timedelta(days=1), asked.zone) - INSTANT,
            what=What.FREEZE,
            title=f"a change freeze holds: {window.reason}",
            part="change-freeze",
        )
