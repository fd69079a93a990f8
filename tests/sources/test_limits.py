"""Every spelling of “ask again later”."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.sources.limits import seconds_to_wait

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:09 GMT"}, 9),
        ({"retry-after": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"x-ms-retry-after-ms": "250"}, 0.25),
        # GitHub: the moment in seconds since 1970
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(EPOCH + 20)}, 20),
        # GitLab, and drafts of the IETF: without the X
        ({"ratelimit-remaining": "0", "ratelimit-reset": str(EPOCH + 21)}, 21),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "22"}, 22),
        # Datadog: seconds to go
        ({"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "23"}, 23),
        # LaunchDarkly: milliseconds since 1970, of the limit that is spent
        (
            {
                "x-ratelimit-global-remaining": "12",
                "x-ratelimit-route-remaining": "0",
                "x-ratelimit-route-reset": str((EPOCH + 24) * 1000),
                "x-ratelimit-global-reset": str((EPOCH + 300) * 1000),
            },
            24,
        ),
        # others: microseconds, a text, a hyphen more
        ({"x-ratelimit-reset": str((EPOCH + 25) * 10**6)}, 25),
        ({"x-ratelimit-reset": "2026-11-20T12:00:26Z"}, 26),
        ({"x-rate-limit-reset": str(EPOCH + 27)}, 27),
        ({"x-sentry-rate-limit-remaining": "0", "x-sentry-rate-limit-reset": str(EPOCH + 28)}, 28),
        ({"x-ratelimit-reset-after": "1.25", "x-ratelimit-reset": str(EPOCH + 90)}, 1.25),
        # the later drafts: all in one
        ({"ratelimit": "limit=100, remaining=0, reset=29"}, 29),
        ({"ratelimit": '"default";r=0;t=30'}, 30),
        ({"x-ratelimit-reset": "sometime"}, None),
        ({"x-ratelimit-reset": "1" * 40}, None),
        ({}, None),
    ],
)
def test_a_refusal_says_when_to_ask_again(headers, seconds):
    told = seconds_to_wait(429, headers, NOW)
    assert told == (None if seconds is None else pytest.approx(seconds))


def test_a_refusal_is_of_a_limit_only_where_nothing_remains():
    reset = {"x-ratelimit-reset": str(EPOCH + 20)}
    assert seconds_to_wait(403, {"x-ratelimit-remaining": "40", **reset}, NOW) is None
    assert seconds_to_wait(403, reset, NOW) is None
    assert seconds_to_wait(403, {"x-ratelimit-remaining": "0", **reset}, NOW) == 20
    assert seconds_to_wait(403, {"ratelimit": '"a";r=0;t=5'}, NOW) == 5
    assert seconds_to_wait(200, {"x-ratelimit-remaining": "0", **reset}, NOW) is None
    assert seconds_to_wait(404, {"retry-after": "5"}, NOW) is None
