"""Reading files of traces."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.channel import Channel
from workbench.sources.otlp import OtlpConfig, OtlpMeasure
from workbench.sources.reading import Found, Question, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told
from workbench.sources.traces.asking import Traced
from workbench.sources.traces.documents import LARGEST, read_traces
from workbench.sources.traces.measuring import measured
from workbench.sources.traces.model import COMMIT, ENVIRONMENT, Spans, together
from workbench.sources.traces.trees import Whole, whole

_BEGINS = re.compile(rb'\s*\{\s*"resource_?[Ss]pans"\s*:\s*\[\s*\{\s*"(?:resource|scope)')
NOT_TOLD_APART = (
    "the traces do not say of which environment they are, and the same files are read for both, so a value would be "
    "compared with itself; write $environment in “files”, or name the others under “baseline_files”"
)


class Otlp(Reports[Spans], Traced):
    """Reads the files of one source."""

    media: ClassVar[str] = "application/json"
    largest: ClassVar[int] = LARGEST

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._traces: OtlpConfig = channel.config(OtlpConfig)
        self._at_once = threading.Lock()
        self._wholes: dict[tuple[str, ...], Whole] = {}

    def read(self, file: File) -> Spans:
        """The spans of a file, in whichever spelling."""
        return read_traces(file.bytes(self.largest), file.name)

    def told(self, read: Spans) -> Told:
        """The commit, where all its resources name the same; the SDK; and when the last span ended."""
        commits = {said for span in read.spans if (said := span.first_of(COMMIT))}
        latest = max((max(span.start, span.end) for span in read.spans), default=None)
        return Told(
            commit=commits.pop() if len(commits) == 1 else "",
            measured_at=None if latest is None else datetime.fromtimestamp(latest / 1e9, UTC),
            tool=_sdk(read),
            partial=read.partial,
        )

    def answer(self, reports: Sequence[Report[Spans]], question: Question) -> Found:
        """What the measure reads in the traces of all files together."""
        measure = question.ask
        if not isinstance(measure, OtlpMeasure):
            raise SourceError(
                "a source of traces answers measures only", hint="say what the measure is to read"
            )
        traces = self._together(reports)
        if question.role == "baseline" and not self._told_apart(traces, measure):
            return missing(question, NOT_TOLD_APART, edit="baseline_files")
        return measured(traces, measure, question, self._traces)

    def _together(self, reports: Sequence[Report[Spans]]) -> Whole:
        """The traces of some files, put together once in a fetch, however many questions there are."""
        key = tuple(f"{one.name}{'/handed' if one.handed else ''}" for one in reports)
        with self._at_once:
            if key not in self._wholes:
                self._wholes[key] = whole(together([one.read for one in reports]))
            return self._wholes[key]

    async def traces(self, question: Question) -> Spans:
        """Every span of the files, whichever commit it is of."""
        return await asyncio.to_thread(self._every_span, question)

    def _every_span(self, question: Question) -> Spans:
        sides = [self.every(question)]
        if self._traces.baseline_files is not None:
            sides.append(self.every(msgspec.structs.replace(question, role="baseline")))
        return together([one.read for side in sides for one in side])

    def _told_apart(self, traces: Whole, measure: OtlpMeasure) -> bool:
        """Whether what is compared with was chosen by something: its files, its traces, or the measure."""
        files = self._traces.files
        patterns = [files] if isinstance(files, str) else files
        return (
            self._traces.baseline_files is not None
            or any("$" in text for text in (*patterns, *measure.where.values()))
            or any(top.span.first_of(ENVIRONMENT) for one in traces.traces for top in one.tops)
        )


def _sdk(read: Spans) -> str:
    resource = next((span.resource for span in read.spans if span.resource), {})
    names = ("telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version")
    return " ".join(said for name in names if (said := resource.get(name)))


def recognise(sample: Sample) -> str:
    """Whose traces a file holds, in words."""
    if sample.head.startswith(b"\x1f\x8b"):
        return _packed(sample)
    found = sample.document or sample.first_json
    if found.keys() & {"resourceSpans", "resource_spans", "scopeSpans"}:
        return "traces as OTLP JSON"
    if "batches" in found and _holds(found, "batches", b"spans"):
        return "a trace that Tempo handed out"
    for key in ("trace", "result"):
        if key in found and _holds(found, key, b"resourceSpans"):
            return "traces that Tempo handed out" if key == "trace" else "traces that Jaeger handed out"
    if "data" in found and _holds(found, "data", b"processes") and _holds(found, "data", b"traceID"):
        return "traces that Jaeger handed out"
    return _beginning(sample.head)


def _holds(found: Mapping[str, Any], key: str, word: bytes) -> bool:
    value = found[key]
    raw = bytes(value) if isinstance(value, msgspec.Raw) else msgspec.json.encode(value)
    return b'"' + word + b'"' in raw


def _packed(sample: Sample) -> str:
    """The same of a file that gzip packed, told by its beginning."""
    import zlib

    try:
        start = zlib.decompressobj(wbits=31).decompress(sample.head, 64 * 1024)
    except zlib.error:
        return ""
    words = recognise(Sample(sample.name, start))
    return words and f"{words}, packed"


def _beginning(start: bytes) -> str:
    """The same of a document or a line that is too long to be looked at as a whole."""
    return "traces as OTLP JSON" if _BEGINS.match(start) else ""
