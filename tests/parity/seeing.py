"""Rows of a map and runs of probes, without a record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from workbench.model.canonical import encode, plain
from workbench.parity.model import Difference
from workbench.parity.seen import Row
from workbench.probes.runs import ProbeRun, Seen
from workbench.record import Stored

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def row(title: str, number: int = 1, *, verb: str = "found", contested: bool = False, **fields: Any) -> Row:
    """A row of the map, linked to the probe ``settings`` unless said otherwise."""
    value = Difference(**{"title": title, "probe": "settings", "path": title, **fields})
    stored = Stored(
        id=f"id-{number}",
        base=f"base-{number}",
        seq=number,
        verb=verb,
        value=encode(plain(value)),
        recorded_at=NOW,
        actor="kim",
        contested=contested,
    )
    return stored, value


def change(path: str, staging: str | None = "5", production: str | None = "50", **fields: Any) -> Seen:
    return Seen(path=path, staging=staging, production=production, **fields)


def run(*changes: Seen, **fields: Any) -> ProbeRun:
    """A run of the probe ``settings`` that found these."""
    found: dict[str, Any] = {
        "probe": "settings",
        "kind": "lines",
        "state": "fail" if changes else "pass",
        "at": NOW,
        "environment": "staging",
        "against": "production",
        "changes": changes,
        "differing": len(changes),
    }
    return ProbeRun(**{**found, **fields})
