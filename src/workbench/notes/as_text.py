"""The notes as plain text for mail and terminals, at most 76 cells wide."""

from __future__ import annotations

from workbench.definitions.notes_template import Audience
from workbench.model.width import cells
from workbench.notes.blocks import (
    MARKS,
    Block,
    Charts,
    Entries,
    Entry,
    Outline,
    Pairs,
    Paragraph,
    Section,
    Sources,
    Steps,
    Table,
    Tone,
    Verdicts,
    cited_words,
)
from workbench.notes.model import NotesDocument, VerdictLine
from workbench.notes.moments import Moments
from workbench.notes.outline import outline, over_time, verdict_details, verdict_tone, verdict_words
from workbench.notes.wrapping import WIDTH, wrap

_NAMES = 14


def text(document: NotesDocument, audience: Audience = Audience.TEAM) -> str:
    """The whole document, ending in one line break."""
    return "\n".join(text_lines(outline(document, audience), Moments(document.timezone))) + "\n"


def text_lines(notes: Outline, say: Moments) -> list[str]:
    """Any outline as lines; what stands in it has been made safe."""
    title = wrap(f"{notes.project} {notes.version}")
    lines = [*title, "=" * min(WIDTH, max(cells(line) for line in title)), ""]
    lines += wrap(notes.headline, f"{notes.sign} ")
    for remark in notes.remarks:
        lines += wrap(remark, "  ")
    lines.append("")
    if notes.summary:
        lines += [*wrap(notes.summary), ""]
    lines += _pairs(notes.facts)
    for section in notes.sections:
        lines += ["", "", *_section(section, say)]
    return lines


def _section(section: Section, say: Moments) -> list[str]:
    title = section.title.upper()
    lines = [title, "-" * cells(title)]
    for n, block in enumerate(section.blocks):
        lines += [*([""] if n else []), *_block(block, say)]
    return lines


def _block(block: Block, say: Moments) -> list[str]:
    match block:
        case Paragraph(text=words, tone=tone):
            return wrap(words, f"{MARKS[tone]} " if tone in (Tone.WARN, Tone.BAD) else "")
        case Pairs():
            return _pairs(block)
        case Entries(entries=entries, heading=heading):
            return _headed(heading, [line for entry in entries for line in _entry(entry)])
        case Steps(items=items, heading=heading, numbered=numbered):
            marks = [f"{n}. " if numbered else "• " for n in range(1, len(items) + 1)]
            found = [line for mark, item in zip(marks, items, strict=True) for line in wrap(item, mark)]
            return _headed(heading, found)
        case Verdicts(rows=rows):
            told = (_verdict(row, say, block.cited(place)) for place, row in enumerate(rows))
            return [line for entry in told for line in _entry(entry)]
        case Charts(charts=charts, heading=heading):
            found = [line for chart in charts for line in wrap(f"{chart.title}: {over_time(chart)}", "• ")]
            return _headed(heading, found)
        case Table():
            return _headed(block.heading, _table(block))
        case Sources(rows=rows):
            return [line for n, row in enumerate(rows, 1) for line in wrap(cited_words(row), f"[{n}] ")]


def _table(table: Table) -> list[str]:
    """A row a line where all of them fit, else each cell after its column's name; what is said under a row is indented."""
    every = [table.head, *(row.cells for row in table.rows)]
    widths = [max(map(cells, column)) for column in zip(*every, strict=True)]
    fits = sum(widths) + 2 * len(widths) <= WIDTH
    lines = [_across(table.head, widths)] if fits else []
    for row in table.rows:
        lines += [_across(row.cells, widths)] if fits else _told(table.head, row.cells)
        for words in row.under:
            lines += wrap(words, "    ", "      ")
    return lines


def _across(row: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True))
    return f"  {'  '.join(padded)}".rstrip()


def _told(head: tuple[str, ...], row: tuple[str, ...]) -> list[str]:
    named = (f"{name.lower()} {cell}".lstrip() for name, cell in zip(head[1:], row[1:], strict=True) if cell)
    return wrap(f"{row[0]}: {', '.join(named)}", "• ")


def _headed(heading: str, lines: list[str]) -> list[str]:
    return [*wrap(heading), *lines] if heading else lines


def _pairs(pairs: Pairs) -> list[str]:
    return [line for name, value in pairs.rows for line in wrap(value, f"{name:<{_NAMES}}  ")]


def _entry(entry: Entry) -> list[str]:
    words = f"{entry.title}: {entry.text}" if entry.text else entry.title
    words += f" [{entry.cite}]" if entry.cite else ""
    lines = wrap(words, f"{entry.sign} ", "  ")
    for name, value in entry.details:
        lines += wrap(f"{name}: {value}", "    ", "      ")
    return lines


def _verdict(row: VerdictLine, say: Moments, cite: int) -> Entry:
    numbers = [row.value_text]
    numbers += [f"limit {row.limit_text}"] if row.limit_text else []
    numbers += [f"baseline {row.baseline_text}"] if row.baseline_text else []
    figures = ", ".join(number for number in numbers if number)
    said = "; ".join(part for part in (row.margin_text, figures) if part)
    words = f"{verdict_words(row)}, {row.mode.value}" + (f"; {said}" if said else "")
    return Entry(verdict_tone(row), row.title, words, verdict_details(row, say), cite=cite)
