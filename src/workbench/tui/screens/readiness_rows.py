"""The lines of Readiness as groups of rows that fold themselves: by whose move it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workbench.gates.model import Weight
from workbench.gates.turn import Move
from workbench.model.text import number_of
from workbench.tui.screens.folding import Group
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.words import SINCE as HEADING
from workbench.usecases.views.gates import TITLES, counted
from workbench.usecases.views.incidents import IncidentLine, incident_words
from workbench.usecases.views.readiness import (
    Line,
    Reader,
    Section,
    Who,
    heaviest,
    sections,
    waiting_for_signatures,
)

SINCE = "since/"  # begins the keys of what changed after a release was shipped
INVESTIGATION = "investigation/"  # those of what is being investigated
INCIDENT = "incident/"  # those of open incidents
OPEN = {Section.BLOCKS: Weight.BLOCKS, Section.TO_DO: Weight.TO_DO, Section.TO_SIGN: Weight.TO_SIGN}
MOVES = {
    Move.YOURS: "Your move",
    Move.ANOTHER: "Waiting for others",
    Move.CLOCK: "Clears automatically",
    Move.UNKNOWN: "Nobody can tell when",
}
MOST_BLOCKERS = 5  # so many are shown whatever the room


def groups(found: Judgement, reader: Reader, incidents: Sequence[IncidentLine] = ()) -> list[Group]:
    """The groups of the screen: open incidents; whose move it is, blockers first; what is to sign after all that; the rest."""
    lines = sections(found, reader)
    open_ = {
        section: [line for line in lines[section] if not line.folded and line.move is not Move.BEHIND]
        for section in OPEN
    }
    later = [line for line in lines[Section.TO_SIGN] if line.move is Move.BEHIND]
    risks, met = lines[Section.RISKS], lines[Section.MET]
    return [
        *_incidents(incidents),
        *_since(found),
        *(_moves(move, open_, reader.wide) for move in MOVES),
        _folded("later", "To sign", later, Mark.OPEN, counted(len(later), Weight.TO_SIGN), waiting_for_signatures(found)),
        _folded("risks", TITLES[Weight.RISK], risks, heaviest(risks), counted(len(risks), Weight.RISK), _named(risks)),
        Group("met", "Met", tuple(map(_quiet, met)), Mark.DONE, f"{len(met)} met", ""),
    ]  # fmt: skip


def _moves(move: Move, open_: dict[Section, list[Line]], wide: bool) -> Group:
    """The lines that wait for the same, blockers first: these are always shown."""
    chosen = {section: [line for line in lines if line.move is move] for section, lines in open_.items()}
    rows = tuple(_row(line, section, wide) for section, lines in chosen.items() for line in lines)
    blocking = len(chosen[Section.BLOCKS])
    counts = Counter({weight: len(chosen[section]) for section, weight in OPEN.items()})
    note = " · ".join(counted(number, weight) for weight, number in counts.items() if number)
    least = min(MOST_BLOCKERS, blocking) or (min(2, len(rows)) if move is Move.YOURS else 0)
    named = _named([line for lines in chosen.values() for line in lines])
    rank = 1 if move is Move.YOURS else 2
    steps = ((0, blocking), *((rank, place) for place in range(blocking + 1, len(rows) + 1)))
    mark = Mark.BLOCKS if blocking else Mark.OPEN
    title = MOVES[move]
    return Group(move.value, title, rows, mark, f"{title} {len(rows)}", named, least, steps, note)


def _folded(key: str, title: str, lines: Sequence[Line], mark: Mark, short: str, words: str) -> Group:
    """A group that is one line until there is room for all of it."""
    rows = tuple(_quiet(line) if key == "risks" else _row(line, Section.TO_SIGN) for line in lines)
    return Group(key, title, rows, mark, short, words, 0, ((3, len(rows)),))


def _since(found: Judgement) -> list[Group]:
    """What changed after a release was shipped: above all that is as it was."""
    if not found.since:
        return []
    rows = tuple(Row(f"{SINCE}{place}", (Cell(text),), Mark.WARNS) for place, text in enumerate(found.since))
    count = f"{number_of(len(rows), 'change')} since it was shipped"
    return [Group("since", HEADING, rows, Mark.WARNS, count, "", min(3, len(rows)), ((0, len(rows)),))]


def _incidents(lines: Sequence[IncidentLine]) -> list[Group]:
    """What is going on right now stands above everything else."""
    if not lines:
        return []
    rows = tuple(
        Row(
            INCIDENT + line.id,
            (Cell(line.title, Role.STRONG), Cell(incident_words(line)), Cell(line.lead, Role.MUTED)),
            line.mark,
        )
        for line in lines
    )
    mark = Mark.BLOCKS if any(line.frozen for line in lines) else Mark.UNDER_WAY
    count = f"{number_of(len(rows), 'incident')} open"
    return [Group("incidents", "Open incidents", rows, mark, count, "", min(3, len(rows)), ((0, len(rows)),))]


def _named(lines: Sequence[Line]) -> str:
    return ", ".join(dict.fromkeys(line.title for line in lines))


def _quiet(line: Line) -> Row:
    """A line that asks nothing of anybody."""
    role = Role.MUTED if line.of_part else Role.TEXT
    return Row(line.key, (Cell(line.title, role), Cell(line.why, Role.MUTED)), line.mark)


def _row(line: Line, section: Section, wide: bool = False) -> Row:
    blocks = section is Section.BLOCKS
    return Row(
        line.key,
        (
            Cell(line.title, Role.STRONG if blocks else Role.TEXT),
            Cell(line.why, Role.TEXT if blocks else Role.MUTED),
            _beside(line, wide),
        ),
        line.mark,
    )


def _beside(line: Line, wide: bool) -> Cell:
    """Who takes care of it, and how many lines wait behind it."""
    behind = f"+{line.behind}{' behind' if wide else ''}" if line.behind else ""
    return Cell(" · ".join(filter(None, (line.who.text, behind))), _tone(line.who))


def _tone(who: Who) -> Role:
    if who.late:
        return Role.WARNING
    return Role.TEXT if who.taken else Role.MUTED
