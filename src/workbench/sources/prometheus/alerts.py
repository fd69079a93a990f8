"""The answer of Prometheus' ``/api/v1/alerts``, decoded."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.model.times import can_be_shown, from_text
from workbench.sources.reading import Alert

MOST = 500  # alerts that are looked at
_FIRING, _PENDING = "firing", "pending"
_WORDS = ("summary", "description", "message")  # annotations that say what is wrong, the best first
_LABELS = 20


class _Alert(msgspec.Struct):
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    state: str = ""
    activeAt: str = ""


class _Data(msgspec.Struct):
    alerts: list[_Alert]


class _Answer(msgspec.Struct):
    status: str
    data: _Data


def read_alerts(body: bytes, where: str) -> tuple[Alert, ...]:
    """The alerts that fire or are pending; ``SourceError`` for what is no such answer, or for too many."""
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, ValueError) as error:
        reason = safe_text(error, 200)
        raise SourceError(f"the list of alerts could not be read: {reason}", where=where) from None
    if answer.status != "success":
        raise SourceError("the server could not list its alerts", where=where)
    found = [_read(one) for one in answer.data.alerts if one.state in (_FIRING, _PENDING)]
    if len(found) > MOST:
        raise SourceError(
            f"the server has {len(found):,} alerts, more than the {MOST} that are looked at", where=where
        )
    return tuple(sorted(found, key=_order))


def _read(one: _Alert) -> Alert:
    summary = next((one.annotations[name] for name in _WORDS if one.annotations.get(name)), "")
    labels = {name: text for name, text in one.labels.items() if name not in ("alertname", "severity")}
    return Alert(
        name=safe_text(one.labels.get("alertname", "unnamed alert"), 120),
        fires=one.state == _FIRING,
        since=_since(one.activeAt),
        severity=safe_text(one.labels.get("severity", ""), 40),
        summary=safe_text(summary, 300),
        labels={safe_text(k, 60): safe_text(v, 120) for k, v in list(labels.items())[:_LABELS]},
    )


def _since(text: str) -> datetime | None:
    """Since when; ``None`` where the server does not say so in a way that can be read."""
    try:
        moment = from_text(text)
    except ValueError:
        return None
    return moment if can_be_shown(moment) else None


def _order(one: Alert) -> tuple[bool, float, str]:
    return not one.fires, -one.since.timestamp() if one.since else 0.0, one.name
