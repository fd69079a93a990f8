"""Looking at every project: found, judged at the same time, and put together as the answers come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC

from workbench.learning.period import quarter_named
from workbench.usecases.fleet import crew
from workbench.usecases.fleet.finding import Found, Wanted, find
from workbench.usecases.fleet.shapes import Ask, Project
from workbench.usecases.fleet.together import Fleet, assemble

Stopped = Callable[[], bool]
Judges = Callable[[tuple[Ask, ...], Stopped], Iterator[Project]]


def in_processes(asks: tuple[Ask, ...], stopped: Stopped) -> Iterator[Project]:
    """Judges each in a process of its own."""
    return crew.judged(asks, stopped=stopped)


class Looking:
    """What is known so far of the projects that were found; each answer replaces an earlier one about its project."""

    def __init__(self, wanted: Wanted) -> None:
        """Finds them, and raises what :func:`~workbench.usecases.fleet.finding.find` does."""
        self.wanted = wanted
        self.found: Found = find(wanted)
        self._told: dict[str, Project] = {}

    @property
    def fleet(self) -> Fleet:
        """All of it as it stands."""
        return assemble(
            [self._told[ask.root] for ask in self.found.asks if ask.root in self._told],
            asked=len(self.found.asks),
            elsewhere=self.found.elsewhere,
            folders=self.found.folders,
            remark=self.found.remark,
            more=self.found.more,
            quarter=self.wanted.quarter,
        )

    def take(self, project: Project) -> Fleet:
        """Puts an answer in its place, and says how all of it stands then."""
        self._told[project.root] = project
        return self.fleet

    def again(self, wanted: Wanted) -> Looking:
        """Looks for projects anew; what was told of those that are still asked for the same way stands until it is told again."""
        fresh = Looking(wanted)
        known = {(ask.root, ask.demonstrations) for ask in self.found.asks}
        for ask in fresh.found.asks:
            if ask.root in self._told and (ask.root, ask.demonstrations) in known:
                fresh._told[ask.root] = self._told[ask.root]
        return fresh


def look(
    wanted: Wanted,
    *,
    progress: Callable[[Fleet], None] = lambda fleet: None,
    stopped: Stopped = lambda: False,
    judges: Judges = in_processes,
) -> Fleet:
    """The fleet, once every project has been judged; ``progress`` is told of it as it stands after each of them.

    Raises what :func:`~workbench.usecases.fleet.finding.find` does.  Where it is ``stopped``, what is known so far.
    """
    looking = Looking(wanted)
    for project in judges(looking.found.asks, stopped):
        progress(looking.take(project))
    return looking.fleet


def require_quarter(name: str) -> None:
    """``UsageError`` for what is no quarter's name; which one it is, is found by the zone of each project."""
    if name and name.strip().lower() not in ("last", "this"):
        quarter_named(name, UTC)
