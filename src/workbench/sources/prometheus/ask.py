"""Prometheus' HTTP API, and what speaks it: Thanos, Mimir, VictoriaMetrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from workbench.model.canonical import MAX_INTEGER
from workbench.model.errors import SourceError
from workbench.model.floats import to_bytes
from workbench.model.text import safe_text
from workbench.model.times import duration_text, parse_duration
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.filling import filled
from workbench.sources.prometheus import PrometheusMeasure
from workbench.sources.prometheus.alerts import read_alerts
from workbench.sources.prometheus.answer import decode
from workbench.sources.prometheus.api import Api, Course
from workbench.sources.prometheus.behind import Behind, of_buckets, of_slices, percentile_in, slice_of
from workbench.sources.prometheus.engine import VICTORIA
from workbench.sources.prometheus.rules import RulesAnswer, count_firing
from workbench.sources.prometheus.value import check, partial_of, reading, refused, together
from workbench.sources.prometheus.variables import fill
from workbench.sources.reading import Alert, Asker, Body, Found, Question

DEFAULT_POINTS = 240
_BehindOf: TypeAlias = tuple[Behind, tuple[Body, ...], str | None]  # the answers, and what they lack


class Prometheus(Asker):
    """Asks one server."""

    def __init__(self, channel: Channel) -> None:
        self._api = Api(channel)
        self._told = ""

    async def ask(self, question: Question) -> Found:
        """The value of an instant query at ``question.at`` with its samples and trend, or how many alerts fire."""
        measure = question.ask
        if not isinstance(measure, PrometheusMeasure):
            raise SourceError("a Prometheus source answers queries only", hint="give the measure a query")
        if measure.query is None:
            found = await self._firing(measure, question)
        else:
            found = await self._value(measure.query, measure, question)
        return refused(found) if found.partial and measure.partial == "refuse" else found

    async def _value(self, written: str, measure: PrometheusMeasure, question: Question) -> Found:
        query = fill(written, _values(question))
        answer, body = await self._api.instant(query, question.at)
        found = reading(answer, question.at, query)
        bodies = [body]
        if found.state != "ok":
            return msgspec.structs.replace(found, bodies=tuple(bodies))
        samples, partial = None, found.partial
        if measure.samples is not None:
            samples, lacking, counted = await self._samples(measure.samples, question)
            partial = together(partial, lacking)
            bodies.append(counted)
        trend, facts = None, dict(found.facts)
        if words := percentile_in(query):
            facts["percentile"] = words
        if measure.trend is not None:
            try:
                course = await self._trend(query, measure, question.at)
                trend, bodies = to_bytes(course.points), [*bodies, *course.bodies]
                if course.partial:
                    facts["trend"] = f"a part of it: {course.partial}"
                del course  # as large as what was made of it
            except SourceError as error:  # the value stands without its course
                facts["trend"] = f"not read: {error.what}"
        found = msgspec.structs.replace(
            found, samples=samples, partial=partial, trend=trend, facts=facts, bodies=tuple(bodies)
        )
        return await self._with_samples(found, written, measure, question)

    async def server(self) -> str:
        """Name and version from ``/status/buildinfo``; not every server has it."""
        engine = await self._api.engine()
        self._told = engine.words
        return engine.words or "Prometheus API, version not told"

    @property
    def engine(self) -> str:
        """What computed the answers, where the server has told it."""
        return self._told

    async def alerts(self) -> Sequence[Alert]:
        """Those of ``/api/v1/alerts``: firing ones first, then those that are pending, the latest first.

        VictoriaMetrics answers with an empty list where nothing evaluates rules for it: that is no silence.
        """
        request, response = await self._api.get("/api/v1/alerts")
        if response.status >= 400:
            check(decode(response.body), request, response)
        found = read_alerts(response.body, request.where)
        if not found and (await self._api.engine()).name == VICTORIA:
            rules, _ = await self._rules()
            if not any(group.rules for group in rules.data.groups or ()):
                raise SourceError(
                    "VictoriaMetrics evaluates no rules itself, so it knows of no alerts",
                    where=request.where,
                    hint="give the address of its vmalert as a source, or start it with -vmalert.proxyURL",
                )
        return found

    async def build(self, question: Question) -> str | None:
        """The label that names the commit, from the environment's build query."""
        if question.build_query is None:
            return None
        answer, _ = await self._api.instant(fill(question.build_query, _values(question)), question.at)
        found = {sample.labels.get(question.build_label, "") for sample in answer.samples} - {""}
        if answer.kind != "vector" or len(found) != 1:
            return None  # nothing runs, or several builds at once: not known
        return safe_text(found.pop(), 100)

    async def _firing(self, measure: PrometheusMeasure, question: Question) -> Found:
        wanted = {name: filled(text, question, "alerts") for name, text in (measure.alerts or {}).items()}
        rules, body = await self._rules()
        found = count_firing(rules, wanted, question.at)
        return msgspec.structs.replace(found, bodies=(body,))

    async def _rules(self) -> tuple[RulesAnswer, Body]:
        request, response = await self._api.get("/api/v1/rules")
        if response.status >= 400:
            check(decode(response.body), request, response)
        answer: RulesAnswer = decoded(response.body, RulesAnswer, request, response)
        if answer.status != "success":
            raise unusable(request, response, "the server could not list its rules")
        return answer, Body(response.media or "application/json", response.body)

    async def _samples(self, query: str, question: Question) -> tuple[int, str | None, Body]:
        answer, body = await self._api.instant(fill(query, _values(question)), question.at)
        counted = reading(answer, question.at, query)
        if counted.state == "error":
            raise SourceError(f"the samples query: {counted.why}")
        # No series, or no number, means that nothing was observed.
        observed = int(counted.value) if counted.value is not None and counted.value > 0 else 0
        return min(observed, MAX_INTEGER), counted.partial, body

    async def _with_samples(
        self, found: Found, query: str, measure: PrometheusMeasure, question: Question
    ) -> Found:
        """The value with what stands behind it; where that cannot be read the value stands, and says so."""
        if measure.slices is None and measure.histogram is None:
            return found
        name = "slices" if measure.slices is not None else "histogram"
        facts = dict(found.facts)
        if measure.selection is not None:
            facts["selection"] = safe_text(filled(measure.selection, question, "selection"), 200)
        try:
            if measure.slices is not None:
                behind, bodies, lacking = await self._slices(query, measure.slices, question)
            else:
                behind, bodies, lacking = await self._histogram(measure.histogram or "", question)
        except SourceError as error:
            facts[name] = f"not read: {error.what}"
            return msgspec.structs.replace(found, facts=facts)
        return msgspec.structs.replace(
            found,
            samples=behind.samples if found.samples is None else found.samples,
            partial=together(found.partial, lacking),
            facts={**facts, **behind.facts},
            data=behind.data,
            basis=behind.basis,
            bodies=(*found.bodies, *bodies),
        )

    async def _slices(self, query: str, slices: str, question: Question) -> _BehindOf:
        """The same query over the window, ``$window`` being one slice: no two slices overlap."""
        length = slice_of(slices, question)
        assert question.window is not None
        query = fill(query, _values(question, window=length))
        expected = question.window // length
        start = question.at - (expected - 1) * length
        course = await self._api.ranged(query, start, question.at, round(length.total_seconds()))
        return of_slices(course.points, expected), course.bodies, course.partial

    async def _histogram(self, query: str, question: Question) -> _BehindOf:
        query = fill(query, _values(question))
        answer, body = await self._api.instant(query, question.at)
        return of_buckets(answer, query, question.unit), (body,), partial_of(answer)

    async def _trend(self, query: str, measure: PrometheusMeasure, at: datetime) -> Course:
        back = parse_duration(measure.trend or "")
        step = max(1, round(back.total_seconds() / DEFAULT_POINTS))
        if measure.trend_step is not None:
            step = max(1, round(parse_duration(measure.trend_step).total_seconds()))
        return await self._api.ranged(query, at - back, at, step)


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
