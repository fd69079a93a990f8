"""The fleet in words, for ``workbench status --all`` and the screen Fleet: who is needed first, where, and since when."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from workbench.gates.model import Weight
from workbench.gates.words import open_words
from workbench.learning.figure import Figure
from workbench.model.dates import end_text
from workbench.model.text import capitalised, number_of, safe_text, some_of
from workbench.model.times import age_text, moment_text, relative_text, zone_of
from workbench.usecases.fleet.shapes import (
    Folder,
    Hold,
    IncidentSeen,
    Project,
    ReleaseSeen,
    SharedRecord,
    Waiting,
)
from workbench.usecases.fleet.together import (
    Dated,
    Fleet,
    Level,
    Row,
    calendar,
    holds,
    incidents,
    of_all,
    of_each,
)
from workbench.usecases.views.exchange import entries_of
from workbench.usecases.views.figure_words import (
    NOTHING,
    TOO_FEW,
    count_text,
    facts_of,
    value_text,
)
from workbench.usecases.views.marks import Fact, Mark, Phrase

SECTIONS = {
    "releases": "Releases",
    "holds": "Incidents and freezes",
    "calendar": "Falls due next",
    "delivery": "Delivery",
    "shared": "Shared records",
    "folders": "Folders",
    "left": "Left out",
}
GROUPS = {
    Level.NOT_JUDGED: "Not judged",
    Level.OVERDUE: "Overdue",
    Level.BLOCKED: "Blocked",
    Level.WAITS: "Waits for people",
    Level.CLOCK: "Clears automatically",
    Level.READY: "Ready",
    Level.PLANNED: "Planned, without a build",
    Level.OUT: "Went out, being watched",
    Level.NOTHING: "No release",
}
SOON = 8  # things of the calendar that are told unless all are asked for
_MINUTE = timedelta(minutes=1)
OLD_DAYS = 1  # days after which what a shared record last received is old
_ALL = "workbench status --all"
_MARKS = {Level.NOT_JUDGED: Mark.WARNS, Level.OVERDUE: Mark.BLOCKS, Level.NOTHING: Mark.NOT_APPLICABLE}


# --- a line ----------------------------------------------------------------------------------


def row_mark(row: Row) -> Mark:
    """The sign of a line: that of its release; ``▲`` for what was not judged."""
    return _MARKS.get(row.level) or (row.release.sign if row.release else Mark.WARNS)


def row_title(row: Row) -> str:
    """The project and its release: ``Web shop 2.14.0 rc2``."""
    return f"{row.project.name} {row.release.title}" if row.release else row.project.name


def state_words(row: Row) -> str:
    """How it stands: ``blocked, 3 blockers, 2 to sign``; of what was not judged, that it was not."""
    release = row.release
    if release is None:
        return "no release is planned" if row.level is Level.NOTHING else "not judged"
    counts = ", ".join(open_of(release))
    return f"{release.state_words}, {counts}" if counts else release.state_words


def open_of(release: ReleaseSeen) -> tuple[str, ...]:
    """How much of a release is open: ``3 blockers``, ``2 to sign``."""
    counts = {Weight.BLOCKS: release.blocks, Weight.TO_DO: release.to_do, Weight.TO_SIGN: release.to_sign}
    return open_words(counts)


def gates_words(release: ReleaseSeen) -> str:
    """Every gate with its mark: ``✓ Inventory  ✗ Benchmarks``."""
    return "  ".join(f"{gate.sign.symbol} {gate.title or gate.key}" for gate in release.gates)


def gates_signs(release: ReleaseSeen) -> str:
    """The marks of the gates alone, in order: ``✓◐✗○``."""
    return "".join(gate.sign.symbol for gate in release.gates)


def move_words(project: Project, first: Waiting | None) -> str:
    """Whose move it is: ``you``, ``Robin or Sam``, ``anybody``; of what clears automatically, until when."""
    if first is None:
        return ""
    if first.owner:
        return first.owner
    if first.move == "clock":
        until = end_text(first.until, zone_of(project.timezone)) if first.until else ""
        return f"waits until {until}" if until else "waits"
    if first.move == "yours":
        return "you" if first.who else "anybody"
    if first.move == "another":
        return (
            " or ".join(first.who) if len(first.who) < 3 else f"{first.who[0]} or {len(first.who) - 1} more"
        )
    return "nobody can yet"


def since_words(project: Project, first: Waiting | None) -> str:
    """For how long it has been so: ``3 days``; "" where that is not known, or is less than a minute."""
    if first is None or first.since is None or project.now is None:
        return ""
    age = project.now - first.since
    return age_text(age) if age >= _MINUTE else ""


def turn_words(project: Project, first: Waiting | None) -> str:
    """``waiting for you, 3 days``; of what clears automatically, until when."""
    who = move_words(project, first)
    if first is None or not who:
        return ""
    named = first.owner or first.move in ("yours", "another")
    told = f"waiting for {who}" if named else who
    return ", ".join(filter(None, (told, since_words(project, first))))


def planned_words(row: Row) -> str:
    """``in 3 days``: how far off the day is that a release is planned for, or how long ago it went out."""
    release, now = row.release, row.project.now
    if release is None or now is None:
        return ""
    at = release.planned_at if release.open else release.went_out_at
    return relative_text(at, now) if at is not None else ""


def trouble_words(project: Project) -> str:
    """Why a project was not judged, and where."""
    found = project.trouble
    if found is None:
        return ""
    where = f" ({found.where})" if found.where and found.where not in found.what else ""
    return f"{found.what}{where}"


def folder_text(root: str) -> str:
    """A folder as one types it in a shell: that of a project in one's home from there, as ``~/web-shop``."""
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - Path raises where there is no home
    if home != "/" and root.startswith(home + "/"):
        return "~/" + shlex.quote(root[len(home) + 1 :])
    return shlex.quote(root)


def command_of(row: Row) -> str:
    """The command that brings the first open line further, in its own folder; else the one that shows the project."""
    project, first = row.project, row.release.first if row.release else None
    folder = f"cd {folder_text(project.root)}"
    if project.trouble is not None:
        return folder if project.trouble.kind == "gone" else f"{folder} && workbench status"
    if first is None or not first.fix.startswith("workbench "):
        return f"{folder} && workbench status" + _release_option(row)
    return f"{folder} && {first.fix}"


def _release_option(row: Row) -> str:
    return f" --release {shlex.quote(row.release.version)}" if row.release else ""


def row_facts(row: Row) -> list[Fact]:
    """Everything there is to read about a line."""
    project, release = row.project, row.release
    zone = zone_of(project.timezone)
    facts: list[Fact] = []
    if project.trouble is not None:
        facts.append(Fact("Not judged", trouble_words(project), row_mark(row)))
        facts += [Fact("To do", capitalised(project.trouble.hint))] if project.trouble.hint else []
    if release is not None:
        facts += _release_facts(row, release)
    facts += [Fact("Incident", incident_words(one), Mark.WARNS) for one in project.incidents]
    facts += [Fact("Frozen", hold_words(project, one), Mark.WARNS) for one in project.holds]
    for one in project.due[:3]:
        facts.append(Fact("Falls due", f"{one.title}: {one.when}", _due_mark(one.blocks, one.overdue)))
    if project.shared is not None:
        facts.append(Fact("Shared", shared_words(project, project.shared), shared_mark(project)))
    facts += [Fact("Lacking", words, Mark.WARNS) for words in project.lacking]
    if project.older:
        facts.append(Fact("Record", OLDER))
    if project.more:
        facts.append(Fact("Not judged", f"{number_of(project.more, 'more open release')}", Mark.WARNS))
    if not project.trusted:
        facts.append(Fact("Trust", UNTRUSTED))
    if project.demonstration and project.now is not None:
        facts.append(Fact("Demonstration", f"its clock says {moment_text(project.now, zone)}"))
    return [*facts, Fact("Folder", folder_text(project.root))]


OLDER = (
    "of an earlier version of the workbench, so a copy of it was judged; "
    "opening the project, or workbench status there, brings it up to date"
)
UNTRUSTED = "not trusted on this machine, so judged by the record alone: nothing of it was run or asked"


def _release_facts(row: Row, release: ReleaseSeen) -> Iterator[Fact]:
    project, first = row.project, release.first
    zone = zone_of(project.timezone)
    if first is not None:
        yield Fact("First", f"{first.title}: {first.why}", Mark.BLOCKS if first.blocks else Mark.OPEN)
        moment = f" ({first.since_what} {moment_text(first.since, zone)})" if first.since else ""
        yield Fact("Whose move", f"{turn_words(project, first)}{moment}")
    yield Fact("Next", command_of(row))
    if release.overdue:
        yield Fact(
            "Overdue",
            f"{number_of(release.overdue, 'line')} open for longer than allowed or promised",
            Mark.BLOCKS,
        )
    if release.open and release.planned_at is not None:
        yield Fact("Planned", f"{moment_text(release.planned_at, zone)}, {planned_words(row)}")
    if release.ready_at is not None:
        yield Fact("Ready", f"{moment_text(release.ready_at, zone)} at the earliest")
    for gate in release.gates:
        yield Fact("Gate", f"{gate.title or gate.key}: {gate.words}", gate.sign)


# --- beside the releases ---------------------------------------------------------------------


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


def _due_mark(blocks: bool, overdue: bool) -> Mark | None:
    return Mark.BLOCKS if blocks else Mark.WARNS if overdue else None


def due_mark(one: Dated) -> Mark | None:
    """What blocks has the mark of a blocker, what is overdue that of a risk."""
    return _due_mark(one.due.blocks, one.due.overdue)


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


def figure_mark_words(figure: Figure) -> tuple[str, str]:
    """A figure's count, and its value with its interval."""
    return count_text(figure), value_text(figure)


class Delivery:
    """DORA's five over all projects and of each, worked out once, in words."""

    def __init__(self, fleet: Fleet) -> None:
        found = of_all(fleet)
        self.together = found.figures if found is not None else ()
        self._each, self._names = of_each(fleet), _names(fleet)

    def facts(self, key: str) -> list[Fact]:
        """A figure over all projects, and of each that has anything to count."""
        figure = next((one for one in self.together if one.key == key), None)
        if figure is None:
            return []
        told = facts_of(figure, self._names)
        facts = [fact for fact in told if fact.label not in ("Counted", "The others")]
        for each in self._each:
            own = next(one for one in each.figures if one.key == key)
            if own.numerator or (own.denominator and own.unit != "per week"):
                facts.append(Fact(each.name, ", ".join(figure_mark_words(own))))
        return facts


def is_certain(figure: Figure) -> bool:
    """Whether there is enough to say what it is worth."""
    return value_text(figure) not in (TOO_FEW, NOTHING)


def _names(fleet: Fleet) -> dict[str, str]:
    """What people call each thing that a figure over all projects names."""
    found: dict[str, str] = {}
    for project in fleet.judged:
        told = project.delivered
        for release in (told.whole_releases or told.releases) if told else ():
            found[f"{project.root}:{release.id}"] = f"{project.name} {release.version}"
    return found


# --- the whole -------------------------------------------------------------------------------


def summary(fleet: Fleet) -> list[Phrase]:
    """How all of it stands, in one line."""
    rows = fleet.rows
    counts = {level: sum(row.level is level for row in rows) for level in Level}
    judged_ = len(fleet.judged)
    found = [Phrase(f"{number_of(len(fleet.projects), 'project')}")]
    blocked = counts[Level.BLOCKED] + counts[Level.OVERDUE]
    if blocked:
        late = f", {counts[Level.OVERDUE]} overdue" if counts[Level.OVERDUE] else ""
        found.append(Phrase(f"{blocked} blocked{late}", Mark.BLOCKS))
    if waits := counts[Level.WAITS] + counts[Level.CLOCK]:
        found.append(Phrase(f"{waits} waiting", Mark.UNDER_WAY))
    if counts[Level.READY]:
        found.append(Phrase(f"{counts[Level.READY]} ready", Mark.DONE))
    if counts[Level.NOT_JUDGED]:
        found.append(Phrase(f"{counts[Level.NOT_JUDGED]} not judged", Mark.WARNS))
    if count := sum(len(one.incidents) for one in fleet.judged):
        found.append(Phrase(f"{number_of(count, 'incident')} open", Mark.WARNS))
    if count := sum(len(one.holds) for one in fleet.judged):
        found.append(Phrase(number_of(count, "freeze"), Mark.WARNS))
    if fleet.told < fleet.asked:
        found.append(Phrase(f"{fleet.told} of {fleet.asked} judged so far", Mark.UNDER_WAY))
    elif not judged_ and not rows:
        found = [Phrase("no project was opened on this machine yet")]
    return found


def advice(fleet: Fleet) -> Iterator[str]:
    """What to do where there is no project to look at."""
    if not fleet.projects:
        yield f"workbench fleet add FOLDER adds the projects of a folder; {_ALL} --in FOLDER looks at them once"


def left_out(fleet: Fleet, samples: str = "--demonstrations shows them") -> Iterator[str]:
    """What is not among the lines, and why; ``samples`` says how sample projects are shown."""
    for one in fleet.copies:
        yield (
            f"{one.root} is another copy of the record in {one.shown}, which is shown "
            f"(entry {one.entries:,}; there {one.shown_entries:,})"
        )
    if fleet.demonstrations:
        yield f"{number_of(len(fleet.demonstrations), 'demonstration')}: {samples}"
    if fleet.gone:
        roots = some_of([one.root for one in fleet.gone], 3)
        yield (
            f"{number_of(len(fleet.gone), 'project')} that were opened here are gone: {roots}"
            if len(fleet.gone) > 1
            else f"a project that was opened here is gone: {roots}"
        )
    if fleet.elsewhere:
        yield f"records outside of a project's folder are not judged: {some_of(fleet.elsewhere, 3)}"
    if fleet.remark:
        yield fleet.remark
    if fleet.more:
        yield f"{fleet.more:,} more projects, for that is too many: name folders with --in"


def short_lines(fleet: Fleet) -> Iterator[str]:
    """A line for each release, and for each project without one."""
    for row in fleet.rows:
        first = row.release.first if row.release else None
        told = [state_words(row)]
        if first is not None:
            told.append(turn_words(row.project, first))
        if row.project.trouble is not None and row.level is Level.NOT_JUDGED:
            told.append(trouble_words(row.project))
        yield safe_text(f"{row_mark(row).symbol} {row_title(row)}: {'; '.join(filter(None, told))}", 300)


def lines(fleet: Fleet, sections: Sequence[str] = ()) -> list[str]:
    """The whole as lines for a terminal, every one safe; only some ``sections``, where these are asked for."""
    makers = {
        "releases": _releases,
        "holds": _holds,
        "calendar": _calendar,
        "delivery": _delivery,
        "shared": _shared,
        "folders": _folders,
        "left": _left,
    }
    found = [", ".join(phrase.text for phrase in summary(fleet))]
    for key in sections or SECTIONS:
        made = list(makers[key](fleet, bool(sections)))
        if made or sections:
            found += ["", SECTIONS[key], *(made or ["  nothing"])]
    return [safe_text(line, 400) for line in found]


def _releases(fleet: Fleet, asked: bool) -> Iterator[str]:
    for row in fleet.rows:
        planned = planned_words(row)
        when = (
            f"; {'planned' if row.release and row.release.open else 'went out'} {planned}" if planned else ""
        )
        yield f"{row_mark(row).symbol} {row_title(row)}: {state_words(row)}{when}"
        if row.release is not None and row.release.gates:
            yield f"    {gates_words(row.release)}"
        yield from (f"    {line}" for line in _what_next(row))


def _what_next(row: Row) -> Iterator[str]:
    first, project = row.release.first if row.release else None, row.project
    if first is not None:
        yield f"{turn_words(project, first)}: {first.title}: {first.why}"
    if project.trouble is not None:
        yield trouble_words(project)
        if project.trouble.hint:
            yield project.trouble.hint
    if project.shared is not None and (is_old(project) or project.shared.faults):
        yield f"{shared_mark(project).symbol} {shared_words(project, project.shared)}"
    yield from (f"{Mark.WARNS.symbol} lacking: {words}" for words in project.lacking)
    if row.level not in (Level.OUT, Level.PLANNED) and not (
        project.trouble and project.trouble.kind == "gone"
    ):
        yield command_of(row)


def _holds(fleet: Fleet, asked: bool) -> Iterator[str]:
    for project, one in incidents(fleet):
        yield f"  {Mark.WARNS.symbol} {project.name}: {incident_words(one)}"
    for project, hold in holds(fleet):
        yield f"  {Mark.WARNS.symbol} {project.name}: {hold_words(project, hold)}"


def _calendar(fleet: Fleet, asked: bool) -> Iterator[str]:
    found = calendar(fleet)
    for one in found if asked else found[:SOON]:
        mark = due_mark(one)
        effect = f"; {one.due.effect}" if one.due.effect and one.due.blocks else ""
        late = "overdue, " if one.due.overdue else ""
        sign = mark.symbol if mark else " "
        yield f"  {sign} {one.project.name}: {one.due.title}: {late}{one.due.when}{effect}"
    if not asked and len(found) > SOON:
        yield f"    {len(found) - SOON} more: {_ALL} --section calendar"


def _delivery(fleet: Fleet, asked: bool) -> Iterator[str]:
    together, each = of_all(fleet), of_each(fleet)
    if together is None:
        return
    width = max(len(figure.title) for figure in together.figures)
    for place, figure in enumerate(together.figures):
        count, value = figure_mark_words(figure)
        yield f"  {figure.title:<{width}}  {count}, {value}"
        for own in each if asked else ():
            count, value = figure_mark_words(own.figures[place])
            yield f"      {own.name}: {count}, {value}"
    if not asked and len(each) > 1:
        yield f"    of each project: {_ALL} --section delivery"


def _shared(fleet: Fleet, asked: bool) -> Iterator[str]:
    for project in fleet.judged:
        if project.shared is not None:
            yield f"  {shared_mark(project).symbol} {project.name}: {shared_words(project, project.shared)}"


def folder_words(one: Folder) -> str:
    """How many projects are in a folder that is kept, or why that is not known."""
    return one.trouble or (number_of(len(one.roots), "project") if one.roots else "no project is in it")


def folder_mark(one: Folder) -> Mark | None:
    """``▲`` where nothing was found."""
    return None if one.roots else Mark.WARNS


def _folders(fleet: Fleet, asked: bool) -> Iterator[str]:
    for one in fleet.folders:
        mark = folder_mark(one)
        yield f"  {mark.symbol if mark else ' '} {one.path}: {folder_words(one)}"


def _left(fleet: Fleet, asked: bool) -> Iterator[str]:
    older = [one.name for one in fleet.judged if one.older]
    if older:
        yield f"  {some_of(older, 6)}: the record is {OLDER}"
    untrusted = [one.name for one in fleet.judged if not one.trusted]
    if untrusted:
        yield f"  {some_of(untrusted, 6)}: {UNTRUSTED}"
    yield from (f"  {line}" for line in left_out(fleet))


def grouped(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The lines under what they need, what needs somebody first."""
    found = list(rows)
    for level, title in GROUPS.items():
        chosen = [row for row in found if row.level is level]
        if chosen:
            yield title, chosen
