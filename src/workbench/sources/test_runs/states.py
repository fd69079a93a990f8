"""Words that tools of every sort have for how a test ended."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.sources.test_runs.counts import Outcome

PASSED = frozenset(
    [
        "passed",
        "pass",
        "passing",
        "ok",
        "success",
        "successful",
        "succeeded",
        "run",
        "ran",
        "executed",
        "completed",
        "complete",
        "finished",
        "done",
        "fixed",
        "true",
    ]
)
FAILED = frozenset(
    [
        "failed",
        "fail",
        "failing",
        "failure",
        "failures",
        "error",
        "errored",
        "errors",
        "broken",
        "crashed",
        "crash",
        "aborted",
        "timeout",
        "timedout",
        "fatal",
        "unsuccessful",
        "regression",
        "ko",
        "false",
    ]
)
SKIPPED = frozenset(
    [
        "skipped",
        "skip",
        "notrun",
        "notexecuted",
        "disabled",
        "ignored",
        "suppressed",
        "pending",
        "todo",
        "excluded",
        "deselected",
        "filtered",
        "xfail",
        "xfailed",
        "expectedfailure",
    ]
)


@lru_cache(maxsize=512)
def plain(word: str) -> str:
    """A word in small letters, without blanks, ``-`` and ``_``."""
    return re.sub(r"[\s_-]+", "", word.strip().lower())


@lru_cache(maxsize=512)
def outcome_of(word: str) -> Outcome:
    """What a word says; ``unclear`` for one that is not known, which never passes."""
    known = plain(word)
    if known == "flaky":
        return "flaky"
    if known in PASSED:
        return "passed"
    if known in FAILED:
        return "failed"
    return "skipped" if known in SKIPPED else "unclear"
