"""The line under the cursor of Readiness in full: why, who, what clears it, where it is defined."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.definitions import Definitions
from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import Part, State, Weight
from workbench.tui.screens.folding import FOLD, Group
from workbench.tui.screens.readiness_rows import SINCE
from workbench.tui.screens.table_screen import About
from workbench.tui.theme import Role
from workbench.tui.widgets.prose import Block, Pair, Paragraph, pairs
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.words import SINCE as HEADING
from workbench.usecases.views.clearing import command
from workbench.usecases.views.readiness import Reader, about, place_of, promised

_WAYS = {
    "benchmark": "enter goes to the benchmark; f measures again",
    "difference": "enter goes to the parity map",
    "item": "enter goes to the checklist",
    "flow": "enter goes to the flows",
    "candidate": "enter goes to the releases; c there says who wrote the build",
    "signoff": "enter opens what is signed",
    "contested": "enter shows the versions, to choose one",
    "rejection": "enter answers anew, or dismisses it with a reason",
    "freeze": "z lifts the freeze",
}


def about_line(
    found: Judgement, key: str, reader: Reader, definitions: Definitions, folds: Sequence[Group]
) -> About | None:
    """Everything about the row ``key``."""
    if key.startswith(FOLD):
        return _fold(next((group for group in folds if FOLD + group.key == key), None))
    if key.startswith(SINCE):
        return About(HEADING, found.kept, [Paragraph(found.since[int(key.removeprefix(SINCE))])])
    said = about(found, key, reader)
    if said is None:
        return None
    blocks = pairs(said.facts)
    if said.part is not None and said.part.state is State.NOT_MET:
        blocks += [*_who(found, said.part, reader), *_clears(said.part)]
    return About(said.title, said.meta, [*blocks, *_defined(place_of(definitions, found, key), found.kept)])


def _fold(group: Group | None) -> About | None:
    if group is None:
        return None
    lines = [Paragraph(row.cells[0].text, Role.MUTED) for row in group.rows]
    return About(f"{group.title}: {len(group.rows)}", "enter opens the section, or folds it", lines)


def _who(found: Judgement, part: Part, reader: Reader) -> list[Block]:
    said = pairs(promised(found, part, reader))
    if said or part.weight is Weight.TO_SIGN:
        return said
    return [Pair("Who", "nobody yet: w says who", role=Role.MUTED)]


def _clears(part: Part) -> list[Block]:
    noun, _, _ = part.about.partition("/")
    blocks: list[Block] = [Pair("To clear", _WAYS.get(noun, "o lets it past, with a reason and an end"))]
    if part.step is not None:
        blocks.append(Pair("", command(part.step), role=Role.MUTED))
    return blocks


def _defined(place: Place | None, kept: str) -> list[Block]:
    """Where it stands in the files; of what was kept nothing is said that only today's files know."""
    if place is None or kept:
        return []
    if place.built_in:
        return [Pair("Defined", "in a checklist that comes with the workbench", role=Role.MUTED)]
    return [Pair("Defined", f"{place.file}:{place.line}   E opens it", role=Role.MUTED)]
