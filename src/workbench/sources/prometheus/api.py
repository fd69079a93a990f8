"""The HTTP API: how it is asked, by whichever way a proxy lets through, and in pieces where an answer has a limit."""

from __future__ import annotations

import asyncio
from array import array
from datetime import datetime, timedelta

import msgspec

from workbench.model.errors import SourceError, WorkbenchError
from workbench.sources.channel import Channel
from workbench.sources.client import Request, Response
from workbench.sources.prometheus import PrometheusConfig
from workbench.sources.prometheus.answer import Decoded, decode
from workbench.sources.prometheus.engine import VICTORIA, Engine, read_engine
from workbench.sources.prometheus.value import check, finite, partial_of, together
from workbench.sources.reading import Body

MOST_POINTS = 10_000  # of one range query; the server refuses more than 11,000
MOST_RANGES = 50
_NO_POST = frozenset({403, 405, 501})
Form = tuple[tuple[str, str], ...]


class Course(msgspec.Struct, frozen=True):
    """The finite points of one series, t, value, t, value, …, and what the server says that it lacks."""

    points: array[float]
    bodies: tuple[Body, ...]
    partial: str | None


class Api:
    """Asks one server."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: PrometheusConfig = channel.config(PrometheusConfig)
        self._headers: dict[str, str] | None = None
        self._engine: asyncio.Task[Engine] | None = None
        self._by_address = False  # whether queries go by GET, in the address

    async def engine(self) -> Engine:
        """Which engine answers, asked once; nothing is known where the server does not tell."""
        if self._engine is None:
            self._engine = asyncio.create_task(self._ask_engine())
        return await asyncio.shield(self._engine)

    async def _ask_engine(self) -> Engine:
        try:
            _, response = await self.get("/api/v1/status/buildinfo")
        except WorkbenchError:  # queries will say what is wrong
            return Engine()
        return read_engine(response.body, response.headers) if response.status < 400 else Engine()

    async def instant(self, query: str, at: datetime) -> tuple[Decoded, Body]:
        """The answer to a query as of a moment."""
        return await self._post("/api/v1/query", (("query", query), ("time", _moment(at))))

    async def ranged(self, query: str, start: datetime, end: datetime, step: int) -> Course:
        """The course of one series, asked for in pieces.

        VictoriaMetrics moves the start of a range unless it is told not to use its cache.
        """
        numbers = array("d")
        bodies: list[Body] = []
        partial: str | None = None
        exact: Form = (("nocache", "1"),) if (await self.engine()).name == VICTORIA else ()
        for first, last in ranges(start, end, step):
            times = (("start", _moment(first)), ("end", _moment(last)), ("step", str(step)))
            answer, body = await self._post("/api/v1/query_range", (("query", query), *times, *exact))
            bodies.append(body)
            if answer.kind != "matrix" or answer.total > 1:
                raise SourceError("the range query did not answer with one series")
            if answer.samples and answer.samples[0].histogram:
                raise SourceError(
                    "the range query gives native histograms, not numbers",
                    hint="wrap it in histogram_quantile(0.95, …) or histogram_count(…)",
                )
            more = finite(answer.points)
            numbers = more if not numbers else numbers + more
            partial = together(partial, partial_of(answer))
        return Course(numbers, tuple(bodies), partial)

    async def get(self, path: str) -> tuple[Request, Response]:
        """Another page of the API, with its request."""
        request = await self._request("GET", path)
        return request, await self._channel.send(request)

    async def _post(self, path: str, form: Form) -> tuple[Decoded, Body]:
        response = None
        form = (*form, *self._config.params.items())
        if not self._by_address:
            request = await self._request("POST", path, form=form)
            response = await self._channel.send(request)
        if response is None or response.status in _NO_POST:  # a proxy may let nothing but GET through
            request = await self._request("GET", path, params=form)
            response = await self._channel.send(request)
            self._by_address = self._by_address or response.status < 400
        answer = decode(response.body)
        check(answer, request, response)
        return answer, Body(response.media or "application/json", response.body)

    async def _request(self, method: str, path: str, *, params: Form = (), form: Form = ()) -> Request:
        if self._headers is None:
            self._headers = await self._make_headers()
        return self._channel.request(path, method=method, params=params, form=form, headers=self._headers)

    async def _make_headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", **await self._channel.bearer(self._config.token)}
        if self._config.tenant is not None:
            headers |= {"X-Scope-OrgID": self._config.tenant, "THANOS-TENANT": self._config.tenant}
        for name, text in self._config.headers.items():
            value = await self._channel.secret(text)
            if value is not None:
                headers[name] = value
        return headers


def ranges(start: datetime, end: datetime, step: int) -> list[tuple[datetime, datetime]]:
    """``start`` to ``end`` in pieces of at most ``MOST_POINTS`` steps, none overlapping."""
    span = timedelta(seconds=step * (MOST_POINTS - 1))
    pieces: list[tuple[datetime, datetime]] = []
    while start <= end:
        if len(pieces) == MOST_RANGES:
            raise SourceError(
                f"the trend would have more than {MOST_RANGES * MOST_POINTS:,} points",
                hint="a shorter trend or a larger trend_step",
            )
        pieces.append((start, min(end, start + span)))
        start = start + span + timedelta(seconds=step)
    return pieces


def _moment(at: datetime) -> str:
    """Unix seconds to the millisecond, which is what the server keeps."""
    return f"{at.timestamp():.3f}"
