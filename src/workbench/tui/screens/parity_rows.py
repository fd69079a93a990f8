"""The parity map as rows of a table."""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from workbench.definitions.shapes import Severity
from workbench.parity.decisions import Decision
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.parity_map import AROUND, Line, ParityMap, read_map, read_top, update_map
from workbench.usecases.touching import read_touched
from workbench.usecases.views.parity import Standing, gravity, line_decision, line_mark, urgency

COLUMNS = (
    Column("severity", "Sev", width=5),
    Column("what", "What differs", flex=2, least=22, most=80, frozen=True),
    Column("fresh", "", most=7, least=7, drop=2),
    Column("staging", "Staging", flex=1, least=8, most=40),
    Column("production", "Production", flex=1, least=11, most=40),
    Column("touches", "Touches", least=7, most=18, drop=1),
    Column("decision", "Decision", least=9, most=18),
)
_SHORT = {Severity.HIGH: "high", Severity.MEDIUM: "med", Severity.LOW: "low"}
_SEVERITY_CELLS = {each: Cell(_SHORT[each], order=gravity(each)) for each in Severity}
_FRESH_CELLS = {text: Cell(text, Role.ACCENT) for text in ("", "new", "changed")}
_TOUCHES_NOTHING = Cell("–", Role.MUTED)


def read_rows(context: Context, stand: Standing, zone: tzinfo) -> tuple[ParityMap, list[Row]]:
    """The map and its table rows; a job for the desk."""
    found = read_map(context, stand.release)
    return found, [_row(line, stand, zone) for line in found.lines]


def read_first(context: Context, stand: Standing, zone: tzinfo, most: int) -> list[Row] | None:
    """Table rows of the first lines of a map that takes long to read; a job for the desk."""
    top = read_top(context, most)
    return [_row(line, stand, zone) for line in top] if top is not None else None


class Changed(msgspec.Struct, frozen=True):
    """The map after a change: rows with the place where each stands now, in order, and ids that are gone."""

    map: ParityMap
    rows: list[tuple[int, Row]]
    gone: frozenset[str]


def read_changed(
    context: Context, since: int, found: ParityMap, before: Standing, stand: Standing, zone: tzinfo
) -> Changed | None:
    """What has changed since an entry, and since differences stood as ``before``; a job for the desk.

    ``None`` when the map has to be read as a whole.
    """
    touched = read_touched(context, since)
    ids = touched.only("difference", AROUND) if touched else None
    if ids is None or (before.release, before.version) != (stand.release, stand.version):
        return None
    ids |= (before.blocking ^ stand.blocking) | (before.overridden ^ stand.overridden)
    after, places = update_map(context, found, ids)
    rows = [(place, _row(after.lines[place], stand, zone)) for place in sorted(places.values())]
    return Changed(after, rows, frozenset(ids - places.keys()))


def _row(line: Line, stand: Standing, zone: tzinfo) -> Row:
    mark = line_mark(line, stand)
    strong = mark is Mark.BLOCKS
    decision = line_decision(line, stand, zone)
    return Row(
        line.id,
        (
            _SEVERITY_CELLS[line.severity],
            Cell(line.title, Role.STRONG if strong else Role.TEXT),
            _FRESH_CELLS[line.fresh],
            Cell(line.staging),
            Cell(line.production),
            Cell(line.touches) if line.touches else _TOUCHES_NOTHING,
            Cell(decision, Role.ERROR if strong else Role.TEXT, order=urgency(line)),
        ),
        mark,
        line.decision is Decision.NO_MATTER,
    )
