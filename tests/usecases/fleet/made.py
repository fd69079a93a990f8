"""Projects as they are told to the fleet, made up here without a record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workbench.learning.past import Went
from workbench.usecases.fleet.shapes import Delivered, Due, Project, ReleaseSeen, Trouble, Waiting

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def waiting(move: str = "yours", *, blocks: bool = True, **fields: Any) -> Waiting:
    """An open line."""
    said = {"key": "benchmark/p95", "title": "Checkout p95", "why": "0.69 s, 28 % over its limit", **fields}
    return Waiting(move=move, blocks=blocks, **said)  # type: ignore[arg-type]


def release(version: str = "2.0.0", *, first: Waiting | None = None, **fields: Any) -> ReleaseSeen:
    """An open release with a build; ``first`` is what is open of it."""
    said = {
        "id": f"id-{version}",
        "version": version,
        "title": f"{version} rc1",
        "state": "blocked" if first else "signed",
        "state_words": "blocked" if first else "signed",
        "mark": "BLOCKS" if first else "DONE",
        "open": True,
        "candidate": "rc1",
        "commit": "a1b2c3d",
        "blocks": int(first is not None and first.blocks),
        "to_do": int(first is not None and not first.blocks),
        "passed": first is None,
        **fields,
    }
    return ReleaseSeen(first=first, **said)


def project(name: str, *releases: ReleaseSeen, trouble: str = "", **fields: Any) -> Project:
    """A project in a folder of its name; ``trouble`` is the kind of what stood in the way."""
    said: dict[str, Any] = {
        "key": name,
        "title": name.capitalize(),
        "record_id": f"record-{name}",
        "entries": 10,
        "now": NOW,
        "judged": not trouble,
        **fields,
    }
    if trouble:
        said["trouble"] = Trouble(
            kind=trouble, what="it cannot be read", where=f"/srv/{name}", hint="look at it"
        )  # type: ignore[arg-type]
    return Project(root=f"/srv/{name}", releases=releases, **said)


def due(key: str, days: float, **fields: Any) -> Due:
    """Something that falls due in so many days."""
    at = NOW + days * DAY
    said = {
        "what": "review",
        "day": at.date().isoformat(),
        "title": f"Review {key}",
        "when": "soon",
        **fields,
    }
    return Due(key=key, at=at, **said)


def went(version: str, days_ago: float = 30, **fields: Any) -> Went:
    """A release that went out so many days ago, and is watched for a week."""
    at = NOW - days_ago * DAY
    said = {"id": f"id-{version}", "version": version, "built_at": at - DAY, **fields}
    return Went(at=at, watched_until=at + 7 * DAY, **said)


def delivered(*releases: Went, **fields: Any) -> Delivered:
    """What went out of a project."""
    return Delivered(now=NOW, releases=releases, **fields)
