"""A server that is asked for traces: what Jaeger and Tempo have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.channel import Channel
from workbench.sources.client import Request, Response
from workbench.sources.reading import Body, Found, Question, WrongQuestion, missing
from workbench.sources.traces.asking import Traced
from workbench.sources.traces.documents import read_traces
from workbench.sources.traces.measuring import measured
from workbench.sources.traces.model import Spans, together
from workbench.sources.traces.naming import Name, read_name
from workbench.sources.traces.shapes import TraceServer, TracesMeasure
from workbench.sources.traces.trees import Whole, whole

WINDOW = timedelta(hours=1)
"""How far back is asked where a measure has no window."""
_KEPT = 16 * 2**20  # bytes of answers that are kept as evidence


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """Traces as a server handed them out: their spans and the answers; ``why`` there are none, in words."""

    spans: Spans = Spans()
    whole: Whole = Whole()
    bodies: tuple[bytes, ...] = ()
    why: str = ""

    @property
    def traces(self) -> int:
        """How many there are."""
        return len({span.trace for span in self.spans.spans})


class TraceAsker(Traced):
    """One server; a kind says how it is searched."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.config: TraceServer = channel.config(TraceServer)
        self._headers: asyncio.Task[dict[str, str]] | None = None
        self._asked: dict[tuple[Name | None, datetime, datetime], asyncio.Task[Answered]] = {}

    # --- what a kind says ----------------------------------------------------------------------

    async def search(self, name: Name, start: datetime, end: datetime) -> Answered:
        """The traces in which a span of that name began in a stretch of time."""
        raise NotImplementedError

    async def everything(self, start: datetime, end: datetime) -> Answered:
        """Traces of everything that there is, as many as are asked for at most."""
        raise NotImplementedError

    async def more_headers(self) -> dict[str, str]:
        """What a kind sends beside the usual headers."""
        return {}

    def link(self) -> str | None:
        """Where a person looks at a trace."""
        return self.config.link

    # --- what is the same for all -----------------------------------------------------------------

    async def ask(self, question: Question) -> Found:
        """What the measure reads in the traces of its window."""
        measure = question.ask
        if not isinstance(measure, TracesMeasure):
            raise SourceError(
                "a source of traces answers measures only", hint="say what the measure is to read"
            )
        begins = measure.begins or measure.step
        if begins is None:
            raise WrongQuestion("it has to be said which flow is measured", field="begins")
        answered = await self._between(read_name(begins), question)
        bodies = tuple(Body("application/json", each) for each in _kept(answered.bodies))
        if not answered.spans.spans:
            return msgspec.structs.replace(
                missing(question, answered.why or "the server has no such traces"), bodies=bodies
            )
        known = msgspec.structs.replace(self.config, link=self.link())
        found = await asyncio.to_thread(measured, answered.whole, measure, question, known)
        return msgspec.structs.replace(found, bodies=bodies)

    async def traces(self, question: Question) -> Spans:
        """Traces of everything in the question's window."""
        return (await self._between(None, question)).spans

    async def _between(self, name: Name | None, question: Question) -> Answered:
        """The traces of a window, asked for once in a fetch, however many questions there are."""
        end = question.at
        start = end - (question.window or WINDOW)
        key = (name, start, end)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._whole(name, start, end))
        return await asyncio.shield(self._asked[key])

    async def _whole(self, name: Name | None, start: datetime, end: datetime) -> Answered:
        """The answer with its traces put together; partial where as many came as were asked for."""
        answered = await (self.everything(start, end) if name is None else self.search(name, start, end))
        spans = answered.spans
        if answered.traces >= self.config.most_traces:
            most = f"{self.config.most_traces:,} traces"
            words = f"{most} were asked for and came, so there may be more (most_traces)"
            spans = msgspec.structs.replace(spans, partial="; ".join(filter(None, (words, spans.partial))))
        made = await asyncio.to_thread(whole, spans)
        return msgspec.structs.replace(answered, spans=spans, whole=made)

    async def get(self, path: str, params: Sequence[tuple[str, str]] = ()) -> tuple[Request, Response]:
        """A request and its answer, whatever its status."""
        if self._headers is None:
            self._headers = asyncio.create_task(self._all_headers())
        headers = await asyncio.shield(self._headers)
        request = self.channel.request(path, params=tuple(params), headers=headers)
        return request, await self.channel.send(request)

    async def _all_headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", **await self.channel.bearer(self.config.token)}
        for name, text in self.config.headers.items():
            value = await self.channel.secret(text)
            if value is not None:
                headers[name] = value
        return {**headers, **await self.more_headers()}


def spans_in(bodies: Sequence[bytes], where: str) -> Spans:
    """The spans of several answers as those of one."""
    return together([read_traces(body, where) for body in bodies])


def _kept(bodies: Sequence[bytes]) -> list[bytes]:
    """The answers as one that can be imported, one on a line, as far as they are kept; the search stays by itself."""
    kept, size = [], 0
    for body in bodies:
        size += len(body)
        if size > _KEPT:
            break
        kept.append(body.replace(b"\r", b" ").replace(b"\n", b" "))
    return [b"\n".join(kept) + b"\n"] if kept else []
