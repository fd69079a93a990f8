"""The sections of release notes: what is generated in each, who is told, and what people wrote into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from workbench.definitions.notes_template import Audience
from workbench.model.errors import UsageError
from workbench.model.times import to_text
from workbench.notes import parts_of
from workbench.notes.layout import USUAL
from workbench.notes.outline import headings, outline
from workbench.notes.safe import made_safe
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.noting import document as notes_document
from workbench.usecases.own_notes import INTRODUCTION, WRITABLE, find_section

SCHEMA = "workbench.notes-sections.1"


class SectionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A section at its place in the notes; ``shown`` says whether it has anything to tell, ``own`` what people wrote."""

    section: str
    title: str
    audience: str
    shown: bool
    own: str = ""
    by: str = ""
    at: datetime | None = None
    left_out: bool = False

    @property
    def writable(self) -> bool:
        return self.section in (INTRODUCTION, *WRITABLE)


class SectionsView(msgspec.Struct, frozen=True, kw_only=True):
    """The sections of a release's notes in their order, those that the template leaves out last."""

    version: str
    sections: tuple[SectionLine, ...]

    def find(self, name: str) -> SectionLine:
        """One of them by its key."""
        return next(line for line in self.sections if line.section == name)


def read_sections(context: Context, evaluation: Evaluation) -> SectionsView:
    """Every section, the introduction first."""
    found = made_safe(notes_document(context, evaluation))
    titles, shown = headings(found), {section.key for section in outline(found).sections}
    own = {line.section: line for line in found.own}
    layout = found.layout or USUAL
    named = {one.section for one in layout}
    usual = {one.section: one.audience for one in USUAL}
    places = [(one, False) for one in layout]
    places += [(one, True) for one in USUAL if one.section not in named]
    lines = [
        SectionLine(
            section=INTRODUCTION,
            title="Introduction",
            audience=usual["changes"],
            shown=bool(found.own_words),
            own="\n".join(found.own_words),
        )
    ]
    for one, left_out in places:
        words = own.get(one.section)
        lines.append(
            SectionLine(
                section=one.section,
                title=titles.get(one.section, one.section),
                audience=one.audience,
                shown=one.section in shown,
                own="\n".join(words.text) if words else "",
                by=str(words.by) if words else "",
                at=words.at if words else None,
                left_out=left_out,
            )
        )
    return SectionsView(version=found.version, sections=tuple(lines))


def section_text(context: Context, evaluation: Evaluation, name: str) -> str:
    """One section as Markdown, as it would be written now; ``UsageError`` where it has nothing to tell."""
    part = "changes" if name == INTRODUCTION else name
    found = {each.section: each.text for each in parts_of(notes_document(context, evaluation), Audience.TEAM)}
    if part not in found:
        if part not in {one.section for one in USUAL}:
            find_section(part)
        raise UsageError(
            f"the section “{part}” has nothing to tell", hint="workbench notes show lists the sections"
        )
    return found[part]


def rows(view: SectionsView) -> Iterator[tuple[str, str, str, str, str]]:
    """Section, heading, audience, whether it is shown, and the beginning of the own words."""
    for line in view.sections:
        shown = "left out" if line.left_out else "yes" if line.shown else "nothing to tell"
        own = line.own.partition("\n")[0]
        yield line.section, line.title, line.audience, shown, own[:60] + ("…" if len(own) > 60 else "")


def document(view: SectionsView) -> dict[str, Any]:
    """The same for programs."""
    return {
        "schema": SCHEMA,
        "release": view.version,
        "sections": [
            {
                "section": line.section,
                "title": line.title,
                "audience": line.audience,
                "shown": line.shown,
                "left_out": line.left_out,
                "own": line.own or None,
                "by": line.by or None,
                "at": to_text(line.at) if line.at else None,
            }
            for line in view.sections
        ],
    }
