"""Text from outside inside Markdown: it shows as it was written and does nothing else."""

from __future__ import annotations

import re

from workbench.model.text import safe_text

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#|~$])")
# At the beginning of a line these would start a list, a rule or a heading.
_LEADING = re.compile(r"([-+=])(?=[-+=\s]|\Z)|\d{1,9}(\.)(?=\s|\Z)")
_REFERENCE = re.compile(r"(\\#|GH-|!|%)(?=\d)", re.IGNORECASE)
# The address of an issue or of a change closes it, or is noted there, as its number does.
_ADDRESS = re.compile(
    r"(/(?:issues|pulls?|discussions|merge\\_requests|work\\_items|epics|pull-requests|commits?|edit)/)(?=[\da-f])",
    re.IGNORECASE,
)
JOINER = "\u2060"  # invisible, without width: it only keeps two characters from being read together


def markdown_text(text: object) -> str:
    """One line of text: no markup, no HTML, no mentions, no issue links, no commands of workflows or bots."""
    plain = safe_text(text).strip()
    leading = _LEADING.match(plain)
    safe = _MARKUP.sub(r"\\\1", plain.replace("&", "&amp;"))
    if leading and leading[1]:
        safe = "\\" + safe
    elif leading:
        safe = safe.replace(".", "\\.", 1)
    if plain.startswith("/"):
        safe = JOINER + safe
    for pattern in (_REFERENCE, _ADDRESS):
        safe = pattern.sub(lambda match: match[1] + JOINER, safe)
    return safe.replace("@", "@" + JOINER).replace("::", f":{JOINER}:")
