"""Asking Jaeger: version 3 of its API (OTLP, wrapped in ``result``), or the one of its user interface.

https://www.jaegertracing.io/docs/latest/apis/
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

import msgspec

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Doubt
from workbench.model.text import safe_text
from workbench.model.times import to_text
from workbench.sources.channel import Channel, decoded, told_in, unusable
from workbench.sources.client import Request, Response
from workbench.sources.jaeger import JaegerMeasure
from workbench.sources.reading import WrongQuestion
from workbench.sources.traces import doubts as of_traces
from workbench.sources.traces.model import together
from workbench.sources.traces.naming import Name, read_name
from workbench.sources.traces.server import Answered, TraceAsker, spans_in

_OWN = frozenset({"jaeger", "jaeger-query", "jaeger-all-in-one"})  # Jaeger's traces of itself
_MOST_SERVICES = 100
_NO_SERVICE = "Jaeger is searched by service, so the span has to name one without *"


class _Error(msgspec.Struct):
    message: str = ""
    msg: str = ""


class _Refusal(msgspec.Struct):
    error: _Error | str | None = None
    errors: list[_Error] | None = None

    @property
    def of_jaeger(self) -> str:
        """What version 3 of the API says; nothing of an error in another form."""
        return self.error.message if isinstance(self.error, _Error) else ""

    @property
    def words(self) -> str:
        """What it says, or nothing."""
        if isinstance(self.error, _Error):
            return self.error.message
        if self.errors:
            return self.errors[0].msg or self.errors[0].message
        return self.error or ""


class _Services(msgspec.Struct):
    services: list[str] | None = None
    data: list[str] | None = None


class Jaeger(TraceAsker):
    """One server.  Which API it has is found out by its first answer."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._legacy: bool | None = None
        self._lock = asyncio.Lock()

    def link(self) -> str | None:
        """The page of its own user interface, unless the source names another."""
        return self.config.link or f"{self.config.url.rstrip('/')}/trace/$trace"

    async def search(self, name: Name, start: datetime, end: datetime) -> Answered:
        """The traces with a span of that service, and of that operation where it does not vary."""
        if not name.service or "*" in name.service:
            raise WrongQuestion(_NO_SERVICE, field="begins", hint="write “gateway: POST /orders”")
        operation = "" if "*" in name.operation else name.operation
        request, response = await self._found(name.service, operation, start, end)
        if response.status == 404 and (words := _refusal(response).of_jaeger):
            return Answered(bodies=(response.body,), why=f"Jaeger says: {safe_text(words, 200)}")
        _must_be_fine(request, response)
        where = request.where
        return Answered(
            spans=await asyncio.to_thread(spans_in, [response.body], where),
            bodies=(response.body,),
            why=f"Jaeger has no trace with a span “{safe_text(name.operation, 100)}” of {safe_text(name.service, 100)} in that time",
        )

    async def everything(self, start: datetime, end: datetime) -> Answered:
        """The traces of each service, one after the other."""
        legacy = await self._is_legacy()
        request, response = await self.get("/api/services" if legacy else "/api/v3/services")
        _must_be_fine(request, response)
        said: _Services = decoded(response.body, _Services, request, response)
        services = [one for one in said.services or said.data or () if one not in _OWN]
        parts = [await self.search(Name(one, "*"), start, end) for one in services[:_MOST_SERVICES]]
        spans = together([part.spans for part in parts])
        if len(services) > _MOST_SERVICES:
            spans = msgspec.structs.replace(
                spans, partial=f"only {_MOST_SERVICES} of {len(services):,} services were asked for"
            )
        return Answered(spans=spans)

    async def _found(
        self, service: str, operation: str, start: datetime, end: datetime
    ) -> tuple[Request, Response]:
        """The answer to a search, of whichever API the server has."""
        async with self._lock:  # the first answer tells which
            if self._legacy is None:
                request, response = await self.get(
                    "/api/v3/traces", self._params(service, operation, start, end)
                )
                self._legacy = _is_no_api(response)
                if not self._legacy:
                    return request, response
        if self._legacy:
            return await self.get("/api/traces", self._legacy_params(service, operation, start, end))
        return await self.get("/api/v3/traces", self._params(service, operation, start, end))

    async def _is_legacy(self) -> bool:
        async with self._lock:
            if self._legacy is None:
                _, response = await self.get("/api/v3/services")
                self._legacy = _is_no_api(response)
            return self._legacy

    def _params(self, service: str, operation: str, start: datetime, end: datetime) -> list[tuple[str, str]]:
        """Each under the name of today's servers, and under the one that earlier servers know."""
        told = [
            ("serviceName", "service_name", service),
            ("operationName", "operation_name", operation),
            ("startTimeMin", "start_time_min", to_text(start)),
            ("startTimeMax", "start_time_max", to_text(end)),
            ("searchDepth", "search_depth", str(self.config.most_traces)),
        ]
        both = [
            (f"query.{name}", value) for today, earlier, value in told if value for name in (today, earlier)
        ]
        return [*both, ("query.num_traces", str(self.config.most_traces))]

    def _legacy_params(
        self, service: str, operation: str, start: datetime, end: datetime
    ) -> list[tuple[str, str]]:
        told = [
            ("service", service),
            ("operation", operation),
            ("start", str(_microseconds(start))),
            ("end", str(_microseconds(end))),
            ("limit", str(self.config.most_traces)),
        ]
        return [(name, value) for name, value in told if value]


def doubts(measure: JaegerMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be proved of a measure."""
    yield from of_traces.doubts(measure, asked)
    field = "begins" if measure.begins else "step"
    said = measure.begins or measure.step
    if said and (not (name := read_name(said)).service or "*" in name.service):
        yield Doubt(field, _NO_SERVICE, "write “gateway: POST /orders”", error=True)


def _is_no_api(response: Response) -> bool:
    """Whether an answer shows that there is no version 3: a page of the user interface, or that there is no such path."""
    if response.status in (401, 403) or response.status >= 500:
        return False
    if response.status in (404, 405, 501):
        return not _refusal(response).of_jaeger
    return _is_page(response)


def _is_page(response: Response) -> bool:
    """Whether a web page came: the user interface, or one that asks to sign in."""
    start = response.body[:200].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _refusal(response: Response) -> _Refusal:
    """What is said of a request that is not answered; nothing where that cannot be read."""
    return told_in(response, _Refusal) or _Refusal()


def _must_be_fine(request: Request, response: Response) -> None:
    if response.status < 400:
        if _is_page(response) or not response.body.strip():
            raise unusable(request, response, "")
        return
    words = "" if response.status in (401, 403) else _refusal(response).words
    if words:
        raise SourceError(
            f"Jaeger answered with status {response.status}: {safe_text(words, 300)}", where=request.where
        )
    if response.status == 404:
        raise SourceError(
            "there is no API of Jaeger at this address",
            where=request.where,
            hint="its url is that of Jaeger's query service, with its base path if it has one",
        )
    raise unusable(request, response, "")


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
