"""Where somebody was when they left the app, so that it comes back: beside the noted ends, not in the record.

One small file for each record, project folder and person.  It says nothing of the release: losing it loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from workbench.model.files import make_private_folder, read_regular, write_whole
from workbench.model.text import safe_text
from workbench.sources.redact import without_secrets
from workbench.usecases.context import Context
from workbench.usecases.project import NoDataFolder

SITTINGS = "sittings"
SCHEMA = "sitting.1"
MOST = 64 * 1024  # bytes of the file
LONGEST = 8_000  # characters of what was typed into one field
_SHORT = 300  # characters of anything else
DAMAGED = "could not restore where you left off"


class Place(msgspec.Struct, frozen=True):
    """Where somebody stood on a screen: its row, what they had filtered for, and what it was sorted by."""

    row: str = ""
    filter: str = ""
    sorted_by: str = ""
    descending: bool = False


class Draft(msgspec.Struct, frozen=True):
    """A form that was open: how it was opened, and what had been typed, by field."""

    action: str
    row: str
    title: str
    words: Mapping[str, str]


class Sitting(msgspec.Struct, frozen=True):
    """A sitting as it was left: the screen one was on, the places on all, and what was not sent."""

    mode: str
    places: Mapping[str, Place] = {}
    draft: Draft | None = None
    schema: str = SCHEMA


def keep_sitting(context: Context, sitting: Sitting) -> None:
    """Keep where somebody is; what they typed without what is plainly a secret.  Nothing where there is no folder."""
    try:
        path = _file(context)
    except NoDataFolder:
        return
    if sitting.draft is not None:
        words = {name: _freed(text) for name, text in sitting.draft.words.items() if len(text) <= LONGEST}
        sitting = msgspec.structs.replace(sitting, draft=msgspec.structs.replace(sitting.draft, words=words))
    data = msgspec.json.encode(sitting)
    if len(data) > MOST:
        data = msgspec.json.encode(msgspec.structs.replace(sitting, draft=None, places={}))
    make_private_folder(path.parent)
    write_whole(path, data, private=True)


def read_sitting(context: Context) -> tuple[Sitting | None, str]:
    """The sitting that this person left, and what has to be said of it; ``None`` where there is none to come back to."""
    try:
        data = read_regular(_file(context))
    except (NoDataFolder, FileNotFoundError):
        return None, ""
    except OSError:
        return None, DAMAGED
    try:
        found = msgspec.json.decode(data[: MOST + 1], type=Sitting)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, DAMAGED
    if found.schema != SCHEMA or len(data) > MOST:
        return None, DAMAGED
    places = {safe_text(mode, _SHORT): _cleaned(place) for mode, place in found.places.items()}
    return msgspec.structs.replace(found, places=places), ""


def _cleaned(place: Place) -> Place:
    return Place(
        safe_text(place.row, _SHORT),
        safe_text(place.filter, _SHORT),
        safe_text(place.sorted_by, _SHORT),
        place.descending,
    )


def _freed(text: str) -> str:
    return without_secrets(text.encode("utf-8", "replace"))[0].decode("utf-8", "replace")


def _file(context: Context) -> Path:
    """The file of this record in this folder, for this person."""
    whose = f"{context.root}\0{context.author().actor}".encode("utf-8", "surrogateescape")
    name = f"{context.record.info.record_id}-{hashlib.sha256(whose).hexdigest()[:16]}.json"
    return context.data_folder / SITTINGS / name
