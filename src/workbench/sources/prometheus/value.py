"""The one number of an answer, or in words why there is none."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import read_number
from workbench.model.text import safe_text
from workbench.sources.channel import another_version, unusable
from workbench.sources.client import Request, Response
from workbench.sources.prometheus.answer import Decoded, Sample
from workbench.sources.prometheus.reasons import why_no_series
from workbench.sources.reading import Found, WrongQuestion

IS_PARTIAL = "the server says that it could not look at all of its data"
_NOT_THE_QUERYS_FAULT = ("timeout", "canceled", "internal", "unavailable", "not_found", "too_many_requests")


def check(answer: Decoded, request: Request, response: Response) -> None:
    """``SourceError`` unless the server says that the query succeeded."""
    if answer.status == "success" and response.status < 400 and answer.kind:
        return
    if answer.error or answer.error_type:
        reason = safe_text(answer.error or answer.error_type, 500)
        if answer.error_type in ("timeout", "canceled"):
            raise SourceError(
                f"the server gave up: {reason}", where=request.where, hint="a cheaper query, or try again"
            )
        what = f"the server refuses the query: {reason}"
        hint = "try it in the server's own page"
        if answer.error_type in _NOT_THE_QUERYS_FAULT or response.status >= 500:
            raise SourceError(what, where=request.where, hint=hint)
        raise WrongQuestion(what, field="query", where=request.where, hint=hint)
    if b"no org id" in response.body[:200]:
        raise SourceError(
            "the server wants to know whose data is asked for",
            where=request.where,
            hint="give the source a tenant",
        )
    if response.status == 404:
        raise SourceError(
            "there is no Prometheus API at this address (status 404)",
            where=request.where,
            hint="a prefix may be missing in the url, such as /prometheus, or /select/0/prometheus of a VictoriaMetrics "
            "cluster; through Grafana it ends with the uid of the data source",
        )
    if answer.other_form:
        raise another_version(request, response, answer.garbled)
    raise unusable(request, response, safe_text(answer.garbled or "it has no result", 300))


def reading(answer: Decoded, at: datetime, query: str) -> Found:
    """The one number of an instant answer, or why there is none."""
    found = _of_answer(answer, at, query)
    partial = partial_of(answer)
    note = {"note": safe_text("; ".join(answer.infos), 600)} if answer.infos else {}
    return msgspec.structs.replace(found, partial=partial, facts={**found.facts, **note})


def partial_of(answer: Decoded) -> str | None:
    """What the server says of data that it could not look at; ``None`` for a whole answer."""
    told = [IS_PARTIAL] if answer.is_partial else []
    return "; ".join(told + [safe_text(text, 300) for text in answer.warnings]) or None


def together(*partial: str | None) -> str | None:
    """What several answers say of data that they lack, each thing once."""
    return "; ".join(dict.fromkeys(text for text in partial if text)) or None


def _of_answer(answer: Decoded, at: datetime, query: str) -> Found:
    why = _shape_problem(answer)
    if why:
        return Found(state="error", measured_at=at, why=why, facts={"edit": "query"})
    if not answer.samples:
        reason, wrong = why_no_series(query)
        return Found(state="missing", measured_at=at, why=reason, facts={"edit": "query"} if wrong else {})
    sample = answer.samples[0]
    measured = _time(sample, at)
    value = _number(sample.text)
    if value is None:
        return Found(state="missing", measured_at=measured, why=_no_number(sample.text))
    return Found(state="ok", measured_at=measured, value=value)


def refused(found: Found) -> Found:
    """A partial answer of a measure that takes none."""
    why = f"the answer is partial, which this measure refuses: {found.partial}"
    return msgspec.structs.replace(found, state="error", value=None, why=why)


def _shape_problem(answer: Decoded) -> str:
    if answer.kind == "streams":
        return "the query gives log lines, not a number: count them, sum(count_over_time({…} [$window]))"
    if answer.kind == "string":
        return "the query gives a text, not a number"
    if answer.kind == "matrix":
        return "the query gives a range of values, not one: wrap it, for example in avg_over_time(…)"
    if answer.total > 1:
        return several(answer.samples, answer.total)
    if answer.samples and answer.samples[0].histogram:
        return (
            "the query gives a native histogram, not a number: wrap it in histogram_quantile(0.95, …) "
            "or histogram_count(…)"
        )
    return ""


def several(samples: Sequence[Sample], total: int) -> str:
    """Why several series are an error: the labels that differ, and what to do about it."""
    names = sorted({name for sample in samples for name in sample.labels})
    differ = [name for name in names if len({sample.labels.get(name) for sample in samples}) > 1]
    shown = ", ".join(f"{safe_text(name, 60)} ({_examples(samples, name)})" for name in differ[:4])
    if len(differ) > 4:
        shown += f" and {len(differ) - 4} more"
    same = [name for name in names if name not in differ and name != "__name__"]
    by = f"sum by ({', '.join(safe_text(name, 60) for name in same[:4])}) (…)" if same else "sum(…)"
    return (
        f"{total} series came where one is expected; they differ in {shown or 'nothing that we can see'}. "
        f"Put them together, for example with {by} or max(…), or select one"
    )


def _examples(samples: Sequence[Sample], name: str) -> str:
    values = sorted({sample.labels.get(name, "") for sample in samples})
    shown = ", ".join(safe_text(value, 40) or "none" for value in values[:3])
    return shown + (", …" if len(values) > 3 else "")


def _time(sample: Sample, at: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(sample.time, UTC)
    except (ValueError, OverflowError, OSError):
        raise SourceError("the answer carries an impossible time") from None


def _number(text: str) -> Decimal | None:
    """The server's number as it wrote it; ``None`` for what is not finite."""
    if text.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        return None
    try:
        return read_number(text)
    except ValueError as error:
        raise SourceError(f"the answer holds no usable number: {error}") from None


def _no_number(text: str) -> str:
    if "nan" in text.lower():
        return "the value is NaN: often a division of 0 by 0, or a percentile of no requests"
    return f"the value is {safe_text(text, 20)}: a division by 0, or the highest bucket of a histogram"


def finite(points: bytes) -> array[float]:
    """The points (t, value, t, value, …) whose value is a number."""
    numbers = array("d", points)
    if math.isfinite(sum(numbers)):  # one that is not would show in the sum
        return numbers
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    kept = (pair for pair in pairs if math.isfinite(pair[0]) and math.isfinite(pair[1]))
    return array("d", chain.from_iterable(kept))
