"""The notes as JSON (``workbench.notes.1``): for programs."""

from __future__ import annotations

import msgspec

from workbench.definitions.notes_template import Audience
from workbench.notes.layout import shown_to
from workbench.notes.model import NotesDocument

_encoder = msgspec.json.Encoder(decimal_format="number")


# The fields that tell a section; where nobody is told it, they are empty.
_FIELDS = {
    "since": ("since",),
    "changes": ("own_words", "changes"),
    "commits": ("told", "hidden"),
    "open": ("open",),
    "gates": ("gates",),
    "benchmarks": ("benchmarks", "charts", "not_covered"),
    "parity": ("parity",),
    "overrides": ("overrides",),
    "quarantines": ("quarantines",),
    "checklists": ("checklists",),
    "signatures": ("signatures", "polls"),
    "freeze": ("freeze", "further_freezes", "change_freezes"),
    "incidents": ("incidents",),
    "unproven": ("unproven",),
    "watch": ("watch", "watched", "predictions", "escalations"),
    "rollback": ("rollback_target", "rollback_plan", "cannot_be_undone", "rollback_triggers"),
    "evidence": ("evidence",),
}


def json(document: NotesDocument, audience: Audience = Audience.TEAM) -> str:
    """The document's fields in their order, numbers as numbers, moments in ISO 8601."""
    shown = for_audience(document, audience)
    return msgspec.json.format(_encoder.encode(shown), indent=2).decode() + "\n"


def for_audience(document: NotesDocument, audience: Audience) -> NotesDocument:
    """The document without what an audience is not told; the team is told everything."""
    if audience is Audience.TEAM:
        return document
    there = {one.section for one in shown_to(document.layout, audience)}
    there |= {"parity"} if "statement" in there else set()
    empty = {field.name: field.default for field in msgspec.structs.fields(NotesDocument)}
    gone = {name: empty[name] for section, names in _FIELDS.items() if section not in there for name in names}
    own = tuple(words for words in document.own if words.section in there)
    return msgspec.structs.replace(document, **gone, own=own)
