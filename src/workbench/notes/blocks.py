"""What release notes are made of before they have a format: sections, paragraphs, lists, entries."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from workbench.benchmarks.charted import ControlChart
from workbench.notes.model import Cited, VerdictLine


class Tone(StrEnum):
    """How a piece of text is meant; formats without colour rely on its mark and words."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    EXCEPTED = "excepted"
    QUIET = "quiet"


MARKS = {
    Tone.PLAIN: "•",
    Tone.GOOD: "✓",
    Tone.WARN: "▲",
    Tone.BAD: "✗",
    Tone.EXCEPTED: "⊘",
    Tone.QUIET: "–",
}


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph of prose."""

    text: str
    tone: Tone = Tone.PLAIN


class Pairs(msgspec.Struct, frozen=True):
    """Names with their values."""

    rows: tuple[tuple[str, str], ...]


class Entry(msgspec.Struct, frozen=True):
    """One thing: its mark, its title, a few words, and details by name.

    ``about`` names what it is of, whose evidence is cited; ``cites`` are the numbers of that evidence.
    """

    tone: Tone
    title: str
    text: str = ""
    details: tuple[tuple[str, str], ...] = ()
    mark: str = ""
    about: str = ""
    cites: tuple[int, ...] = ()

    @property
    def sign(self) -> str:
        return self.mark or MARKS[self.tone]


class Entries(msgspec.Struct, frozen=True):
    """A list of things, under a heading of their own if there is one."""

    entries: tuple[Entry, ...]
    heading: str = ""


class Steps(msgspec.Struct, frozen=True):
    """A plain list of sentences; ``numbered`` where their order counts."""

    items: tuple[str, ...]
    heading: str = ""
    numbered: bool = False


class Verdicts(msgspec.Struct, frozen=True):
    """The table of benchmarks; ``cites`` are the numbers of each row's evidence."""

    rows: tuple[VerdictLine, ...]
    cites: tuple[tuple[int, ...], ...] = ()

    def cited(self, place: int) -> tuple[int, ...]:
        """The numbers of the evidence of a row."""
        return self.cites[place] if place < len(self.cites) else ()


class Sources(msgspec.Struct, frozen=True):
    """The evidence that is cited, in the order of its numbers, which begin at 1."""

    rows: tuple[Cited, ...]


class Charts(msgspec.Struct, frozen=True):
    """Benchmarks over time, drawn where a format can draw; elsewhere a sentence each."""

    charts: tuple[ControlChart, ...]
    heading: str


class Span(msgspec.Struct, frozen=True):
    """A share, 0 to 1, and the bounds of its interval: drawn where a format can draw, told in the cell beside it."""

    value: float
    low: float
    high: float


class Row(msgspec.Struct, frozen=True):
    """The cells of a row in order; ``under`` is said below it in small print, ``span`` is drawn at its end."""

    cells: tuple[str, ...]
    under: tuple[str, ...] = ()
    span: Span | None = None


class Table(msgspec.Struct, frozen=True):
    """A table: ``head`` names its columns, the first is what each row is about."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    heading: str = ""

    @property
    def drawn(self) -> bool:
        """Whether any of its rows has something to draw."""
        return any(row.span is not None for row in self.rows)


Block = Paragraph | Pairs | Entries | Steps | Verdicts | Charts | Table | Sources
SHORT = 12  # digits of a digest that people are shown


def cited_words(item: Cited) -> str:
    """A piece of evidence in words, with the beginning of its digest: ``measurement 0198…/3, 4ff2a90c1b7d``."""
    name = f" {item.name}" if item.name else ""
    return f"{item.kind}{name}" + (f", {item.digest[:SHORT]}" if item.digest else "")


class Section(msgspec.Struct, frozen=True):
    """A heading and what stands under it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


class Outline(msgspec.Struct, frozen=True):
    """A whole document, ready to be written in any format; ``subject`` is what it is about a release."""

    project: str
    version: str
    summary: str
    tone: Tone
    headline: str
    remarks: tuple[str, ...]
    facts: Pairs
    sections: tuple[Section, ...]
    subject: str = "release notes"
    mark: str = ""

    @property
    def sign(self) -> str:
        return self.mark or MARKS[self.tone]
