"""A page of the guide, read inside the app: its Markdown as prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Role
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title, Verbatim
from workbench.tui.working import Working
from workbench.usecases import guide

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"#{1,6} (.+)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) ")
_ROOM_FOR_LABEL = 28  # a longer first cell stands above the others, so that nothing of it is cut


def open_page(screen: Working, key: str) -> None:
    """Show a section of the guide."""
    section = guide.section(key)
    if section is None:
        screen.say("that page is not part of this installation")
        return
    title = section.title if section.title == section.page else f"{section.page}: {section.title}"
    screen.app.push_screen(ReadingPanel(title, blocks_of(section.text), copies=section.text))


def blocks_of(markdown: str) -> list[Block]:
    """The Markdown of our own guide as prose: headings, paragraphs, lists, tables, examples."""
    blocks: list[Block] = []
    for part in _parts(_COMMENT.sub("", markdown).splitlines()):
        if blocks and not isinstance(part[0], Title):
            blocks.append(Gap())
        blocks += part
    return blocks


def _parts(lines: list[str]) -> Iterator[list[Block]]:
    """One paragraph, list, table or example after another."""
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.startswith("```"):
            end = next((n for n in range(place + 1, len(lines)) if lines[n].startswith("```")), len(lines))
            yield [Verbatim("\n".join(lines[place + 1 : end]), Role.ACCENT)]
            place = end + 1
            continue
        end = next((n for n in range(place + 1, len(lines)) if _ends(lines[n], line)), len(lines))
        if heading := _HEADING.fullmatch(line):
            yield [Title(_plain(heading[1]))]
        elif line.startswith("|"):
            yield _table(lines[place:end])
        elif line.strip():
            yield [Paragraph(_plain(text)) for text in _paragraphs(lines[place:end])]
        place = end


def _ends(line: str, first: str) -> bool:
    """Whether a part that began with ``first`` has ended before this line."""
    alone = not first.strip() or first.startswith("#")
    return (
        alone
        or not line.strip()
        or line.startswith(("```", "#"))
        or line.startswith("|") != first.startswith("|")
    )


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines joined again, an item of a list each by itself."""
    text = ""
    for line in lines:
        begins = _ITEM.match(line.strip()) is not None
        if begins and text:
            yield text
            text = ""
        text = f"{text} {line.strip()}".strip()
    yield text


def _table(lines: list[str]) -> list[Block]:
    """A row each: its first cell beside or above the others; the head says nothing that they do not."""
    rows = [[_plain(cell.strip()) for cell in line.strip().strip("|").split(" | ")] for line in lines]
    body = [row for row in rows[2:] if any(row)] or rows[:1]
    wide = any(len(row[0]) > _ROOM_FOR_LABEL for row in body)
    blocks: list[Block] = []
    for first, *others in body:
        rest = " · ".join(cell for cell in others if cell)
        if wide:
            blocks += [Paragraph(first, Role.ACCENT), Paragraph(f"  {rest}")]
        else:
            blocks.append(Pair(first, rest))
    return blocks


def _plain(text: str) -> str:
    """Without marks of emphasis, code and links."""
    text = _LINK.sub(r"\1", text).replace("**", "").replace("`", "").replace("\\|", "|")
    return re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"\1", text).lstrip("|").strip()
