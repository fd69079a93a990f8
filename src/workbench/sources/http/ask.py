"""One number of a server's JSON answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from workbench.model.canonical import MAX_INTEGER
from workbench.model.errors import SourceError
from workbench.model.quantity import read_number
from workbench.model.text import safe_text
from workbench.model.times import duration_text
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.client import Request, Response
from workbench.sources.http import HttpMeasure
from workbench.sources.http.places import look_up, read_place
from workbench.sources.http.site import Site
from workbench.sources.reading import Asker, Body, Found, Question, WrongQuestion

_NAME = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*))")
# Numbers come as they are written: a float would tell 0.1 as 0.1000000000000000055.
_JSON = msgspec.json.Decoder(float_hook=Decimal)


class Http(Asker):
    """Asks one server."""

    def __init__(self, channel: Channel) -> None:
        self._site = Site(channel)

    async def ask(self, question: Question) -> Found:
        """The number that stands at ``value`` in the JSON at ``path``."""
        measure = question.ask
        if not isinstance(measure, HttpMeasure):
            raise SourceError(
                "a source of kind http answers measures only", hint="give the measure a path and a value"
            )
        request = await self._site.request(filled(measure.path, _values(question)), method=measure.method)
        response = await self._site.send(request)
        if response.status >= 400:
            raise unusable(request, response, "")
        document = _document(request, response)
        found = _number(document, measure.value, "value")
        body = Body(response.media or "application/json", response.body)
        if found is None:
            why = f"the answer holds no number at {safe_text(measure.value, 100)}: it is null"
            return Found(state="missing", measured_at=question.at, why=why, bodies=(body,))
        samples = None
        if measure.samples is not None:
            counted = _number(document, measure.samples, "samples")
            samples = 0 if counted is None or counted < 0 else min(int(counted), MAX_INTEGER)
        return Found(state="ok", measured_at=question.at, value=found, samples=samples, bodies=(body,))


def filled(path: str, values: Mapping[str, str]) -> str:
    """A path with each ``$name`` replaced, so that no value can become more than a part of it."""

    def put(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        if match[2] not in values:
            raise WrongQuestion(
                f"nothing is known as ${match[2]}", field="path", hint="variables of the environment"
            )
        return quote(values[match[2]], safe="")

    return _NAME.sub(put, path)


def _values(question: Question) -> dict[str, str]:
    values = dict(question.variables)
    if question.environment is not None:
        values["environment"] = question.environment
    if question.window is not None:
        values["window"] = duration_text(question.window)
    return values


def _document(request: Request, response: Response) -> Any:
    try:
        return _JSON.decode(response.body)
    except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError):
        return decoded(response.body, Any, request, response)  # which says what came instead


def _number(document: Any, place: str, field: str) -> Decimal | None:
    """The number at a place, ``None`` for null; a text that is a number counts as one."""
    try:
        value = look_up(document, read_place(place))
    except ValueError as error:
        raise WrongQuestion(str(error), field=field) from None
    except LookupError as error:
        raise WrongQuestion(
            f"the answer holds nothing at {safe_text(place, 100)}: “{safe_text(error.args[0], 60)}” is not there",
            field=field,
        ) from None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise WrongQuestion(f"what stands at {safe_text(place, 100)} is no number", field=field)
    try:
        return read_number(str(value))
    except ValueError as error:
        raise SourceError(str(error)) from None
