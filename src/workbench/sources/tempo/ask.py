"""Asking Tempo: a search in TraceQL finds traces, and each is asked for by its id.

https://grafana.com/docs/tempo/latest/api_docs/
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import number_of, safe_text
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.client import Request, Response
from workbench.sources.numbers import count_of
from workbench.sources.tempo import TempoConfig
from workbench.sources.traces.naming import Name
from workbench.sources.traces.server import Answered, TraceAsker, spans_in

_ID = re.compile(r"[0-9a-fA-F]{1,32}")


class _Metrics(msgspec.Struct, rename="camel"):
    completed_jobs: int | str | None = None
    total_jobs: int | str | None = None


class _Trace(msgspec.Struct):
    id: str = msgspec.field(name="traceID")


class _Search(msgspec.Struct):
    """``traces`` is left out where there are none, and ``metrics`` tells how much of the search was done."""

    metrics: _Metrics
    traces: list[_Trace] | None = None


class _BuildInfo(msgspec.Struct):
    version: str = ""


class Tempo(TraceAsker):
    """One server."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._tempo: TempoConfig = channel.config(TempoConfig)
        self._first_version = False

    async def more_headers(self) -> dict[str, str]:
        """Whose traces are asked for."""
        return {"X-Scope-OrgID": self._tempo.tenant} if self._tempo.tenant else {}

    async def server(self) -> str:
        """Its version."""
        request, response = await self.get("/api/status/buildinfo")
        if response.status >= 400:
            return ""
        said: _BuildInfo = decoded(response.body, _BuildInfo, request, response)
        return f"Tempo {safe_text(said.version, 40)}" if said.version else ""

    async def search(self, name: Name, start: datetime, end: datetime) -> Answered:
        """The traces with a span of that name."""
        conditions = [_condition("name", name.operation)]
        if name.service:
            conditions.append(_condition("resource.service.name", name.service))
        return await self._of(f"{{ {' && '.join(conditions)} }}", start, end)

    async def everything(self, start: datetime, end: datetime) -> Answered:
        """Traces, whatever they are of."""
        return await self._of("{ }", start, end)

    async def _of(self, query: str, start: datetime, end: datetime) -> Answered:
        told = [
            ("q", query),
            ("start", str(int(start.timestamp()))),
            ("end", str(int(end.timestamp()) + 1)),
            ("limit", str(self.config.most_traces)),
            ("spss", "1"),
        ]
        request, response = await self.get("/api/search", told)
        _must_be_fine(request, response)
        found: _Search = decoded(response.body, _Search, request, response)
        ids = list(dict.fromkeys(one.id for one in found.traces or ()))[: self.config.most_traces]
        bodies = await asyncio.gather(*(self._trace(id) for id in ids))
        there = [body for body in bodies if body is not None]
        spans = await asyncio.to_thread(spans_in, there, "/api/v2/traces")
        partial = [_unfinished(found.metrics), spans.partial]
        known = len({span.trace for span in spans.spans})
        if (gone := len(ids) - known) > 0:
            partial.append(f"{number_of(gone, 'trace')} found by the search, and not there")
        if known < self.config.most_traces <= len(ids):
            partial.append("as many were found as were asked for, so there may be more (most_traces)")
        return Answered(
            spans=msgspec.structs.replace(spans, partial="; ".join(filter(None, partial))),
            bodies=(response.body, *there),
            why=f"Tempo finds no traces for {safe_text(query, 200)} in that time",
        )

    async def _trace(self, id: str) -> bytes | None:
        """One trace by the second version of the API, or by the first where a server has no other."""
        if not _ID.fullmatch(id):
            raise SourceError(f"“{safe_text(id, 60)}” is no id of a trace", where="/api/search")
        padded = id.zfill(32)
        for path in ("/api/traces",) if self._first_version else ("/api/v2/traces", "/api/traces"):
            request, response = await self.get(f"{path}/{padded}")
            if response.status == 404:
                continue
            _must_be_fine(request, response)
            self._first_version = self._first_version or path == "/api/traces"
            return response.body
        return None


def _condition(field: str, text: str) -> str:
    """A comparison in TraceQL; ``*`` becomes a pattern."""
    if "*" not in text:
        return f"{field} = {_quoted(text)}"
    pattern = ".*".join(map(re.escape, re.split(r"\*+", text)))
    return f"{field} =~ {_quoted(pattern)}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unfinished(metrics: _Metrics) -> str:
    if metrics.completed_jobs is None or metrics.total_jobs is None:
        return ""
    done, of = count_of(metrics.completed_jobs, "completedJobs"), count_of(metrics.total_jobs, "totalJobs")
    return f"Tempo searched {done:,} of {of:,} parts" if done < of else ""


def _must_be_fine(request: Request, response: Response) -> None:
    if response.status < 400:
        if response.body[:1] == b"<" or not response.body.strip():  # a page that asks to sign in, or nothing
            raise unusable(request, response, "it is no JSON")
        return
    if response.status == 404:
        raise SourceError(
            "there is no Tempo at this address",
            where=request.where,
            hint="its url is that of the query frontend, usually port 3200, or …/api/datasources/proxy/uid/UID of Grafana",
        )
    if response.status in (400, 422, 429) or (
        response.status >= 500 and not response.media.startswith("text/html")
    ):
        said = safe_text(response.body[:300].decode(errors="replace").strip() or "no reason is said", 300)
        raise SourceError(f"Tempo answered with status {response.status}: {said}", where=request.where)
    raise unusable(request, response, "")
