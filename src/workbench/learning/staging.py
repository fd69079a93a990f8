"""How far staging can be trusted: what it was right about, what it missed, what it caught, and where it cried wolf.

BM-13, BM-15, IN-3, IN-6.  What each figure counts, of what, and what it leaves out stands in docs/learning.md.
"""

from __future__ import annotations

from workbench.learning.figure import About, Figure, Left, share
from workbench.learning.past import Went
from workbench.learning.reading import Reading, answered, ids, those

RIGHT = About(
    "right",
    "Staging was right",
    "releases that had no trouble in production",
    "releases that staging passed without an exception and whose watching has ended",
    "higher",
)
PREDICTIVE_VALUE = About(
    "predictive_value",
    "Passed, then failed in production",
    "releases that were rolled back, had an incident that they caused, or were mended by a hotfix",
    "releases that staging passed without an exception and whose watching has ended",
    "lower",
)
MISSED_FAULTS = About(
    "missed_faults",
    "Missed faults",
    "releases with an incident in production to which a difference contributed",
    "releases that staging passed without an exception and whose watching has ended",
    "lower",
)
CONTRIBUTED = About(
    "contributed",
    "A difference contributed",
    "incidents in production to which a difference contributed",
    "incidents in production whose review says whether one did",
    "lower",
)
WOULD_CATCH = About(
    "would_catch",
    "Staging would have caught it",
    "incidents in production that staging would have caught",
    "incidents in production whose review says whether it would have",
)
SURPRISES = About(
    "surprises",
    "Surprised where staging differs",
    "incidents in production that surprised because staging behaves otherwise",
    "incidents in production whose review says whether they were a surprise",
    "lower",
)
FALSE_ALARMS = About(
    "false_alarms",
    "False alarms",
    "stops that somebody called a false alarm",
    "stops of which somebody said whether they were right",
    "lower",
)
CAUGHT = About(
    "caught",
    "Caught in staging",
    "catches of staging",
    "catches of staging, and incidents in production that a release caused",
    "higher",
)
STAGING_ONLY = About(
    "staging_only_failures",
    "Tests red in staging alone",
    "test runs that failed in staging because of a difference",
    "test runs that failed in staging and whose review says whether a difference contributed",
    "lower",
)
SKIPPED = About(
    "skipped_staging",
    "Skipped staging",
    "releases and hotfixes that went out without having been in staging",
    "releases and hotfixes that went out",
    "lower",
)
RUNBOOK_WORKED = About(
    "runbook_worked",
    "Runbook worked in an incident",
    "incidents in which the runbook worked",
    "incidents in which there was a runbook and whose review says whether it worked",
    "higher",
)
DRILLS_WORKED = About(
    "drills_worked", "Drills that worked", "drills that worked", "drills that worked or failed", "higher"
)


def figures(past: Reading) -> tuple[Figure, ...]:
    """All of them, those that say most of staging first."""
    return (
        right(past),
        predictive_value(past),
        missed_faults(past),
        false_alarms(past),
        caught(past),
        staging_only(past),
        contributed(past),
        would_catch(past),
        surprises(past),
        skipped_staging(past),
        runbook_worked(past),
        drills_worked(past),
    )


def _passed(past: Reading) -> tuple[list[Went], tuple[Left, ...]]:
    """The releases that staging spoke for, and those that it did not."""
    rollbacks = ids(one for one in past.ended if one.kind == "rollback")
    others = [one for one in past.ended if one.kind != "rollback"]
    return [one for one in others if one.spoke_for], (
        past.watched,
        Left("rolls back to an earlier version", rollbacks),
        Left("went out although a gate had not passed, or with an exception", ids(_excepted(others))),
        Left("skipped staging", ids(one for one in others if one.skipped_staging)),
    )


def _excepted(releases: list[Went]) -> list[Went]:
    return [one for one in releases if not one.spoke_for and not one.skipped_staging]


def right(past: Reading) -> Figure:
    """The predictive value of staging's yes: how many of the releases that it passed did well."""
    passed, left = _passed(past)
    return share(RIGHT, ids(one for one in passed if not past.troubles[one.id]), ids(passed), left=left)


def predictive_value(past: Reading) -> Figure:
    """BM-15: the other side of :func:`right`."""
    passed, left = _passed(past)
    return share(
        PREDICTIVE_VALUE, ids(one for one in passed if past.troubles[one.id]), ids(passed), left=left
    )


def missed_faults(past: Reading) -> Figure:
    """BM-13: staging was green, production broke, and a difference contributed."""
    passed, left = _passed(past)
    return share(MISSED_FAULTS, ids(one for one in passed if _missed(past, one)), ids(passed), left=left)


def _missed(past: Reading, one: Went) -> bool:
    found = past.troubles[one.id].incidents
    return any(each.lesson is not None and each.lesson.contributed == "yes" for each in found)


def contributed(past: Reading) -> Figure:
    """IN-2: in how many incidents in production a difference contributed."""
    return _said(past, CONTRIBUTED, "contributed", "yes")


def would_catch(past: Reading) -> Figure:
    """IN-2: how many incidents staging would have caught, had it been asked."""
    return _said(past, WOULD_CATCH, "would_catch", "yes")


def surprises(past: Reading) -> Figure:
    """IN-6: how often production surprised where staging would not have behaved the same."""
    return _said(past, SURPRISES, "surprise", "staging_other")


def _said(past: Reading, about: About, field: str, answer: str) -> Figure:
    pairs = past.lessons()
    of, unknown = answered(pairs, field)
    left = (past.not_reviewed(), unknown, *past.left_incidents)
    return share(about, those(pairs, field, answer), of, left=left, rests_on=len(past.ended))


def false_alarms(past: Reading) -> Figure:
    """IN-3: how often a stop was one too many, of those that somebody has judged."""
    wrong = ids(one for one in past.past.stops if not one.caught)
    return share(FALSE_ALARMS, wrong, ids(past.past.stops), rests_on=len(past.ended))


def caught(past: Reading) -> Figure:
    """BM-2: what staging caught, of all that it caught and that escaped to production."""
    good = ids(one for one in past.past.stops if one.caught)
    blamed = [one for one in past.escaped if one.by_release]
    left = Left(
        "no release is known to have caused it", ids(one for one in past.escaped if not one.by_release)
    )
    return share(
        CAUGHT,
        good,
        (*good, *ids(blamed)),
        left=(left, *past.left_incidents),
        rests_on=len(past.ended),
    )


def staging_only(past: Reading) -> Figure:
    """BM-13, the reverse: red in staging alone."""
    pairs = [(one.id, one.lesson) for one in past.past.tests]
    of, unknown = answered(pairs, "contributed")
    wrong = those(pairs, "contributed", "yes")
    return share(STAGING_ONLY, wrong, of, left=(unknown,), rests_on=len(past.ended))


def skipped_staging(past: Reading) -> Figure:
    """GT-12: how many of what went out had not been in staging; nothing has to be watched to know that."""
    out = [one for one in past.past.releases if one.kind != "rollback"]
    back = Left(
        "rolls back to an earlier version", ids(one for one in past.past.releases if one.kind == "rollback")
    )
    skipped = ids(one for one in out if one.skipped_staging)
    return share(SKIPPED, skipped, ids(out), left=(back,), rests_on=len(past.ended))


def runbook_worked(past: Reading) -> Figure:
    """IN-2: whether the runbook helped, in staging and in production."""
    counting = [one for one in past.past.incidents if not one.left]
    pairs = [(one.id, one.lesson) for one in counting if one.lesson is not None]
    of, unknown = answered(pairs, "runbook_worked", nothing=("", "none", "unknown"))
    left = (
        Left("not reviewed", ids(one for one in counting if one.lesson is None)),
        Left("no runbook, or nobody could say", unknown.ids),
        *past.left_incidents,
    )
    return share(
        RUNBOOK_WORKED, those(pairs, "runbook_worked", "yes"), of, left=left, rests_on=len(past.ended)
    )


def drills_worked(past: Reading) -> Figure:
    """OP-10: of drills, whatever releases there were."""
    drills = [one for one in past.past.drills if not one.in_earnest]
    known = [one for one in drills if one.result != "stopped"]
    left = (
        Left("stopped before the end", ids(one for one in drills if one.result == "stopped")),
        Left("executed in an incident", ids(one for one in past.past.drills if one.in_earnest)),
    )
    return share(DRILLS_WORKED, ids(one for one in known if one.result == "worked"), ids(known), left=left)
