"""Probes of two databases, for tests: SQLite files in a folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.probes.asking import probe, ran

from workbench.definitions.shapes import Source
from workbench.probes.captured import Change
from workbench.probes.running import Ran
from workbench.sources.secrets import Secrets
from workbench.sources.sql import SqlConfig

SIDES = ("staging", "production")


def made(folder: Path, staging: str, production: str) -> Path:
    """Two files, ``staging.db`` and ``production.db``, each made by a script."""
    for name, script in zip(SIDES, (staging, production), strict=True):
        with closing(sqlite3.connect(folder / f"{name}.db")) as connection:
            connection.executescript(script)
    return folder


def compared(
    kind: str,
    folder: Path,
    config: dict[str, Any] | None = None,
    *,
    urls: tuple[str, str] | None = None,
    **more: Any,
) -> Ran:
    """What a probe of that kind finds between the two files, or the two servers of ``urls``."""
    written = (
        [f"sqlite:{name}.db" for name in SIDES] if urls is None else ["${STAGING_DB}", "${PRODUCTION_DB}"]
    )
    environ = {} if urls is None else {"STAGING_DB": urls[0], "PRODUCTION_DB": urls[1]}
    common = {name: more.pop(name) for name in ("ignore", "twice", "timeout") if name in more}
    one = probe(kind, {**dict(zip(SIDES, SIDES, strict=True)), **(config or {})}, **common)
    (found,) = ran(
        [one],
        root=folder,
        sources=[
            Source(key=key, kind="sql", config=SqlConfig(url=url))
            for key, url in zip(SIDES, written, strict=True)
        ],
        secrets=Secrets(allow=True, environ=environ),
        **more,
    )
    return found


def paths(found: Ran) -> list[str]:
    """The paths that differ; a probe that could not look says why."""
    assert found.run.state != "error", found.run.why
    return [change.path for change in found.changes]


def change(found: Ran, path: str) -> Change:
    """The difference at a path."""
    return next(change for change in found.changes if change.path == path)


def missed(found: Ran) -> list[str]:
    """The planted differences that were not found; at least one was planted."""
    assert found.proof is not None and found.proof.planted, found.proof
    return [planted.title for planted in found.proof.planted if not planted.found]
