"""Pasts made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from workbench.learning.past import Drilled, FailedTest, Happened, Lesson, Past, Stop, Went

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WATCH = 7 * DAY


def went(id: str, days_ago: float = 30, **more: Any) -> Went:
    """A release that went out so many days ago and was watched for a week; its version is ``v`` and its id."""
    at = NOW - days_ago * DAY
    return Went(id=id, version=f"v{id}", at=at, watched_until=at + WATCH, **more)


def many(count: int, **more: Any) -> tuple[Went, ...]:
    """So many releases without trouble, long ago: ``r0``, ``r1`` …"""
    return tuple(went(f"r{n}", 100 + n, **more) for n in range(count))


def incident(id: str, release: str = "", **more: Any) -> Happened:
    """An incident in production, 20 days ago unless said."""
    said = {"at": NOW - 20 * DAY, "production": True} | more
    return Happened(id=id, title=f"incident {id}", release=release, **said)


def lesson(id: str, **more: Any) -> Lesson:
    return Lesson(id=id, **more)


def stop(id: str, caught: bool, **more: Any) -> Stop:
    said = {"at": NOW - 20 * DAY, "part": "benchmark/p95", "benchmark": "p95"} | more
    return Stop(id=id, caught=caught, **said)


def failed_test(id: str, contributed: Any, **more: Any) -> FailedTest:
    return FailedTest(id=id, at=NOW - 20 * DAY, lesson=lesson(id, contributed=contributed), **more)


def drill(id: str, result: Any, **more: Any) -> Drilled:
    return Drilled(id=id, at=NOW - 20 * DAY, runbook="restore", result=result, **more)


def past(**more: Any) -> Past:
    return Past(now=NOW, zone=UTC, **more)


def also(base: Past, **more: Any) -> Past:
    return msgspec.structs.replace(base, **more)
