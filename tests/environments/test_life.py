"""When the life of an environment is over, and who says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workbench.definitions.environments import Environment, EnvironmentKind
from workbench.environments.life import life_of, overdue
from workbench.environments.model import EndOfLife

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def end(day: int) -> EndOfLife:
    at = datetime(2026, 9, day, tzinfo=UTC)
    return EndOfLife(environment="staging", ends=at, reason="moved away", by="kim", at=NOW)


@pytest.mark.parametrize(
    ("stated", "said", "day", "why", "over"),
    [
        ({}, [], None, "no end is stated", False),
        ({"ends": "2026-09-14"}, [], "2026-09-14", "its last day", True),
        ({"ends": "2026-09-15"}, [], "2026-09-15", "its last day", False),
        ({"since": "2026-09-01", "lifetime": "14d"}, [], "2026-09-14", "14d since 2026-09-01", True),
        ({"since": "2026-09-01", "lifetime": "14d", "ends": "2026-09-05"}, [], "2026-09-05", "its last day", True),
        ({"lifetime": "14d"}, [], None, "each lives 14d; when this one began is not stated", False),
        ({"ends": "2026-12-01"}, [end(20), end(10)], "2026-09-10", "set by kim: moved away", True),
        ({"ends": "2026-09-05"}, [end(10)], "2026-09-05", "its last day", True),
    ],
)  # fmt: skip
def test_the_earliest_end_counts(
    stated: dict[str, Any], said: list[EndOfLife], day: str | None, why: str, over: bool
) -> None:
    environment = Environment(key="staging", kind=EnvironmentKind.STAGING, **stated)
    life = life_of(environment, said, UTC)
    assert (life.ends and life.ends.date().isoformat()) == day
    assert life.why == why
    assert life.over(NOW) is over
    assert (overdue(life, NOW) > timedelta()) is over
