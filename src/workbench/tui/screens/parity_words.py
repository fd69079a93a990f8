"""The parity map in words and marks: table rows, the summary line, the detail of one difference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

import msgspec

from workbench.definitions.shapes import Severity
from workbench.gates.model import State, Weight
from workbench.model.times import day_text, relative_text
from workbench.parity.model import DECISION_WORDS, SEVERITY_RANK, Decision, Difference, expired
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair, Paragraph
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.parity_map import Detail, Line, ParityMap, read_map

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
SHORT = {Severity.HIGH: "high", Severity.MEDIUM: "med", Severity.LOW: "low"}
_MARKS = {
    Decision.UNDECIDED: Mark.OPEN,
    Decision.CLOSE: Mark.UNDER_WAY,
    Decision.MITIGATE: Mark.DONE,
    Decision.ACCEPT: Mark.EXCEPTED,
    Decision.NO_MATTER: Mark.NOT_APPLICABLE,
}
_SEVERITY_CELLS = {each: Cell(SHORT[each], order=-SEVERITY_RANK[each]) for each in Severity}
_FRESH_CELLS = {text: Cell(text, Role.ACCENT) for text in ("", "new", "changed")}
_TOUCHES_NOTHING = Cell("–", Role.MUTED)
_ORDER = {decision: place for place, decision in enumerate(Decision)}


class Standing(msgspec.Struct, frozen=True):
    """What the gates make of differences: the ids that block, and those let past by an override."""

    release: str | None = None
    version: str = ""
    blocking: frozenset[str] = frozenset()
    overridden: frozenset[str] = frozenset()


def standing(found: Evaluation | None) -> Standing:
    """How the differences stand in the release in hand."""
    if found is None:
        return Standing()
    parts = [
        part
        for gate in found.gates
        for requirement in gate.requirements
        for part in requirement.parts
        if part.key.startswith("difference/")
    ]
    unmet = [part for part in parts if part.state is State.NOT_MET and part.weight is Weight.BLOCKS]
    let_past = [part for part in parts if part.state is State.OVERRIDDEN]
    return Standing(
        found.held.id,
        found.held.release.version,
        frozenset(part.fix.row or "" for part in unmet),
        frozenset(part.fix.row or "" for part in let_past),
    )


def read_rows(context: Context, stand: Standing, zone: tzinfo) -> tuple[ParityMap, list[Row]]:
    """The map and its table rows; a job for the desk."""
    found = read_map(context, stand.release)
    return found, [_row(line, stand, zone) for line in found.lines]


def _row(line: Line, stand: Standing, zone: tzinfo) -> Row:
    mark = mark_of(line.id, line.severity, line.decision, line.ended, stand)
    strong = mark is Mark.BLOCKS
    return Row(
        line.id,
        (
            _SEVERITY_CELLS[line.severity],
            Cell(line.title, Role.STRONG if strong else Role.TEXT),
            _FRESH_CELLS[line.fresh],
            Cell(line.staging),
            Cell(line.production),
            Cell(line.touches) if line.touches else _TOUCHES_NOTHING,
            Cell(_decision(line, stand, zone), Role.ERROR if strong else Role.TEXT, order=_order(line)),
        ),
        mark,
        line.decision is Decision.NO_MATTER,
    )


def mark_of(id: str, severity: Severity, decision: Decision, ended: bool, stand: Standing) -> Mark:
    """The sign of a difference: ``✗`` only when it blocks the release in hand."""
    if id in stand.blocking:
        return Mark.BLOCKS
    if id in stand.overridden:
        return Mark.EXCEPTED
    if ended or (decision is Decision.UNDECIDED and severity is Severity.HIGH):
        return Mark.WARNS
    return _MARKS[decision]


def _decision(line: Line, stand: Standing, zone: tzinfo) -> str:
    if line.id in stand.overridden:
        return "overridden"
    if line.until is None:
        return DECISION_WORDS[line.decision]
    day = day_text(line.until, zone)
    return f"ended {day}" if line.ended else f"{DECISION_WORDS[line.decision]}, {day}"


def _order(line: Line) -> float:
    """What is open first, then by decision, then what ends first."""
    if line.open:
        return -1.0 if line.ended else 0.0
    end = line.until.timestamp() if line.until else 9e9
    return _ORDER[line.decision] + end / 1e10


# --- the summary -------------------------------------------------------------------------


def summary(found: ParityMap, stand: Standing, marked: int = 0) -> list[Piece]:
    """How the map stands, in one line."""
    if marked:
        return [Piece(f"{marked} marked", Role.ACCENT, bold=True), Piece("d decides about all of them")]
    count = len(found.lines)
    if not count:
        return [Piece("The parity map is empty", Role.STRONG)]
    parts = [Piece("1 difference" if count == 1 else f"{count:,} differences", Role.STRONG)]
    if found.high_open:
        blocks = bool(stand.blocking)
        sign = Mark.BLOCKS if blocks else Mark.WARNS
        parts.append(Piece(f"{sign.symbol} {found.high_open:,} high undecided", role_of(sign), bold=blocks))
    else:
        parts.append(Piece(f"{Mark.DONE.symbol} no high one undecided", role_of(Mark.DONE)))
    return [*parts, *_review(found, stand)]


def _review(found: ParityMap, stand: Standing) -> list[Piece]:
    if found.review is None:
        return [Piece("never looked over", Role.WARNING)]
    when = relative_text(found.review.at, found.now)
    count = " and ".join(
        f"{count:,} {word}" for count, word in ((found.new, "new"), (found.changed, "changed")) if count
    )
    since = "" if found.reviewed else f" since {found.reviewed_for}"
    parts = [Piece(count + since if count else "nothing new", Role.TEXT if count else Role.MUTED)]
    if stand.release is None or found.reviewed:
        return [*parts, Piece(f"looked over {when}", Role.MUTED)]
    return [*parts, Piece("not looked over", Role.WARNING)]


# --- the detail --------------------------------------------------------------------------

Who = Callable[[str], str]


def meta(detail: Detail, who: Who) -> str:
    """What kind of difference it is, where, and when it was found."""
    value = detail.difference
    found = f"found {relative_text(value.found_at, detail.now)}" if value.found_at else "found"
    parts = [value.severity.value, value.category.value, value.region, f"{found} by {who(detail.found_by)}"]
    return " · ".join(part for part in parts if part)


def blocks(detail: Detail, stand: Standing, zone: tzinfo, who: Who) -> list[Block]:
    """Everything that the record knows about a difference, what matters most first."""
    value = detail.difference
    ended = expired(value, detail.now)
    mark = mark_of(detail.stored.id, value.severity, value.decision, ended, stand)
    pairs: list[Block] = [Paragraph(value.impact)] if value.impact else []
    said = _decided(value, detail.now, zone, who)
    if detail.stored.id in stand.blocking:
        said += f"; blocks {stand.version}"
    elif detail.stored.id in stand.overridden:
        said += f"; overridden for {stand.version}"
    pairs.append(Pair("Decision", said, mark))
    others = (
        ("Reason", value.reason),
        ("Mitigation", value.mitigation),
        ("Values", _values(value)),
        ("Touches", ", ".join(detail.flow_names)),
        ("Owner", who(value.owner) if value.owner else ""),
        ("Closing it", value.closing_cost),
        ("Look again", moment(value.review_by, detail.now, zone) if value.review_by else ""),
        ("Evidence", str(detail.evidence) if detail.evidence else ""),
    )
    pairs += [Pair(label, text) for label, text in others if text]
    return pairs


def _values(value: Difference) -> str:
    sides = ((value.staging, "staging"), (value.production, "production"))
    return ", ".join(f"{text} in {where}" for text, where in sides if text)


def _decided(value: Difference, now: datetime, zone: tzinfo, who: Who) -> str:
    said = DECISION_WORDS[value.decision]
    said += f" until {moment(value.until, now, zone)}" if value.until else ""
    if expired(value, now):
        return f"{said}: decide again"
    if value.decided_by and value.decided_at:
        said += f"; {who(value.decided_by)} decided {relative_text(value.decided_at, now)}"
    return said


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A day, its year when it is another one, and how far off it is."""
    local = at.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{day_text(at, zone)}{year}, {relative_text(at, now)}"
