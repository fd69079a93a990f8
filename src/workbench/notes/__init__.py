"""Release notes: one document, written as Markdown, plain text, JSON, a single HTML file or the body of a release."""

from __future__ import annotations

from collections.abc import Callable

from workbench.definitions.notes_template import Audience
from workbench.model.errors import UsageError
from workbench.notes.as_html import html
from workbench.notes.as_json import json
from workbench.notes.as_markdown import markdown, markdown_parts
from workbench.notes.as_release_body import github, gitlab
from workbench.notes.as_text import text
from workbench.notes.marked import Generated
from workbench.notes.model import NotesDocument
from workbench.notes.safe import made_safe

_FORMATS: dict[str, Callable[[NotesDocument, Audience], str]] = {
    "md": markdown,
    "html": html,
    "json": json,
    "txt": text,
    "github": github,
    "gitlab": gitlab,
}
FORMATS = tuple(_FORMATS)


def render(document: NotesDocument, format: str, audience: Audience = Audience.TEAM) -> str:
    """The document in one of :data:`FORMATS`, for an audience; the same document always gives the same text.

    Another format raises ``UsageError``.
    """
    writer = _FORMATS.get(format)
    if writer is None:
        raise UsageError(f"notes cannot be written as “{format}”", hint=f"one of {', '.join(FORMATS)}")
    return writer(made_safe(document), audience)


def parts_of(document: NotesDocument, audience: Audience = Audience.TEAM) -> tuple[Generated, ...]:
    """The parts that are generated in a Markdown file that people edit."""
    return markdown_parts(made_safe(document), audience)


__all__ = ["FORMATS", "Audience", "Generated", "NotesDocument", "parts_of", "render"]
