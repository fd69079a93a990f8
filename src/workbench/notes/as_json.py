"""The notes as JSON (``workbench.notes.1``): for programs."""

from __future__ import annotations

import msgspec

from workbench.notes.model import NotesDocument

_encoder = msgspec.json.Encoder(decimal_format="number")


def json(document: NotesDocument) -> str:
    """The document's fields in their order, numbers as numbers, moments in ISO 8601."""
    return msgspec.json.format(_encoder.encode(document), indent=2).decode() + "\n"
