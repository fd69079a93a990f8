"""The notes as JSON (``workbench.notes.1``): for programs."""

from __future__ import annotations

import msgspec

from workbench.notes.model import NotesDocument

_LATER = ("kept", "since")
_encoder = msgspec.json.Encoder(decimal_format="number")


def json(document: NotesDocument) -> str:
    """The document's fields in their order, numbers as numbers, moments in ISO 8601.

    ``kept`` and ``since`` are there only where they say something.
    """
    fields = msgspec.json.decode(_encoder.encode(document), type=dict[str, msgspec.Raw])
    for name in _LATER:
        if not getattr(document, name):
            del fields[name]
    return msgspec.json.format(_encoder.encode(fields), indent=2).decode() + "\n"
