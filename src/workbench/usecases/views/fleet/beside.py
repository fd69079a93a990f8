"""What stands beside the releases, in words: incidents, freezes, what falls due, shared records, and the folders that are kept."""

from __future__ import annotations

from workbench.model.dates import end_text
from workbench.model.text import entries_of, number_of
from workbench.model.times import age_text, relative_text, zone_of
from workbench.usecases.fleet.shapes import Folder, Hold, IncidentSeen, Project, SharedRecord
from workbench.usecases.fleet.together import Dated
from workbench.usecases.views.marks import Fact, Mark

OLD_DAYS = 1  # days after which what a shared record last received is old


def incident_words(one: IncidentSeen) -> str:
    """``Orders are lost: medium, staging, mitigated 2 days ago; Lotte leads``."""
    lead = f"; {one.lead} leads" if one.lead else ""
    frozen = "; it holds promotion" if one.frozen else ""
    return f"{one.title}: {one.severity}, {one.environment}, {one.state}{lead}{frozen}"


def hold_words(project: Project, one: Hold) -> str:
    """``frozen by Kim for 3 days: reason``; dates on which nothing goes out say until when."""
    if one.until is not None:
        return f"nothing goes out until {end_text(one.until, zone_of(project.timezone))}: {one.reason}"
    age = age_text(project.now - one.since) if project.now and project.now > one.since else "a moment"
    return f"frozen by {one.by} for {age}: {one.reason}"


def shared_words(project: Project, one: SharedRecord) -> str:
    """How a shared record stands: when everything was last received, what waits to be sent, whether the server is contradicted."""
    told = []
    if one.received_at is None or project.now is None:
        told.append(f"nothing received from {one.server} yet")
    else:
        old = ", which is old: workbench sync" if is_old(project) else ""
        told.append(f"last received {relative_text(one.received_at, project.now)} from {one.server}{old}")
    if one.waits:
        told.append(f"{entries_of(one.waits)} to send")
    if one.faults:
        told.append("the server contradicts what was seen of it: workbench verify")
    return "; ".join(told)


def is_old(project: Project) -> bool:
    """Whether what was judged may be out of date: a shared record that was not received for a day."""
    one = project.shared
    if one is None or project.now is None:
        return False
    return one.received_at is None or (project.now - one.received_at).days >= OLD_DAYS


def shared_mark(project: Project) -> Mark:
    """``✗`` where the server is contradicted, ``▲`` where what was received is old."""
    if project.shared is not None and project.shared.faults:
        return Mark.BLOCKS
    return Mark.WARNS if is_old(project) else Mark.DONE


def due_mark(one: Dated) -> Mark | None:
    """The mark of something that falls due."""
    return due_mark_of(one.due.blocks, one.due.overdue)


def due_mark_of(blocks: bool, overdue: bool) -> Mark | None:
    """What blocks has the mark of a blocker, what is overdue that of a risk."""
    return Mark.BLOCKS if blocks else Mark.WARNS if overdue else None


def due_soon(one: Dated) -> str:
    """How far off it is: ``in 2 days``; what is overdue says so: ``overdue, 3 days ago``."""
    now = one.project.now
    when = relative_text(one.due.at, now) if now is not None else one.due.when
    return f"overdue, {when}" if one.due.overdue else when


def due_facts(one: Dated) -> list[Fact]:
    """What there is to read about something that falls due."""
    due = one.due
    told = [
        ("When", due.when, Mark.WARNS if due.overdue else None),
        ("Readiness", due.effect, Mark.BLOCKS if due.blocks else None),
        ("Whose", due.owner, None),
        ("Release", due.release, None),
    ]
    return [Fact(label, text, mark) for label, text, mark in told if text]


def folder_words(one: Folder) -> str:
    """How many projects are in a folder that is kept, or why that is not known."""
    return one.trouble or (number_of(len(one.roots), "project") if one.roots else "no project is in it")


def folder_mark(one: Folder) -> Mark | None:
    """``▲`` where nothing was found."""
    return None if one.roots else Mark.WARNS
