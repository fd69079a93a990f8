"""The parity map as rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.cells import write_list, write_when
from workbench.model.noun_fields import field_of
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Category
from workbench.parity.rating import Frequency, Harm
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import TEXT, Column, choice
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.parity_map import AROUND, Line, ParityMap, read_map, read_top, update_map
from workbench.usecases.touching import read_touched
from workbench.usecases.views.parity import Standing, gravity, line_decision, line_mark, urgency, weight

Who = Callable[[str], str]
_DECISION, _FREQUENCY, _HARM = (field_of(FIELDS, name) for name in ("decision", "frequency", "harm"))
_WRITTEN = {each: _DECISION.write(each, UTC) for each in Decision}
# Each goes by its field, so that what is typed or pasted into it finds where it belongs.
COLUMNS = (
    Column("title", "What differs", flex=2, least=22, most=80, edit=TEXT, frozen=True),
    Column("fresh", "", most=7, least=7, drop=2),
    Column("staging", "Staging", flex=1, least=8, most=40, edit=TEXT),
    Column("production", "Production", flex=1, least=11, most=40, edit=TEXT),
    Column("severity", "Sev", width=6, edit=choice("high", "medium", "low")),
    Column("decision", "Decision", least=9, most=18, edit=choice(*_WRITTEN.values())),
    Column("flows", "Touches", least=7, most=18, drop=1, edit=TEXT),
    Column("region", "Region", most=14, drop=3, edit=TEXT),
    Column("owner", "Owner", most=14, drop=4, edit=TEXT),
    Column("category", "Category", most=14, drop=5, edit=choice(*(each.value for each in Category))),
    Column("mitigation", "Mitigation", most=40, drop=6, edit=TEXT),
    Column("reason", "Reason", most=40, drop=7, edit=TEXT),
    Column("until", "Until", most=16, drop=8, edit=TEXT),
    Column("review_by", "Review by", most=16, drop=9, edit=TEXT),
    Column("closing_cost", "Closing costs", most=30, drop=10, edit=TEXT),
    Column("failure_cost", "Failure costs", most=30, drop=10, edit=TEXT),
    Column("frequency", "How often", most=10, drop=11, edit=choice(*(each.value for each in Frequency))),
    Column("harm", "How badly", most=14, drop=11, edit=choice(*(each.value for each in Harm))),
    Column("priority", "Priority", width=8, drop=4),
    Column("probe", "Probe", most=16, drop=11, edit=TEXT),
    Column("impact", "Impact", most=60, drop=11, edit=TEXT),
)
_SEVERITIES = {each: Cell(each.value, order=gravity(each)) for each in Severity}
_CATEGORIES = {each: Cell(each.value, Role.MUTED) for each in Category}
_OFTEN = {each: Cell(_FREQUENCY.write(each, UTC), order=-place) for place, each in enumerate(Frequency)}
_BADLY = {each: Cell(_HARM.write(each, UTC), order=-place) for place, each in enumerate(Harm)}
_FRESH = {text: Cell(text, Role.ACCENT) for text in ("", "new", "changed")}
_NOTHING = Cell("–", Role.MUTED, value="")
_EMPTY = Cell()


def read_rows(context: Context, stand: Standing, zone: tzinfo, who: Who) -> tuple[ParityMap, list[Row]]:
    """The map and its table rows; a job for the desk."""
    found = read_map(context, stand.release)
    return found, [_row(line, stand, zone, who) for line in found.lines]


def read_first(context: Context, stand: Standing, zone: tzinfo, who: Who, most: int) -> list[Row] | None:
    """Table rows of the first lines of a map that takes long to read; a job for the desk."""
    top = read_top(context, most)
    return [_row(line, stand, zone, who) for line in top] if top is not None else None


class Changed(msgspec.Struct, frozen=True):
    """The map after a change: rows with the place where each stands now, in order, and ids that are gone."""

    map: ParityMap
    rows: list[tuple[int, Row]]
    gone: frozenset[str]


def read_changed(
    context: Context, since: int, found: ParityMap, before: Standing, stand: Standing, zone: tzinfo, who: Who
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
    rows = [(place, _row(after.lines[place], stand, zone, who)) for place in sorted(places.values())]
    return Changed(after, rows, frozenset(ids - places.keys()))


def _row(line: Line, stand: Standing, zone: tzinfo, who: Who) -> Row:
    said, mark = line.said, line_mark(line, stand)
    strong = mark is Mark.BLOCKS
    role = Role.ERROR if strong else Role.TEXT
    return Row(
        line.id,
        (
            Cell(line.title, Role.STRONG if strong else Role.TEXT),
            _FRESH[line.fresh or ("new" if line.newer else "")],
            Cell(said.staging),
            Cell(said.production),
            Cell(said.severity_written) if said.severity_written else _SEVERITIES[line.severity],
            Cell(line_decision(line, stand, zone), role, None, urgency(line), _WRITTEN[line.decision]),
            _touches(line.touches, said.flows) if said.flows else _NOTHING,
            Cell(said.region) if said.region else _EMPTY,
            _owner(said.owner, who) if said.owner else _EMPTY,
            _CATEGORIES[said.category],
            Cell(said.mitigation) if said.mitigation else _EMPTY,
            Cell(said.reason) if said.reason else _EMPTY,
            _end(line.until, zone) if line.until else _EMPTY,
            _end(said.review_by, zone) if said.review_by else _EMPTY,
            Cell(said.closing_cost) if said.closing_cost else _EMPTY,
            Cell(said.failure_cost) if said.failure_cost else _EMPTY,
            _OFTEN[said.frequency],
            _BADLY[said.harm],
            _priority(*weight(line)),
            Cell(said.probe) if said.probe else _EMPTY,
            Cell(said.impact) if said.impact else _EMPTY,
        ),
        mark,
        line.decision is Decision.IRRELEVANT,
    )


# The same of many rows of a large map: worked out once.
@lru_cache(maxsize=4096)
def _priority(points: int, cost: float) -> Cell:
    return Cell(f"{points}", Role.MUTED, order=cost - points)


@lru_cache(maxsize=4096)
def _touches(words: str, flows: tuple[str, ...]) -> Cell:
    return Cell(words, value=write_list(flows))


@lru_cache(maxsize=4096)
def _end(moment: datetime, zone: tzinfo) -> Cell:
    return Cell(write_when(moment, zone, end=True), order=moment.timestamp())


def _owner(key: str, who: Who) -> Cell:
    return Cell(who(key), value=key)
