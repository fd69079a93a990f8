"""What the platform's pods would have told Prometheus, as OpenMetrics text, and the load test's results: nothing is random.

history.py FILE            for promtool tsdb create-blocks-from openmetrics
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp, log
from pathlib import Path
from statistics import NormalDist

CLOCK = datetime(2026, 12, 1, 9, 40, tzinfo=UTC)  # as in demonstration.yaml
BEGINS = CLOCK - timedelta(minutes=60)
CANARY_SINCE = datetime(2026, 12, 1, 9, tzinfo=UTC)
STEP = 15  # seconds
CANARY = "5e55107d9a3b4c2e8f6071d5b4a3928170f6e5d4"  # 5.0.0
STABLE = "3d2c1b0a49586776f5e4d3c2b1a09f8e7d6c5b4a"  # 4.9.2
FUNCTION = "f0a57ca1d1e2b3c4d5e6f708192a3b4c5d6e7f80"  # 5.1.0
BOUNDS = [0.02 * 1.08**n for n in range(48)]
TRACKS = {
    "staging": (STABLE, 300, 0.110, 210),
    "canary": (CANARY, 300, 0.112, 222),
}  # requests a step, median, MiB
SPREAD, NOISE = 0.35, 0.02
LOADED = datetime(2026, 12, 1, 8, 50, tzinfo=UTC)
REQUESTS = 3_000


def chance(what: str, number: int) -> float:
    """A number between 0 and 1: the same for the same thing."""
    digest = hashlib.sha256(f"{what}/{number}".encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 0.5) / 2**48


def normal(what: str, number: int) -> float:
    """The same, normally distributed around 0."""
    return NormalDist().inv_cdf(chance(what, number))


def openmetrics() -> Iterator[str]:
    """Every series of the hour before the clock."""
    begin = int(BEGINS.timestamp())
    moments = range(begin, int(CLOCK.timestamp()) + 1, STEP)
    yield "# TYPE request_seconds histogram"
    for track, (_, requests, median, _) in TRACKS.items():
        yield from _histogram(track, requests, median, moments)
    yield "# TYPE requests counter"
    for track, (_, requests, _, _) in TRACKS.items():
        for code in ("200", "503"):
            labels = f'{{track="{track}",code="{code}"}}'
            for step, at in enumerate(moments):
                good, failed = requests * step, step // 10 + step // 40 * (track == "canary")
                yield f"requests_total{labels} {failed if code == '503' else good} {at}"
    for name, value in (("memory_bytes", None), ("build_info", 1)):
        yield f"# TYPE {name} gauge"
        for track, (commit, _, _, mebibytes) in TRACKS.items():
            labels = f'{{track="{track}"}}' if value is None else f'{{track="{track}",commit="{commit}"}}'
            for at in moments:
                if track == "canary" and at < CANARY_SINCE.timestamp():
                    continue
                wave = round(mebibytes * 2**20 * (1 + 0.01 * normal(f"memory {track}", at)))
                yield f"{name}{labels} {wave if value is None else value} {at}"
    yield "# EOF"


def _histogram(track: str, requests: int, median: float, moments: range) -> Iterator[str]:
    """Cumulative buckets: lognormal latencies whose median wavers a little from step to step."""
    cumulative = [0] * (len(BOUNDS) + 1)
    rows: list[list[int]] = []
    for at in moments:
        rows.append(list(cumulative))
        wavering = median * exp(NOISE * normal(f"latency {track}", at))
        for place, bound in enumerate(BOUNDS):
            cumulative[place] += round(requests * NormalDist(log(wavering), SPREAD).cdf(log(bound)))
        cumulative[-1] += requests
    for place, bound in enumerate([f"{bound:.6g}" for bound in BOUNDS] + ["+Inf"]):
        for at, row in zip(moments, rows, strict=True):
            yield f'request_seconds_bucket{{track="{track}",le="{bound}"}} {row[place]} {at}'
    for at, row in zip(moments, rows, strict=True):
        yield f'request_seconds_count{{track="{track}"}} {row[-1]} {at}'


def results(folder: Path) -> None:
    """The load tests: the function answers as fast as the service, but for two invocations in a hundred."""
    folder.mkdir(exist_ok=True)
    for name, cold in ((CANARY, 0.0), ("production", 0.0), (FUNCTION, 0.02)):
        lines = [f"# measured: {LOADED.isoformat()}"]
        lines += [] if name == "production" else [f"# commit: {name}"]
        lines.append("seconds")
        for number in range(REQUESTS):
            seconds = exp(log(0.09) + 0.3 * normal(f"avatar {name}", number))
            if chance(f"cold {name}", number) < cold:
                seconds += exp(log(1.9) + 0.15 * normal(f"start {name}", number))
            lines.append(f"{seconds:.4f}")
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.parse_args().file.write_text("\n".join(openmetrics()) + "\n", encoding="utf-8")
