"""Test reports: a large one, read to its counts."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from statistics import median

from bench.measuring import ROUNDS, Row
from bench.setting import Setting
from workbench.sources.junit.xml import read_stream

CASES = 200_000
SUITES = 200
TARGET = 1_500  # milliseconds


def rows(setting: Setting) -> Iterator[Row]:
    """JUnit XML as pytest writes it."""
    data = report()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        counts = read_stream(lambda: io.BytesIO(data), "the report")
        taken.append((time.perf_counter() - begun) * 1000)
        assert counts.passed == CASES
    yield Row(
        name="junit",
        what=f"a JUnit report with {CASES:,} cases ({len(data) / 1e6:.0f} MB)",
        peer="a second and a half",
        measured=median(taken),
        target=TARGET,
        unit="ms",
        spread=(min(taken), max(taken)),
    )


def report() -> bytes:
    """A report of ``CASES`` tests that passed."""
    each = CASES // SUITES
    suites = (
        f'<testsuite name="suite {suite}" tests="{each}" failures="0" time="1.5">'
        + "".join(
            f'<testcase classname="shop.test_{suite}" name="test_{case}[EUR-{case}]" time="0.{case % 1000:03d}"/>'
            for case in range(each)
        )
        + "</testsuite>"
        for suite in range(SUITES)
    )
    return f"<testsuites>{''.join(suites)}</testsuites>".encode()
