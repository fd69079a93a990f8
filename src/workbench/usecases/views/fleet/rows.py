"""A line of Fleet in words: how a release stands, whose move it is and since when, what comes next, and all there is to read about it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from datetime import timedelta

from workbench.gates.model import Weight
from workbench.gates.words import open_words
from workbench.model.dates import end_text
from workbench.model.text import capitalised, number_of
from workbench.model.times import age_text, moment_text, relative_text, zone_of
from workbench.usecases.fleet.shapes import Project, ReleaseSeen, Waiting
from workbench.usecases.fleet.together import Level, Row
from workbench.usecases.views.fleet.beside import (
    due_mark_of,
    hold_words,
    incident_words,
    shared_mark,
    shared_words,
)
from workbench.usecases.views.marks import Fact, Mark

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
_MINUTE = timedelta(minutes=1)
_MARKS = {Level.NOT_JUDGED: Mark.WARNS, Level.OVERDUE: Mark.BLOCKS, Level.NOTHING: Mark.NOT_APPLICABLE}
OLDER = (
    "of an earlier version of the workbench, so a copy of it was judged; "
    "opening the project, or workbench status there, brings it up to date"
)
UNTRUSTED = "not trusted on this machine, so judged by the record alone: nothing of it was run or asked"


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


def typed_folder(root: str) -> str:
    """A folder as one types it in a shell: that of a project in one's home from there, as ``~/web-shop``."""
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - Path raises where there is no home
    if home != "/" and root.startswith(home + "/"):
        return "~/" + shlex.quote(root[len(home) + 1 :])
    return shlex.quote(root)


def command_of(row: Row) -> str:
    """The command that brings the first open line further, in its own folder; else the one that shows the project."""
    project, first = row.project, row.release.first if row.release else None
    folder = f"cd {typed_folder(project.root)}"
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
        facts.append(Fact("Falls due", f"{one.title}: {one.when}", due_mark_of(one.blocks, one.overdue)))
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
    return [*facts, Fact("Folder", typed_folder(project.root))]


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


def grouped(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The lines under what they need, what needs somebody first."""
    found = list(rows)
    for level, title in GROUPS.items():
        chosen = [row for row in found if row.level is level]
        if chosen:
            yield title, chosen
