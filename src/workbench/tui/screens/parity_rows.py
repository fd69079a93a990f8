"""The parity map as rows of a table."""

from __future__ import annotations

from datetime import tzinfo

from workbench.definitions.shapes import Severity
from workbench.parity.model import SEVERITY_RANK, Decision
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.parity_map import Line, ParityMap, read_map
from workbench.usecases.views.parity import Standing, line_decision, line_mark, urgency

COLUMNS = (
    Column("severity", "Sev", width=5),
    Column("what", "What differs", flex=2, least=22, most=80),
    Column("fresh", "", most=7, least=7, drop=2),
    Column("staging", "Staging", flex=1, least=8, most=40),
    Column("production", "Production", flex=1, least=11, most=40),
    Column("touches", "Touches", least=7, most=18, drop=1),
    Column("decision", "Decision", least=9, most=18),
)
SORTABLE = ("severity", "what", "staging", "production", "touches", "decision")
_SHORT = {Severity.HIGH: "high", Severity.MEDIUM: "med", Severity.LOW: "low"}
_SEVERITY_CELLS = {each: Cell(_SHORT[each], order=-SEVERITY_RANK[each]) for each in Severity}
_FRESH_CELLS = {text: Cell(text, Role.ACCENT) for text in ("", "new", "changed")}
_TOUCHES_NOTHING = Cell("–", Role.MUTED)


def read_rows(context: Context, stand: Standing, zone: tzinfo) -> tuple[ParityMap, list[Row]]:
    """The map and its table rows; a job for the desk."""
    found = read_map(context, stand.release)
    return found, [_row(line, stand, zone) for line in found.lines]


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
