"""Prometheus' alerts over real sockets: what fires, what is pending, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from workbench.model.times import Clock
from workbench.sources.alerting import ask_alerts
from workbench.sources.fetch import Fetch
from workbench.sources.prometheus.alerts import MOST
from workbench.sources.reading import Alerts
from workbench.sources.secrets import Secrets

from .support import AT, body, prometheus

FIRING = {
    "labels": {"alertname": "PaymentErrors", "severity": "page", "service": "payment"},
    "annotations": {"summary": "more than 2 % of payments fail", "description": "longer"},
    "state": "firing",
    "activeAt": "2026-11-20T11:40:00.123456789Z",
    "value": "0.031",
}
PENDING = {"labels": {"alertname": "SlowSearch"}, "state": "pending", "activeAt": "2026-11-20T11:58:00Z"}


def asked(serve: Any, answer: Any, *, allow: bool = True, **config: Any) -> Alerts:
    server = serve(answer if callable(answer) else lambda _: answer)
    secrets = Secrets(allow=allow, environ={"TOKEN": "s3cret-of-the-server"})
    fetch = Fetch(
        sources=(prometheus(server.url, **config),), questions=(), root=Path(), clock=Clock(), secrets=secrets
    )
    (found,) = ask_alerts(fetch, AT)
    return found


def listed(*alerts: Any) -> Any:
    return body({"status": "success", "data": {"alerts": list(alerts)}})


def test_what_fires_comes_first_with_its_words(serve: Any) -> None:
    found = asked(serve, listed(PENDING, {**PENDING, "state": "inactive"}, FIRING))
    first, second = found.alerts
    assert (first.name, first.severity, first.fires) == ("PaymentErrors", "page", True)
    assert first.since == datetime(2026, 11, 20, 11, 40, 0, 123456, tzinfo=UTC)
    assert (first.summary, first.labels) == ("more than 2 % of payments fail", {"service": "payment"})
    assert (second.name, second.fires, found.why) == ("SlowSearch", False, "")


def test_no_alert_is_an_answer(serve: Any) -> None:
    found = asked(serve, listed())
    assert (found.alerts, found.why) == ((), "")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (body({"status": "error", "errorType": "internal", "error": "no rules"}, 500), "no rules"),
        (body({}, 404), "no Prometheus API at this address"),
        (body({}, 401), "refuses us"),
        ((200, {}, b"<html>sign in</html>"), "could not be read"),
        (body({"status": "success", "data": {"alerts": "none"}}), "could not be read"),
        (listed(*[FIRING] * (MOST + 1)), "501 alerts, more than the 500"),
    ],
)
def test_what_cannot_be_read_is_no_calm(answer: Any, why: str, serve: Any) -> None:
    found = asked(serve, answer)
    assert why in found.why and found.alerts == ()


def test_texts_of_a_server_are_made_safe_and_freed_of_secrets(serve: Any) -> None:
    odd = {
        "labels": {"alertname": "\x1b[31mred\u202e", "instance": "db with s3cret-of-the-server"},
        "annotations": {"summary": "token s3cret-of-the-server leaks"},
        "state": "firing",
        "activeAt": "yesterday",
    }
    found = asked(serve, listed(odd), token="${TOKEN}").alerts[0]
    assert "\x1b" not in found.name and "\u202e" not in found.name
    assert found.since is None
    assert "s3cret" not in found.summary + "".join(found.labels.values())


def test_nothing_is_sent_of_a_project_that_nobody_trusts(serve: Any) -> None:
    sent: list[Any] = []

    def answer(request: Any) -> Any:
        sent.append(request)
        return listed()

    found = asked(serve, answer, allow=False)
    assert "not trusted" in found.why and not sent
