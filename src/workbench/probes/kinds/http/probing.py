"""Sends the same requests to both environments, and compares what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from workbench.definitions.shapes import Category, Severity
from workbench.model.errors import SourceError
from workbench.model.times import parse_duration
from workbench.probes import answers
from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Plant,
    Score,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.hiding import Hide
from workbench.probes.kinds.http import READS, HttpProbe, HttpRequest
from workbench.probes.kinds.http.parity import parity_of
from workbench.probes.kinds.http.planting import plants_of
from workbench.probes.prober import Prober, by_path
from workbench.probes.reach import Reach
from workbench.sources.http.requesting import filled
from workbench.sources.http.site import Site

_NOT_LET_IN = ("401", "407")
_CONTENT_TYPE = "content-type"


class HttpProber(Prober):
    """PP-1 for one list of requests."""

    config: HttpProbe

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """Every answer to every request: one after another, so that none waits for the others."""
        site = Site(reach.channel(getattr(self.config, side)))
        pieces, server = [], ""
        for request in self.config.asked:
            if request.method not in READS and not request.harmless:
                raise SourceError(
                    f"{request.method} {request.path} may write, and does not say why that is harmless"
                )
            for _ in range(self.config.times):
                sent = await site.request(
                    filled(request.path, reach.variables),
                    method=request.method,
                    content=None if request.body is None else request.body.encode(),
                    media=request.media,
                    headers=request.headers,
                    once=True,
                )
                response = await site.send(sent)
                pieces.append(answers.piece_of(request.name, response, self.config.headers))
                server = server or response.headers.get("server", "")
        return Capture(tuple(pieces), server=server)

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """Status, redirects, time, headers and shape by request."""
        same = {
            request.name: [tuple(place.split("/")) for place in request.same] for request in self.config.asked
        }
        found: dict[str, Parameter] = {}
        for name, pieces in answers.by_request(capture.pieces).items():
            found |= answers.parameters_of(name, pieces, hide, same.get(name, ()))
        return Snapshot(found)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What differs.  ``SourceError`` where production does not answer as it should, or staging does not let us in."""
        for request in self.config.asked:
            _as_expected(request, production)
            _let_in(request, staging, production)
        changes = answers.topmost(by_path(staging, production), staging.parameters, production.parameters)
        others = _answered_otherwise(changes)
        told = (self._told(change) for change in changes if not _follows(change.path, others))
        return tuple(change for change in told if change is not None)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Statuses, slow answers, lost headers, fields dropped, emptied or of another type."""
        return plants_of(capture)

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """BM-4: the share of what core flows answer that agrees."""
        return parity_of(self.config, self.probe, self.around, staging, production, changes)

    def _told(self, change: Change) -> Change | None:
        """A change in words; ``None`` where chance explains it."""
        name, what, *below = parts_of(change.path)
        request = next((one.shown for one in self.config.asked if one.name == name), name)
        if what == answers.TIME:
            return self._slower(change, request)
        minor = what == answers.HEADER and below != [_CONTENT_TYPE]
        return msgspec.structs.replace(
            change, title=_words(request, what, below, change), severity=Severity.LOW if minor else None
        )

    def _slower(self, change: Change, request: str) -> Change | None:
        ours, theirs = answers.read_span(change.staging or ""), answers.read_span(change.production or "")
        if ours is None or theirs is None:
            return None
        least = Decimal(str(parse_duration(self.config.least).total_seconds()))
        ratio = answers.times_apart(ours, theirs, Decimal(self.config.within) / 100, least)
        if ratio is None:
            return None
        way = (
            "takes longer in staging"
            if ratio > 1
            else "answers sooner in staging, which hides timeouts and races"
        )
        return msgspec.structs.replace(
            change, title=f"{request} {way}", category=Category.SERVICES, gap=answers.doublings(ratio)
        )


def _answered_otherwise(changes: Iterable[Change]) -> set[str]:
    """The requests that are answered with another class of status: an error here, data there."""
    return {
        parts_of(change.path)[0]
        for change in changes
        if parts_of(change.path)[1] == answers.STATUS
        and (change.staging or "")[:1] != (change.production or "")[:1]
    }


def _follows(path: str, others: set[str]) -> bool:
    """Whether a difference only follows from another status: an error has no data in it."""
    request, what, *_ = parts_of(path)
    return what == answers.BODY and request in others


def _as_expected(request: HttpRequest, production: Snapshot) -> None:
    """Production is the measure: an answer that it should not give measures nothing."""
    status = production.parameters.get(path_of(request.name, answers.STATUS))
    if status is None:
        raise SourceError(f"production was not asked for {request.shown}")
    expected = [str(request.expect)] if request.expect is not None else ["2", "3"]
    for code in status.text.split(" or "):
        if not code.startswith(tuple(expected)):
            raise SourceError(
                f"production answers {status.text} to {request.shown}, so there is nothing to compare with",
                hint=f"if it should, write expect: {code} with that request"
                if len(status.text) == 3
                else None,
            )
    body = production.parameters.get(path_of(request.name, answers.BODY))
    if body is not None and body.text.startswith("not JSON"):
        raise SourceError(f"production's answer to {request.shown} says that it is JSON, and is {body.text}")


def _let_in(request: HttpRequest, staging: Snapshot, production: Snapshot) -> None:
    """An environment that does not know who asks tells nothing of how it would answer."""
    path = path_of(request.name, answers.STATUS)
    ours, theirs = staging.parameters.get(path), production.parameters.get(path)
    if ours is not None and theirs is not None and ours.text in _NOT_LET_IN and ours.text != theirs.text:
        raise SourceError(
            f"staging does not let us in: it answers {ours.text} to {request.shown}",
            hint="check the token and the headers of its source",
        )


def _words(request: str, what: str, below: list[str], change: Change) -> str:
    """What differs in a request, the particular first: it stands in narrow columns."""
    if what == answers.BODY:
        return _of_body(request, below, change)
    if what == answers.HEADER and below != [_CONTENT_TYPE]:
        return _of_header(request, below[0], change)
    if what == answers.VALUE:
        return f"{'/'.join(below)} has another value in {request}"
    differs = {answers.STATUS: "the status differs", answers.REDIRECTS: "redirects differ"}
    return f"{differs.get(what, 'the content type differs')} in {request}"


def _of_header(request: str, header: str, change: Change) -> str:
    if change.staging is None:
        return f"the header {header} is missing from {request}"
    if change.production is None:
        return f"the header {header} is only in staging's {request}"
    return f"the header {header} has another value in {request}"


def _of_body(request: str, below: list[str], change: Change) -> str:
    field = "/".join(below) or "the answer"
    if change.staging is None:
        return f"{field} is missing from {request}"
    if change.production is None:
        return f"{field} is only in staging's {request}"
    if answers.is_empty_list(change.staging):
        return f"{field} has no items in staging's {request}, so they cannot be compared"
    return f"{field} is of another type in {request}"
