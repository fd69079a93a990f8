"""The notes as the body of a release on GitHub or GitLab: Markdown that fits, sections folded, nobody mentioned.

The limits are those of the forges: GitHub refuses a body of more than 125,000 characters (“body is too long (maximum is 125000
characters)”), GitLab a description of more than 1,000,000.
"""

from __future__ import annotations

import re
from html import escape

from workbench.definitions.notes_template import Audience
from workbench.model.markdown import JOINER
from workbench.model.markdown import markdown_text as md
from workbench.notes.as_markdown import head_lines, section_lines
from workbench.notes.blocks import Section
from workbench.notes.model import NotesDocument
from workbench.notes.moments import Moments
from workbench.notes.outline import outline

_REFERENCE = re.compile(r"@|[#!%](?=\d)|GH-(?=\d)", re.IGNORECASE)
GITHUB = 125_000
GITLAB = 1_000_000
# What a reader of a release page should see without a click.
_UNFOLDED = frozenset(("since", "changes", "commits", "open", "overrides"))


def github(document: NotesDocument, audience: Audience = Audience.TEAM) -> str:
    """The body of a release on GitHub, at most :data:`GITHUB` characters."""
    return body(document, audience, GITHUB)


def gitlab(document: NotesDocument, audience: Audience = Audience.TEAM) -> str:
    """The description of a release on GitLab, at most :data:`GITLAB` characters."""
    return body(document, audience, GITLAB)


def body(document: NotesDocument, audience: Audience, most: int) -> str:
    """The notes in at most ``most`` characters: of the longest sections only the heading stays, and that is said."""
    notes, say = outline(document, audience), Moments(document.timezone)
    head = "\n".join(head_lines(notes))
    sections = {section.key: _folded(section, say) for section in notes.sections}
    titles = {section.key: section.title for section in notes.sections}
    order = sorted(sections, key=lambda key: (key in _UNFOLDED, -len(sections[key])))
    while order and _length(head, sections) > most:
        key = order.pop(0)
        sections[key] = _left_out(titles[key])
    text = "\n".join([head, *sections.values()])
    return text if len(text) <= most else _cut(text, most)


def _length(head: str, sections: dict[str, str]) -> int:
    return len(head) + sum(len(text) + 1 for text in sections.values())


def _folded(section: Section, say: Moments) -> str:
    """A section under its heading, or folded under it; forges render Markdown after the empty line."""
    lines = section_lines(section, say)
    if section.key in _UNFOLDED:
        return "\n".join(["", *lines, ""])
    return "\n".join(
        ["", "<details>", f"<summary>{_summary(section.title)}</summary>", *lines[1:], "", "</details>", ""]
    )


def _summary(title: str) -> str:
    """A heading inside of HTML, where no Markdown is read but forges still look for mentions and references."""
    return _REFERENCE.sub(lambda match: match[0] + JOINER, escape(title, quote=False))


def _left_out(title: str) -> str:
    return f"\n**{md(title)}**: too long for this page; the whole notes tell it: `workbench notes`\n"


def _cut(text: str, most: int) -> str:
    """What still does not fit, of a head that is longer than a whole page: it is never a blocker that is cut off silently."""
    end = "\n\n*Cut here: too long for this page; the whole notes tell the rest: `workbench notes`*\n"
    return text[: most - len(end)].rsplit("\n", 1)[0] + end
