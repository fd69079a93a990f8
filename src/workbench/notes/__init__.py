"""Release notes: one document, written as Markdown, plain text, JSON or a single HTML file."""

from __future__ import annotations

from collections.abc import Callable

from workbench.model.errors import UsageError
from workbench.notes.as_html import html
from workbench.notes.as_json import json
from workbench.notes.as_markdown import markdown
from workbench.notes.as_text import text
from workbench.notes.model import NotesDocument
from workbench.notes.safe import made_safe

_FORMATS: dict[str, Callable[[NotesDocument], str]] = {
    "md": markdown,
    "html": html,
    "json": json,
    "txt": text,
}
FORMATS = tuple(_FORMATS)


def render(document: NotesDocument, format: str) -> str:
    """The document in one of :data:`FORMATS`; the same document always gives the same text.

    Another format raises ``UsageError``.
    """
    writer = _FORMATS.get(format)
    if writer is None:
        raise UsageError(f"notes cannot be written as “{format}”", hint=f"one of {', '.join(FORMATS)}")
    return writer(made_safe(document))


__all__ = ["FORMATS", "NotesDocument", "render"]
