"""One number of a server's JSON answer."""

from __future__ import annotations

import asyncio
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.client import Request, Response
from workbench.sources.expressions import read_expression
from workbench.sources.http import HttpMeasure
from workbench.sources.http.requesting import Asked, asked, filled, values_of, with_names
from workbench.sources.http.site import Site
from workbench.sources.moments import moment_of_number, moment_of_text
from workbench.sources.numbers import count_of, number_of
from workbench.sources.reading import Asker, Body, Found, Question, WrongQuestion

# Numbers come as they are written: a float would tell 0.1 as 0.1000000000000000055.
_JSON = msgspec.json.Decoder(float_hook=Decimal)


class Answer(msgspec.Struct, frozen=True):
    """An answer, decoded; ``pages`` says that it is only the first of several, ``part`` that the server calls it a part."""

    document: Any
    body: Body
    pages: bool = False
    empty: bool = False
    part: bool = False


class Http(Asker):
    """Asks one server; questions that are sent the same are sent once a fetch."""

    def __init__(self, channel: Channel) -> None:
        self._site = Site(channel)
        self._answers: dict[Asked, asyncio.Task[Answer]] = {}

    async def ask(self, question: Question) -> Found:
        """The number that stands at ``value`` in the JSON at ``path``."""
        measure = question.ask
        if not isinstance(measure, HttpMeasure):
            raise SourceError(
                "a source of kind http answers measures only", hint="give the measure a path and a value"
            )
        answer = await self._once(asked(measure, question))
        return found(with_names(measure, question), question, answer)

    async def build(self, question: Question) -> str | None:
        """The commit that runs there: at the place ``label`` in the JSON at the path ``query`` of the environment's build."""
        if question.build_query is None:
            return None
        answer = await self._once(Asked(filled(question.build_query, values_of(question)), "GET"))
        try:
            told = read_expression(question.build_label).value(answer.document).value
        except (LookupError, ValueError):
            return None
        return safe_text(told, 100) if isinstance(told, str) and told else None

    async def _once(self, asked: Asked) -> Answer:
        """The answer to a request, which is sent only once in a fetch."""
        if asked not in self._answers:
            self._answers[asked] = asyncio.create_task(self._answer(asked))
        return await asyncio.shield(self._answers[asked])

    async def _answer(self, asked: Asked) -> Answer:
        request = await self._site.request(
            asked.path, method=asked.method, params=asked.params, form=asked.form, content=asked.body
        )
        response = await self._site.send(request)
        if response.status >= 400:
            raise unusable(request, response, "")
        if response.status == 202:
            raise SourceError("the server has not worked the answer out yet", where=request.where)
        body = Body(response.media or "application/json", response.body)
        if response.status == 204:
            return Answer(None, body, empty=True)
        pages = 'rel="next"' in response.headers.get("link", "").replace("'", '"')
        return Answer(_document(request, response), body, pages, part=response.status == 206)


def found(measure: HttpMeasure, question: Question, answer: Answer) -> Found:
    """What an answer says of a question; raises ``SourceError`` for an answer that is none."""
    document = answer.document
    if answer.empty:
        return _missing(question, answer, "the server answered that there is nothing")
    if not isinstance(document, dict | list):
        raise SourceError("the answer is a single value, and holds nothing to read")
    if said := _says(measure, "error_if", document):
        raise SourceError(f"the server answered with an error{_quoted(said)}")
    if said := _says(measure, "missing_if", document):
        return _missing(question, answer, f"the server says that nothing was measured{_quoted(said)}")
    if measure.commit is not None and (other := _other_commit(measure, question, document)):
        return _missing(question, answer, f"the answer is about commit {other}, not about this build")
    value, lacking = _value(measure, document)
    if value is None:
        why = f"the answer holds no number at {safe_text(measure.value, 100)}: it is null"
        return _missing(question, answer, why)
    partial = [lacking] if lacking else []
    if said := _says(measure, "partial_if", document):
        partial.append(f"the server says that its answer is not the whole one{_quoted(said)}")
    if answer.part:
        partial.append("the server says that its answer is a part (status 206)")
    if answer.pages:
        partial.append("the answer is the first of several pages")
    return Found(
        state="ok",
        measured_at=_moment(measure, question, document),
        value=value,
        samples=None if measure.samples is None else _samples(measure, document),
        partial="; ".join(partial) or None,
        bodies=(answer.body,),
    )


def _missing(question: Question, answer: Answer, why: str) -> Found:
    return Found(state="missing", measured_at=question.at, why=why, bodies=(answer.body,))


def _quoted(said: str) -> str:
    return "" if said == "yes" else f": {said}"


def _document(request: Request, response: Response) -> Any:
    try:
        return _JSON.decode(response.body)
    except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError):
        return decoded(response.body, Any, request, response)  # which says what came instead


def _says(measure: HttpMeasure, field: str, document: Any) -> str:
    """What the answer says at ``error_if`` and the like: nothing where that does not hold."""
    text = getattr(measure, field)
    if text is None:
        return ""
    try:
        return read_expression(text).says(document)
    except ValueError as error:
        raise WrongQuestion(str(error), field=field) from None


def _at(measure: HttpMeasure, field: str, document: Any) -> tuple[Any, str]:
    """What stands at a place of the answer, and what it lacks; ``WrongQuestion`` where there is no such place."""
    text = getattr(measure, field)
    try:
        value = read_expression(text).value(document)
    except LookupError as error:
        raise WrongQuestion(
            f"the answer holds nothing at {safe_text(text, 100)}: “{safe_text(error.args[0], 60)}” is not there",
            field=field,
        ) from None
    except ValueError as error:
        raise WrongQuestion(str(error), field=field) from None
    return value.value, value.lacking


def _value(measure: HttpMeasure, document: Any) -> tuple[Decimal | None, str]:
    value, lacking = _at(measure, "value", document)
    if measure.words and value is not None:
        number = measure.words.get(value) if isinstance(value, str) else None
        if number is None:
            raise WrongQuestion(
                f"what stands at {safe_text(measure.value, 100)} is “{safe_text(str(value), 60)}”, which is none of its words",
                field="words",
                hint=f"known: {', '.join(sorted(measure.words))}",
            )
        return number, lacking
    if isinstance(value, bool | list | dict):
        raise WrongQuestion(f"what stands at {safe_text(measure.value, 100)} is no number", field="value")
    return number_of(value, f"what stands at {safe_text(measure.value, 100)}"), lacking


def _samples(measure: HttpMeasure, document: Any) -> int:
    return count_of(_at(measure, "samples", document)[0], f"what stands at {safe_text(measure.samples, 100)}")


def _moment(measure: HttpMeasure, question: Question, document: Any) -> datetime:
    if measure.measured_at is None:
        return question.at
    value, _ = _at(measure, "measured_at", document)
    where = f"the moment at {safe_text(measure.measured_at, 100)}"
    if value is None:
        raise SourceError(f"{where} is null: when it was measured is not known")
    if isinstance(value, str) and not value.strip().replace(".", "", 1).isdigit():
        return moment_of_text(value, where)[0]
    number = number_of(value, where)
    assert number is not None
    return moment_of_number(number, where=where)


def _other_commit(measure: HttpMeasure, question: Question, document: Any) -> str:
    """The commit that the answer is about, where it is not the candidate's; "unknown" where it names none."""
    value, _ = _at(measure, "commit", document)
    if not isinstance(value, str) or not value:
        return "unknown"
    if question.role == "baseline" or (question.commit and same_commit(value, question.commit)):
        return ""
    return safe_text(value, 12)
