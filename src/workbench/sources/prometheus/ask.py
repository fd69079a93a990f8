"""Prometheus' HTTP API, and what speaks it: Thanos, Mimir, VictoriaMetrics."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from workbench.model.canonical import MAX_INTEGER
from workbench.model.errors import SourceError
from workbench.model.floats import to_bytes
from workbench.model.quantity import read_number
from workbench.model.text import safe_text
from workbench.model.times import duration_text, parse_duration
from workbench.sources.channel import Channel, another_version, unusable
from workbench.sources.client import Request, Response
from workbench.sources.filling import filled
from workbench.sources.prometheus import PrometheusConfig, PrometheusMeasure
from workbench.sources.prometheus.alerts import read_alerts
from workbench.sources.prometheus.answer import Decoded, Sample, decode
from workbench.sources.prometheus.behind import Behind, of_buckets, of_slices, percentile_in, slice_of
from workbench.sources.prometheus.reasons import why_no_series
from workbench.sources.prometheus.variables import fill
from workbench.sources.reading import Alert, Asker, Body, Found, Question, WrongQuestion

MOST_POINTS = 10_000  # of one range query; the server refuses more than 11,000
MOST_RANGES = 50
DEFAULT_POINTS = 240
_NO_POST = frozenset({403, 405, 501})
_NOT_THE_QUERYS_FAULT = ("timeout", "canceled", "internal", "unavailable", "not_found", "too_many_requests")


IS_PARTIAL = "the server says that it could not look at all of its data"


class Prometheus(Asker):
    """Asks one server."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: PrometheusConfig = channel.config(PrometheusConfig)
        self._headers: dict[str, str] | None = None
        self._by_address = False  # whether queries go by GET, in the address

    async def ask(self, question: Question) -> Found:
        """The value of an instant query at ``question.at``, with its samples and trend."""
        measure = question.ask
        if not isinstance(measure, PrometheusMeasure):
            raise SourceError("a Prometheus source answers queries only", hint="give the measure a query")
        query = fill(measure.query, _values(question))
        answer, body = await self._instant(query, question.at)
        found = _reading(answer, question.at, query)
        if found.partial and measure.partial == "refuse":
            found = _refused(found)
        bodies = [body]
        if found.state != "ok":
            return msgspec.structs.replace(found, bodies=tuple(bodies))
        samples = None
        if measure.samples is not None:
            samples, counted = await self._samples(measure.samples, question)
            bodies.append(counted)
        trend, facts = None, dict(found.facts)
        if words := percentile_in(query):
            facts["percentile"] = words
        if measure.trend is not None:
            try:
                trend, ranged = await self._trend(query, measure, question.at)
                bodies += ranged
            except SourceError as error:  # the value stands without its course
                facts["trend"] = f"not read: {error.what}"
        found = msgspec.structs.replace(
            found, samples=samples, trend=trend, facts=facts, bodies=tuple(bodies)
        )
        return await self._with_samples(found, measure, question)

    async def server(self) -> str:
        """Name and version from ``/status/buildinfo``; not every server has it."""
        request = await self._request("GET", "/api/v1/status/buildinfo")
        response = await self._channel.send(request)
        try:
            info = msgspec.json.decode(response.body, type=_BuildInfo).data
        except (msgspec.DecodeError, ValueError):
            return "Prometheus API, version not told"
        name = info.application or "Prometheus"
        if "x-server-hostname" in response.headers:
            name = "VictoriaMetrics, as Prometheus"
        return safe_text(f"{name} {info.version}".strip(), 100)

    async def alerts(self) -> Sequence[Alert]:
        """Those of ``/api/v1/alerts``: firing ones first, then those that are pending, the latest first."""
        request = await self._request("GET", "/api/v1/alerts")
        response = await self._channel.send(request)
        if response.status >= 400:
            _check(decode(response.body), request, response)
        return read_alerts(response.body, request.where)

    async def build(self, question: Question) -> str | None:
        """The label that names the commit, from the environment's build query."""
        if question.build_query is None:
            return None
        answer, _ = await self._instant(fill(question.build_query, _values(question)), question.at)
        found = {sample.labels.get(question.build_label, "") for sample in answer.samples} - {""}
        if answer.kind != "vector" or len(found) != 1:
            return None  # nothing runs, or several builds at once: not known
        return safe_text(found.pop(), 100)

    async def _samples(self, query: str, question: Question) -> tuple[int, Body]:
        answer, body = await self._instant(fill(query, _values(question)), question.at)
        counted = _reading(answer, question.at, query)
        if counted.state == "error":
            raise SourceError(f"the samples query: {counted.why}")
        # No series, or no number, means that nothing was observed.
        observed = int(counted.value) if counted.value is not None and counted.value > 0 else 0
        return min(observed, MAX_INTEGER), body

    async def _instant(self, query: str, at: datetime) -> tuple[Decoded, Body]:
        return await self._post("/api/v1/query", (("query", query), ("time", _moment(at))))

    async def _with_samples(self, found: Found, measure: PrometheusMeasure, question: Question) -> Found:
        """The value with what stands behind it; where that cannot be read the value stands, and says so."""
        if measure.slices is None and measure.histogram is None:
            return found
        name = "slices" if measure.slices is not None else "histogram"
        facts = dict(found.facts)
        if measure.selection is not None:
            facts["selection"] = safe_text(filled(measure.selection, question, "selection"), 200)
        try:
            read = self._slices if measure.slices is not None else self._histogram
            behind, bodies = await read(measure, question)
        except SourceError as error:
            facts[name] = f"not read: {error.what}"
            return msgspec.structs.replace(found, facts=facts)
        return msgspec.structs.replace(
            found,
            samples=behind.samples if found.samples is None else found.samples,
            facts={**facts, **behind.facts},
            data=behind.data,
            basis=behind.basis,
            bodies=(*found.bodies, *bodies),
        )

    async def _slices(self, measure: PrometheusMeasure, question: Question) -> tuple[Behind, list[Body]]:
        """The same query over the window, ``$window`` being one slice: no two slices overlap."""
        length = slice_of(measure.slices or "", question)
        assert question.window is not None
        query = fill(measure.query, _values(question, window=length))
        expected = question.window // length
        start = question.at - (expected - 1) * length
        points, bodies = await self._range(query, start, question.at, round(length.total_seconds()))
        return of_slices(points, expected), bodies

    async def _histogram(self, measure: PrometheusMeasure, question: Question) -> tuple[Behind, list[Body]]:
        query = fill(measure.histogram or "", _values(question))
        answer, body = await self._instant(query, question.at)
        return of_buckets(answer, query, question.unit), [body]

    async def _trend(self, query: str, measure: PrometheusMeasure, at: datetime) -> tuple[bytes, list[Body]]:
        back = parse_duration(measure.trend or "")
        step = max(1, round(back.total_seconds() / DEFAULT_POINTS))
        if measure.trend_step is not None:
            step = max(1, round(parse_duration(measure.trend_step).total_seconds()))
        numbers, bodies = await self._range(query, at - back, at, step)
        return to_bytes(numbers), bodies

    async def _range(
        self, query: str, start: datetime, end: datetime, step: int
    ) -> tuple[array[float], list[Body]]:
        """The finite points of one series, t, value, t, value, …, asked for in pieces."""
        numbers = array("d")
        bodies = []
        for first, last in ranges(start, end, step):
            answer, body = await self._post(
                "/api/v1/query_range",
                (("query", query), ("start", _moment(first)), ("end", _moment(last)), ("step", str(step))),
            )
            bodies.append(body)
            if answer.kind != "matrix" or answer.total > 1:
                raise SourceError("the range query did not answer with one series")
            numbers.extend(_finite(answer.points))
        return numbers, bodies

    async def _post(self, path: str, form: tuple[tuple[str, str], ...]) -> tuple[Decoded, Body]:
        response = None
        if not self._by_address:
            request = await self._request("POST", path, form=form)
            response = await self._channel.send(request)
        if response is None or response.status in _NO_POST:  # a proxy may let nothing but GET through
            request = await self._request("GET", path, params=form)
            response = await self._channel.send(request)
            self._by_address = self._by_address or response.status < 400
        answer = decode(response.body)
        _check(answer, request, response)
        return answer, Body(response.media or "application/json", response.body)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        params: tuple[tuple[str, str], ...] = (),
        form: tuple[tuple[str, str], ...] = (),
    ) -> Request:
        if self._headers is None:
            self._headers = await self._make_headers()
        return self._channel.request(path, method=method, params=params, form=form, headers=self._headers)

    async def _make_headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", **await self._channel.bearer(self._config.token)}
        for name, text in self._config.headers.items():
            value = await self._channel.secret(text)
            if value is not None:
                headers[name] = value
        if self._config.tenant is not None:
            headers["X-Scope-OrgID"] = self._config.tenant
        return headers


class _Build(msgspec.Struct):
    version: str = ""
    application: str = ""


class _BuildInfo(msgspec.Struct):
    data: _Build


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


def _values(question: Question, window: timedelta | None = None) -> dict[str, str]:
    """What fills ``$name``; ``window`` is another one than the question's."""
    values = dict(question.variables)
    if question.environment is not None:
        values["environment"] = question.environment
    if (stretch := window or question.window) is not None:
        values["window"] = prometheus_duration(stretch)
    return values


def prometheus_duration(duration: timedelta) -> str:
    """A duration as PromQL writes it: minutes are ``m`` there."""
    return duration_text(duration).replace("min", "m")


def _moment(at: datetime) -> str:
    """Unix seconds to the millisecond, which is what the server keeps."""
    return f"{at.timestamp():.3f}"


def _check(answer: Decoded, request: Request, response: Response) -> None:
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
    if response.status == 404:
        raise SourceError(
            "there is no Prometheus API at this address (status 404)",
            where=request.where,
            hint="a prefix may be missing in the url, for example /prometheus",
        )
    if answer.other_form:
        raise another_version(request, response, answer.garbled)
    raise unusable(request, response, safe_text(answer.garbled or "it has no result", 300))


def _reading(answer: Decoded, at: datetime, query: str) -> Found:
    """The one number of an instant answer, or why there is none."""
    found = _of_answer(answer, at, query)
    told = [IS_PARTIAL] if answer.is_partial else []
    partial = "; ".join(told + [safe_text(text, 300) for text in answer.warnings]) or None
    note = {"note": safe_text("; ".join(answer.infos), 600)} if answer.infos else {}
    return msgspec.structs.replace(found, partial=partial, facts={**found.facts, **note})


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


def _refused(found: Found) -> Found:
    """A partial answer of a measure that takes none."""
    why = f"the answer is partial, which this measure refuses: {found.partial}"
    return msgspec.structs.replace(found, state="error", value=None, why=why)


def _shape_problem(answer: Decoded) -> str:
    if answer.kind == "string":
        return "the query gives a text, not a number"
    if answer.kind == "matrix":
        return "the query gives a range of values, not one: wrap it, for example in avg_over_time(…)"
    if answer.total > 1:
        return several(answer.samples, answer.total)
    if answer.samples and answer.samples[0].histogram:
        return "the query gives a native histogram, not a number: wrap it in histogram_quantile(0.95, …)"
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


def _finite(points: bytes) -> list[float]:
    numbers = array("d", points)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [
        number for t, value in pairs if math.isfinite(value) and math.isfinite(t) for number in (t, value)
    ]
