"""Numbers for the evidence of claims: each piece once, in the order in which it is cited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from workbench.notes.blocks import Block, Entries, Entry, Section, Sources, Verdicts
from workbench.notes.model import Cited, NotesDocument
from workbench.releases.change_lines import Told

EVIDENCE = "evidence"


class _Numbers:
    """Hands out a number for each piece of evidence, the same one again where it is cited again."""

    def __init__(self, document: NotesDocument) -> None:
        self.known: dict[str, list[Cited]] = {}
        for item in (*document.evidence, *_of_changes(document)):
            self.known.setdefault(item.about, []).append(item)
        self.given: dict[tuple[str, str, str], int] = {}
        self.rows: list[Cited] = []

    def of(self, about: str) -> tuple[int, ...]:
        return tuple(map(self._number, self.known.get(about, ())))

    def _number(self, item: Cited) -> int:
        place = (item.kind, item.name, item.digest)
        if place not in self.given:
            self.rows.append(item)
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
    return msgspec.structs.replace(entry, cites=numbers.of(entry.about)) if entry.about else entry


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
