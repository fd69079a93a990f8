"""The release notes as a page to read: headings, things with their marks, and the table of benchmarks."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workbench.notes import blocks as notes
from workbench.notes.model import VerdictLine
from workbench.notes.moments import Moments
from workbench.notes.outline import outline, verdict_details, verdict_tone, verdict_words
from workbench.notes.safe import made_safe
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.noting import document
from workbench.usecases.views.marks import Mark

_MARKS = {
    notes.Tone.GOOD: Mark.DONE,
    notes.Tone.WARN: Mark.WARNS,
    notes.Tone.BAD: Mark.BLOCKS,
    notes.Tone.EXCEPTED: Mark.EXCEPTED,
    notes.Tone.QUIET: Mark.NOT_APPLICABLE,
}


class Heading(msgspec.Struct, frozen=True):
    """The heading of a section, whose key is ``section``, or within one."""

    text: str
    within: bool = False
    section: str = ""


class Said(msgspec.Struct, frozen=True):
    """A paragraph; ``lead`` stands before its first line, ``aside`` is what a reader may skip."""

    text: str
    lead: str = ""
    mark: Mark | None = None
    aside: bool = False


class Facts(msgspec.Struct, frozen=True):
    """Names with their values."""

    rows: tuple[tuple[str, str], ...]


class Thing(msgspec.Struct, frozen=True):
    """One thing of a list: its sign, its title, a few words, and details by name."""

    sign: str
    mark: Mark | None
    title: str
    text: str
    details: tuple[tuple[str, str], ...]


class Figure(msgspec.Struct, frozen=True):
    """A row of the table of benchmarks."""

    mark: Mark
    title: str
    verdict: str
    value: str
    limit: str
    baseline: str
    margin: str
    details: str


class Figures(msgspec.Struct, frozen=True):
    """The table of benchmarks."""

    rows: tuple[Figure, ...]


PagePart = Heading | Said | Facts | Thing | Figures


class NotesPage(msgspec.Struct, frozen=True):
    """What the notes are of, how the release stands in one line, and what follows."""

    title: str
    sign: str
    mark: Mark | None
    headline: str
    parts: tuple[PagePart, ...]


def read_notes_page(context: Context, evaluation: Evaluation) -> NotesPage:
    """The notes of an evaluated release; the same content as every format of them."""
    whole = made_safe(document(context, evaluation))
    found = outline(whole)
    parts: list[PagePart] = [Said(remark, aside=True) for remark in found.remarks]
    parts += [Said(found.summary)] if found.summary else []
    parts.append(Facts(found.facts.rows))
    for section in found.sections:
        parts.append(Heading(section.title, section=section.key))
        for block in section.blocks:
            parts += _parts(block, Moments(whole.timezone))
    title = f"{found.project} {found.version}"
    return NotesPage(title, found.sign, _MARKS.get(found.tone), found.headline, tuple(parts))


def _parts(block: notes.Block, say: Moments) -> Iterable[PagePart]:
    match block:
        case notes.Paragraph(text=text, tone=tone):
            yield Said(text, mark=_MARKS[tone] if tone in (notes.Tone.WARN, notes.Tone.BAD) else None)
        case notes.Pairs(rows=rows):
            yield Facts(rows)
        case notes.Entries(entries=entries, heading=heading):
            yield from _headed(heading)
            for entry in entries:
                text = f"{entry.text}{_cites(entry.cite)}"
                yield Thing(entry.sign, _MARKS.get(entry.tone), entry.title, text, entry.details)
        case notes.Steps(items=items, heading=heading, numbered=numbered):
            yield from _headed(heading)
            for n, item in enumerate(items, 1):
                yield Said(item, lead=f"{n}. " if numbered else "• ")
        case notes.Verdicts(rows=rows):
            yield Figures(tuple(_figure(row, say, block.cited(place)) for place, row in enumerate(rows)))
        case notes.Sources(rows=rows):
            for n, row in enumerate(rows, 1):
                yield Said(notes.cited_words(row), lead=f"[{n}] ", aside=True)


def _cites(number: int) -> str:
    """The number of the evidence behind a claim."""
    return f" [{number}]" if number else ""


def _headed(heading: str) -> Iterable[Heading]:
    if heading:
        yield Heading(heading, within=True)


def _figure(row: VerdictLine, say: Moments, cite: int) -> Figure:
    details = "; ".join(f"{name.lower()}: {value}" for name, value in verdict_details(row, say))
    return Figure(
        _MARKS.get(verdict_tone(row), Mark.LEARNING),
        row.title,
        f"{verdict_words(row)}, {row.mode.value}",
        row.value_text,
        row.limit_text,
        row.baseline_text,
        row.margin_text,
        details + _cites(cite),
    )
