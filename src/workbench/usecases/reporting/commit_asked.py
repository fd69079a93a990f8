"""A judgement is of one build: who names another is told, whatever the gate says."""

from __future__ import annotations

import re

from workbench.model.commits import same_commit
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.usecases.reporting.judgement import Judgement

SHORTEST_COMMIT = 7  # characters: fewer begin too many commits
_COMMIT = re.compile(r"[0-9a-fA-F]+\Z")


def require_commit(found: Judgement, commit: str | None) -> None:
    """``UsageError`` where ``commit`` is given and is not the candidate's: what was judged says nothing of it."""
    if commit is None:
        return
    named = safe_text(commit, 64)
    if len(commit) < SHORTEST_COMMIT or not _COMMIT.match(commit):
        raise UsageError(
            f"--commit {named} names no commit", hint=f"at least {SHORTEST_COMMIT} characters of its SHA"
        )
    if found.candidate is None:
        raise UsageError(
            f"{found.version} has no candidate, so nothing was judged of {named}",
            hint="workbench release candidate COMMIT",
        )
    known = found.candidate.commit
    if len(known) < SHORTEST_COMMIT or not same_commit(commit, known):
        raise UsageError(
            f"{found.version} was judged for the candidate {safe_text(known, 12)}, not for {named}",
            hint="deploy the candidate's commit, or propose the other build: workbench release candidate COMMIT",
        )
