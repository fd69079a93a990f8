"""The one table of the workbench: it draws its visible lines itself and keeps its place by key."""

from workbench.tui.widgets.table.cell_table import CellTable as CellTable
from workbench.tui.widgets.table.edit_table import EditTable as EditTable
from workbench.tui.widgets.table.record_table import RecordTable as RecordTable
