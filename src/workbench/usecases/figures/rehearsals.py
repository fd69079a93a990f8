"""OP-10: how many of the drills that were walked to their end worked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from workbench.drills.model import DrillResult, all_drills
from workbench.model.text import number_of
from workbench.model.times import parse_duration
from workbench.usecases.figures.asked import Answer, Asking

_QUARTER = timedelta(days=90)


def runbook_success(asking: Asking) -> Answer:
    """The share of the drills in an environment that worked, over ``window``, 90 days unless said.

    A runbook that was executed in earnest counts as a drill of it; one that was stopped says nothing and is told.
    """
    context, window = asking.context, asking.benchmark.measure.window
    since = context.now - (parse_duration(window) if window else _QUARTER)
    ended = [
        drill
        for _, drill in all_drills(context.record)
        if drill.environment == asking.environment
        and drill.ended_at is not None
        and since <= drill.ended_at <= context.now
    ]
    told = [drill for drill in ended if drill.result is not DrillResult.STOPPED]
    if not told:
        return asking.missing(f"nothing was drilled in {asking.environment} to its end lately")
    worked = sum(drill.result is DrillResult.WORKED for drill in told)
    failed = dict.fromkeys(drill.title for drill in told if drill.result is DrillResult.FAILED)
    stopped = len(ended) - len(told)
    return Answer(
        at=context.now,
        value=Decimal(worked) / len(told),
        unit="share",
        because=f"failed: {', '.join(failed)}" if failed else "",
        note=f"{number_of(stopped, 'drill')} stopped, which count nowhere" if stopped else "",
        of=len(told),
    )
