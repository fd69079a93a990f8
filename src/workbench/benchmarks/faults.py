"""DIM-5: the catalogue of faults, and what came of putting a flow under one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.definitions.shapes import FaultScenario
from workbench.record import Column, EntityKind, Record, Stored, Titles


class Fault(msgspec.Struct, frozen=True):
    """A fault: what is done, and how a flow behaves that fails well."""

    title: str
    expected: str


# A flow that fails well tells its caller what happened, within its timeout, degrades instead of crashing, leaves no
# corrupt state, logs it, and pulls nothing else down.
CATALOGUE: Mapping[str, Fault] = {
    "downstream_500": Fault(
        "a service answers 500",
        "a meaningful error to the caller, nothing half done, and the cause in the log",
    ),
    "downstream_503": Fault(
        "a service answers 503 under load", "retries with growing pauses, then a clear “try again later”"
    ),
    "timeout": Fault(
        "a service does not answer", "an answer within the flow's own timeout, and no work left hanging"
    ),
    "slow_response": Fault(
        "a service answers slowly", "the flow degrades and says so; other flows keep their pace"
    ),
    "connection_refused": Fault(
        "a service refuses connections", "a quick, meaningful error, and the flow works again once it is back"
    ),
    "queue_unavailable": Fault(
        "the message queue is gone",
        "nothing is lost: messages are kept and delivered later, or refused plainly",
    ),
    "malformed_payload": Fault(
        "a payload is malformed", "it is refused or put aside with a reason, and the next ones go through"
    ),
    "retry_exhaustion": Fault(
        "every retry fails", "the flow gives up after its last retry, tells the caller, and alerts"
    ),
    "expired_credential": Fault(
        "a credential is expired or refused", "an error that names the cause without the secret, and an alert"
    ),
    "duplicate_delivery": Fault("a message is delivered twice", "its effect happens once"),
    "late_circuit_breaker": Fault(
        "a service keeps failing", "the circuit breaker opens in time, so that the failure does not spread"
    ),
}


class FaultTrial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one scenario for one candidate; ``evidence`` are digests of blobs in the record."""

    scenario: str
    flow: str
    fault: str
    passed: bool
    by: str
    at: datetime
    candidate: str
    release: str
    evidence: tuple[str, ...] = ()


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    fault = CATALOGUE.get(str(value.get("fault", "")))
    return f"{value.get('scenario', '')}: {fault.title if fault else value.get('fault', '')}"


ENTITIES = (
    EntityKind(
        "fault_trial",
        FaultTrial,
        columns=(Column("scenario"), Column("flow"), Column("candidate")),
        thing="fault",
        title=_title,
        verbs={"passed": "saw a flow fail well under", "failed": "saw a flow fail badly under"},
        excerpt=True,
    ),
)


def expected(scenario: FaultScenario) -> str:
    """How the flow is to behave under it."""
    return scenario.expected or CATALOGUE[scenario.fault].expected


def trials(record: Record, candidate: str | None) -> dict[str, tuple[Stored, FaultTrial]]:
    """The last trial of each scenario for a candidate, by the scenario's key."""
    rows = [
        (row, row.decode(FaultTrial)) for row in record.all("fault_trial", "candidate IS ?", (candidate,))
    ]
    ordered = sorted(rows, key=lambda pair: (pair[1].at, pair[0].made))
    return {value.scenario: (row, value) for row, value in ordered}
