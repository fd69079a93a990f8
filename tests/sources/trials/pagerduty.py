"""Trials of PagerDuty's incidents, as its documentation answers."""

from typing import Any

from tests.sources.support import Answer, body
from tests.sources.trials.frame import Case, ServerTrials


def incident(number: int = 1, status: str = "resolved", **more: Any) -> dict[str, Any]:
    """An incident of the window, over within half an hour."""
    over = "2026-09-14T09:30:00Z" if status == "resolved" else None
    told = {
        "id": f"Q{number}",
        "type": "incident",
        "incident_number": number,
        "title": f"Checkout is slow {number}",
    }
    service = {"id": "PABC123", "type": "service_reference", "summary": "Shop"}
    times = {"created_at": "2026-09-14T09:00:00Z", "resolved_at": over}
    return told | times | {"status": status, "urgency": "high", "service": service, "priority": None} | more


def incidents(*told: dict[str, Any], more: bool = False) -> Answer:
    """One page."""
    return body({"incidents": list(told), "limit": 100, "offset": 0, "total": None, "more": more})


TRIALS = ServerTrials(
    example="""\
sources:
  - {key: incidents, kind: pagerduty, url: "https://api.pagerduty.com", token: "${PAGERDUTY_TOKEN}", services: [PABC123]}
benchmarks:
  - {key: resolved-quickly, title: Over within an hour, environment: production, measure: {source: incidents, read: time_to_resolve, window: 90d, unit: min}, pass: '<= 60 min'}
  - {key: none-open, title: None is open, environment: staging, measure: {source: incidents, read: open}, pass: '== 0'}
""",
    secrets=("PAGERDUTY_TOKEN",),
    right=incidents(incident()),
    expects={"resolved-quickly": "30", "none-open": "0"},
    empty=Case(incidents(), "missing", ("no incident in the window",)),
    partial=Case(incidents(incident(), more=True), "missing", ("PagerDuty has more than", "shorter window")),
    another=Case(body({"data": []}), "error", ("another form", "another version")),
    more={
        "a key of an integration": Case(
            body({"error": {"message": "Invalid token", "code": 2006}}, 401),
            "error",
            ("Invalid token", "REST API"),
        ),
        "refused in words": Case(
            body({"error": {"message": "Bad request", "errors": ["Service not found"]}}, 400),
            "error",
            ("Service not found",),
        ),
        "still open": Case(incidents(incident(status="acknowledged")), "missing", ("is resolved yet",)),
    },
)
