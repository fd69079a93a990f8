"""The flow inventory as rows of a table."""

from __future__ import annotations

from collections.abc import Callable

from workbench.definitions.shapes import Dimension, Tier
from workbench.flows.model import STAGES, Flow
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.flows import TIER_WORDS, Inventory, Marks, is_long, read_inventory, worst_marks

# As in usecases/views/matrix.py, cut to what a column has room for.
_SHORT = {
    Dimension.DATA_FIDELITY: "Data",
    Dimension.SERVICE_PARITY: "Serv",
    Dimension.FLOW_COMPLETENESS: "Compl",
    Dimension.LATENCY_CONSISTENCY: "Lat",
    Dimension.ERROR_HANDLING: "Err",
}
COLUMNS = (
    Column("name", "Flow", flex=1, least=24, most=60, frozen=True),
    Column("tier", "Tier", least=9, most=11),
    Column("stage", "Stage", least=8, most=8),
    Column("core", "Core", most=4, least=4, drop=2),
    *(Column(each.value, short, align="center") for each, short in _SHORT.items()),
    Column("owner", "Owner", most=14, least=5, drop=3),
    Column("gaps", "Not covered", flex=3, least=20, most=120, drop=4),
)
_TIER_ORDER = {tier: place for place, tier in enumerate(Tier)}


def read_first(
    context: Context, found: Evaluation | None, who: Callable[[str], str], most: int
) -> tuple[Inventory, list[Row]] | None:
    """The first flows of an inventory that takes long to read, and their rows; a job for the desk."""
    return read_rows(context, found, who, most) if is_long(context) else None


def read_rows(
    context: Context, found: Evaluation | None, who: Callable[[str], str], most: int | None = None
) -> tuple[Inventory, list[Row]]:
    """The inventory, or its first flows, and its table rows; a job for the desk."""
    inventory, marks = read_inventory(context, most), worst_marks(found)
    return inventory, [_row(flow, inventory.gaps[flow.key], marks, who) for flow in inventory.flows.values()]


def _row(flow: Flow, missing: tuple[str, ...], marks: Marks, who: Callable[[str], str]) -> Row:
    return Row(
        flow.key,
        (
            Cell(flow.name, Role.STRONG if flow.core else Role.TEXT),
            Cell(TIER_WORDS[flow.tier], order=_TIER_ORDER[flow.tier]),
            Cell(flow.stage.value, order=-STAGES.index(flow.stage)),
            Cell("core" if flow.core else ""),
            *(_mark_cell(marks.get((flow.key, dimension))) for dimension in _SHORT),
            Cell(who(flow.owner), Role.MUTED) if flow.owner else Cell("nobody", Role.MUTED),
            Cell("; ".join(missing), Role.MUTED),
        ),
        marks.get((flow.key, None), Mark.OPEN),
    )


def _mark_cell(mark: Mark | None) -> Cell:
    return Cell(mark.symbol, role_of(mark)) if mark else Cell()
