"""Runs a probe of a real kind on a folder of files, as ``workbench probe`` does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions.shapes import Probe
from workbench.model.times import Clock
from workbench.probes.captured import Change
from workbench.probes.hiding import Hide
from workbench.probes.kinds import KINDS
from workbench.probes.running import Job, Ran, Running, run
from workbench.sources.secrets import Secrets

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HIDE = Hide(b"k" * 32)


def put(place: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files below a folder."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def look(place: Path, kind: str, *, replay: Path | None = None, **fields: Any) -> Ran:
    """One run of a probe of this kind; ``fields`` are those of the kind, and ``about_run`` those of the run."""
    about = fields.pop("about_run", {})
    config = msgspec.convert(fields, KINDS[kind].config)
    probe = Probe(key="settings", kind=kind, config=config)
    found: list[Ran] = []
    run(
        Running(
            **{
                "jobs": (Job(probe=probe, environment="staging", against="production"),),
                "sources": (),
                "root": place,
                "clock": Clock(fixed=NOW),
                "secrets": Secrets(allow=True),
                "hide": HIDE.again,
                "on_ran": found.append,
                "kinds": KINDS,
                "replay": replay,
                **about,
            }
        )
    )
    return found[0]


def told(changes: tuple[Change, ...]) -> dict[str, tuple[str | None, str | None]]:
    """What differs by path; of a secret only that it does."""
    return {
        change.path: ("secret", "secret") if change.secret else (change.staging, change.production)
        for change in changes
    }
