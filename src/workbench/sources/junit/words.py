"""The words, numbers and times that a report's attributes hold, in every dialect's spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from workbench.model.quantity import read_number
from workbench.sources.test_runs import states
from workbench.sources.test_runs.states import outcome_of

_STATES = ("status", "result", "testresult", "outcome", "state", "verdict", "conclusion")
_FLAGS = ("success", "successful", "passed", "pass", "ok")
# Other names of the totals of failures and errors; those of the last line may be counted among the failures.
_FAILURES = ("failed", "failure", "fail")
_ERRORS = ("errored", "error")
_OTHER_FAILURES = ("unsuccessful", "crashed", "aborted", "broken", "timeouts", "timedout", "unexpected")
# On a case `date` may be the day on which somebody wrote the test.
CASE_TIMES = ("timestamp", "starttime", "startedat", "started", "start")
_SUITE_TIMES = (*CASE_TIMES, "datetime", "date", "rundate")
# Attributes of a case that may say how it ended.
SAYING = frozenset(
    {*_STATES, *_FLAGS, *_FAILURES, *_ERRORS, *_OTHER_FAILURES, "failures", "errors", "executed"}
)
_NOTHING = frozenset({"", "undefined", "null", "none", "nan"})  # what scripts write that have no number
_NO = frozenset({"false", "no", "n", "0"})
_TIME = r"(?:[T\s_,]+([0-9]{1,2})[:-]([0-9]{1,2})(?:[:-]([0-9]{1,2}))?)?"
_YEAR_FIRST = re.compile(
    rf"([0-9]{{4}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})日?{_TIME}(?![0-9]).*", re.I | re.S
)
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}(?![0-9]).*", re.I | re.S)
_MONTH_NAMED = re.compile(
    rf"([0-9]{{1,2}})[-\s]([a-z]{{3}})[a-z]*[-\s]([0-9]{{4}}){_TIME}(?![0-9]).*", re.I | re.S
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIGITS_ONLY = re.compile(r"[0-9.\s]*")
_MOST = 10**9
_SHORT = 10  # characters of a number that is surely within all bounds
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


def word_of(attributes: Mapping[str, str], *, case: bool = False) -> tuple[Word, str]:
    """The most serious thing that a test's or a suite's attributes say, and the word that says it.

    Of a suite `passed="0"` is a total, of a case it says that it did not pass.
    """
    found, said = Word.NOTHING, ""
    for name in _STATES:
        if name in attributes:
            word = _word(attributes[name])
            if _RANK[word] > _RANK[found]:
                found, said = word, attributes[name].strip()
    for name in _FLAGS:
        if (
            name in attributes
            and (plain := attributes[name].strip().lower()) in _NO
            and (case or plain != "0")
        ):
            return Word.FAILED, f"{name}={attributes[name].strip()}"
    if case and (name := _failed_count(attributes)):
        return Word.FAILED, f"{name}={attributes[name].strip()}"
    if attributes.get("executed", "").strip().lower() in _NO and found is not Word.FAILED:
        return Word.SKIPPED, "not executed"
    return found, said


@lru_cache(maxsize=512)
def plain_name(name: str) -> str:
    """An attribute's name without its namespace, in small letters, without `-` and `_`."""
    return name.rpartition(":")[2].lower().replace("-", "").replace("_", "")


def _failed_count(attributes: Mapping[str, str]) -> str:
    names = ("failures", "errors", *_FAILURES, *_ERRORS, *_OTHER_FAILURES)
    return next((name for name in names if name in attributes and _claims(attributes, name)), "")


def _claims(attributes: Mapping[str, str], *names: str) -> int:
    """The largest count under these names; anything said that is no number, and no “no”, counts as one."""
    found = 0
    for name in names:
        plain = attributes.get(name, "").strip()
        if plain and plain.lower() not in _NO:
            number = whole(plain)
            found = max(found, 1 if number is None else number)
    return found


def failures_claimed(attributes: Mapping[str, str], failures: int, errors: int) -> int:
    """How much a suite's totals say went wrong, given its `failures` and `errors`, whatever they are called."""
    failures = max(failures, _claims(attributes, *_FAILURES))
    errors = max(errors, _claims(attributes, *_ERRORS))
    return max(failures + errors, _claims(attributes, *_OTHER_FAILURES))


def times_of(attributes: Mapping[str, str]) -> list[str]:
    """What a suite's attributes say about when it ran."""
    return [attributes[name] for name in _SUITE_TIMES if name in attributes]


_RANK = {
    Word.NOTHING: 0,
    Word.PASSED: 1,
    Word.FLAKY: 2,
    Word.UNKNOWN: 3,
    Word.SKIPPED: 4,
    Word.FAILED: 5,
}


_WORDS: Mapping[str, Word] = {
    "passed": Word.PASSED,
    "flaky": Word.FLAKY,
    "failed": Word.FAILED,
    "skipped": Word.SKIPPED,
}


def _word(text: str) -> Word:
    return _WORDS.get(outcome_of(text), Word.UNKNOWN) if states.plain(text) else Word.NOTHING


def whole(text: str | None) -> int | None:
    """A count; 0 where none is given, ``None`` where what is given is no count."""
    plain = (text or "").strip()
    if plain.lower() in _NOTHING:
        return 0
    number = _number(plain)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return min(int(number), _MOST)


def seconds_of(text: str | None) -> float:
    """A duration in seconds; thousands may be separated (``1,204.5``)."""
    if text and len(text) < _SHORT and text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)  # nearly all of them, and twenty times as fast
    seconds = _number(text or "")
    return float(seconds) if seconds is not None and 0 <= seconds < _MOST else 0.0


def _number(text: str) -> Decimal | None:
    """A number as it is read everywhere, its thousands separated or not; ``None`` for anything else."""
    try:
        return read_number(text.replace(",", ""))
    except ValueError:
        return None


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
    if moment := _read_day(text):
        return moment
    from email.utils import parsedate_to_datetime  # 10 ms for the few reports that write mail's dates

    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _read_day(text: str) -> datetime | None:
    """A day, with or without a time, as people and other languages' clocks write it; its zone is not read.

    `11/12/2026` may be two days; the later one is taken, for the file's time is a bound anyway.
    """
    if read := _YEAR_FIRST.match(text):
        return _moment(read[1], read[2], read[3], read.groups()[3:])
    if (read := _MONTH_NAMED.match(text)) and read[2].lower() in _MONTHS:
        return _moment(read[3], str(_MONTHS.index(read[2].lower()) + 1), read[1], read.groups()[3:])
    if read := _YEAR_LAST.match(text):
        clock = read.groups()[4:]
        day_first = _moment(read[4], read[3], read[1], clock)
        month_first = _moment(read[4], read[1], read[3], clock) if read[2] != "." else None
        return max((each for each in (day_first, month_first) if each), default=None)
    return None


def _moment(year: str, month: str, day: str, clock: tuple[str | None, ...]) -> datetime | None:
    try:
        hour, minute, second = (int(part or 0) for part in clock)
        return datetime(int(year), int(month), int(day), hour, minute, second)
    except ValueError:
        return None
