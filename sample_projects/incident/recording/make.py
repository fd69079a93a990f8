"""Makes ``results`` and ``reports`` again: what load tests and integration tests said of each build, the same each time."""

from __future__ import annotations

import json
import random
from pathlib import Path

HERE = Path(__file__).parents[1]
# Each build: its commit, when it was measured, and how slow buying and refunds are (1 is as in production).
BUILDS = {
    "5.1.0 rc1": ("51a04c7e9b2d6f8013c5e7a9b1d3f5072849c6e1", "2026-09-02T13:00:00+00:00", 1.42, 0.98),
    "5.1.0 rc2": ("51b8f20d4e6a1c3957b9d1f3e5a7082c4d6f8a93", "2026-09-04T11:00:00+00:00", 1.04, 0.99),
    "5.2.0 rc1": ("52a9d31f6c8e0b2475a7c9e1f3b5d8064a8c0e25", "2026-09-21T12:00:00+00:00", 1.01, 1.37),
    "5.2.0 rc2": ("52b1e53a8d0f2c4697c9ebf1a3d5f7086b0d2e47", "2026-09-23T15:00:00+00:00", 1.00, 1.02),
    "5.2.1 rc1": ("521a7f64b9e1d3c5a8f0c2e4d6b8a0917c1e3f58", "2026-10-02T09:00:00+00:00", 1.02, 1.01),
    "5.3.0 rc1": ("53a2b75c0df2e4d6b9a1d3f5e7c9b1028d2f4a69", "2026-11-17T12:00:00+00:00", 1.03, 0.99),
    "5.3.0 rc2": ("53b4c86d1ea3f5e7cab2e4a6f8dac2139e3a5b7a", "2026-11-20T07:30:00+00:00", 1.05, 1.00),
}
# What production did in the week before each release.
PRODUCTION = {
    "5.1.0": "2026-09-01T06:00:00+00:00",
    "5.2.0": "2026-09-20T06:00:00+00:00",
    "5.2.1": "2026-10-02T06:00:00+00:00",
    "5.3.0": "2026-11-16T06:00:00+00:00",
}
# When the sources were asked: each time after a build was measured, and when the demonstration begins.
ASKED = (
    "2026-09-02T14:00:00.000000Z",
    "2026-09-04T12:00:00.000000Z",
    "2026-09-21T13:00:00.000000Z",
    "2026-09-23T16:00:00.000000Z",
    "2026-10-02T09:30:00.000000Z",
    "2026-11-17T13:00:00.000000Z",
    "2026-11-20T08:00:00.000000Z",
)
PURCHASES, TESTS = 400, 62


def samples(seed: str, buying: float, refund: float) -> list[tuple[float, float]]:
    """So many purchases and refunds, in seconds: log-normal around 0.42 s and 0.61 s."""
    chance = random.Random(seed)
    return [
        (0.42 * buying * chance.lognormvariate(0, 0.25), 0.61 * refund * chance.lognormvariate(0, 0.22))
        for _ in range(PURCHASES)
    ]


def write(path: Path, head: list[str], rows: list[tuple[float, float]]) -> None:
    """A file of samples as the source of kind ``samples`` reads them."""
    text = [*(f"# {line}" for line in head), "seconds,refund", *(f"{a:.4f},{b:.4f}" for a, b in rows)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def report(commit: str, at: str) -> str:
    """A report of the integration tests, all of them green."""
    cases = "".join(
        f'    <testcase classname="shop" name="case {number}" time="0.1"/>\n'
        for number in range(1, TESTS + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuite name="integration" tests="{TESTS}" failures="0" errors="0" timestamp="{at}">\n'
        f'  <properties><property name="commit" value="{commit}"/></properties>\n{cases}</testsuite>\n'
    )


def make(folder: Path = HERE) -> None:
    """Write all files below ``folder``."""
    for name in ("results", "reports", "recordings"):
        (folder / name).mkdir(exist_ok=True)
    for build, (commit, at, buying, refund) in BUILDS.items():
        write(
            folder / "results" / f"{commit}.csv",
            [f"measured: {at}", f"commit: {commit}"],
            samples(build, buying, refund),
        )
        (folder / "reports" / f"integration-{commit[:7]}.xml").write_text(
            report(commit, at), encoding="utf-8"
        )
    for version, at in PRODUCTION.items():
        write(folder / "results" / f"production-{version}.csv", [f"measured: {at}"], samples(version, 1, 1))
    manifest = json.dumps({"schema": 1, "moments": ASKED}, indent=1)
    (folder / "recordings" / "recording.json").write_text(manifest + "\n", encoding="utf-8")


if __name__ == "__main__":
    make()
