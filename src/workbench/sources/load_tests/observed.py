"""What a file of a load test or of timings holds, and what it answers.

Whether samples, buckets or only some statistics were kept, the same question gets the same kind of answer.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from workbench.model.errors import SourceError
from workbench.model.histograms import Histogram
from workbench.model.keys import nearest
from workbench.model.quantity import LARGEST_EXPONENT, UNITS, from_float
from workbench.model.text import number_of, safe_text, some_of
from workbench.sources.moments import moment_of_number
from workbench.sources.numbers import number_of as number_in
from workbench.sources.of_samples import Told, in_window, of_histogram, of_samples, statistic_of
from workbench.sources.reading import Found, Question, WrongQuestion, in_unit, missing

OF_REQUESTS = ("failures", "failure_rate", "throughput")  # beside the statistics of samples
_KINDS = {"failures": "count", "failure_rate": "share", "throughput": "rate", "count": "count"}
_SHOWN = 8  # names in a sentence

_KeyT = TypeVar("_KeyT")


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """Observations of one thing: the times of requests, of a command, of a function, in ``unit``.

    ``count`` is how many there were, with those that failed and those without a time.  ``failed`` is ``None`` where
    the file does not tell.  ``seconds`` is how long the run took.  Of their times stand here all of them (``numbers``, with
    ``times`` in Unix seconds where they are known), or a ``histogram``, or only the statistics that ``exactly`` names.
    """

    count: int
    unit: str = "ms"
    failed: int | None = None
    seconds: float | None = None
    numbers: array[float] | None = None
    times: array[float] | None = None
    histogram: Histogram | None = None
    exactly: Mapping[str, float] = {}


def answered(observed: Observed, statistic: str, question: Question, told: Told) -> Found:
    """What a question for a statistic is answered; ``WrongQuestion`` for one that the file does not tell."""
    words = " ".join(statistic.split())
    if not observed.count:
        return missing(question, "nothing was observed: the count is 0")
    facts: dict[str, str | int] = dict(told.facts)
    if observed.failed:
        facts["failures"] = f"{observed.failed:,} of {number_of(observed.count, 'request')} failed"
    if words in OF_REQUESTS or (words == "count" and not observed.numbers):
        value, unit = _of_requests(observed, words, question)
        return Found(
            state="ok",
            measured_at=told.at,
            value=value,
            unit=unit,
            samples=observed.count,
            partial=told.partial,
            facts={"statistic": words, **facts},
        )
    known = msgspec.structs.replace(told, facts=facts)
    if observed.numbers is not None:
        numbers, at = in_window(observed.numbers, observed.times or array("d"), question, told.at)
        if observed.numbers and not numbers:
            return missing(question, "nothing was observed in the window")
        known = msgspec.structs.replace(known, at=at)
        return of_samples(numbers, words, question, known, unit=observed.unit)
    if observed.histogram is not None:
        exactly = observed.exactly
        return of_histogram(observed.histogram, words, question, known, unit=observed.unit, exactly=exactly)
    return _stated(observed, words, question, known)


def kind_of_unit(statistic: str) -> str:
    """What a statistic is: a ``count``, ``share``, ``rate``, or "" for one that is what was observed."""
    words = " ".join(statistic.split())
    if words in _KINDS:
        return _KINDS[words]
    kind = statistic_with_requests(words)
    return "share" if kind == "share" else ""


def statistic_with_requests(words: str) -> str:
    """The kind of a statistic of samples; ``WrongQuestion`` names those of requests, too."""
    try:
        return statistic_of(words).kind
    except WrongQuestion:
        meant = nearest(words, [*OF_REQUESTS, "p50", "p95", "p99", "mean", "median", "count"])
        hint = f"did you mean {meant}?" if meant else f"p95, mean, max, count, {', '.join(OF_REQUESTS)}"
        raise WrongQuestion(
            f"“{safe_text(words, 40)}” is nothing that a load test tells", field="statistic", hint=hint
        ) from None


def chosen(
    found: Mapping[str, _KeyT],
    name: str,
    of: str,
    field: str,
    *,
    also: Callable[[str], Iterable[str]] = lambda _: (),
) -> list[_KeyT]:
    """What stands under a name, which may be written in other ways (``also``); ``WrongQuestion`` names those that there are."""
    hits = [one for key, one in found.items() if name in (key, *also(key))]
    if hits:
        return hits
    names = [safe_text(key, 80) for key in found]
    meant = nearest(name, list(found))
    hint = f"did you mean {safe_text(meant, 80)}?" if meant else f"it has {listed(names)}"
    raise WrongQuestion(f"the file has no {of} called “{safe_text(name, 100)}”", field=field, hint=hint)


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    return some_of(names, _SHOWN) or "none"


def time_of(value: Any, where: str) -> float:
    """A time that a file states, as a float; ``SourceError`` for what nobody can have measured."""
    number = number_in(value, where)
    if number is None:
        raise SourceError(f"{where} is not there")
    if number < 0 or (number and not -LARGEST_EXPONENT <= number.adjusted() <= LARGEST_EXPONENT):
        raise SourceError(f"{where} is {safe_text(str(value), 40)}, which is no time that can be measured")
    return float(number)


def plain_number(number: float) -> bool:
    """Whether a decoded number is one that can be kept."""
    return number == 0 or 10.0**-LARGEST_EXPONENT <= abs(number) < 10.0 ** (LARGEST_EXPONENT + 1)


def moment(seconds: float) -> datetime:
    """The moment of Unix seconds; ``SourceError`` where no clock was right then."""
    return moment_of_number(seconds, "s", "a moment of the run")


def _of_requests(observed: Observed, words: str, question: Question) -> tuple[Decimal, str]:
    if words == "count":
        return in_unit(Decimal(observed.count), "", question.unit)
    if words == "throughput":
        if not observed.seconds:
            raise WrongQuestion("the file does not tell how long the run took", field="statistic")
        return in_unit(from_float(observed.count / observed.seconds), "/s", question.unit)
    if observed.failed is None:
        raise WrongQuestion("the file does not tell what failed", field="statistic")
    if words == "failures":
        return in_unit(Decimal(observed.failed), "", question.unit)
    return in_unit(Decimal(observed.failed) / observed.count, UNITS["share"].symbol, question.unit)


def _stated(observed: Observed, words: str, question: Question, told: Told) -> Found:
    statistic_with_requests(words)
    if not observed.exactly:
        return missing(
            question, f"none of {number_of(observed.count, 'request')} was answered, so there are no times"
        )
    if words == "p50" and "p50" not in observed.exactly:
        words = "median"
    if words not in observed.exactly:
        raise WrongQuestion(
            f"the file does not tell {words}",
            field="statistic",
            hint=f"it keeps no samples, only {listed(list(observed.exactly))}",
        )
    value, unit = in_unit(from_float(observed.exactly[words]), observed.unit, question.unit)
    facts: dict[str, str | int] = {"statistic": words, **told.facts}
    if words.startswith("p"):
        facts["percentile"] = f"{words}, as the tool computed it"
    return Found(
        state="ok",
        measured_at=told.at,
        value=value,
        unit=unit,
        samples=observed.count,
        partial=told.partial,
        facts=facts,
    )
