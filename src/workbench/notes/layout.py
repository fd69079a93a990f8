"""Which sections notes have, in which order, under which heading, for whom."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.definitions.notes_template import (
    FOR_EVERYONE,
    NEVER_LEFT_OUT,
    Audience,
    NotesPart,
    NotesTemplate,
)


class LaidOut(msgspec.Struct, frozen=True, kw_only=True):
    """A section at its place; no ``title`` for the usual heading."""

    section: str
    title: str = ""
    audience: str = Audience.TEAM.value


USUAL = tuple(
    LaidOut(section=part.value, audience=(Audience.EVERYONE if part in FOR_EVERYONE else Audience.TEAM).value)
    for part in NotesPart
)


def laid_out(template: NotesTemplate | None) -> tuple[LaidOut, ...]:
    """The sections that a template names, then those that it may not leave out."""
    if template is None:
        return USUAL
    usual = {each.section: each.audience for each in USUAL}
    named = tuple(
        LaidOut(
            section=one.section.value,
            title=one.title.strip(),
            audience=one.audience.value if one.audience else usual[one.section.value],
        )
        for one in template.sections
    )
    there = {one.section for one in named}
    return (*named, *(LaidOut(section=part.value) for part in NEVER_LEFT_OUT if part.value not in there))


def shown_to(layout: Sequence[LaidOut], audience: Audience) -> tuple[LaidOut, ...]:
    """The sections that an audience is told."""
    everything = layout or USUAL
    if audience is Audience.TEAM:
        return tuple(everything)
    return tuple(one for one in everything if one.audience == Audience.EVERYONE.value)
