"""The web shop's metrics, as a pure function of time.

Nothing is random and nothing is remembered: the same moment always gives the same figures,
so that recordings made tomorrow equal those made today.

    exporter.py --openmetrics --from 2026-09-14T08:00Z --to 2026-09-15T10:00Z --step 60
        OpenMetrics text with timestamps, for promtool tsdb create-blocks-from openmetrics
    exporter.py --serve 9200
        the same metrics live at http://127.0.0.1:9200/metrics

Counters grow by whole numbers per hour and evenly within the hour.  The hours differ a
little, as real ones do; the hour that ends when the demonstration's clock stands is the
reference, in which every flow shows exactly the figures below.
"""

from __future__ import annotations

import argparse
import functools
import math
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple

HOUR = 3600
BEGINNING = datetime(2026, 9, 7, tzinfo=UTC)  # counters start at 0 here, or when a build is deployed
CLOCK = datetime(2026, 9, 15, 10, tzinfo=UTC)  # the demonstration's clock
SIMULATED = datetime(2026, 9, 14, 16, tzinfo=UTC)  # the gateway's stand-in got latency and faults

RELEASED = "e41b0c7d5a92f3864b1e07c8d9a6f5234b80c1de"  # 2.13.0
RC2 = "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a"
RC3 = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"

BOUNDS = (
    0.025,
    0.05,
    0.075,
    0.1,
    0.125,
    0.15,
    0.2,
    0.25,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    1.0,
    1.25,
    1.5,
    2.0,
    3.0,
    5.0,
)
SPREAD = 0.55  # of the logarithm of a request's duration
Z95 = 1.6448536269514722


class Slot(NamedTuple):
    """One build that runs somewhere, and since when."""

    env: str
    build: str  # empty in production, whose metrics are collected without it
    commit: str
    version: str
    since: datetime


class Traffic(NamedTuple):
    """A flow in one slot: requests per hour, p95 in seconds, errors per 10,000 requests."""

    requests: int
    p95: float
    errors: int


SLOTS = (
    Slot("production", "", RELEASED, "2.13.0", BEGINNING),
    Slot("staging", RC2, RC2, "2.14.0-rc2", datetime(2026, 9, 14, 8, tzinfo=UTC)),
    Slot("staging", RC3, RC3, "2.14.0-rc3", datetime(2026, 9, 15, 8, tzinfo=UTC)),
)
PRODUCTION = {
    "checkout": Traffic(9000, 0.45, 30),
    "refund": Traffic(1200, 0.80, 25),
    "login": Traffic(30000, 0.18, 20),
    "search": Traffic(50000, 0.20, 10),
    "browse-catalogue": Traffic(80000, 0.12, 5),
}
STAGING = {
    "checkout": Traffic(6000, 0.69, 50),
    "refund": Traffic(1000, 1.12, 30),
    "login": Traffic(10000, 0.17, 41),
    "search": Traffic(6000, 0.21, 10),
    "browse-catalogue": Traffic(6000, 0.14, 5),
}
CHECKOUT_BEFORE = Traffic(6000, 0.30, 10)  # while the stand-in said yes within 40 ms
CHECKOUT_RC3 = Traffic(6000, 0.47, 30)  # retries that wait longer each time, and give up in time

# Faults that are injected between checkout and gateway each hour, and what each build makes of them.
SCENARIOS = {
    "gateway-500": {RC2: 1, RC3: 1},
    "gateway-503-under-load": {RC2: 0, RC3: 1},
    "gateway-timeout": {RC2: 1, RC3: 1},
    "gateway-refuses-connection": {RC2: 1, RC3: 1},
    "malformed-answer": {RC2: 1, RC3: 1},
    "retries-exhausted": {RC2: 0, RC3: 0},
}
PATCHES_APART = {"cart": 0, "payment": 1, "stock": 0, "mail": 0}


def traffic(slot: Slot, flow: str, hour: int) -> Traffic:
    """What a flow does in a slot during the hour that begins at ``hour`` (seconds)."""
    if slot.env == "production":
        return PRODUCTION[flow]
    if flow == "checkout" and slot.build == RC3:
        return CHECKOUT_RC3
    if flow == "checkout" and hour < SIMULATED.timestamp():
        return CHECKOUT_BEFORE
    return STAGING[flow]


def unrest(flow: str, env: str, hour: int) -> float:
    """How far this hour's p95 lies from the usual one: within 4 %, 0 in the reference hour."""
    if hour == int(CLOCK.timestamp()) - HOUR:
        return 0.0
    mixed = hour // HOUR * 2654435761 + sum(map(ord, flow + env)) * 40503
    return ((mixed >> 7) % 1000 / 999 - 0.5) * 0.08


def shares(p95: float) -> tuple[float, ...]:
    """The share of requests at or under each bound.

    A log-normal distribution, bent in the bucket of the p95 so that the server's linear
    interpolation gives exactly ``p95``.
    """
    middle = math.log(p95) - Z95 * SPREAD
    plain = [0.5 * math.erfc((middle - math.log(bound)) / SPREAD / math.sqrt(2)) for bound in BOUNDS]
    at = next(i for i, bound in enumerate(BOUNDS) if bound >= p95)
    low, below = (BOUNDS[at - 1], plain[at - 1]) if at else (0.0, 0.0)
    plain[at] = below + (0.95 - below) * (BOUNDS[at] - low) / (p95 - low)
    for i in range(at, len(plain)):
        plain[i] = min(max(plain[i], plain[at]), 1.0)
    return tuple(plain)


@functools.cache
def in_hour(slot: Slot, flow: str, hour: int) -> tuple[tuple[int, ...], int, int, float]:
    """What a flow adds in the hour that begins at ``hour``: per bound, requests, errors, seconds."""
    usual = traffic(slot, flow, hour)
    p95 = usual.p95 * (1 + unrest(flow, slot.env, hour))
    buckets = tuple(round(share * usual.requests) for share in shares(p95))
    return buckets, usual.requests, usual.requests * usual.errors // 10000, usual.requests * p95 * 0.45


@functools.cache
def until(slot: Slot, flow: str, hour: int) -> tuple[tuple[int, ...], int, int, float]:
    """The sums of all hours before ``hour``."""
    buckets, requests, errors, seconds = [0] * len(BOUNDS), 0, 0, 0.0
    for start in range(int(slot.since.timestamp()), hour, HOUR):
        more = in_hour(slot, flow, start)
        buckets = [a + b for a, b in zip(buckets, more[0], strict=True)]
        requests, errors, seconds = requests + more[1], errors + more[2], seconds + more[3]
    return tuple(buckets), requests, errors, seconds


def grown(slot: Slot, flow: str, moment: int) -> tuple[list[int], int, int, float]:
    """Counters at ``moment``: per bound, all requests, errors, and the sum of durations."""
    hour = moment - moment % HOUR
    before, now, passed = until(slot, flow, hour), in_hour(slot, flow, hour), moment - hour
    buckets = [a + b * passed // HOUR for a, b in zip(before[0], now[0], strict=True)]
    requests = before[1] + now[1] * passed // HOUR
    errors = before[2] + now[2] * passed // HOUR
    return buckets, requests, errors, before[3] + now[3] * passed / HOUR


class Family(NamedTuple):
    """The samples of one metric: (suffix, labels, value)."""

    name: str
    kind: str
    about: str
    samples: list[tuple[str, dict[str, str], float]]


def families(moment: int) -> list[Family]:
    """Every metric as it stands at ``moment`` (seconds since 1970)."""
    running = [slot for slot in SLOTS if slot.since.timestamp() <= moment]
    return [
        *_requests(running, moment),
        _schema_checks(running, moment),
        _scenario_runs(running, moment),
        _faults(running),
        _info(running),
        Family(
            "service_patches_apart",
            "gauge",
            "Patch releases between a service in this environment and in production",
            [
                ("", {"env": "staging", "flow": "checkout", "service": service}, apart)
                for service, apart in PATCHES_APART.items()
            ],
        ),
        Family(
            "gateway_replay_answers",
            "gauge",
            "Recorded exchanges with the gateway, replayed against its stand-in last night",
            _results({"env": "staging"}, alike=197, different=3),
        ),
        Family(
            "search_replay_results",
            "gauge",
            "Recorded searches, replayed last night: the same first ten results, or not",
            _results({"env": "staging"}, same=193, different=7),
        ),
    ]


def _labels(slot: Slot, **more: str) -> dict[str, str]:
    return {"env": slot.env, **({"build": slot.build} if slot.build else {}), **more}


def _results(labels: dict[str, str], **counts: int) -> list[tuple[str, dict[str, str], float]]:
    return [("", {**labels, "result": result}, count) for result, count in counts.items()]


def _requests(running: list[Slot], moment: int) -> list[Family]:
    durations: list[tuple[str, dict[str, str], float]] = []
    answers: list[tuple[str, dict[str, str], float]] = []
    for slot in running:
        for flow in PRODUCTION:
            labels = _labels(slot, flow=flow)
            buckets, requests, errors, seconds = grown(slot, flow, moment)
            durations += [
                ("_bucket", {**labels, "le": str(bound)}, count)
                for bound, count in zip(BOUNDS, buckets, strict=True)
            ]
            durations.append(("_bucket", {**labels, "le": "+Inf"}, requests))
            durations.append(("_count", labels, requests))
            durations.append(("_sum", labels, round(seconds, 3)))
            answers.append(("_total", {**labels, "outcome": "ok"}, requests - errors))
            answers.append(("_total", {**labels, "outcome": "error"}, errors))
    about = "Time from request to answer of a flow"
    return [
        Family("http_request_duration_seconds", "histogram", about, durations),
        Family("http_requests", "counter", "Requests of a flow by outcome", answers),
    ]


def _per_hour(slot: Slot, moment: int, many: int) -> int:
    return many * max(0, moment - int(slot.since.timestamp())) // HOUR


def _schema_checks(running: list[Slot], moment: int) -> Family:
    samples: list[tuple[str, dict[str, str], float]] = []
    for slot in running:
        if slot.env == "staging":
            labels = _labels(slot, flow="checkout")
            samples.append(("_total", {**labels, "result": "passed"}, _per_hour(slot, moment, 1988)))
            samples.append(("_total", {**labels, "result": "failed"}, _per_hour(slot, moment, 12)))
    return Family("schema_checks", "counter", "Orders checked against production's schema", samples)


def _scenario_runs(running: list[Slot], moment: int) -> Family:
    samples: list[tuple[str, dict[str, str], float]] = [
        ("_total", _labels(slot, flow="login", steps="all-real"), _per_hour(slot, moment, 60))
        for slot in running
        if slot.env == "staging"
    ]
    return Family(
        "scenario_runs", "counter", "Scenarios run, by whether every step was a real service", samples
    )


def _faults(running: list[Slot]) -> Family:
    samples: list[tuple[str, dict[str, str], float]] = [
        ("", _labels(slot, flow="checkout", scenario=scenario), passed[slot.build])
        for slot in running
        if slot.env == "staging"
        for scenario, passed in SCENARIOS.items()
    ]
    return Family("fault_scenario_passed", "gauge", "1 if the flow failed well in this scenario", samples)


def _info(running: list[Slot]) -> Family:
    samples: list[tuple[str, dict[str, str], float]] = [
        ("", {"env": slot.env, "commit": slot.commit, "version": slot.version}, 1) for slot in running
    ]
    return Family("web_shop_build_info", "gauge", "The builds that run", samples)


def _line(family: Family, sample: tuple[str, dict[str, str], float], stamp: str) -> str:
    suffix, labels, value = sample
    inside = ",".join(f'{name}="{text}"' for name, text in labels.items())
    return f"{family.name}{suffix}{{{inside}}} {value}{stamp}\n"


def openmetrics(first: int, last: int, step: int) -> Iterator[str]:
    """OpenMetrics text with every series' samples in order of time."""
    moments = range(first, last + 1, step)
    at = {moment: families(moment) for moment in moments}
    for i, family in enumerate(at[moments[-1]]):
        yield f"# HELP {family.name} {family.about}.\n# TYPE {family.name} {family.kind}\n"
        for moment in moments:
            here = at[moment][i]
            for sample in here.samples:
                yield _line(here, sample, f" {moment}")
    yield "# EOF\n"


def text(moment: int) -> str:
    """What a scrape sees: the older text format, in which counters carry their full name."""
    parts = []
    for family in families(moment):
        name = family.name + ("_total" if family.kind == "counter" else "")
        parts.append(f"# HELP {name} {family.about}.\n# TYPE {name} {family.kind}\n")
        parts += [_line(family, sample, "") for sample in family.samples]
    return "".join(parts)


class Scraped(BaseHTTPRequestHandler):
    """Answers ``/metrics`` with the figures of this moment."""

    def do_GET(self) -> None:
        body = text(int(datetime.now(UTC).timestamp())).encode()
        self.send_response(200 if self.path == "/metrics" else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.end_headers()
        if self.path == "/metrics":
            self.wfile.write(body)


def moment(written: str) -> int:
    """Seconds since 1970 of an ISO 8601 moment; UTC where it names no zone."""
    read = datetime.fromisoformat(written)
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())


def main() -> None:
    """Print a history, or serve the present."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--openmetrics", action="store_true", help="print a history with timestamps")
    options.add_argument("--from", dest="first", type=moment, default=int(CLOCK.timestamp()) - 26 * HOUR)
    options.add_argument("--to", dest="last", type=moment, default=int(CLOCK.timestamp()))
    options.add_argument("--step", type=int, default=60, help="seconds between samples")
    options.add_argument("--serve", type=int, metavar="PORT", help="serve /metrics on this port of 127.0.0.1")
    chosen = options.parse_args()
    if chosen.serve:
        HTTPServer(("127.0.0.1", chosen.serve), Scraped).serve_forever()
    elif chosen.openmetrics:
        sys.stdout.writelines(openmetrics(chosen.first, chosen.last, chosen.step))
    else:
        options.error("say --openmetrics or --serve PORT")


if __name__ == "__main__":
    main()
