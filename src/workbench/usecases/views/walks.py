"""A runbook on its page: while a drill of it runs its clock and each step, otherwise how it stands and what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from workbench.definitions.runbooks import Playbook
from workbench.drills.model import drills_of
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.drills import (
    SAID,
    DrillLine,
    DrillPage,
    StepLine,
    clock_fact,
    read_drill,
    read_drills,
    target_fact,
)
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.runbooks import RunbookLine, failed_steps, read_runbook
from workbench.usecases.views.runbooks import facts as runbook_facts

STANDS_STILL = "a demonstration's clock stands still; workbench drill takes --at"


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook and, while one runs, the drill of it.

    ``now`` gives the present moment each time that it is called: the clock on screen is made of it and
    of what the record holds.  ``still`` says that it never moves.
    """

    line: RunbookLine
    playbook: Playbook | None
    steps: tuple[StepLine, ...]
    said: tuple[Fact, ...]
    past: tuple[DrillLine, ...]
    now: Callable[[], datetime]
    still: bool = False
    stored: Stored | None = None
    running: DrillPage | None = None

    @property
    def title(self) -> str:
        return self.running.value.title if self.running else self.line.runbook.title

    @property
    def next_step(self) -> int | None:
        """The number of the step to answer next, from 1."""
        left = self.running.value.next_step if self.running else None
        return left + 1 if left is not None else None


def read_walk(context: Context, key: str) -> Walk | None:
    """The page of a runbook; ``None`` where the project no longer lists it."""
    runbook = context.definitions.runbook(key)
    if runbook is None:
        return None
    page = read_runbook(context, runbook)
    running = next((pair for pair in drills_of(context.record, key) if pair[1].running), None)
    drill = read_drill(context, *running) if running else None
    return Walk(
        line=page.line,
        playbook=page.playbook,
        steps=drill.steps if drill else _as_written(page.line),
        said=drill.about if drill else tuple(runbook_facts(page)),
        past=tuple(read_drills(context, key)),
        now=context.clock.now,
        still=context.clock.fixed is not None,
        stored=running[0] if running else None,
        running=drill,
    )


def _as_written(line: RunbookLine) -> tuple[StepLine, ...]:
    failed = failed_steps(line)
    return tuple(
        StepLine(
            number=number + 1,
            do=step.do,
            expect=step.expect,
            mark=Mark.WARNS if number in failed else Mark.OPEN,
            state="failed in the last drill" if number in failed else "",
            took=f"of {step.target}" if step.target else "",
            note=failed.get(number, ""),
        )
        for number, step in enumerate(line.runbook.steps)
    )


def headline(walk: Walk, now: datetime) -> str:
    """What stands at the end of the line across: the clock while it runs, else how the runbook stands."""
    if walk.running is None:
        return walk.line.state.standing.value
    return clock_fact(walk.running.value, now, walk.running.began).text.partition(" ")[0]


def facts(walk: Walk, now: datetime) -> list[Fact]:
    """What is said of it at a moment: clock and targets first."""
    if walk.running is None:
        return list(walk.said)
    value = walk.running.value
    still = [Fact("", STANDS_STILL, aside=True)] if walk.still else []
    targets = [target_fact(value, what, now) for what in SAID]
    return [clock_fact(value, now, walk.running.began), *still, *targets, *walk.said]


def _took(step: StepLine) -> Fact:
    if step.took.startswith("of "):
        return Fact("Target", step.took.removeprefix("of "))
    return Fact("Took", f"{step.took}{', late' if step.late else ''}")


def step_facts(step: StepLine) -> list[Fact]:
    """All that is known of a step."""
    said = [
        Fact("Expect", step.expect),
        Fact("Came of it", step.state, step.mark),
        Fact("Note", step.note),
        _took(step),
        Fact("By", step.by),
    ]
    return [fact for fact in said if fact.text]
