"""Writing into release notes: own words in a section, the introduction, and changes that are left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.definitions.notes_template import NotesPart
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.text import some_of
from workbench.notes import own as room
from workbench.notes.own import HiddenChange, OwnWords
from workbench.record import Commit, Stored
from workbench.releases import model as releases
from workbench.releases.change_lines import Told
from workbench.releases.model import Held
from workbench.usecases import releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.release_changes.listing import read_changes_told

INTRODUCTION = "introduction"
# Sections of their own words; evidence and proof are generated to the last letter.
WRITABLE = tuple(part.value for part in NotesPart if part not in (NotesPart.EVIDENCE, NotesPart.PROOF))


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote into a section; "" where nobody has.  ``seen`` is what it was made from."""

    section: str
    text: str = ""
    by: str = ""
    at: datetime | None = None
    seen: Stored | None = None


def read_words(context: Context, section: str) -> Written:
    """The own words of a section of the current release's notes; ``UsageError`` for a section that there is not."""
    return every_words(context)[find_section(section)]


def every_words(context: Context) -> dict[str, Written]:
    """What people wrote into the current release's notes, by section; sections without such text have an empty one."""
    held = releases.find(context.record, context.release)
    found = {name: Written(section=name) for name in WRITABLE}
    for name, (stored, value) in room.own_words(context.record, held.id).items():
        found[name] = Written(section=name, text=value.text, by=value.by, at=value.at, seen=stored)
    found[INTRODUCTION] = Written(section=INTRODUCTION, text=held.release.notes, seen=held.stored)
    return found


def write_words(context: Context, section: str, text: str, *, made_from: Written | None = None) -> Commit:
    """Keep own words in a section of the open release's notes; what was there is replaced.

    ``made_from`` is what a person had before them: ``StaleChange`` where somebody else wrote since.
    """
    held = _open(context)
    name = find_section(section)
    handed = HandedIn()
    words = handed.words(text, "what you wrote", most=None)
    handed.tell(context)
    if name == INTRODUCTION:
        if made_from is not None and made_from.seen is not None:
            held = msgspec.structs.replace(held, stored=made_from.seen)
        return releasing.edit(context, held, msgspec.structs.replace(held.release, notes=words))
    value = OwnWords(release=held.id, section=name, text=words, by=context.author().actor, at=context.now)
    existing = made_from.seen if made_from is not None else _stored(context, held, name)
    return commit(context, [room.wrote(existing, value)])


def remove_words(context: Context, section: str) -> Commit:
    """Take the own words of a section away; ``UsageError`` where there are none."""
    held = _open(context)
    name = find_section(section)
    if name == INTRODUCTION and held.release.notes:
        return releasing.edit(context, held, msgspec.structs.replace(held.release, notes=""))
    existing = _stored(context, held, name)
    if existing is None:
        raise UsageError(
            f"nobody has written anything into “{name}”", hint="workbench notes show lists the sections"
        )
    return commit(context, [room.removed(existing)])


def hide(context: Context, line: str, reason: str) -> Commit:
    """Leave a change out of the notes of the open release, with a reason."""
    held = _open(context)
    told = find_line(context, held, line)
    handed = HandedIn()
    value = HiddenChange(
        release=held.id,
        line=told.key,
        title=told.text,
        reason=handed.line(reason),
        by=context.author().actor,
        at=context.now,
    )
    handed.tell(context)
    found = room.hidden_changes(context.record, held.id).get(told.key)
    return commit(context, [room.hid(found[0] if found else None, value)])


def show(context: Context, line: str) -> Commit:
    """Put a change back that was left out."""
    held = _open(context)
    hidden = room.hidden_changes(context.record, held.id)
    found = [key for key in hidden if key == line or (len(line) >= 4 and key.startswith(line))]
    if len(found) != 1:
        known = some_of(list(hidden), 6)
        raise UsageError(
            f"no change “{line}” is left out", hint=f"left out: {known}" if known else "no change is left out"
        )
    return commit(context, [room.showed(hidden[found[0]][0])])


def find_section(name: str) -> str:
    """A section by its key; ``UsageError`` with the one that was probably meant."""
    known = (INTRODUCTION, *WRITABLE)
    if name in known:
        return name
    meant = nearest(name, known)
    raise UsageError(
        f"the notes have no section “{name}” to write into",
        hint=f"is {meant} meant?" if meant else f"one of {', '.join(known)}",
    )


def find_line(context: Context, held: Held, name: str) -> Told:
    """A change by its key, or by the beginning of it; ``UsageError`` where it names none, or several."""
    lines: Sequence[Told] = read_changes_told(context, held).lines
    found = [line for line in lines if line.key == name] or [
        line for line in lines if len(name) >= 4 and line.key.startswith(name)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"several changes begin with “{name}”", hint=f"one of {some_of([one.key for one in found], 6)}"
        )
    raise UsageError(
        f"there is no change “{name}” in these notes",
        hint="only changes can be left out; workbench notes changes lists them with their keys",
    )


def _open(context: Context) -> Held:
    held = releases.find(context.record, context.release)
    releases.require_open(held)
    return held


def _stored(context: Context, held: Held, section: str) -> Stored | None:
    found = room.own_words(context.record, held.id).get(section)
    return found[0] if found else None
