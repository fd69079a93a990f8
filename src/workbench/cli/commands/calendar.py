"""``workbench calendar``: what falls due or ends, day by day, and what it does to readiness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, only_one, pass_settings
from workbench.model.dates import day_of
from workbench.model.times import full_date_text
from workbench.usecases.context import Context
from workbench.usecases.views import calendar as words
from workbench.usecases.views.calendar import By, Calendar, Event, Group
from workbench.usecases.views.calendar_strip import strip
from workbench.usecases.views.icalendar import as_icalendar
from workbench.usecases.views.pieces import plain

WIDTH = 78  # of the row of days
WHEN = 13  # cells for the time of an event


@click.command()
@click.option("--from", "first", metavar="DAY", help="The first day; today unless said.")
@click.option("--to", "last", metavar="DAY", help="The last day, counted whole; 30 days later unless said.")
@click.option(
    "--by",
    type=click.Choice([one.value for one in By]),
    default=By.DAY.value,
    help="Told by day, week or release.",
)
@click.option("--ics", is_flag=True, help="Print it as iCalendar, for a calendar program.")
@common()
@pass_settings
def calendar(settings: Settings, first: str | None, last: str | None, by: str, ics: bool) -> None:
    """Show what falls due or ends, and whether the release is ready then.

    Gates are judged ahead, as if nothing happened but that time passes; what was
    measured counts as it does today.
    """
    only_one({"ics": ics, "json": settings.json})
    with session.reading(settings) as context:
        project = context.definitions.project
        found = words.read_calendar(context, _day(context, first), _day(context, last))
    if ics:
        output.text(as_icalendar(found, project.project, project.title or project.project))
        return
    if settings.json:
        output.emit(words.document(found, By(by)))
        return
    output.lines(_lines(found, By(by)))
    if found.title and not found.ended:
        output.talk(words.BEYOND)


def _day(context: Context, typed: str | None) -> date | None:
    moment = session.moment(context, typed)
    return day_of(moment, context.zone) if moment is not None else None


def _lines(found: Calendar, by: By) -> Iterator[str]:
    yield from words.head_lines(found)
    if drawn := strip(found, WIDTH):
        yield ""
        yield from plain(drawn).split("\n")
    if found.overdue:
        yield ""
        yield f"Overdue ({len(found.overdue)})"
        yield from _events(found.overdue, found, dated=True)
    for group in words.groups(found, by):
        yield ""
        yield f"{group.title}  {_noted(group)}".rstrip()
        for day in group.days:
            if by is not By.DAY:
                yield f"  {full_date_text(day.date)}  {words.noted(day)}".rstrip()
            yield from _events(day.events, found)
    if not found.events:
        yield ""
        yield f"nothing falls due until {full_date_text(found.last)}"


def _noted(group: Group) -> str:
    """What is said beside the title: how one day stands, or how several together end."""
    return words.noted(group.days[0]) if len(group.days) == 1 and group.note else group.note


def _events(events: Sequence[Event], found: Calendar, *, dated: bool = False) -> Iterator[str]:
    """A line for each event, and below it what it changes; of many of one kind the first few."""
    for one, more in words.shortened(events):
        mark = words.mark_of(one)
        who = f" ({one.owner})" if one.owner else ""
        when = words.time_words(one, found.zone, dated=dated)
        yield f"    {mark.symbol if mark else ' '} {when:<{WHEN}}  {words.title_of(one)}{who}"
        if one.effect:
            yield f"      {'':<{WHEN}}  {one.effect}"
        if more:
            yield f"      {'':<{WHEN}}  … {more}: --json lists them"
