"""All of Fleet in a line, and what is not among its lines."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model.text import number_of, some_of
from workbench.usecases.fleet.together import Fleet, Level
from workbench.usecases.views.marks import Mark, Phrase

ALL = "workbench status --all"


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
        yield f"workbench fleet add FOLDER adds the projects of a folder; {ALL} --in FOLDER looks at them once"


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
