"""The flow inventory as rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from workbench.definitions.shapes import Dimension, Tier
from workbench.flows.fields import FIELDS
from workbench.flows.model import STAGES, Complexity, Flow, FlowKind, Stability
from workbench.model.cells import write_list
from workbench.model.noun_fields import Field, field_of
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.columns import TEXT, Column, choice
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
# Those that go by a field of a flow are edited; the marks and what is not covered follow from benchmarks.
COLUMNS = (
    Column("name", "Flow", flex=1, least=24, most=60, edit=TEXT, frozen=True),
    Column("tier", "Tier", least=9, most=11, edit=choice(*(each.value for each in Tier))),
    Column("stage", "Stage", least=8, most=8, edit=choice(*(each.value for each in STAGES))),
    Column("core", "Core", most=4, least=4, drop=2, edit=choice("yes", "no")),
    *(Column(each.value, short, align="center") for each, short in _SHORT.items()),
    Column("owner", "Owner", most=14, least=5, drop=3, edit=TEXT),
    Column("gaps", "Not covered", flex=3, least=20, most=120, drop=4),
    Column("staging_tests", "Tests", most=30, drop=5, edit=TEXT),
    Column("mocked_steps", "Not real in staging", most=30, drop=6, edit=TEXT),
    Column("services", "Services", most=30, drop=7, edit=TEXT),
    Column("trigger", "Starts when", most=30, drop=8, edit=TEXT),
    Column("outcome", "Ends with", most=30, drop=9, edit=TEXT),
    Column("steps", "Steps", most=40, drop=10, edit=TEXT),
    Column("failure_cost", "Cost of failure", most=20, drop=11, edit=TEXT),
    Column("kind", "Kind", most=18, drop=12, edit=choice(*(each.value for each in FlowKind))),
    Column("complexity", "Complexity", most=10, drop=13, edit=choice(*(each.value for each in Complexity))),
    Column("stability", "Stability", most=9, drop=14, edit=choice(*(each.value for each in Stability))),
    Column("approach", "Approach", most=24, drop=15, edit=TEXT),
    Column("paths", "Paths", most=30, drop=16, edit=TEXT),
    Column("agreed_by", "Agreed by", most=14, drop=17, edit=TEXT),
    Column("agreed_on", "Agreed on", most=12, drop=18, edit=TEXT),
    Column("key", "Key", most=24, drop=19, edit=TEXT),
)
# What their own fields tell, however they are written.
_TOLD = tuple(
    field_of(FIELDS, name)
    for name in ("kind", "complexity", "stability", "approach", "paths", "agreed_by", "agreed_on")
)
_EMPTY = Cell()
_NOBODY = Cell("unassigned", Role.MUTED, value="")
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
    return inventory, [
        _row(flow, inventory.gaps[flow.key], marks, who, context.zone) for flow in inventory.flows.values()
    ]


def _told_cell(flow: Flow, field: Field, zone: tzinfo) -> Cell:
    value = getattr(flow, field.name)
    return _EMPTY if value == field.empty else Cell(field.tell(value, zone), value=field.write(value, zone))


def _row(flow: Flow, missing: tuple[str, ...], marks: Marks, who: Callable[[str], str], zone: tzinfo) -> Row:
    return Row(
        flow.key,
        (
            Cell(flow.name, Role.STRONG if flow.core else Role.TEXT),
            Cell(TIER_WORDS[flow.tier], order=_TIER_ORDER[flow.tier], value=flow.tier.value),
            Cell(flow.stage.value, order=-STAGES.index(flow.stage)),
            Cell("core", value="yes") if flow.core else Cell("", value="no"),
            *(_mark_cell(marks.get((flow.key, dimension))) for dimension in _SHORT),
            Cell(who(flow.owner), Role.MUTED, value=flow.owner) if flow.owner else _NOBODY,
            Cell("; ".join(missing), Role.MUTED),
            Cell(flow.staging_tests),
            _list_cell(flow.mocked_steps, ", "),
            _list_cell(flow.services, ", "),
            Cell(flow.trigger),
            Cell(flow.outcome),
            _list_cell(flow.steps, " → "),
            Cell(flow.failure_cost),
            *(_told_cell(flow, field, zone) for field in _TOLD),
            Cell(flow.key, Role.MUTED),
        ),
        marks.get((flow.key, None), Mark.OPEN),
    )


def _list_cell(items: tuple[str, ...], between: str) -> Cell:
    return Cell(between.join(items), value=write_list(items)) if items else Cell()


def _mark_cell(mark: Mark | None) -> Cell:
    return Cell(mark.symbol, role_of(mark)) if mark else Cell()
