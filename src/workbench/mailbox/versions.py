"""Versions: of the tables on a server, of what a desk can work with, and the steps from one version to the next.

The tables say two numbers: their version, and the oldest workbench that still works with them.  A step that older
desks survive leaves the second number as it is, and they are told; one that they would not understand raises it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import msgspec

from workbench.mailbox.errors import ServerRefuses

VERSION = 1  # of the tables that this workbench makes and knows
OLDEST = 1  # of the tables that it can still work with
OLDEST_ENGINE = 130_000  # PostgreSQL 13


class Step(msgspec.Struct, frozen=True):
    """What makes tables of ``version`` from those of the version before; ``works_with`` is the oldest workbench for them."""

    version: int
    works_with: int
    sql: str


STEPS: tuple[Step, ...] = ()
"""From version 1 on, in their order; ``schema.sql`` makes the tables of the last version at once."""


def standing(
    version: int, works_with: int, where: str, *, own: int = VERSION, oldest: int = OLDEST
) -> str | None:
    """What a person should know of how this workbench and the server's tables fit; ``None`` where they are the same.

    ``ServerRefuses`` where they do not fit.
    """
    if works_with > own:
        raise ServerRefuses(
            f"the server's tables have version {version} and need a workbench for version {works_with}; this one knows {own}",
            where=where,
            hint="update this workbench; what is here stays here, and is sent after that",
        )
    if version < oldest:
        raise ServerRefuses(
            f"the server's tables have version {version}; this workbench needs {oldest} at least",
            where=where,
            hint="whoever owns the tables brings them up to date: workbench share --upgrade",
        )
    if version > own:
        return f"the server's tables are newer ({version}) than this workbench ({own}): all goes on; update this workbench soon"
    if version < own:
        return f"the server's tables are older ({version}) than this workbench ({own}): workbench share --upgrade"
    return None


def check_engine(number: int, where: str) -> None:
    """``ServerRefuses`` where PostgreSQL itself is too old; ``number`` is libpq's, 150003 for 15.3."""
    if number < OLDEST_ENGINE:
        raise ServerRefuses(
            f"the server is PostgreSQL {number // 10_000}, and 13 is the oldest that works",
            where=where,
            hint="ask the server's administrator to update it",
        )


# --- statements -------------------------------------------------------------------------------------------


def groups() -> str:
    """What makes the groups; again is harmless."""
    return _text("groups.sql")


def tables() -> str:
    """What makes the tables of this version."""
    return _text("schema.sql")


def steps_from(version: int, steps: Sequence[Step] | None = None) -> list[Step]:
    """The steps that are missing."""
    return [step for step in (STEPS if steps is None else steps) if step.version > version]


def statements_of(step: Step) -> str:
    """One step as statements; it ends with the version that it made."""
    return (
        f"{step.sql.rstrip().rstrip(';')};\n"
        f"UPDATE workbench.about SET version = {step.version}, works_with = {step.works_with}, upgraded_at = clock_timestamp();\n"
    )


def upgrade(connection: Any, where: str, steps: Sequence[Step] | None = None) -> list[int]:
    """Takes the missing steps, all or none, and returns their versions; ``ServerRefuses`` where the role may not.

    Others who upgrade at the same moment wait, and find nothing left to do.  ``connection`` is psycopg's.
    """
    sql = "SELECT pg_has_role(nspowner, 'USAGE'), nspowner::regrole::text FROM pg_namespace WHERE nspname = 'workbench'"
    owns, owner = connection.execute(sql).fetchone()
    if not owns:
        raise ServerRefuses(
            f"the tables belong to the role {owner}, which alone can bring them up to date",
            where=where,
            hint="workbench share --upgrade --sql prints what that role runs",
        )
    with connection.transaction():
        (version,) = connection.execute("SELECT version FROM workbench.about FOR UPDATE").fetchone()
        missing = steps_from(version, steps)
        for step in missing:
            connection.execute(statements_of(step))
    return [step.version for step in missing]


def _text(name: str) -> str:
    return files("workbench.mailbox").joinpath(name).read_text(encoding="utf-8")
