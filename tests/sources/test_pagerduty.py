"""PagerDuty's incidents over real sockets: numbers of a window, and alerts of now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from workbench.model.times import Clock
from workbench.sources.alerting import ask_alerts
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.pagerduty import PagerDutyConfig, PagerDutyMeasure
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets

from .support import AT, Asked, Server, body
from .support import ask as fetch
from .trials import pagerduty as told
from .trials.pagerduty import incidents

_SECRETS = Secrets(allow=True, environ={"PAGERDUTY_TOKEN": "u+something-secret"})


def incident(number: int = 1, status: str = "resolved", **more: Any) -> dict[str, Any]:
    times = {"created_at": "2026-11-19T09:00:00Z", "resolved_at": "2026-11-19T10:00:00Z"}
    return told.incident(
        number, status, **(times | ({} if status == "resolved" else {"resolved_at": None}) | more)
    )


def source(server: Server, **config: Any) -> SourceSpec:
    return SourceSpec(
        "pd", "pagerduty", PagerDutyConfig(url=server.url, token="${PAGERDUTY_TOKEN}", **config)
    )


def measured(serve, answer, read: str, *, config=None, window: int | None = 30, **more: Any):
    server = serve(answer)
    ask = PagerDutyMeasure(read=read, **more)
    length = None if window is None else timedelta(days=window)
    question = Question(subject="b", source="pd", at=AT, ask=ask, window=length)
    return fetch([source(server, **(config or {}))], [question], secrets=_SECRETS).one, server


SOME = incidents(
    incident(1),
    incident(2, resolved_at="2026-11-19T12:00:00Z"),
    incident(3, "acknowledged"),
    incident(4, "triggered"),
    incident(5, created_at="2026-01-01T00:00:00Z"),
)


@pytest.mark.parametrize(
    ("read", "value", "samples"), [("open", 2, 2), ("count", 4, 4), ("time_to_resolve", 7200, 2)]
)
def test_numbers(serve, read, value, samples):
    reading, _ = measured(serve, lambda _: SOME, read)
    assert (reading.state, reading.value, reading.samples) == ("ok", value, samples)


def test_what_is_sent(serve):
    _, server = measured(serve, lambda _: SOME, "count", config={"services": ["P1", "P2"], "urgency": "high"})
    asked = server.asked[0]
    assert asked.headers["authorization"] == "Token token=u+something-secret"
    assert asked.headers["accept"] == "application/vnd.pagerduty+json;version=2"
    assert asked.params == {
        "since": "2026-10-21T12:00:00Z",
        "until": "2026-11-20T12:00:00Z",
        "service_ids[]": "P1",
        "urgencies[]": "high",
        "limit": "100",
        "offset": "0",
    }
    _, server = measured(serve, lambda _: SOME, "open", window=None)
    assert server.asked[0].params["date_range"] == "all"
    assert server.asked[0].params["statuses[]"] == "triggered"


def test_what_is_open_is_named_and_what_is_not_resolved_is_told(serve):
    assert (
        measured(serve, lambda _: SOME, "open")[0].facts["because"]
        == "Checkout is slow 3; Checkout is slow 4"
    )
    reading, _ = measured(serve, lambda _: SOME, "time_to_resolve")
    assert reading.facts["note"] == "2 of 4 incidents are not resolved yet"


def test_pages_are_read_until_there_are_no_more(serve):
    def answer(asked: Asked):
        offset = int(asked.params["offset"])
        return incidents(*(incident(offset + number) for number in range(100)), more=offset < 200)

    reading, server = measured(serve, answer, "count")
    assert (reading.value, len(server.asked)) == (300, 3)


def test_a_part_of_the_incidents_is_no_number(serve):
    reading, server = measured(serve, lambda _: incidents(incident(), more=True), "open")
    assert (reading.state, reading.value, len(server.asked)) == ("missing", None, 100)


def test_more_than_six_months_are_not_asked_for(serve):
    reading, server = measured(serve, lambda _: SOME, "count", window=400)
    assert ("six months" in reading.why, server.asked) == (True, [])


def alerts(server: Server) -> Any:
    asked = Fetch(
        sources=(source(server),),
        questions=(),
        root=Path(),
        clock=Clock(fixed=AT),
        secrets=_SECRETS,
        kinds=KINDS,
        on_batch=lambda _: None,
    )
    (found,) = ask_alerts(asked, AT)
    return found


def test_open_incidents_are_alerts(serve):
    found = alerts(
        serve(
            lambda _: incidents(
                incident(1, "acknowledged", priority={"summary": "P1"}), incident(2, "triggered")
            )
        )
    )
    one, other = found.alerts
    assert (one.name, one.fires, one.severity, one.summary) == (
        "Checkout is slow 1",
        True,
        "P1",
        "Shop, acknowledged",
    )
    assert (other.severity, other.summary, other.labels) == ("high", "Shop", {"service": "Shop"})


def test_alerts_that_cannot_be_asked_say_why(serve):
    found = alerts(serve(lambda _: body({"error": {"message": "Invalid token"}}, 401)))
    assert "Invalid token" in found.why
    assert "something-secret" not in found.why
