"""IN-3, IN-5: what better fidelity would have saved, and whether to invest in it or to hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from workbench.learning.differences import Spent, spent
from workbench.learning.reading import Reading, ids


class Prevented(msgspec.Struct, frozen=True, kw_only=True):
    """What incidents to which a difference contributed have cost, and failed tests and false alarms in hours.

    ``of`` are all incidents in production that count; of those not reviewed nobody knows.
    """

    incidents: tuple[str, ...]
    of: tuple[str, ...]
    spent: Spent
    tests: tuple[str, ...]
    tests_spent: Spent
    not_reviewed: tuple[str, ...]


def prevented(past: Reading) -> Prevented:
    """IN-5: what would not have happened in a staging without the differences that contributed."""
    own = [(id, lesson) for id, lesson in past.lessons() if lesson.contributed == "yes"]
    tests = [(one.id, one.lesson) for one in past.past.tests if one.lesson.contributed == "yes"]
    return Prevented(
        incidents=tuple(id for id, _ in own),
        of=ids(past.escaped),
        spent=spent(own),
        tests=tuple(id for id, _ in tests),
        tests_spent=spent(tests),
        not_reviewed=past.not_reviewed().ids,
    )


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """Whether to invest in fidelity: ``hold`` where there were no more incidents in production than are tolerated.

    ``incidents`` are those of the last stretch of time ``within``, in which ``tolerated`` are tolerated.  ``unknown`` where the
    team has not said what it tolerates, ``early`` where the record does not reach back so far.
    """

    what: Literal["hold", "invest", "unknown", "early"]
    incidents: tuple[str, ...] = ()
    within: timedelta = timedelta()
    tolerated: int = 0


def advice(past: Reading) -> Advice:
    """IN-3: once incidents are no more than what the team tolerates, hold rather than invest."""
    most = past.whole.tolerated
    if most is None:
        return Advice(what="unknown")
    end = min(past.past.until or past.past.now, past.past.now)
    start = end - most.within
    found = ids(one for one in past.whole.incidents if one.escaped and start <= one.at < end)
    first = min((one.at for one in past.whole.releases), default=end)
    what: Literal["hold", "invest", "early"] = "hold"
    if len(found) > most.incidents:
        what = "invest"
    elif first > start:
        what = "early"
    return Advice(what=what, incidents=found, within=most.within, tolerated=most.incidents)
