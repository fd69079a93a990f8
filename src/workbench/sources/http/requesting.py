"""What a measure asks, with the environment and the window filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from workbench.model.times import duration_text, parse_duration
from workbench.sources.filling import PLACES, fill
from workbench.sources.http import HttpMeasure
from workbench.sources.moments import to_the_second
from workbench.sources.reading import Question, WrongQuestion

_NUMBERS: Mapping[str, Callable[[datetime], int]] = {
    "s": lambda at: _nanoseconds(at) // 10**9,
    "ms": lambda at: _nanoseconds(at) // 10**6,
    "ns": lambda at: _nanoseconds(at),
}
NUMBERS = frozenset(f"{end}_{unit}" for end in ("start", "end") for unit in _NUMBERS)


class Asked(msgspec.Struct, frozen=True):
    """One request in full; two that are equal are sent once."""

    path: str
    method: str
    params: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


def asked(measure: HttpMeasure, question: Question) -> Asked:
    """The request of a question; ``WrongQuestion`` names what nothing fills."""
    values = values_of(question)
    baseline = question.role == "baseline" and measure.baseline_path is not None
    field = "baseline_path" if baseline else "path"
    return Asked(
        path=filled(getattr(measure, field), values, field),
        method=measure.method or ("GET" if measure.body is None and not measure.form else "POST"),
        params=_pairs(measure.params, values, "params"),
        form=_pairs(measure.form, values, "form"),
        body=None if measure.body is None else _body(measure.body, values),
    )


def with_names(measure: HttpMeasure, question: Question) -> HttpMeasure:
    """A measure in whose places ``$environment`` and the like are filled in: ``environments."$environment".on``."""
    values = values_of(question)
    places = {
        field: fill(text, values, field) for field in PLACES if (text := getattr(measure, field)) is not None
    }
    return msgspec.structs.replace(measure, **places)


def filled(path: str, values: Mapping[str, str], field: str = "path") -> str:
    """A path with each ``$name`` replaced, so that no value can become more than a part of it."""
    return fill(path, {name: quote(value, safe="") for name, value in values.items()}, field)


def values_of(question: Question) -> dict[str, str]:
    """What fills ``$name`` in a question."""
    values = dict(question.variables)
    if question.environment is not None:
        values["environment"] = question.environment
    if question.window is not None:
        values["window"] = duration_text(question.window)
    window = _window(question)
    if window is not None:
        for name, at in (("start", question.at - window), ("end", question.at)):
            moment = at.astimezone(UTC)
            values[name] = to_the_second(moment)
            values[f"{name}_day"] = moment.strftime("%Y-%m-%d")
            values |= {f"{name}_{unit}": str(number(moment)) for unit, number in _NUMBERS.items()}
    return values


def _window(question: Question) -> timedelta | None:
    """The window of a question; a measure without one is told that of the variable, an hour unless said."""
    if question.window is not None:
        return question.window
    try:
        return parse_duration(question.variables.get("window", ""))
    except ValueError:
        return None


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 10**6) * 1000


def _pairs(
    named: Mapping[str, str] | Mapping[str, str | list[str]], values: Mapping[str, str], field: str
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, fill(text, values, field))
        for name, texts in named.items()
        for text in ([texts] if isinstance(texts, str) else texts)
    )


def read_body(text: str) -> Any:
    """The JSON of a measure's ``body``; ``WrongQuestion`` says what is wrong with it."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise WrongQuestion(
            f"the body is no JSON: {error}", field="body", hint='write it as a block: body: | {"query": "…"}'
        ) from None


def _body(text: str, values: Mapping[str, str]) -> bytes:
    return msgspec.json.encode(_replaced(read_body(text), values))


def _replaced(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _replaced(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_replaced(value, values) for value in part]
    if not isinstance(part, str):
        return part
    text = fill(part, values, "body")
    return int(text) if part.startswith("$") and part.strip("${}") in NUMBERS else text
