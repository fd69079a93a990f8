"""The line under the cursor of Readiness in full: why, what comes next, who, where it is defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from workbench.definitions import Definitions
from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import Part, State, Weight
from workbench.tui.screens.folding import FOLD, Group
from workbench.tui.screens.readiness_rows import SINCE
from workbench.tui.screens.table_screen import About
from workbench.tui.theme import Role
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title, pairs
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.words import SINCE as HEADING
from workbench.usecases.views.meanings import meaning_of
from workbench.usecases.views.next_step import Next, NextSteps
from workbench.usecases.views.readiness import Reader, about, place_of, promised, requirement_of

Button = Callable[[Next], str]  # the key and the word for it, as the screen has them


def about_line(
    found: Judgement,
    key: str,
    reader: Reader,
    definitions: Definitions,
    folds: Sequence[Group],
    button: Button = lambda step: "",
) -> About | None:
    """Everything about the row ``key``."""
    if key.startswith(FOLD):
        return _fold(next((group for group in folds if FOLD + group.key == key), None))
    if key.startswith(SINCE):
        return About(HEADING, found.kept, [Paragraph(found.since[int(key.removeprefix(SINCE))])])
    said = about(found, key, reader)
    if said is None:
        return None
    first, rest = pairs(said.facts[:1]), pairs(said.facts[1:])
    if said.part is not None and said.part.state is State.NOT_MET:
        first += [*_next(found, said.part, reader, button), *_behind(found, said.part)]
        rest = [*_who(found, said.part, reader), *rest]
    place = _defined(place_of(definitions, found, key), found.kept)
    return About(said.title, said.meta, [*first, *rest, *place])


def page_of(about_: About, found: Judgement, key: str) -> list[Block]:
    """The page of a line: all about it, and what such a line means, how it is misread, how it is cleared."""
    hit = requirement_of(found, key)
    blocks = list(about_.blocks)
    if hit is None:
        return blocks
    _, requirement, part = hit
    meaning = meaning_of(requirement, part)
    return [
        Paragraph(about_.meta, Role.MUTED),
        Gap(),
        *blocks,
        Title("What it means"),
        Paragraph(meaning.means),
        Title("How it is misread"),
        Paragraph(meaning.misread),
        Title("How it is cleared"),
        Paragraph(meaning.cleared),
    ]


def _fold(group: Group | None) -> About | None:
    if group is None:
        return None
    lines = [Paragraph(row.cells[0].text, Role.MUTED) for row in group.rows]
    return About(f"{group.title}: {len(group.rows)}", "enter to expand or fold this section", lines)


def _who(found: Judgement, part: Part, reader: Reader) -> list[Block]:
    said = pairs(promised(found, part, reader))
    if said or part.weight is Weight.TO_SIGN or (part.turn and part.turn.who):
        return said
    return [Pair("Who", "unassigned", role=Role.MUTED)]


def _next(found: Judgement, part: Part, reader: Reader, button: Button) -> Iterable[Block]:
    """The one thing that brings the line further; the command that does the same, and the other way out."""
    step = NextSteps(found, reader.person).of(part)
    if not step.words or found.ending is not None:
        return
    yield Pair("Next", step.words, button=button(step))
    if step.command:
        yield Pair("", step.command, role=Role.MUTED)
    if step.instead:
        yield Pair("or", step.instead, role=Role.MUTED)


def _behind(found: Judgement, part: Part) -> Iterable[Block]:
    """What waits behind the line, and is not told by itself."""
    titles = [
        other.title
        for _, other in found.open_parts()
        if other.folded and other.turn and other.turn.behind == part.key
    ]
    if titles:
        yield Pair("Behind it", ", ".join(titles))


def _defined(place: Place | None, kept: str) -> list[Block]:
    """Where it stands in the files; of what was kept nothing is said that only today's files know."""
    if place is None or kept:
        return []
    if place.built_in:
        return [Pair("Defined", "in a checklist that comes with the workbench", role=Role.MUTED)]
    return [Pair("Defined", f"{place.file}:{place.line}   E to edit it", role=Role.MUTED)]
