"""Minimum parity: what probes saw counts, then the map, then what the files state; two statements prove nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from workbench.definitions.environments import Environment, EnvironmentKind, Stack
from workbench.definitions.shapes import Category, Severity
from workbench.environments.minimum import SERVER, Least, met, minimum, worth_keeping
from workbench.environments.seen import Gap, Pair, Seen, State

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def seen(ours: Stack | None = None, theirs: Stack | None = None, **more: Any) -> Seen:
    return Seen(
        environment=Environment(key="staging", kind=EnvironmentKind.STAGING, stack=ours),
        production=Environment(key="production", kind=EnvironmentKind.PRODUCTION, stack=theirs),
        now=NOW,
        **more,
    )


def pair(path: str, one: str | None, other: str | None, kind: str = "versions") -> Pair:
    return Pair(path, kind, one, other, "Versions are those of production")


def gap(title: str, category: Category = Category.INFRASTRUCTURE) -> Gap:
    return Gap(title=title, category=category, severity=Severity.HIGH, open=False)


def least(title: str, found: Seen) -> Least:
    return next(one for one in minimum(found) if title in one.title)


@pytest.mark.parametrize(
    ("title", "found", "state", "words"),
    [
        ("database", seen(), State.UNKNOWN, "nothing says so"),
        ("database", seen(pairs=(pair("postgres", "16.3", "16.3"),)), State.FINE, "16.3 in both"),
        ("database", seen(pairs=(pair("postgres", "16.3", "16.4"),)), State.SEEN, "16.3 here, 16.4 in production"),
        ("database", seen(pairs=(pair("postgres", "16", "16.4"),)), State.UNKNOWN, "nothing says so"),
        ("database", seen(pairs=(pair("postgres", "latest", "latest"),)), State.UNKNOWN, "nothing says so"),
        ("database", seen(pairs=(pair("database", "SQLite 3.45.1", "PostgreSQL 16.3", SERVER),)), State.SEEN, "SQLite"),
        ("database", seen(pairs=(pair("database", None, "16.3"),)), State.UNKNOWN, "nothing says so"),
        ("database", seen(pairs=(pair("app.env/DATABASE_URL", "1", "2", "configuration"),)), State.UNKNOWN, "nothing says so"),
        ("database", seen(gaps=(gap("database version behind"),)), State.SEEN, "on the map: database version behind"),
        ("database", seen(gaps=(gap("smaller database"),)), State.UNKNOWN, "nothing says so"),
        ("database", seen(Stack(database="PostgreSQL 16.3"), Stack(database="PostgreSQL 16.3")), State.UNKNOWN, "no probe has looked"),
        ("database", seen(Stack(database="PostgreSQL 15.1"), Stack(database="PostgreSQL 16.3")), State.SEEN, "stated as PostgreSQL 15.1 here"),
        ("database", seen(Stack(database="PostgreSQL 16.3")), State.UNKNOWN, "the file of production says nothing"),
        ("runtime", seen(pairs=(pair("python", "3.11.4", "3.12.1"),)), State.FINE, "3.11.4 here"),
        ("runtime", seen(pairs=(pair("java", "17.0.2", "21.0.1"),)), State.SEEN, "17.0.2 here"),
        ("tiers", seen(gaps=(gap("No load balancer"),)), State.SEEN, "No load balancer"),
        ("tiers", seen(Stack(tiers=2), Stack(tiers=3)), State.SEEN, "stated as 2 here and 3"),
        ("cache", seen(Stack(cache="none"), Stack(cache="Redis 7.2")), State.SEEN, "none here"),
        ("replicas", seen(Stack(replicas=1), Stack(replicas=3)), State.UNKNOWN, "nothing says whether"),
        ("replicas", seen(Stack(replicas=1, replicas_matter=True), Stack(replicas=3)), State.SEEN, "1 here and 3"),
        ("replicas", seen(Stack(replicas=1), Stack(replicas=3, replicas_matter=False)), State.NOT_APPLICABLE, "neither"),
        ("replicas", seen(pairs=(pair("db/spec/replicas", "3", "3", "infrastructure"),)), State.FINE, "3 in both"),
    ],
)  # fmt: skip
def test_each_says_who_says_so(title: str, found: Seen, state: State, words: str) -> None:
    one = least(title, found)
    assert one.state is state
    assert words in one.words


def test_the_whole_is_met_only_where_all_that_is_asked_for_was_seen() -> None:
    pairs = (pair("postgres", "16.3", "16.3"), pair("python", "3.12.1", "3.12.1"))
    assert met(minimum(seen())) is State.UNKNOWN
    assert met(minimum(seen(pairs=pairs))) is State.UNKNOWN
    assert met(minimum(seen(gaps=(gap("No CDN"),), pairs=pairs))) is State.SEEN
    fine = tuple(
        Least(one.title, State.UNKNOWN if one.ideally else State.FINE, "", one.ideally)
        for one in minimum(seen())
    )
    assert met(fine) is State.FINE


def test_only_what_is_judged_is_kept_of_a_snapshot() -> None:
    assert worth_keeping("versions", "redis")
    assert worth_keeping("configuration", "deploy.yaml/spec/replicas")
    assert not worth_keeping("configuration", "app.env/DATABASE_URL")
