"""What traffic is like: its mix, its busiest minute, its slow clients, and how much of it writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import nlargest
from statistics import median

import msgspec

from workbench.probes.kinds.traffic.entries import Entry

MOST_ROUTES = 400
OTHERS = "other routes"
_FEWEST_MINUTES = 5  # that a log has to cover before its busiest minute says anything
_SLOW_SECONDS = 1.0
_SLOW_RATE = 16_000.0  # bytes a second: a good telephone line of forty years ago


class Traffic(msgspec.Struct, frozen=True):
    """Figures of one environment; ``None`` where the log does not tell.

    ``mix`` counts requests by route, ``bursts`` is the busiest minute by the usual one, ``slow`` the share of
    requests by clients that take their answer slowly, ``writes`` that of requests that may write.
    """

    requests: float
    mix: dict[str, float]
    writes: float
    bursts: float | None
    slow: float | None


def is_slow(entry: Entry) -> bool | None:
    """Whether a client took its answer slowly: over a second more than the service itself needed.

    Where the log does not tell what the service needed, an answer of some size that went out at less than
    16 kB a second counts; ``None`` where neither can be told.
    """
    if entry.seconds is None:
        return None
    if entry.upstream is not None:
        return entry.seconds - entry.upstream > _SLOW_SECONDS
    if entry.size < _SLOW_RATE:
        return False
    return entry.seconds > _SLOW_SECONDS and entry.size / entry.seconds < _SLOW_RATE


def traffic_of(entries: Iterable[Entry]) -> Traffic:
    """The figures of some requests."""
    mix: defaultdict[str, float] = defaultdict(float)
    minutes: Counter[int] = Counter()
    total = writes = slow = told = 0.0
    for entry in entries:
        total += entry.count
        mix[entry.route] += entry.count
        writes += 0 if entry.reads else entry.count
        if entry.minute is not None:
            minutes[entry.minute] += 1
        if (slowly := is_slow(entry)) is not None:
            told += 1
            slow += slowly
    kept = dict(nlargest(MOST_ROUTES, mix.items(), key=lambda one: one[1]))
    if len(mix) > MOST_ROUTES:
        kept[OTHERS] = total - sum(kept.values())
    return Traffic(
        total,
        kept,
        writes / total if total else 0.0,
        busiest(minutes),
        slow / told if told else None,
    )


def busiest(minutes: Counter[int]) -> float | None:
    """The busiest minute by the usual one (the median of those with requests)."""
    if len(minutes) < _FEWEST_MINUTES:
        return None
    return max(minutes.values()) / median(minutes.values())


def shares(mix: dict[str, float]) -> dict[str, float]:
    """Routes with their share of all requests."""
    total = sum(mix.values())
    return {route: count / total for route, count in mix.items()} if total else {}


def overlap(staging: dict[str, float], production: dict[str, float]) -> float:
    """How much of two mixes is the same: 1 minus their total variation distance."""
    return sum(min(share, production.get(route, 0.0)) for route, share in staging.items())
