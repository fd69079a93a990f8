"""Reads access logs of both environments, and says how real staging's traffic is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import msgspec

from workbench.model.dates import read_moment
from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.model.times import duration_text, parse_duration
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
from workbench.probes.kinds.traffic import TrafficProbe
from workbench.probes.kinds.traffic.entries import Entry, entry_of, is_table, rows_of
from workbench.probes.kinds.traffic.profile import is_slow, overlap, shares, traffic_of
from workbench.probes.prober import Prober, by_path
from workbench.probes.reach import Reach

MIX, BURSTS, SLOW, WRITES, HOW = "mix", "bursts", "slow clients", "writes", "how"
_FEWEST = 20  # requests on which a figure can rest
_SETTING_UP = timedelta(hours=48)  # a mirror begins with 1 percent for so long
_TOLD = "told"  # the fact of the piece that says how staging's traffic comes about
_BURST = 10  # a minute with as many times the usual requests is a burst
_PLANTED = 5  # routes that are planted as gone


class TrafficProber(Prober):
    """BM-16."""

    config: TrafficProbe

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """Logs and tables as they are; of staging also how its traffic comes about."""
        files = await asyncio.to_thread(reach.ends, getattr(self.config, side))
        pieces = tuple(Piece(name, "text/plain", data) for name, data in files)
        if side == "production":
            return Capture(pieces)
        how = "\n".join(how_told(self.config, reach.now)).encode()
        return Capture((*pieces, Piece(HOW, "text/plain", how, {_TOLD: "yes"})))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """Shares by route, the busiest minute, slow clients, and the share of writes."""
        notes: list[str] = []
        traffic = traffic_of(_entries(capture, notes))
        if traffic.requests < _FEWEST:
            names = ", ".join(piece.name for piece in capture.pieces if _TOLD not in piece.facts)
            raise SourceError(
                f"{traffic.requests:g} requests are too few to say what the traffic is like", where=names
            )
        found = {
            path_of(MIX, *route.split("/")): Parameter(
                _percent(share), weight=max(1, round(traffic.mix[route]))
            )
            for route, share in shares(traffic.mix).items()
        }
        found[WRITES] = Parameter(_percent(traffic.writes))
        if traffic.bursts is not None:
            found[BURSTS] = Parameter(f"{traffic.bursts:.1f} times a usual minute")
        if traffic.slow is not None:
            found[SLOW] = Parameter(_percent(traffic.slow))
        for piece in capture.pieces:
            if _TOLD in piece.facts:
                if self.config.replay is not None and self.config.replay.throttle is None:
                    notes.append("the replay has no throttle: it says nothing about capacity")
                for line in piece.data.decode().splitlines():
                    what, _, words = line.partition(": ")
                    found[path_of(HOW, what)] = Parameter(words)
        return Snapshot(found, tuple(notes))

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Routes, bursts, clients and writes that are far from production's."""
        told = (self._told(change) for change in by_path(staging, production))
        return tuple(change for change in told if change is not None)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Routes that are gone, reads that become writes, the busiest minute and slow clients left out."""
        entries = list(_entries(capture, []))
        traffic = traffic_of(entries)
        for route, share in sorted(shares(traffic.mix).items(), key=lambda one: -one[1])[:_PLANTED]:
            if self._far(0, share):
                yield _without("gone-route", f"no request to {route}", capture, partial(_goes_to, route))
        if self._far(1, traffic.writes):
            planted = _rewritten(capture, b"GET", b"POST")
            yield Plant("writes", "every GET is a POST", planted)
        if traffic.bursts is not None and traffic.bursts >= _BURST:
            minutes = Counter(entry.minute for entry in entries)
            usual = sorted(minutes.values())[len(minutes) // 2]
            busy = {minute for minute, count in minutes.items() if count > 2 * usual}
            yield _without(
                "no-bursts", "the busy minutes are left out", capture, lambda entry: entry.minute in busy
            )
        if traffic.slow and traffic.slow >= 0.001:
            yield _without(
                "no-slow-clients", "no client is slow", capture, lambda entry: bool(is_slow(entry))
            )

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """The share of the request mix that is the same."""
        ours, theirs = _mix(staging), _mix(production)
        lowering = [
            "/".join(route) for change in changes for what, *route in [parts_of(change.path)] if what == MIX
        ]
        yield Score(
            key="traffic_realism",
            value=Decimal(str(round(overlap(ours, theirs), 4))),
            of=round(
                sum(one.weight for path, one in production.parameters.items() if parts_of(path)[0] == MIX)
            ),
            limit=None if self.config.mix is None else Decimal(self.config.mix) / 100,
            words=f"differs: {', '.join(lowering[:5])}" if lowering else "",
        )

    def _far(self, one: float, other: float) -> bool:
        return abs(one - other) * 100 > self.config.apart

    def _told(self, change: Change) -> Change | None:
        what, *rest = parts_of(change.path)
        if what == HOW:
            return msgspec.structs.replace(change, title=f"{rest[0]}: {change.staging}")
        ours, theirs = _figure(change.staging), _figure(change.production)
        if what == MIX:
            if not self._far(ours or 0.0, theirs or 0.0):
                return None
            title = f"{'/'.join(rest)}: {change.staging or 'none'} of staging's requests, {change.production or 'none'} of production's"
            return msgspec.structs.replace(change, title=title, gap=_points(ours, theirs))
        if change.production is None:
            return None  # production's log does not tell
        if change.staging is None:
            return msgspec.structs.replace(change, title=f"staging's log does not tell about {what}")
        assert ours is not None and theirs is not None
        if what == WRITES and self._far(ours, theirs):
            return msgspec.structs.replace(
                change, title="the share of requests that write", gap=_points(ours, theirs)
            )
        if what == BURSTS and theirs >= _BURST / 2 and ours < theirs / 2:
            times = Decimal(int(theirs / ours)) if ours else None
            return msgspec.structs.replace(
                change, title="staging sees no bursts like production's", gap=times
            )
        if what == SLOW and theirs >= 0.001 and ours < theirs / 2:
            title = "staging has fewer slow clients than production"
            return msgspec.structs.replace(change, title=title, gap=_points(ours, theirs))
        return None


def how_told(config: TrafficProbe, now: datetime) -> Iterator[str]:
    """What is wrong with how staging's traffic comes about, as ``what: words``."""
    mirror, replay = config.mirror, config.replay
    if mirror is not None and mirror.share > 1 and now - read_moment(mirror.since) < _SETTING_UP:
        yield f"mirror: it began with {mirror.share:g} % on {mirror.since}; begin with 1 % for 48 h"
    if replay is not None:
        age, most = now - read_moment(replay.recorded), parse_duration(replay.max_age)
        if age > most:
            yield f"replay: it was recorded on {replay.recorded}, {age.days} days ago, and may be {duration_text(most)} old"


def _entries(capture: Capture, notes: list[str]) -> Iterator[Entry]:
    """Every request of the files; lines that are none are counted, and too many of them are an error."""
    for piece in capture.pieces:
        if _TOLD in piece.facts:
            continue
        if is_table(piece.data):
            yield from rows_of(piece.data, piece.name)
            continue
        read, unread, first = 0, 0, b""
        for line in piece.data.splitlines():
            entry = entry_of(line)
            if entry is not None:
                read += 1
                yield entry
            elif line.strip():
                unread, first = unread + 1, first or line
        if unread > read:
            shown = safe_text(first.decode("utf-8", "replace"), 80)
            raise SourceError(f"most lines are no requests, such as “{shown}”", where=piece.name)
        if unread:
            notes.append(f"{piece.name}: {unread:,} lines are no requests, and were left out")


def _mix(snapshot: Snapshot) -> dict[str, float]:
    weights = {
        path: float(one.weight) for path, one in snapshot.parameters.items() if parts_of(path)[0] == MIX
    }
    return shares(weights)


def _percent(share: float) -> str:
    """A share with as many digits as it takes to tell it from none."""
    return f"{share * 100:.1f} %" if share >= 0.001 or not share else f"{share * 100:.3f} %"


def _figure(text: str | None) -> float | None:
    if text is None:
        return None
    number = float(text.partition(" ")[0])
    return number / 100 if text.endswith("%") else number


def _points(ours: float | None, theirs: float | None) -> Decimal:
    """Percentage points apart, whole ones: chance hardly moves them."""
    return Decimal(int(abs((ours or 0.0) - (theirs or 0.0)) * 100))


def _goes_to(route: str, entry: Entry) -> bool:
    return entry.route == route


def _without(key: str, title: str, capture: Capture, gone: Callable[[Entry], bool]) -> Plant:
    """A capture without the lines, or rows, of some requests."""

    def left(piece: Piece) -> bytes:
        if is_table(piece.data):
            head, *rows = piece.data.splitlines(keepends=True)
            kept = [row for row in rows if not any(gone(one) for one in rows_of(head + row, piece.name))]
            return b"".join([head, *kept])
        lines = piece.data.splitlines(keepends=True)
        return b"".join(
            line for line in lines if (entry := entry_of(line.rstrip())) is None or not gone(entry)
        )

    pieces = (
        piece if _TOLD in piece.facts else msgspec.structs.replace(piece, data=left(piece))
        for piece in capture.pieces
    )
    return Plant(key, title, msgspec.structs.replace(capture, pieces=tuple(pieces)))


def _rewritten(capture: Capture, old: bytes, new: bytes) -> Capture:
    pieces = (
        piece if _TOLD in piece.facts else msgspec.structs.replace(piece, data=piece.data.replace(old, new))
        for piece in capture.pieces
    )
    return msgspec.structs.replace(capture, pieces=tuple(pieces))
