"""A page of the guide, read inside the app: its Markdown as prose, then what the record shows of it."""

from __future__ import annotations

from workbench.model.errors import WorkbenchError
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Role
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title, Verbatim, pairs
from workbench.tui.working import Working
from workbench.usecases import guide
from workbench.usecases.context import Context
from workbench.usecases.guide_text import Part, Sort, body, parts
from workbench.usecases.views.marks import Fact

_ROOM_FOR_LABEL = 28  # a longer first cell stands above the others, so that nothing of it is cut
IN_RECORD = "In your record"


async def open_page(screen: Working, key: str) -> None:
    """Show a section of the guide; of a page about staging, with what the record shows of it."""
    section = guide.section(key)
    if section is None:
        screen.say("that page is not part of this installation")
        return
    title = section.title if section.title == section.page else f"{section.page}: {section.title}"
    page = guide.page_of(key)
    shown = await shown_of(screen, page.name) if page else []
    screen.app.push_screen(ReadingPanel(title, [*blocks_of(section.text), *shown], copies=section.text))


async def open_about(screen: Working, name: str) -> None:
    """Show a whole page about staging."""
    page = guide.find_page(name)
    shown = await shown_of(screen, page.name)
    screen.app.push_screen(ReadingPanel(page.title, [*blocks_of(page.text), *shown], copies=page.text))


async def shown_of(screen: Working, name: str) -> list[Block]:
    """What the record shows of a page."""
    try:
        facts = await screen.work.desk.call(_told, name)
    except WorkbenchError as error:
        return [Gap(), Title(IN_RECORD), Paragraph(error.what, Role.MUTED)]
    return [Gap(), Title(IN_RECORD), *pairs(facts)] if facts else []


def _told(context: Context, name: str) -> tuple[Fact, ...]:
    from workbench.usecases.views.guide_record import told

    return told(context, name)


def blocks_of(markdown: str) -> list[Block]:
    """The Markdown of our own guide as prose: headings, paragraphs, lists, tables, examples."""
    blocks: list[Block] = []
    for part in parts(markdown):
        if blocks and part.sort is not Sort.HEADING:
            blocks.append(Gap())
        blocks += _drawn(part)
    return blocks


def _drawn(part: Part) -> list[Block]:
    match part.sort:
        case Sort.EXAMPLE:
            return [Verbatim(part.texts[0], Role.ACCENT)]
        case Sort.HEADING:
            return [Title(part.texts[0])]
        case Sort.TABLE:
            return _table(part)
        case _:
            return [Paragraph(text) for text in part.texts]


def _table(part: Part) -> list[Block]:
    """A row each: its first cell beside or above the others; the head says nothing that they do not."""
    rows = body(part)
    wide = any(len(row[0]) > _ROOM_FOR_LABEL for row in rows)
    blocks: list[Block] = []
    for first, *others in rows:
        rest = " · ".join(cell for cell in others if cell)
        if wide:
            blocks += [Paragraph(first, Role.ACCENT), Paragraph(f"  {rest}")]
        else:
            blocks.append(Pair(first, rest))
    return blocks
