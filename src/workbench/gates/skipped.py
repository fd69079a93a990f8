"""GT-12: releases that went out without having been in staging, as far as the record shows it."""

from __future__ import annotations

from workbench.definitions.shapes import EnvironmentKind, Project
from workbench.record import Record
from workbench.releases.model import Held, Outcome

WENT_OUT = (Outcome.SHIPPED, Outcome.ROLLED_BACK)


def went_out(held: Held) -> bool:
    """Whether a release reached production."""
    return held.release.outcome in WENT_OUT


def was_in_staging(record: Record, held: Held, project: Project) -> bool:
    """Whether anything was measured of a release's last candidate in an environment before production.

    An attempt that failed shows nothing: what is not known to have been there has skipped it.
    """
    before = [one.key for one in project.environments if one.kind is not EnvironmentKind.PRODUCTION]
    if held.candidate_id is None or not before:
        return False
    places = ", ".join("?" * len(before))
    found = record.query(
        f"SELECT 1 FROM measurement WHERE candidate = ? AND environment IN ({places}) AND state = 'ok' LIMIT 1",
        (held.candidate_id, *before),
    )
    return bool(found)
