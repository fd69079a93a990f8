"""Asks PagerDuty for incidents (REST API, version 2): those of a window, and those that are open now, as alerts."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.channel import Channel, told_in, unusable
from workbench.sources.client import Request, Response
from workbench.sources.moments import Moment, to_the_second
from workbench.sources.pagerduty import PagerDutyConfig, PagerDutyMeasure
from workbench.sources.reading import Alert, Asker, Found, Question, in_unit, missing, window_of
from workbench.sources.rest import Pages, Params, Refused, Rest

PER_PAGE = 100
MOST = 10_000  # PagerDuty answers nothing beyond: limit and offset together
LONGEST = timedelta(days=180)  # of a window; PagerDuty takes six months
_OPEN = ("triggered", "acknowledged")
_MEDIA = "application/vnd.pagerduty+json;version=2"
_HINTS = {
    401: "the token is not valid (any more): a key of the REST API is needed, not one of an integration",
    402: "the account's plan does not include this",
    403: "the token may not read incidents",
    429: "the limit is reached: fetch again later",
}


class Named(msgspec.Struct, frozen=True):
    """A service or a priority."""

    summary: str | None = None


class Incident(msgspec.Struct, frozen=True):
    """The fields of an incident that are read here."""

    id: str
    status: str
    created_at: Moment
    title: str | None = None
    urgency: str = ""
    resolved_at: Moment | None = None
    service: Named | None = None
    priority: Named | None = None

    @property
    def words(self) -> str:
        """How people know it."""
        return safe_text(self.title or self.id, 80)


class _Page(msgspec.Struct, frozen=True):
    incidents: list[Incident]
    more: bool


class _Error(msgspec.Struct, frozen=True):
    message: str = ""
    errors: list[str] = []

    @property
    def words(self) -> str:
        return ": ".join(filter(None, (self.message, "; ".join(self.errors))))


class _Told(msgspec.Struct, frozen=True):
    error: _Error | str


class _Api(Rest):
    """Asks one account."""

    async def headers(self) -> dict[str, str]:
        config: PagerDutyConfig = self._channel.config(PagerDutyConfig)
        signed = await self._channel.bearer(config.token)
        token = signed.get("Authorization", "").removeprefix("Bearer ")
        return {"Accept": _MEDIA} | ({"Authorization": f"Token token={token}"} if token else {})

    def refusal(self, request: Request, response: Response) -> SourceError:
        hint = _HINTS.get(response.status)
        told = told_in(response, _Told)
        if told is None:
            error = unusable(request, response, "")
            return Refused(error.what, status=response.status, where=error.where, hint=error.hint or hint)
        words = told.error if isinstance(told.error, str) else told.error.words
        said = (
            f"PagerDuty says: {safe_text(words, 300).rstrip('.')}"
            if words
            else f"status {response.status} of PagerDuty"
        )
        return Refused(said, status=response.status, message=words, where=request.where, hint=hint)


class PagerDuty(Asker):
    """Asks one account."""

    def __init__(self, channel: Channel) -> None:
        self._config: PagerDutyConfig = channel.config(PagerDutyConfig)
        self._api = _Api(channel)

    async def ask(self, question: Question) -> Found:
        """How many incidents are open or began in the window, or how long until they were resolved."""
        ask = question.ask
        if not isinstance(ask, PagerDutyMeasure):
            raise SourceError("a PagerDuty source answers measures only", hint="read: open")
        only = _only(ask.services or self._config.services, ask.urgency or self._config.urgency)
        if ask.read == "open":
            return await self._open(question, only)
        window = window_of(question, "30d")
        if window > LONGEST:
            raise SourceError(
                "PagerDuty tells incidents of at most six months", hint="a window of 180d or less"
            )
        start = question.at - window
        listed = await self._listed(
            (("since", to_the_second(start)), ("until", to_the_second(question.at)), *only)
        )
        mine = [one for one in listed.items if start <= one.created_at <= question.at]
        if ask.read == "count":
            return _found(question, listed, Decimal(len(mine)), "", len(mine), {"incidents": len(mine)})
        return _time_to_resolve(question, listed, mine)

    async def alerts(self) -> Sequence[Alert]:
        """The incidents that are open now; one that somebody has acknowledged is still open."""
        listed = await self._listed((*_still_open(), *_only(self._config.services, self._config.urgency)))
        if listed.more:
            raise SourceError(f"PagerDuty has more than {len(listed.items):,} open incidents")
        return [_alert(one) for one in listed.items if one.status in _OPEN]

    async def server(self) -> str:
        return "PagerDuty"

    async def _open(self, question: Question, only: Params) -> Found:
        listed = await self._listed((*_still_open(), *only))
        mine = [one for one in listed.items if one.status in _OPEN]
        facts: dict[str, str | int] = {"incidents": len(mine)}
        if mine:
            oldest = sorted(mine, key=lambda one: one.created_at)
            facts["because"] = "; ".join(one.words for one in oldest[:3])
        return _found(question, listed, Decimal(len(mine)), "", len(mine), facts)

    async def _listed(self, params: Params) -> Pages[Incident]:
        found: Pages[Incident] = Pages()
        for offset in range(0, MOST, PER_PAGE):
            pages = (("limit", str(PER_PAGE)), ("offset", str(offset)))
            page, body = await self._api.get("/incidents", _Page, (*params, *pages))
            found.items += page.incidents
            found.bodies.append(body)
            found.more = page.more
            if not page.more or not page.incidents:
                break
        return found


def _still_open() -> Params:
    """All that is open, however old: PagerDuty lists those of the last month unless it is asked for all."""
    return (("date_range", "all"), *(("statuses[]", status) for status in _OPEN))


def _only(services: Sequence[str], urgency: str | None) -> Params:
    chosen = tuple(("service_ids[]", service) for service in services)
    return (*chosen, *((("urgencies[]", urgency),) if urgency else ()))


def _time_to_resolve(question: Question, listed: Pages[Incident], incidents: Sequence[Incident]) -> Found:
    """The median; those that nobody has resolved yet are told beside it."""
    lengths = [(one.resolved_at - one.created_at).total_seconds() for one in incidents if one.resolved_at]
    facts: dict[str, str | int] = {"incidents": len(incidents)}
    if open_ := len(incidents) - len(lengths):
        facts["note"] = f"{open_} of {len(incidents)} incidents are not resolved yet"
    if not lengths:
        why = "no incident of the window is resolved yet" if incidents else "no incident in the window"
        return _missing(question, listed, why, facts)
    if min(lengths) < 0:
        raise SourceError("an incident was resolved before it began")
    return _found(question, listed, from_float(statistics.median(lengths)), "s", len(lengths), facts)


def _found(
    question: Question,
    listed: Pages[Incident],
    value: Decimal,
    natural: str,
    samples: int,
    facts: dict[str, str | int],
) -> Found:
    if listed.more:  # a count of a part would look like a good one
        why = f"PagerDuty has more than {len(listed.items):,} incidents: a shorter window tells all of them"
        return _missing(question, listed, why, facts)
    value, unit = in_unit(value, natural, question.unit)
    return Found(
        state="ok",
        measured_at=question.at,
        value=value,
        unit=unit,
        samples=samples,
        facts=facts,
        bodies=tuple(listed.bodies),
    )


def _missing(question: Question, listed: Pages[Incident], why: str, facts: dict[str, str | int]) -> Found:
    return msgspec.structs.replace(missing(question, why), facts=facts, bodies=tuple(listed.bodies))


def _alert(one: Incident) -> Alert:
    service = one.service.summary if one.service else None
    acknowledged = "acknowledged" if one.status == "acknowledged" else ""
    return Alert(
        name=one.words,
        fires=True,
        since=one.created_at,
        severity=safe_text((one.priority.summary if one.priority else None) or one.urgency, 40),
        summary=safe_text(", ".join(filter(None, (service, acknowledged))), 200),
        labels={"service": safe_text(service, 80)} if service else {},
    )
