"""The commit that a report says it tested, and the one that is asked about."""

from __future__ import annotations

import re

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.reading import Question

# What a property, a label or a metadata item is called that holds a commit.
COMMIT_NAMES = frozenset({"commit", "git.commit", "git_commit", "sha", "git_sha", "git.sha"})
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_WHOLE = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def commits_in(text: object) -> tuple[str, ...]:
    """The commit that a text names, in small letters; nothing where it is none, or has fewer than 7 digits."""
    plain = text.strip().lower() if isinstance(text, str) else ""
    return (plain,) if _COMMIT.fullmatch(plain) else ()


def commit_asked(question: Question, found_by: str) -> str:
    """The whole commit that a question is about; ``SourceError`` where it is not known whole.

    ``found_by`` says what it is needed for: ``a pipeline``.
    """
    commit = question.commit
    if commit is None:
        raise SourceError("the candidate names no commit", hint=f"{found_by} is found by its commit")
    if not _WHOLE.fullmatch(commit):
        raise SourceError(
            f"“{safe_text(commit, 60)}” is no full commit id", hint="give the candidate all 40 characters"
        )
    return commit
