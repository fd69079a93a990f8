"""The commit that a report says it tested."""

from __future__ import annotations

import re

# What a property, a label or a metadata item is called that holds a commit.
COMMIT_NAMES = frozenset({"commit", "git.commit", "git_commit", "sha", "git_sha", "git.sha"})
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def commits_in(text: object) -> tuple[str, ...]:
    """The commit that a text names, in small letters; nothing where it is none, or has fewer than 7 digits."""
    plain = text.strip().lower() if isinstance(text, str) else ""
    return (plain,) if _COMMIT.fullmatch(plain) else ()
