"""What release notes are made of before they have a format: sections, paragraphs, lists, entries."""

from __future__ import annotations

from collections.abc import Sequence
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

    ``about`` names what it is of, whose evidence is cited; ``cite`` is the number of that evidence, 0 where there is none.
    """

    tone: Tone
    title: str
    text: str = ""
    details: tuple[tuple[str, str], ...] = ()
    mark: str = ""
    about: str = ""
    cite: int = 0

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
    """The table of benchmarks; ``cites`` is the number of each row's evidence."""

    rows: tuple[VerdictLine, ...]
    cites: tuple[int, ...] = ()

    def cited(self, place: int) -> int:
        """The number of the evidence of a row; 0 where there is none."""
        return self.cites[place] if place < len(self.cites) else 0


class Sources(msgspec.Struct, frozen=True):
    """The evidence that is cited: for each number, beginning at 1, all that a claim rests on."""

    rows: tuple[tuple[Cited, ...], ...]


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


def cited_kinds(items: Sequence[Cited]) -> list[tuple[str, list[str]]]:
    """What a claim rests on, by kind and name, each with its full digests."""
    found: dict[str, list[str]] = {}
    for item in items:
        digests = found.setdefault(f"{item.kind} {item.name}".strip(), [])
        if item.digest:
            digests.append(item.digest)
    return list(found.items())


def cited_words(items: Sequence[Cited]) -> str:
    """What a claim rests on, with the beginning of each digest: ``measurement 0198…/3, 4ff2a90c1b7d; statement, 6f0c…``."""
    return "; ".join(
        ", ".join((words, *(digest[:SHORT] for digest in digests))) for words, digests in cited_kinds(items)
    )


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
