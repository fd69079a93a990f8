"""GT-12: releases that went out without having been in staging, as far as the record shows it."""

from __future__ import annotations

from workbench.benchmarks.measurements import measured_anywhere
from workbench.definitions.shapes import EnvironmentKind, Project
from workbench.record import Record
from workbench.releases.model import Held, Outcome, ReleaseKind
from workbench.releases.shipment import find_shipment

WENT_OUT = (Outcome.SHIPPED, Outcome.ROLLED_BACK)


def went_out(held: Held) -> bool:
    """Whether a release reached production."""
    return held.release.outcome in WENT_OUT


def should_have_been(held: Held) -> bool:
    """Whether a release that went out is one that staging has to see first: one that rolls back brings nothing new."""
    return went_out(held) and held.release.kind is not ReleaseKind.ROLLBACK


def was_in_staging(record: Record, held: Held, project: Project) -> bool:
    """Whether anything was measured of a release's last candidate in an environment before production.

    Of one that went out what was measured by then counts: what is measured
    afterwards does not make up for it.  An attempt that failed shows nothing, nor does what was declared invalid: what
    is not known to have been there has skipped it.
    """
    before = [one.key for one in project.environments if one.kind is not EnvironmentKind.PRODUCTION]
    if held.candidate_id is None or not before:
        return False
    found = find_shipment(record, held.id)
    until = found[1].at if found and found[1].stands else None
    return measured_anywhere(record, held.candidate_id, before, until)
