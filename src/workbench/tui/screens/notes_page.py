"""The release notes drawn as a page: no line of prose longer than one can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workbench.model.width import cells, fit, wrap
from workbench.tui.theme import Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.prose import to_content
from workbench.tui.widgets.ruled import ruled_line
from workbench.usecases.views.notes_page import (
    Facts,
    Figure,
    Figures,
    Heading,
    NotesPage,
    PagePart,
    Said,
    Thing,
)

MEASURE = 84  # cells; a longer line is hard to read
CONTENTS = 40  # cells of the sections beside it
_LEAD = Piece(" ")
_ROOMY = 104  # cells from which the table has all its columns


def page_lines(page: NotesPage, width: int) -> list[Line]:
    """The page in lines of at most ``width`` cells."""
    measure = max(20, min(MEASURE, width - 2))
    role = role_of(page.mark) if page.mark else Role.TEXT
    lines: list[Line] = [(_LEAD, Piece(page.title, Role.STRONG)), ()]
    lines += _hung(f"{page.sign} ", page.headline, measure, role, bold=True)
    before: PagePart | None = None
    for part in page.parts:
        if _apart(before, part):
            lines.append(())
        lines += _drawn(part, measure, width)
        before = part
    return [crop_line(line, width) for line in lines]


def contents(page: NotesPage, width: int) -> list[tuple[str, int, int]]:
    """The sections: title, the line that each begins at, and how many things stand in it."""
    found: list[tuple[str, int, int]] = []
    heads = [part for part in page.parts if isinstance(part, Heading) and not part.within]
    lines = page_lines(page, width)
    at = 0
    for number, head in enumerate(heads):
        at = next(n for n in range(at, len(lines)) if _is_head(lines[n], head))
        begin = page.parts.index(head) + 1
        end = page.parts.index(heads[number + 1]) if number + 1 < len(heads) else len(page.parts)
        found.append((head.text, at, _counted(page.parts[begin:end])))
        at += 1
    return found


def section_at(page: NotesPage, width: int, line: int) -> str:
    """The key of the section that one reads at a line of the page; "" before the first one."""
    heads = [part for part in page.parts if isinstance(part, Heading) and not part.within]
    found = ""
    for head, (_, at, _) in zip(heads, contents(page, width), strict=True):
        if at > line + 1:
            break
        found = head.section
    return found


def _is_head(line: Line, head: Heading) -> bool:
    return len(line) > 1 and line[0].role is Role.DIVIDER and line[1].text == head.text


def _counted(parts: Sequence[PagePart]) -> int:
    return sum(
        len(part.rows) if isinstance(part, Figures) else isinstance(part, Thing) or _is_listed(part)
        for part in parts
    )


def _is_listed(part: PagePart) -> bool:
    return isinstance(part, Said) and bool(part.lead)


def _apart(before: PagePart | None, part: PagePart) -> bool:
    """Whether an empty line stands between two parts."""
    if isinstance(part, Heading):
        return not (part.within and isinstance(before, Heading))
    same_list = type(before) is type(part) and isinstance(part, (Said, Thing)) and _listed(part)
    return not (isinstance(before, Heading) or same_list)


def _listed(part: Said | Thing) -> bool:
    return isinstance(part, Thing) or bool(part.lead)


def _drawn(part: PagePart, measure: int, width: int) -> Iterable[Line]:
    match part:
        case Heading(text=text, within=True):
            return [(_LEAD, Piece(text, Role.STRONG))]
        case Heading(text=text):
            head = ruled_line(text, "", measure + 1)
            return [(head[0], Piece(head[1].text, Role.HEADING), *head[2:])]
        case Said(text=text, lead=lead, mark=mark, aside=aside):
            role = Role.MUTED if aside else role_of(mark) if mark else Role.TEXT
            return _hung(f"{mark.symbol} " if mark else lead, text, measure, role)
        case Facts(rows=rows):
            beside = min(18, max((cells(name) for name, _ in rows), default=0) + 2)
            # A digest is read as one word, however long it is.
            longest = max((cells(word) for _, value in rows for word in value.split()), default=0)
            room = min(width - 2, max(measure, beside + longest))
            return [line for name, value in rows for line in _pair(name, value, beside, room)]
        case Thing():
            return _thing(part, measure)
        case Figures(rows=rows):
            return _table(rows, width - 2)


def _hung(lead: str, text: str, measure: int, role: Role, *, bold: bool = False) -> list[Line]:
    indent = " " * cells(lead)
    texts = wrap(text, measure - cells(lead))
    return [
        (_LEAD, Piece(indent if number else lead, role), Piece(line, role, bold=bold))
        for number, line in enumerate(texts)
    ]


def _pair(name: str, value: str, beside: int, measure: int) -> list[Line]:
    texts = wrap(value, measure - beside)
    return [
        (_LEAD, Piece(fit("" if number else name, beside), Role.MUTED), Piece(text))
        for number, text in enumerate(texts)
    ]


def _thing(thing: Thing, measure: int) -> list[Line]:
    sign = Piece(f"{thing.sign} ", role_of(thing.mark) if thing.mark else Role.MUTED)
    title = f"{thing.title}: " if thing.text else thing.title
    lines: list[Line] = []
    for number, text in enumerate(wrap(f"{title}{thing.text}", measure - 2)):
        bold = len(title) if not number else 0
        pieces = [Piece(text[:bold], Role.STRONG), Piece(text[bold:])]
        lines.append((_LEAD, Piece("  ") if number else sign, *(piece for piece in pieces if piece.text)))
    for name, value in thing.details:
        lines += [
            (_LEAD, Piece("    "), Piece(text, Role.MUTED)) for text in wrap(f"{name}: {value}", measure - 4)
        ]
    return lines


# --- the table of benchmarks -------------------------------------------------------------------


def _table(rows: Sequence[Figure], room: int) -> list[Line]:
    """Title and numbers in columns, the margin in the room that is left; below each row what it was made from."""
    roomy = room >= _ROOMY
    heads = {"title": "Benchmark", "verdict": "Verdict", "value": "Value", "limit": "Limit"}
    heads |= {"baseline": "Baseline", "margin": "Margin"}
    shown = [name for name in heads if roomy or name not in ("verdict", "baseline")]
    widths = {
        name: max(cells(heads[name]), *(cells(getattr(row, name)) for row in rows)) if rows else 8
        for name in shown
    }
    taken = 2 + sum(widths[name] + 2 for name in shown if name not in ("title", "margin"))
    widths["title"] = max(12, min(widths["title"], (room - taken) * 6 // 10))
    widths["margin"] = max(8, min(widths["margin"], room - taken - widths["title"] - 2))
    head: list[Piece] = [_LEAD, Piece("  ")]
    head += [_cell(heads[name], name, widths[name], Role.MUTED) for name in shown]
    lines: list[Line] = [tuple(head)]
    for row in rows:
        role = role_of(row.mark)
        pieces = [_LEAD, Piece(f"{row.mark.symbol} ", role)]
        pieces += [_cell(getattr(row, name), name, widths[name], Role.TEXT) for name in shown]
        lines.append(tuple(pieces))
        made = wrap(row.details, min(MEASURE, room) - 2) if row.details else []
        lines += [(_LEAD, Piece("  "), Piece(text, Role.MUTED)) for text in made]
    return lines


def _cell(text: str, name: str, width: int, role: Role) -> Piece:
    align = "right" if name in ("value", "limit", "baseline") else "left"
    return Piece(fit(text, width, align) + ("" if name == "margin" else "  "), role)


class Contents(PieceLines):
    """The sections beside the page; a click goes there (``Chosen.target`` is ``line N``)."""

    DEFAULT_CSS = """
    Contents { width: 40; padding: 0 1; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._sections: tuple[tuple[str, int, int], ...] = ()

    def show(self, sections: Sequence[tuple[str, int, int]]) -> None:
        """Name these from now on."""
        if self._sections != (shown := tuple(sections)):
            self._sections = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        if not self._sections:
            return []
        lines: list[Line] = [(Piece("Contents", Role.STRONG),)]
        for title, at, count in self._sections:
            text = fit(title, max(8, width - 6))
            number = Piece(f" {count or '':>4}", Role.MUTED, f"line {at}")
            lines.append(crop_line((Piece(text, Role.TEXT, f"line {at}"), number), width))
        return lines


class PageView(Widget):
    """A :class:`NotesPage` as high as it is."""

    DEFAULT_CSS = """
    PageView { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: NotesPage | None = None

    def show(self, page: NotesPage | None) -> None:
        """Show this page from now on."""
        if page != self._page:
            self._page = page
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Line]:
        return page_lines(self._page, width) if self._page else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render(self) -> Content:
        """All lines at the width there is."""
        return to_content(self._lines(self.size.width), self)
