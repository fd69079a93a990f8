"""IN-8: DORA's five figures, with the deployments that they are made of.

"DORA's software delivery performance metrics", dora.dev/guides/dora-metrics: deployment frequency, change lead time,
change fail rate, failed deployment recovery time, deployment rework rate.  A deployment is a release, a hotfix or a
rollback that went out to production, as the record has it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from workbench.learning.figure import About, Figure, Left, median, rate, share
from workbench.learning.past import Went
from workbench.learning.reading import Reading, ids

DEPLOYMENTS = "releases, hotfixes and rollbacks that went out"
FREQUENCY = About("deployment_frequency", "Deployment frequency", DEPLOYMENTS, "days", "higher")
LEAD_TIME = About(
    "lead_time",
    "Lead time to production",
    "releases and hotfixes of which it is known when their commit was made",
    "releases and hotfixes that went out",
    "lower",
)
STABLE = About(
    "time_to_stable",
    "Time to stable production",
    "regular releases of which it is known when their commit was made and when production was stable",
    "regular releases whose watching has ended",
    "lower",
)
FAIL_RATE = About(
    "change_fail_rate",
    "Change fail rate",
    "of them, those that were rolled back, had an incident that they caused, or were mended by a hotfix",
    f"{DEPLOYMENTS} and whose watching has ended",
    "lower",
)
RECOVERY = About(
    "recovery_time",
    "Recovery time",
    "failed deployments of which it is known from when until when they failed",
    "failed deployments whose watching has ended",
    "lower",
)
REWORK = About("rework_rate", "Rework rate", "hotfixes and rollbacks that went out", DEPLOYMENTS, "lower")

NO_COMMIT = "nobody recorded when the commit was made"
BACKWARDS = "its times contradict one another"
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def figures(past: Reading) -> tuple[Figure, ...]:
    """The five of DORA, and how long it takes until production is stable (GT-11)."""
    return (
        frequency(past),
        lead_time(past),
        change_fail_rate(past),
        recovery_time(past),
        rework_rate(past),
        time_to_stable(past),
    )


def frequency(past: Reading) -> Figure:
    """How often something goes out: over the period, or since the first deployment, in whole days begun."""
    out = past.past.releases
    since = past.past.since or min((one.at for one in out), default=past.past.now)
    until = min(past.past.until or past.past.now, past.past.now)
    days = max(0, ceil((until - since) / _DAY))
    return rate(FREQUENCY, ids(out), days, rests_on=len(past.ended))


def lead_time(past: Reading) -> Figure:
    """The median time from a commit to its deployment; nothing has to be watched to know it."""
    out = [one for one in past.past.releases if one.kind != "rollback"]
    back = Left(
        "rolls back to an earlier version", ids(one for one in past.past.releases if one.kind == "rollback")
    )
    took = [(one.id, _hours(one.built_at, one.at)) for one in out if one.built_at is not None]
    return median(
        LEAD_TIME,
        [(id, hours) for id, hours in took if hours >= 0],
        ids(out),
        left=(
            back,
            Left(NO_COMMIT, ids(one for one in out if one.built_at is None)),
            Left(BACKWARDS, tuple(id for id, hours in took if hours < 0)),
        ),
        rests_on=len(past.ended),
    )


def change_fail_rate(past: Reading) -> Figure:
    """How many deployments failed in production, of those that were watched to the end."""
    failed = ids(one for one in past.ended if past.troubles[one.id])
    return share(FAIL_RATE, failed, ids(past.ended), left=(past.watched,))


def rework_rate(past: Reading) -> Figure:
    """How many deployments were only there to mend another one."""
    out = past.past.releases
    rework = ids(one for one in out if one.kind != "regular")
    return share(REWORK, rework, ids(out), rests_on=len(past.ended))


def recovery_time(past: Reading) -> Figure:
    """The median time from the first sign of trouble until production was well again.

    It begins with the first of its incidents, or with the deployment where there was none, and ends when all of its
    incidents are mitigated; where that is not known, when it was rolled back, or mended by a hotfix.
    """
    failed = [one for one in past.ended if past.troubles[one.id]]
    spans = [(one.id, began(past, one), recovered(past, one)) for one in failed]
    took = [(id, _hours(start, end)) for id, start, end in spans if end is not None]
    return median(
        RECOVERY,
        [(id, hours) for id, hours in took if hours >= 0],
        ids(failed),
        left=(
            past.watched,
            Left("nobody recorded when it was well again", tuple(id for id, _, end in spans if end is None)),
            Left(BACKWARDS, tuple(id for id, hours in took if hours < 0)),
        ),
        rests_on=len(past.ended),
    )


def began(past: Reading, one: Went) -> datetime:
    """When a deployment began to fail, as early as is known."""
    return min((each.at for each in past.troubles[one.id].incidents), default=one.at)


def recovered(past: Reading, one: Went) -> datetime | None:
    """When production was well again after a deployment that failed; ``None`` where nobody recorded it."""
    trouble = past.troubles[one.id]
    ends = [each.mitigated_at or each.closed_at for each in trouble.incidents]
    known = [end for end in ends if end is not None]
    if known and len(known) == len(ends):
        return max(known)
    return one.rolled_back_at or min((each.at for each in trouble.hotfixes), default=None)


def time_to_stable(past: Reading) -> Figure:
    """GT-11: the median time from a release's commit until production was stable with what it brought.

    A release without trouble is stable when it goes out.  One that was mended is stable with the last of its
    hotfixes, one that was rolled back with the next release that went out and stayed.
    """
    regular = [one for one in past.ended if one.kind == "regular"]
    spans = [(one.id, one.built_at, stable_at(past, one)) for one in regular]
    took = [(id, _hours(start, end)) for id, start, end in spans if start is not None and end is not None]
    return median(
        STABLE,
        [(id, hours) for id, hours in took if hours >= 0],
        ids(regular),
        left=(
            past.watched,
            Left(NO_COMMIT, tuple(id for id, start, _ in spans if start is None)),
            Left(
                "not stable yet", tuple(id for id, start, end in spans if start is not None and end is None)
            ),
            Left(BACKWARDS, tuple(id for id, hours in took if hours < 0)),
        ),
        rests_on=len(past.ended),
    )


def stable_at(past: Reading, one: Went) -> datetime | None:
    """When production was stable with a release; ``None`` where it is not yet, or nobody recorded it."""
    trouble = past.troubles[one.id]
    if not trouble:
        return one.at
    if trouble.rolled_back:
        later = (each for each in past.whole.releases if each.kind != "rollback" and each.at > one.at)
        return min((each.at for each in later if each.rolled_back_at is None), default=None)
    if trouble.hotfixes:
        return max(each.at for each in trouble.hotfixes)
    return recovered(past, one)


def _hours(start: datetime, end: datetime) -> float:
    return (end - start) / _HOUR
