"""The words, numbers and times that a report's attributes hold, in every dialect's spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum

_STATES = ("status", "result", "outcome", "state")
_FLAGS = ("success", "passed")
_PASSED = frozenset(
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
        "fixed",
        "true",
    ]
)
_FAILED = frozenset(
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
_SKIPPED = frozenset(
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
_NOTHING = frozenset({"", "undefined", "null", "none", "nan"})  # what scripts write that have no number
_WHOLE = re.compile(r"([0-9][0-9,]{0,40})(\.0*)?")
_DIGITS_ONLY = re.compile(r"[0-9.\s]*")
_MOST = 10**9
# Some tools write the beginning of their calendar (1970, year 1) where they know no time.
_FIRST_YEAR = 2000


class Word(Enum):
    """What an attribute says of a test or a suite."""

    NOTHING = "nothing"
    PASSED = "passed"
    FLAKY = "flaky"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


def word_of(attributes: Mapping[str, str]) -> tuple[Word, str]:
    """The most serious thing that a test's or a suite's attributes say, and the word that says it."""
    found, said = Word.NOTHING, ""
    for name in _STATES:
        if name in attributes:
            word = _word(attributes[name])
            if _RANK[word] > _RANK[found]:
                found, said = word, attributes[name].strip()
    for name in _FLAGS:
        if attributes.get(name, "").strip().lower() in ("false", "no", "0"):
            return Word.FAILED, f"{name}={attributes[name].strip()}"
    if attributes.get("executed", "").strip().lower() in ("false", "no", "0") and found is not Word.FAILED:
        return Word.SKIPPED, "not executed"
    return found, said


_RANK = {
    Word.NOTHING: 0,
    Word.PASSED: 1,
    Word.FLAKY: 2,
    Word.UNKNOWN: 3,
    Word.SKIPPED: 4,
    Word.FAILED: 5,
}


def _word(text: str) -> Word:
    plain = re.sub(r"[\s_-]+", "", text.strip().lower())
    if not plain:
        return Word.NOTHING
    if plain == "flaky":
        return Word.FLAKY
    for words, word in ((_PASSED, Word.PASSED), (_FAILED, Word.FAILED), (_SKIPPED, Word.SKIPPED)):
        if plain in words:
            return word
    return Word.UNKNOWN


def whole(text: str | None) -> int | None:
    """A count; 0 where none is given, ``None`` where what is given is no count."""
    plain = (text or "").strip()
    if plain.lower() in _NOTHING:
        return 0
    read = _WHOLE.fullmatch(plain)
    return min(int(read[1].replace(",", "")), _MOST) if read else None


def seconds_of(text: str | None) -> float:
    """A duration in seconds; thousands may be separated (``1,204.5``)."""
    try:
        seconds = float((text or "0").replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < _MOST else 0.0


def moment_of(text: str | None) -> tuple[datetime | None, bool]:
    """A time stamp and whether it names its zone; without one it is taken as UTC.

    Digits only are no time stamp, and neither is a moment before the year 2000.
    """
    plain = (text or "").strip()
    if _DIGITS_ONLY.fullmatch(plain):
        return None, True
    moment = _read_moment(plain)
    if moment is None:
        return None, True
    try:
        shown = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None, True
    return (shown, bool(moment.tzinfo)) if shown.year >= _FIRST_YEAR else (None, True)


def _read_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # 10 ms for the few reports that write mail's dates

    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
