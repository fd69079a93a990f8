"""What people write into release notes themselves: own words in a section, and changes that they leave out.

Both are entries of the record, by release, so that notes that are made again still have them.  Only lines that tell a change
can be left out, with a reason that stands in the notes: what blocks, is overridden or is known to be missing cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles

LONGEST = 20_000  # characters of the own words of one section


class OwnWords(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote into a section; ``release`` is an id, ``text`` one paragraph a line."""

    release: str
    section: str
    text: str
    by: str
    at: datetime


class HiddenChange(msgspec.Struct, frozen=True, kw_only=True):
    """A line of “Changes by kind” that is left out; ``line`` is its key, ``title`` what it says."""

    release: str
    line: str
    title: str
    reason: str
    by: str
    at: datetime


def _section(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    version = titles("release", str(value.get("release")))
    return f"in the section “{value.get('section', '')}” of the notes of {version}"


def _line(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"“{value.get('title', '')}” in the notes of {titles('release', str(value.get('release')))}"


ENTITIES = (
    EntityKind(
        "own_words",
        OwnWords,
        columns=(Column("release"), Column("section")),
        thing="text",
        title=_section,
        verbs={"wrote": "wrote", "removed": "removed"},
        excerpt=True,
        many="texts in notes",
        together=(OwnWords.__struct_fields__,),
    ),
    EntityKind(
        "hidden_change",
        HiddenChange,
        columns=(Column("release"), Column("line")),
        thing="the change",
        title=_line,
        verbs={"hid": "left out", "showed": "put back"},
        excerpt=True,
        many="changes left out",
        together=(HiddenChange.__struct_fields__,),
    ),
)


def own_words(record: Record, release: str) -> dict[str, tuple[Stored, OwnWords]]:
    """The own words of a release by section."""
    rows = ((row, row.decode(OwnWords)) for row in record.all("own_words", "release = ?", (release,)))
    return {value.section: (row, value) for row, value in rows}


def hidden_changes(record: Record, release: str) -> dict[str, tuple[Stored, HiddenChange]]:
    """The changes of a release that are left out, by the key of their line."""
    rows = ((row, row.decode(HiddenChange)) for row in record.all("hidden_change", "release = ?", (release,)))
    return {value.line: (row, value) for row, value in rows}


def wrote(existing: Stored | None, value: OwnWords) -> Change:
    """The change that keeps own words; ``UsageError`` where nothing is said, or too much."""
    if not value.text.strip():
        raise UsageError(
            "there are no words to keep",
            hint=f"to take the old ones away: workbench notes edit {value.section} --remove",
        )
    if len(value.text) > LONGEST:
        raise UsageError(
            f"these words have {len(value.text):,} characters, more than {LONGEST:,}",
            hint="put them into a file of their own, and name it here",
        )
    base = existing.base if existing else None
    return Change("own_words", f"{value.release}/{value.section}", "wrote", plain(value), base)


def removed(existing: Stored) -> Change:
    """The change that takes own words away."""
    return Change("own_words", existing.id, "removed", None, existing.base)


def hid(existing: Stored | None, value: HiddenChange) -> Change:
    """The change that leaves a line out; ``UsageError`` for a reason that says nothing."""
    words = readable_reason(value.reason, "leaving a change out of the notes")
    value = msgspec.structs.replace(value, reason=words)
    base = existing.base if existing else None
    return Change("hidden_change", f"{value.release}/{value.line}", "hid", plain(value), base, words)


def showed(existing: Stored) -> Change:
    """The change that puts a line back."""
    return Change("hidden_change", existing.id, "showed", None, existing.base)
