"""What people did as minutes to read: day by day, who did what when, and why; Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import groupby

from workbench.model.markdown import markdown_text as escaped
from workbench.model.text import capitalised
from workbench.model.times import in_zone
from workbench.record import EntryView
from workbench.usecases.context import Context
from workbench.usecases.scripting.acts import SILENT
from workbench.usecases.scripting.model import Act, ToldAct
from workbench.usecases.views.history import Names, act, names_for, subject

MOST_NAMED = 12
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def minutes(context: Context, told: Sequence[ToldAct], title: str) -> str:
    """Minutes of these acts, with times in the project's zone."""
    zone, names = context.zone, names_for(context, (entry for item in told for entry in item.act.entries))
    people = {person.key: person.name for person in context.definitions.project.people}
    lines = [f"# {escaped(title)}"]
    acts = [item.act for item in told]
    for day, of_day in groupby(acts, lambda act: _day(act, zone)):
        lines += ["", f"## {day}"]
        for (when, who), together in groupby(of_day, lambda act: _speaker(act, zone)):
            lines += ["", f"**{when}  {escaped(people.get(who, who))}**", ""]
            lines += [f"- {text}" for one in together for text in _told(one, names)]
    if not acts:
        lines += ["", "Nothing was done."]
    return "\n".join(lines) + "\n"


def _day(act: Act, zone: tzinfo) -> str:
    local = in_zone(act.at, zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def _speaker(act: Act, zone: tzinfo) -> tuple[str, str]:
    return f"{in_zone(act.at, zone):%H:%M}", act.person


def _told(one: Act, names: Names) -> Iterator[str]:
    """A sentence for each thing that an act did, with the reason that was given."""
    entries = [entry for entry in one.entries if entry.entity not in SILENT]
    for (did, reason), together in _together(entries).items():
        things = [subject(entry, names) for entry in together]
        yield _sentence(did, things, reason)


def _together(entries: Iterable[EntryView]) -> Mapping[tuple[str, str], list[EntryView]]:
    found: dict[tuple[str, str], list[EntryView]] = {}
    for entry in entries:
        found.setdefault((act(entry), _why(entry)), []).append(entry)
    return found


def _why(entry: EntryView) -> str:
    """The reason that was given, or the words beside an answer."""
    value = entry.value or {}
    words = entry.reason or value.get("comment") or value.get("note") or value.get("why") or ""
    return " ".join(str(words).split())


def _sentence(did: str, things: Sequence[str], reason: str) -> str:
    named = ", ".join(escaped(thing) for thing in things[:MOST_NAMED])
    more = len(things) - MOST_NAMED
    told = f"{escaped(did)} {named}" + (f" and {more} more" if more > 0 else "")
    told = capitalised(told)
    return f"{told}: {escaped(reason)}" if reason else told
