"""Numbers for the evidence of claims: one for all that a claim rests on, in the order in which it is cited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from workbench.notes.blocks import Block, Entries, Entry, Section, Sources, Verdicts
from workbench.notes.model import Cited, NotesDocument
from workbench.releases.change_lines import Told

EVIDENCE = "evidence"


class _Numbers:
    """Hands out a number for the evidence of a claim, the same one again where another rests on just that."""

    def __init__(self, document: NotesDocument) -> None:
        self.known: dict[str, list[Cited]] = {}
        for item in (*document.evidence, *_of_changes(document)):
            self.known.setdefault(item.about, []).append(item)
        self.given: dict[tuple[tuple[str, str, str], ...], int] = {}
        self.rows: list[tuple[Cited, ...]] = []

    def of(self, about: str) -> int:
        """The number of what a claim rests on; 0 where it rests on nothing that is kept."""
        items = self.known.get(about)
        if not items:
            return 0
        place = tuple((item.kind, item.name, item.digest) for item in items)
        if place not in self.given:
            self.rows.append(tuple(items))
            self.given[place] = len(self.rows)
        return self.given[place]


def numbered(document: NotesDocument, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections with the numbers of their evidence, which the section ``evidence`` lists.

    Where that section is not among them, nothing is cited.
    """
    if all(section.key != EVIDENCE for section in sections):
        return tuple(sections)
    numbers = _Numbers(document)
    done = [
        msgspec.structs.replace(section, blocks=tuple(_cite(block, numbers) for block in section.blocks))
        for section in sections
    ]
    listed = (Sources(tuple(numbers.rows)),) if numbers.rows else ()
    return tuple(
        msgspec.structs.replace(section, blocks=(*section.blocks, *listed))
        if section.key == EVIDENCE
        else section
        for section in done
    )


def _cite(block: Block, numbers: _Numbers) -> Block:
    if isinstance(block, Entries):
        return msgspec.structs.replace(block, entries=tuple(_cited(each, numbers) for each in block.entries))
    if isinstance(block, Verdicts):
        return msgspec.structs.replace(
            block, cites=tuple(numbers.of(f"benchmark/{row.benchmark}") for row in block.rows)
        )
    return block


def _cited(entry: Entry, numbers: _Numbers) -> Entry:
    return msgspec.structs.replace(entry, cite=numbers.of(entry.about)) if entry.about else entry


def _of_changes(document: NotesDocument) -> Iterable[Cited]:
    """A change goes by its fragment and the commits that it tells."""
    for line in document.told.lines if document.told else ():
        about = about_change(line)
        if line.fragment:
            yield Cited(about=about, kind="fragment", name=line.fragment, digest=line.blob)
        for commit in line.commits:
            yield Cited(about=about, kind="commit", digest=commit)


def about_change(line: Told) -> str:
    """What the evidence of a change goes by."""
    return f"change/{line.key}"
