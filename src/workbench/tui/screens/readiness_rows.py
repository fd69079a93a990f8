"""The sections of Readiness as groups of rows that fold themselves."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.gates.model import Weight
from workbench.tui.screens.folding import Group
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.words import SINCE as HEADING
from workbench.usecases.views.gates import TITLES, counted
from workbench.usecases.views.readiness import (
    Line,
    Reader,
    Section,
    Who,
    heaviest,
    ready_to_sign,
    sections,
    waiting_for_signatures,
)

SINCE = "since/"  # begins the keys of what changed after a release was shipped


def groups(found: Judgement, reader: Reader) -> list[Group]:
    """The sections of the screen, what blocks first."""
    lines = sections(found, reader)
    rows = {
        section: tuple(_row(line, section) for line in lines[section] if not line.folded)
        for section in Section
    }
    blocking, to_do, to_sign, risks, met = (rows[section] for section in Section)
    return [
        *_since(found),
        Group(
            Section.BLOCKS,
            TITLES[Weight.BLOCKS],
            blocking,
            Mark.BLOCKS,
            "",
            "",
            min(5, len(blocking)),
            ((0, len(blocking)),),
        ),
        Group(
            Section.TO_DO,
            TITLES[Weight.TO_DO],
            to_do,
            Mark.OPEN,
            "",
            "",
            min(2, len(to_do)),
            ((1, 3), *((place, place) for place in range(4, len(to_do) + 1))),
        ),
        Group(
            Section.TO_SIGN,
            TITLES[Weight.TO_SIGN],
            to_sign,
            Mark.OPEN,
            counted(len(to_sign), Weight.TO_SIGN),
            waiting_for_signatures(found),
            1 if to_sign and ready_to_sign(found) else 0,
            ((2, len(to_sign)),),
        ),
        Group(
            Section.RISKS,
            TITLES[Weight.RISK],
            risks,
            heaviest(lines[Section.RISKS]),
            counted(len(risks), Weight.RISK),
            _named(lines[Section.RISKS]),
            0,
            ((3, len(risks)),),
        ),
        Group(Section.MET, "Met", met, Mark.DONE, f"{len(met)} met", ""),
    ]


def _since(found: Judgement) -> list[Group]:
    """What changed after a release was shipped: above all that is as it was."""
    if not found.since:
        return []
    rows = tuple(Row(f"{SINCE}{place}", (Cell(text),), Mark.WARNS) for place, text in enumerate(found.since))
    count = f"{len(rows)} change{'' if len(rows) == 1 else 's'} since it was shipped"
    return [Group("since", HEADING, rows, Mark.WARNS, count, "", min(3, len(rows)), ((0, len(rows)),))]


def _named(lines: Sequence[Line]) -> str:
    return ", ".join(dict.fromkeys(line.title for line in lines))


def _row(line: Line, section: Section) -> Row:
    if section in (Section.RISKS, Section.MET):
        role = Role.MUTED if line.of_part else Role.TEXT
        return Row(line.key, (Cell(line.title, role), Cell(line.why, Role.MUTED)), line.mark)
    blocks = section is Section.BLOCKS
    return Row(
        line.key,
        (
            Cell(line.title, Role.STRONG if blocks else Role.TEXT),
            Cell(line.why, Role.TEXT if blocks else Role.MUTED),
            Cell(line.who.text, _tone(line.who)),
        ),
        line.mark,
    )


def _tone(who: Who) -> Role:
    if who.late:
        return Role.WARNING
    return Role.TEXT if who.taken else Role.MUTED
