"""Asks the simulation what the real service was asked, and compares the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec

from workbench.probes import answers
from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Piece,
    Plant,
    Score,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.hiding import Hide
from workbench.probes.kinds.http.planting import REDIRECT, SLOW, plants_of
from workbench.probes.kinds.simulation import SimulationProbe
from workbench.probes.kinds.simulation.described import described_in
from workbench.probes.kinds.simulation.pairs import Pair, pairs_in
from workbench.probes.prober import Prober, by_path
from workbench.probes.reach import Reach
from workbench.probes.routes import route_of
from workbench.sources.client import Response
from workbench.sources.http.site import Site

_DECLARED = "declared"  # the fact of the piece that says what the real service has
_COVERAGE, _PATHS = "coverage", "paths"
_HAPPY, _ERRORS = "happy paths only", "errors, too"
_ENDPOINT = "endpoint"  # the fact of an answer that says which one it is of
_RETRY = "header/retry-after"
_AGAIN = 5  # how often a request is repeated that was recorded several times


class SimulationProber(Prober):
    """BM-5 for one simulated service."""

    config: SimulationProbe

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """What was recorded of the real service, and what the simulation answers to the same requests."""
        real = await asyncio.to_thread(_recorded, self.config.production, reach)
        endpoints = await asyncio.to_thread(self._declared, reach)
        if side == "production":
            lines = [f"{endpoint} {status}" for endpoint, codes in endpoints.items() for status in codes]
            declared = Piece(_DECLARED, "text/plain", "\n".join(lines).encode(), {_DECLARED: len(lines)})
            return Capture((*(_piece(pair, endpoints) for pair in real), declared))
        if reach.source(self.config.staging) is None:
            simulated = await asyncio.to_thread(_recorded, self.config.staging, reach)
            return Capture(tuple(_piece(pair, endpoints) for pair in simulated))
        return await self._simulated(real, endpoints, reach)

    def _declared(self, reach: Reach) -> dict[str, list[int]]:
        """What the real service is said to have, in the probe and in its description."""
        found = {endpoint: list(codes) for endpoint, codes in self.config.endpoints.items()}
        for name, data in reach.files(self.config.openapi) if self.config.openapi else ():
            for endpoint, codes in described_in(data, name).items():
                found[endpoint] = sorted({*found.get(endpoint, ()), *codes})
        return found

    async def _simulated(self, real: list[Pair], endpoints: Iterable[str], reach: Reach) -> Capture:
        site = Site(reach.channel(self.config.staging))
        pieces, server, asked = [], "", dict[str, int]()
        for pair in real:
            asked[pair.name] = asked.get(pair.name, 0) + 1
            if asked[pair.name] > _AGAIN:
                continue
            request = await site.request(
                pair.path, method=pair.method, content=pair.body or None, media=pair.media, once=True
            )
            response = await site.send(request)
            server = server or response.headers.get("server", "")
            pieces.append(_answer(pair, response, endpoints))
        return Capture(tuple(pieces), server=server)

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """Status, content type and shape by request; and which statuses of which endpoints there are."""
        same = [tuple(place.split("/")) for place in self.config.same]
        found: dict[str, Parameter] = {}
        requests = answers.by_request(piece for piece in capture.pieces if _DECLARED not in piece.facts)
        for name, pieces in requests.items():
            found |= answers.parameters_of(name, pieces, hide, same)
        real = [piece for piece in capture.pieces if _DECLARED in piece.facts]
        answered = (piece for pieces in requests.values() for piece in pieces)
        seen = [(str(piece.facts.get(_ENDPOINT)), piece.facts.get("status")) for piece in answered]
        for endpoint, status in seen:
            found[path_of(_COVERAGE, *endpoint.split("/"), str(status))] = Parameter("answered")
        for line in (line for piece in real for line in piece.data.decode().splitlines()):
            endpoint, _, code = line.rpartition(" ")
            found.setdefault(path_of(_COVERAGE, *endpoint.split("/"), code), Parameter(_DECLARED))
        # Every real service has errors, whether any was recorded or not.
        errors = bool(real) or any(isinstance(status, int) and status >= 400 for _, status in seen)
        found[_PATHS] = Parameter(_ERRORS if errors else _HAPPY)
        return Snapshot(found, tuple(_only_good(seen)) if real else ())

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Answers that differ, and what the simulation leaves out."""
        changes = answers.topmost(by_path(staging, production), staging.parameters, production.parameters)
        return tuple(told for change in changes if (told := _told(change)) is not None)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Other statuses and types, dropped fields: as for requests to two environments, but for time."""
        answered = tuple(piece for piece in capture.pieces if _DECLARED not in piece.facts)
        declared = capture.pieces[len(answered) :]
        for plant in plants_of(Capture(answered)):
            if plant.key in (SLOW, REDIRECT):
                continue
            yield msgspec.structs.replace(plant, capture=Capture((*plant.capture.pieces, *declared)))

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """The share of answers that agree, and of endpoints and statuses that the simulation knows."""
        requests = {parts_of(path)[0] for path in production.parameters} - {_COVERAGE, _PATHS}
        differing = {parts_of(change.path)[0] for change in changes} & requests
        if requests:
            yield _score(
                "simulation_accuracy",
                len(requests) - len(differing),
                len(requests),
                self.config.accuracy,
                differing,
            )
        known = [path for path in production.parameters if parts_of(path)[0] == _COVERAGE]
        left_out = [" ".join(_endpoint_of(path)) for path in known if path not in staging.parameters]
        if known:
            yield _score(
                "simulation_coverage", len(known) - len(left_out), len(known), self.config.coverage, left_out
            )


def _piece(pair: Pair, endpoints: Iterable[str]) -> Piece:
    piece = _answer(pair, Response(pair.status, pair.answer_media, pair.headers, pair.answer), endpoints)
    facts = {**piece.facts, answers.GUESSED: "yes"} if pair.guessed else piece.facts
    return msgspec.structs.replace(piece, facts=facts)


def _answer(pair: Pair, response: Response, endpoints: Iterable[str]) -> Piece:
    """An answer whose time does not count: a simulation is quick, and a probe of kind http tells that."""
    piece = answers.piece_of(pair.name, response)
    kept = {name: fact for name, fact in piece.facts.items() if name in ("request", "status", _RETRY)}
    return msgspec.structs.replace(piece, facts={**kept, _ENDPOINT: _endpoint(pair, endpoints)})


def _endpoint(pair: Pair, endpoints: Iterable[str]) -> str:
    """Method and path without ids and query; the one that is declared where one fits."""
    path = pair.path.partition("?")[0]
    for endpoint in endpoints:
        if fnmatchcase(f"{pair.method} {path}", endpoint) and endpoint.count("/") == path.count("/"):
            return endpoint
    return route_of(pair.method, path)


def _recorded(files: str | list[str], reach: Reach) -> list[Pair]:
    return [pair for name, data in reach.files(files) for pair in pairs_in(data, name)]


def _endpoint_of(path: str) -> tuple[str, str]:
    """The endpoint and the status of a path below ``coverage``."""
    _, *endpoint, status = parts_of(path)
    return "/".join(endpoint), status


def _only_good(seen: Iterable[tuple[str, object]]) -> Iterator[str]:
    if not any(isinstance(status, int) and status >= 400 for _, status in seen):
        yield "no error of the real service was recorded: what the simulation does with errors is not compared"


def _told(change: Change) -> Change | None:
    first, *rest = parts_of(change.path)
    if change.path == _PATHS:
        if change.staging != _HAPPY:
            return None
        return msgspec.structs.replace(change, title="the simulation answers happy paths only")
    if first == _COVERAGE:
        if change.production != _DECLARED or change.staging is not None:
            return None  # that an answer has another status is told with that answer
        endpoint, status = _endpoint_of(change.path)
        title = f"{endpoint} can answer {status}, and the simulation was never seen to"
        return msgspec.structs.replace(change, title=title)
    if rest[0] == answers.HEADER and change.production is None:
        return None  # what nobody recorded cannot differ
    what = {answers.STATUS: "the status", answers.BODY: "/".join(rest[1:]) or "the answer"}.get(
        rest[0], "/".join(rest)
    )
    return msgspec.structs.replace(change, title=f"{what} differs in {first}")


def _score(key: str, good: int, of: int, limit: int | None, lowering: Iterable[str]) -> Score:
    words = ", ".join(sorted(lowering))
    return Score(
        key=key,
        value=Decimal(good) / of,
        of=of,
        limit=None if limit is None else Decimal(limit) / 100,
        words=f"differs: {words}"
        if words and key.endswith("accuracy")
        else f"left out: {words}"
        if words
        else "",
    )
