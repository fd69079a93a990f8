"""What a commit's message says by convention: its kind, its scope, what it breaks, what it reverts.

The form is Conventional Commits 1.0.0 (conventionalcommits.org/en/v1.0.0): ``type(scope)!: text``, and trailers
at the end of the body.  A message of another form is told as it stands.  Pure functions of text.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec


class Group(StrEnum):
    """Under which heading a change is told, in the order of the notes."""

    BREAKING = "breaking"
    SECURITY = "security"
    FEATURES = "features"
    FIXES = "fixes"
    PERFORMANCE = "performance"
    REVERTED = "reverted"
    DEPRECATED = "deprecated"
    REMOVED = "removed"
    DOCUMENTATION = "documentation"
    UPKEEP = "upkeep"
    OTHER = "other"

    @property
    def heading(self) -> str:
        """The heading as people read it."""
        return _TITLES[self]


_TITLES = {
    Group.BREAKING: "Breaking changes",
    Group.SECURITY: "Security",
    Group.FEATURES: "Features",
    Group.FIXES: "Fixes",
    Group.PERFORMANCE: "Performance",
    Group.REVERTED: "Reverted",
    Group.DEPRECATED: "Deprecated",
    Group.REMOVED: "Removed",
    Group.DOCUMENTATION: "Documentation",
    Group.UPKEEP: "Upkeep",
    Group.OTHER: "Other changes",
}
# Types of commits and kinds of fragments: what stands before the colon, or in the name of the file.
KINDS = {
    "breaking": Group.BREAKING,
    "security": Group.SECURITY,
    "sec": Group.SECURITY,
    "feat": Group.FEATURES,
    "feature": Group.FEATURES,
    "added": Group.FEATURES,
    "fix": Group.FIXES,
    "bugfix": Group.FIXES,
    "fixed": Group.FIXES,
    "perf": Group.PERFORMANCE,
    "performance": Group.PERFORMANCE,
    "revert": Group.REVERTED,
    "deprecated": Group.DEPRECATED,
    "deprecation": Group.DEPRECATED,
    "removed": Group.REMOVED,
    "removal": Group.REMOVED,
    "docs": Group.DOCUMENTATION,
    "doc": Group.DOCUMENTATION,
    "build": Group.UPKEEP,
    "chore": Group.UPKEEP,
    "ci": Group.UPKEEP,
    "deps": Group.UPKEEP,
    "misc": Group.UPKEEP,
    "refactor": Group.UPKEEP,
    "style": Group.UPKEEP,
    "test": Group.UPKEEP,
}
MOST_OF_A_LINE = 300  # characters of a commit's first line that are kept
MOST_TRAILERS = 20
_BODY = 20_000  # characters of a message that are looked at
_SUBJECT = re.compile(
    r"(?P<type>[A-Za-z]{2,20})(?:\((?P<scope>[^()\r\n]{1,60})\))?(?P<breaks>!)?: +(?P<text>\S.*)\Z"
)
_BREAKS = re.compile(r"^BREAKING[ -]CHANGE(?: #|: *)(.+(?:\n(?![A-Za-z-]+(?:: | #)|\n).+)*)", re.MULTILINE)
_REVERTS = re.compile(r"\bThis reverts (?:commits? )?((?:[0-9a-f]{7,64}(?:,\s*|\s+and\s+)?)+)", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_REVERT_SUBJECT = re.compile(r"(?:Revert|revert:) *[\"“](.+)[\"”](?: \(#\d+\))?\Z")
_CO_AUTHOR = re.compile(r"^Co-authored-by: *([^<\n]{1,80}?) *(?:<[^>\n]*>)? *$", re.MULTILINE | re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:\b[\w.-]{1,60}/[\w.-]{1,60})?[#!](\d{1,9})\b|\bGH-(\d{1,9})\b|\b([A-Z][A-Z0-9]{1,9}-\d{1,9})\b"
)
_MERGE = re.compile(
    r"Merge (?:branch|pull request|remote-tracking branch|tag|commit|branches|\S+ into )", re.IGNORECASE
)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message taken apart.  ``type`` is "" where its form is another; ``text`` is what is told then, too.

    ``reverts`` are commits by their digits, ``reverts_text`` the first line of what a message without digits
    reverts; ``routine_merge`` says that git or a forge wrote it, and that nobody described a change in it.
    """

    type: str = ""
    scope: str = ""
    text: str
    breaks: tuple[str, ...] = ()
    reverts: tuple[str, ...] = ()
    reverts_text: str = ""
    co_authors: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    routine_merge: bool = False

    @property
    def group(self) -> Group:
        """Its heading: what breaks something stands first, whatever its type."""
        return Group.BREAKING if self.breaks else KINDS.get(self.type, Group.OTHER)


def read_message(message: str) -> Message:
    """A commit's whole message taken apart; any text is read, an empty one gives an empty ``text``."""
    subject, _, body = message.strip()[:_BODY].partition("\n")
    subject = subject.strip()
    found = _SUBJECT.match(subject)
    kind = found["type"].lower() if found else ""
    if found is None or kind not in KINDS:
        kind, scope, text = "", "", subject
    else:
        scope, text = (found["scope"] or "").strip(), found["text"].strip()
    breaks = [" ".join(each.split())[:MOST_OF_A_LINE] for each in _BREAKS.findall(body)]
    if kind and found and found["breaks"] and not breaks:
        breaks = [text[:MOST_OF_A_LINE]]
    by_subject = _REVERT_SUBJECT.match(subject)
    reverts = tuple(commit.lower() for listed in _REVERTS.findall(body) for commit in _COMMIT.findall(listed))
    return Message(
        type=kind,
        scope=scope,
        text=text[:MOST_OF_A_LINE],
        breaks=tuple(breaks[:MOST_TRAILERS]),
        reverts=reverts[:MOST_TRAILERS],
        reverts_text=by_subject[1] if by_subject and not reverts else "",
        co_authors=tuple(dict.fromkeys(_CO_AUTHOR.findall(body)))[:MOST_TRAILERS],
        refs=references(message[:_BODY])[:MOST_TRAILERS],
        routine_merge=_MERGE.match(subject) is not None,
    )


def references(text: str) -> tuple[str, ...]:
    """The issues and changes that a text names, each once: ``#12``, ``!7``, ``owner/name#3``, ``GH-4``, ``PAY-12``."""
    return tuple(dict.fromkeys(match[0] for match in _REFERENCE.finditer(text)))


def numbers(refs: tuple[str, ...]) -> frozenset[str]:
    """What names an issue in each reference, without marks: ``12`` of ``#12``, ``pay-12`` of ``PAY-12``."""
    found = (_REFERENCE.fullmatch(ref) for ref in refs)
    return frozenset(next(filter(None, match.groups())).lower() for match in found if match)
