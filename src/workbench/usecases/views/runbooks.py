"""Runbooks and playbooks as both front ends show them: how each stands after its drills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.definitions.project import resolve
from workbench.definitions.runbooks import Playbook, Purpose, Runbook
from workbench.drills import model as drills
from workbench.drills.model import Drill
from workbench.drills.standing import RunbookState, Standing, spoken, state_of
from workbench.model.text import number_of
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.people import named

PURPOSES: Mapping[Purpose, str] = {
    Purpose.FORWARD: "deployment",
    Purpose.ROLLBACK: "rollback",
    Purpose.RESTORE: "restore",
    Purpose.SERVICE: "service",
    Purpose.INCIDENT: "incident",
}
MARKS: Mapping[Standing, Mark] = {
    Standing.REHEARSED: Mark.DONE,
    Standing.NEVER: Mark.OPEN,
    Standing.STALE: Mark.WARNS,
    Standing.FAILED: Mark.WARNS,
}


class RunbookLine(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook and how it stands."""

    runbook: Runbook
    state: RunbookState
    owner: str
    drilled: int

    @property
    def key(self) -> str:
        return self.runbook.key

    @property
    def mark(self) -> Mark:
        return MARKS[self.state.standing]

    @property
    def purpose(self) -> str:
        """What it is for, in a word."""
        return PURPOSES[self.runbook.for_]

    @property
    def targets(self) -> str:
        """``noticed in 5min, mitigated in 15min``; "" where it has none."""
        said = (("noticed", self.runbook.detect_within), ("mitigated", self.runbook.mitigate_within))
        return ", ".join(f"{what} in {length}" for what, length in said if length)


class RunbookPage(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook with its drills, the latest first."""

    line: RunbookLine
    drills: tuple[tuple[Stored, Drill], ...]
    playbook: Playbook | None = None


def read_runbooks(context: Context) -> list[RunbookLine]:
    """Every runbook of the project in its order, and how it stands now."""
    by_runbook: dict[str, list[Drill]] = {}
    for _, drill in drills.all_drills(context.record):
        by_runbook.setdefault(drill.runbook, []).append(drill)
    return [
        _line(context, runbook, by_runbook.get(runbook.key, []))
        for runbook in context.definitions.project.runbooks
    ]


def _line(context: Context, runbook: Runbook, own: list[Drill]) -> RunbookLine:
    return RunbookLine(
        runbook=runbook,
        state=state_of(runbook, own, context.now, context.zone),
        owner=named(context.definitions, runbook.owner) if runbook.owner else "",
        drilled=len(own),
    )


def read_runbook(context: Context, runbook: Runbook) -> RunbookPage:
    """One runbook in full."""
    found = tuple(drills.drills_of(context.record, runbook.key))
    return RunbookPage(
        line=_line(context, runbook, [value for _, value in found]),
        drills=found,
        playbook=context.definitions.playbook(runbook.playbook),
    )


def summary(lines: list[RunbookLine]) -> list[Phrase]:
    """All runbooks in a line."""
    counts = {standing: sum(one.state.standing is standing for one in lines) for standing in Standing}
    said = [
        Phrase(f"{counts[standing]} {standing.value}", MARKS[standing])
        for standing in (Standing.FAILED, Standing.STALE, Standing.NEVER, Standing.REHEARSED)
        if counts[standing]
    ]
    return [*said, Phrase(number_of(len(lines), "runbook"), aside=True)] if lines else []


def facts(page: RunbookPage) -> list[Fact]:
    """What a runbook says beside its steps, in few lines: the steps come first on its page."""
    runbook, line = page.line.runbook, page.line
    counts = f"a drill counts for {spoken(runbook.stale_after)}"
    said = [
        Fact("Stands", line.state.why, line.mark),
        Fact("For", " · ".join((line.purpose, *runbook.services, *runbook.flows))),
        Fact("Targets", f"{line.targets}; {counts}" if line.targets else counts),
        Fact("Owner", _owner(line)),
        Fact("Steps", runbook.link or ""),
        Fact("Playbook", page.playbook.title if page.playbook else ""),
    ]
    return [fact for fact in said if fact.text]


def _owner(line: RunbookLine) -> str:
    changed = line.runbook.changed
    return ", ".join(filter(None, (line.owner or "unassigned", f"changed {changed}" if changed else "")))


def decisions(playbook: Playbook) -> list[tuple[str, list[Fact]]]:
    """Each question of a playbook, and between what one chooses: when, and which runbook does it."""
    return [
        (
            decision.question,
            [
                Fact(one.choose, " → ".join(filter(None, (one.when, one.runbook or ""))))
                for one in decision.options
            ],
        )
        for decision in playbook.decisions
    ]


def failed_steps(line: RunbookLine) -> Mapping[int, str]:
    """The steps that failed in the last drill, counted from 0, with the note on each.

    Only while the runbook still says the same: once it was changed, nobody knows which step is which.
    """
    if line.state.standing is not Standing.FAILED or line.state.last is None:
        return {}
    told = line.state.last.answered
    return {step: told[step].note for step in line.state.last.failed_steps}


def document(line: RunbookLine) -> dict[str, Any]:
    """A runbook as ``--json`` prints it."""
    last = line.state.last
    return {
        **resolve(line.runbook),
        "standing": line.state.standing.value,
        "why": line.state.why,
        "rehearsed": line.state.rehearsed,
        "last_drilled_at": last.ended_at if last else None,
        "counts_until": line.state.until,
        "drilled": line.drilled,
    }


def page_document(page: RunbookPage) -> dict[str, Any]:
    """The same with its playbook in full."""
    return {**document(page.line), "playbook": resolve(page.playbook) if page.playbook else None}
