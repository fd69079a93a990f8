"""Looking at every project: found, judged at the same time, and put together as the answers come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC

from workbench.learning.period import quarter_named
from workbench.usecases.fleet import crew
from workbench.usecases.fleet.finding import Found, Wanted, find
from workbench.usecases.fleet.shapes import Ask, Project
from workbench.usecases.fleet.together import Fleet, assemble

Judges = Callable[[tuple[Ask, ...], Callable[[], bool]], Iterator[Project]]


def _in_processes(asks: tuple[Ask, ...], stopped: Callable[[], bool]) -> Iterator[Project]:
    return crew.judged(asks, stopped=stopped)


def look(
    wanted: Wanted,
    *,
    progress: Callable[[Fleet], None] = lambda fleet: None,
    stopped: Callable[[], bool] = lambda: False,
    judges: Judges = _in_processes,
) -> Fleet:
    """The fleet, once every project has been judged; ``progress`` is told of it as it stands after each of them.

    Raises what :func:`~workbench.usecases.fleet.finding.find` does.  Where it is ``stopped``, what is known so far.
    """
    found = find(wanted)
    told: list[Project] = []
    fleet = _fleet(wanted, found, told)
    for project in judges(found.asks, stopped):
        told.append(project)
        fleet = _fleet(wanted, found, told)
        progress(fleet)
    return fleet


def require_quarter(name: str) -> None:
    """``UsageError`` for what is no quarter's name; which one it is, is found by the zone of each project."""
    if name and name.strip().lower() not in ("last", "this"):
        quarter_named(name, UTC)


def _fleet(wanted: Wanted, found: Found, told: list[Project]) -> Fleet:
    return assemble(
        told,
        asked=len(found.asks),
        elsewhere=found.elsewhere,
        more=found.more,
        quarter=wanted.quarter,
    )
