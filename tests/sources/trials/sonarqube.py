"""Trials of the recipe for SonarQube."""

from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import COMMIT, Case, ServerTrials


def _status(status: str) -> Answer:
    condition = {
        "status": status,
        "metricKey": "new_coverage",
        "errorThreshold": "85",
        "actualValue": "82.50",
    }
    return body({"projectStatus": {"status": status, "conditions": [condition], "ignoredConditions": False}})


def _measures(**metrics: str) -> Answer:
    told = [{"metric": name, "value": value} for name, value in metrics.items()]
    return body({"component": {"key": "shop", "name": "Shop", "qualifier": "TRK", "measures": told}})


def _analyses(*analyses: dict[str, Any]) -> Answer:
    return body(
        {"paging": {"pageIndex": 1, "pageSize": 1, "total": len(analyses)}, "analyses": list(analyses)}
    )


def _analysis(revision: str) -> dict[str, Any]:
    return {"key": "A1", "date": "2026-09-15T11:00:00+0200", "revision": revision, "events": []}


def _right(asked: Asked) -> Answer:
    if asked.path.endswith("/project_status"):
        return _status("OK")
    if asked.path.endswith("/component"):
        return _measures(blocker_violations="0", critical_violations="3")
    return _analyses(_analysis(COMMIT))


TRIALS = ServerTrials(
    secrets=("SONAR_TOKEN",),
    right=_right,
    expects={"quality-gate": "1", "no-critical-issue": "3", "analysed": "1"},
    empty=Case(_status("NONE"), "missing", ("no quality gate",)),
    partial=Case(_measures(blocker_violations="0"), "missing", ("not both",), of="no-critical-issue"),
    another=Case(body({"projectStatus": {"level": "OK"}}), "error", ("status",)),
    more={
        "failed": Case(_status("ERROR"), "ok", ()),
        "another word": Case(_status("PENDING"), "error", ("PENDING",)),
        "no such project": Case(
            body({"errors": [{"msg": "Component key 'shop' not found"}]}),
            "error",
            ("not found",),
            of="no-critical-issue",
        ),
        "never analysed": Case(_analyses(), "missing", ("never analysed",), of="analysed"),
        "another commit": Case(_analyses(_analysis("b" * 40)), "missing", ("bbbbbbb",), of="analysed"),
        "no number": Case(
            _measures(blocker_violations="0", critical_violations="many"), "error", (), of="no-critical-issue"
        ),
    },
)
