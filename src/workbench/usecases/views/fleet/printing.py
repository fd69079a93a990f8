"""Fleet as lines for a terminal: ``workbench status --all``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.model.text import safe_text, some_of
from workbench.usecases.fleet.together import Fleet, Level, Row, calendar, holds, incidents, of_all, of_each
from workbench.usecases.views.fleet.beside import (
    due_mark,
    folder_mark,
    folder_words,
    hold_words,
    incident_words,
    is_old,
    shared_mark,
    shared_words,
)
from workbench.usecases.views.fleet.delivery import figure_mark_words
from workbench.usecases.views.fleet.rows import (
    OLDER,
    UNTRUSTED,
    command_of,
    gates_words,
    planned_words,
    row_mark,
    row_title,
    state_words,
    trouble_words,
    turn_words,
)
from workbench.usecases.views.fleet.whole import ALL, left_out, summary
from workbench.usecases.views.marks import Mark

SECTIONS = {
    "releases": "Releases",
    "holds": "Incidents and freezes",
    "calendar": "Falls due next",
    "delivery": "Delivery",
    "shared": "Shared records",
    "folders": "Folders",
    "left": "Left out",
}
SOON = 8  # things of the calendar that are told unless all are asked for


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
        yield f"    {len(found) - SOON} more: {ALL} --section calendar"


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
        yield f"    of each project: {ALL} --section delivery"


def _shared(fleet: Fleet, asked: bool) -> Iterator[str]:
    for project in fleet.judged:
        if project.shared is not None:
            yield f"  {shared_mark(project).symbol} {project.name}: {shared_words(project, project.shared)}"


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
