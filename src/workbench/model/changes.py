"""CH-1 to CH-12: the kinds of change that a release may carry, and what to measure for each."""

from __future__ import annotations

from enum import StrEnum

import msgspec

NO_KIND = "none"  # what a release says that carries none of them


class ChangeMeasure(StrEnum):
    """What a kind of change asks to be measured; a benchmark says with ``measures`` which of them it is."""

    INTEGRATION_TESTS = "integration_tests"
    CONTRACT_TESTS = "contract_tests"
    ERROR_RATE = "error_rate"
    LATENCY = "latency"
    MIGRATION_TIME = "migration_time"
    LOCK_WAITS = "lock_waits"
    QUERY_ERRORS = "query_errors"
    ROLLBACK = "rollback"
    RESTARTS = "restarts"
    SCHEDULING_FAILURES = "scheduling_failures"
    ACTIVATION_RATE = "activation_rate"
    FLAG_STATE = "flag_state"
    CALL_LATENCY = "call_latency"
    ERROR_CODES = "error_codes"
    REAL_SEQUENCES = "real_sequences"
    POLICY_VIOLATIONS = "policy_violations"
    BLOCKED_DEPLOYMENTS = "blocked_deployments"
    HIT_RATIO = "hit_ratio"
    BACKEND_LOAD = "backend_load"
    EVICTIONS = "evictions"
    RECOVERY_TIME = "recovery_time"
    DATA_INTEGRITY = "data_integrity"
    DATA_EXPOSURE = "data_exposure"
    ACCESS_LOGS = "access_logs"
    COLD_STARTS = "cold_starts"
    MEMORY = "memory"
    COST_PER_REQUEST = "cost_per_request"
    UTILISATION = "utilisation"
    BURSTS = "bursts"
    HANDSHAKES = "handshakes"
    DRIFT = "drift"


class Way(msgspec.Struct, frozen=True):
    """What a measure is in words, and the kinds of probe that look at it, too."""

    words: str
    probes: tuple[str, ...] = ()


class ChangeKind(msgspec.Struct, frozen=True):
    """A kind of change: what goes wrong with it, and what shows that."""

    title: str
    wrong: str
    measures: tuple[ChangeMeasure, ...]


_M = ChangeMeasure
WAYS: dict[ChangeMeasure, Way] = {
    _M.INTEGRATION_TESTS: Way("integration tests"),
    _M.CONTRACT_TESTS: Way("contract tests"),
    _M.ERROR_RATE: Way("error rate"),
    _M.LATENCY: Way("latency"),
    _M.MIGRATION_TIME: Way("how long the migration takes"),
    _M.LOCK_WAITS: Way("waiting for locks, with as many users as in production"),
    _M.QUERY_ERRORS: Way("errors of queries"),
    _M.ROLLBACK: Way("the rollback against the new schema", ("compatible",)),
    _M.RESTARTS: Way("restarts"),
    _M.SCHEDULING_FAILURES: Way("failures to schedule"),
    _M.ACTIVATION_RATE: Way("how often the flag is on"),
    _M.FLAG_STATE: Way("flags equal in both environments", ("flags",)),
    _M.CALL_LATENCY: Way("latency of calls to the third party"),
    _M.ERROR_CODES: Way("error codes of the third party"),
    _M.REAL_SEQUENCES: Way("real sequences of calls", ("simulation",)),
    _M.POLICY_VIOLATIONS: Way("violations of the policy"),
    _M.BLOCKED_DEPLOYMENTS: Way("deployments that the policy blocks"),
    _M.HIT_RATIO: Way("hit ratio of the cache"),
    _M.BACKEND_LOAD: Way("load behind the cache"),
    _M.EVICTIONS: Way("evictions from the cache"),
    _M.RECOVERY_TIME: Way("time to recover"),
    _M.DATA_INTEGRITY: Way("integrity of the data afterwards", ("same_queries",)),
    _M.DATA_EXPOSURE: Way("personal data that can be read", ("masking",)),
    _M.ACCESS_LOGS: Way("logs of who accessed what"),
    _M.COLD_STARTS: Way("latency of invocations, cold ones among them"),
    _M.MEMORY: Way("memory"),
    _M.COST_PER_REQUEST: Way("cost of a request"),
    _M.UTILISATION: Way("utilisation"),
    _M.BURSTS: Way("latency under a burst"),
    _M.HANDSHAKES: Way("failed handshakes"),
    _M.DRIFT: Way("drift of the configuration", ("configuration", "infrastructure")),
}
CHANGES: dict[str, ChangeKind] = {
    "CH-1": ChangeKind(
        "API change across services",
        "what a change of contract breaks is hard to foresee",
        (_M.INTEGRATION_TESTS, _M.ERROR_RATE, _M.LATENCY, _M.CONTRACT_TESTS),
    ),
    "CH-2": ChangeKind(
        "database schema migration",
        "locks, and readers that cannot read the new schema",
        (_M.MIGRATION_TIME, _M.LOCK_WAITS, _M.QUERY_ERRORS, _M.ROLLBACK),
    ),
    "CH-3": ChangeKind(
        "platform or runtime upgrade",
        "new faults of the runtime, interfaces that are gone",
        (_M.RESTARTS, _M.SCHEDULING_FAILURES),
    ),
    "CH-4": ChangeKind(
        "feature behind a flag",
        "features that disturb one another, spikes when the flag goes on",
        (_M.ACTIVATION_RATE, _M.ERROR_RATE, _M.LATENCY, _M.FLAG_STATE),
    ),
    "CH-5": ChangeKind(
        "third-party dependency",
        "it behaves otherwise than before",
        (_M.CALL_LATENCY, _M.ERROR_CODES, _M.REAL_SEQUENCES),
    ),
    "CH-6": ChangeKind(
        "security policy",
        "deployments that are blocked",
        (_M.POLICY_VIOLATIONS, _M.BLOCKED_DEPLOYMENTS),
    ),
    "CH-7": ChangeKind(
        "performance change",
        "what the cache does not have loads what is behind it",
        (_M.HIT_RATIO, _M.BACKEND_LOAD, _M.EVICTIONS),
    ),
    "CH-8": ChangeKind(
        "disaster-recovery change",
        "scripts that fail when everything else has failed",
        (_M.RECOVERY_TIME, _M.DATA_INTEGRITY),
    ),
    "CH-9": ChangeKind(
        "compliance change",
        "logs or masking that are missing",
        (_M.DATA_EXPOSURE, _M.ACCESS_LOGS),
    ),
    "CH-10": ChangeKind(
        "serverless function",
        "cold starts",
        (_M.COLD_STARTS, _M.ERROR_RATE, _M.MEMORY),
    ),
    "CH-11": ChangeKind(
        "capacity or instance type",
        "latency is paid for with money, or the other way round",
        (_M.COST_PER_REQUEST, _M.LATENCY, _M.UTILISATION, _M.BURSTS),
    ),
    "CH-12": ChangeKind(
        "configuration, certificate, edge or autoscaling change",
        "failed handshakes, secrets in the open, too few instances",
        (_M.HANDSHAKES, _M.DRIFT, _M.BURSTS),
    ),
}
CHANGE_KINDS = {key: kind.title for key, kind in CHANGES.items()}


def change_title(key: str) -> str:
    """What a kind of change is called, by its number."""
    return "none of the kinds that ask for measurements" if key == NO_KIND else CHANGE_KINDS.get(key, key)
