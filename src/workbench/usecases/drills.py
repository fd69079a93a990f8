"""Drills and gamedays: beginning one, saying what came of each step, stamping the clock, ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.benchmarks.faults import CATALOGUE
from workbench.definitions.runbooks import Runbook
from workbench.drills import acting
from workbench.drills import model as drills
from workbench.drills.model import Drill, DrillResult, Gameday, StepState
from workbench.incidents import model as incidents
from workbench.incidents.timeline import LineKind
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.record import Change, Commit, Stored
from workbench.releases import model as releases
from workbench.releases.model import Outcome
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.environments import find_environment
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.people import key_or_text
from workbench.usecases.timelines import line

FIGURE = "runbook_success"


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """What is said when a drill begins.

    ``fault`` is a scenario of the project or a fault of the catalogue; ``gameday``, and ``incident`` for which
    the runbook is executed in earnest, are named by id or title; ``at`` is when it began.
    """

    runbook: str
    environment: str = ""
    fault: str = ""
    gameday: str = ""
    incident: str = ""
    people: tuple[str, ...] = ()
    at: datetime | None = None


def find_runbook(context: Context, key: str) -> Runbook:
    """The runbook of that key; ``UsageError`` where there is none."""
    found = context.definitions.runbook(key)
    if found is not None:
        return found
    known = [one.key for one in context.definitions.project.runbooks]
    meant = nearest(key, known)
    hint = (
        f"did you mean {meant}?"
        if meant
        else f"known: {', '.join(known) or 'none; list some under runbooks: in workbench.yaml'}"
    )
    raise UsageError(f"there is no runbook “{key}”", hint=hint)


def start_drill(context: Context, begin: Begin) -> str:
    """Begin a drill of a runbook as its definition stands; returns its id.

    ``NotAllowed`` while another drill of the same runbook is running: one clock counts for one runbook.
    """
    runbook = find_runbook(context, begin.runbook)
    other = next(
        (pair for pair in drills.running_drills(context.record) if pair[1].runbook == runbook.key), None
    )
    if other is not None:
        raise NotAllowed(
            f"“{runbook.title}” is being drilled already ({other[0].id[-12:]})",
            hint=f"workbench drill show {runbook.key}",
        )
    value = acting.begun(runbook, by=context.author().actor, at=_when(context, begin.at))
    people = context.definitions.project.people
    value = msgspec.structs.replace(
        value,
        people=tuple(
            dict.fromkeys(key_or_text(people, without_secrets_in(context, name)) for name in begin.people)
        ),
        environment=_environment(context, begin.environment),
        fault=_fault(context, begin.fault),
        gameday=drills.find_gameday(context.record, begin.gameday)[0].id if begin.gameday else "",
        incident=incidents.find(context.record, begin.incident)[0].id if begin.incident else "",
        **_build(context),
    )
    ident = fresh_id(context)
    begins = _in_timeline(context, value, LineKind.NOTE, f"runbook “{value.title}” begins", value.started_at)
    commit(context, [acting.started(ident, value), *begins])
    return ident


def _in_timeline(context: Context, value: Drill, what: LineKind, words: str, at: datetime) -> list[Change]:
    """What the timeline says of a runbook that is executed for an incident; nothing for a drill."""
    return [line(context, value.incident, what, words, at)] if value.incident else []


def _build(context: Context) -> dict[str, str | None]:
    """The release and the candidate that a drill speaks of: those in front of everybody, if they are still open."""
    if not context.record.count("release"):
        return {}
    held = releases.find(context.record, context.release)
    if held.release.outcome is not Outcome.OPEN:
        return {}
    return {"release": held.id, "candidate": held.candidate_id}


def _environment(context: Context, key: str) -> str:
    if not key and context.definitions.staging is None:
        return ""
    return find_environment(context, key or None).key


def _fault(context: Context, name: str) -> str:
    known = [*(one.key for one in context.definitions.project.faults), *CATALOGUE]
    if not name or name in known:
        return name
    meant = nearest(name, known)
    hint = f"did you mean {meant}?" if meant else f"known: {', '.join(known)}"
    raise UsageError(f"there is no fault “{name}”", hint=hint)


def find_drill(context: Context, ref: str | None = None, *, or_last: bool = False) -> tuple[Stored, Drill]:
    """The drill that ``ref`` names (see :func:`workbench.drills.model.find`); without one, the one that is running.

    ``or_last``: the latest one, where none is running.
    """
    if ref:
        return drills.find(context.record, ref)
    running = drills.running_drills(context.record)
    if not running and or_last and (known := drills.all_drills(context.record)):
        return known[0]
    if len(running) == 1:
        return running[0]
    if running:
        named = ", ".join(value.runbook for _, value in running)
        raise UsageError("several drills are running: which one?", hint=f"--drill with one of {named}")
    raise UsageError("no drill is running", hint="workbench drill start RUNBOOK; workbench drill list")


def answer_step(
    context: Context,
    stored: Stored,
    value: Drill,
    step: int | None,
    state: StepState,
    *,
    note: str = "",
    at: datetime | None = None,
) -> tuple[int, Commit]:
    """Say what came of a step, counted from 0: of the next one unless it is named.  Returns which it was."""
    if step is None:
        step = value.next_step
    if step is None and value.asked:
        raise UsageError("every step is answered", hint="workbench drill end; a number changes an answer")
    change = acting.answered(
        stored,
        value,
        step or 0,
        state,
        by=context.author().actor,
        at=_when(context, at),
        note=without_secrets_in(context, note),
    )
    return step or 0, commit(context, [change])


def stamp(context: Context, stored: Stored, value: Drill, what: str, at: datetime | None = None) -> Commit:
    """Say when it was ``detected`` or ``mitigated``."""
    return commit(context, [acting.stamped(stored, value, what, _when(context, at))])


def end_drill(
    context: Context,
    stored: Stored,
    value: Drill,
    wanted: DrillResult | None = None,
    words: str = "",
    at: datetime | None = None,
) -> Commit:
    """End a drill; what benchmarks ask of the record about drills is answered again."""
    words, moment = without_secrets_in(context, words), _when(context, at)
    change = acting.ended(stored, value, wanted, words, moment)
    assert isinstance(change.value, Drill)
    result = change.value.result
    what = LineKind.NOTE if result is DrillResult.STOPPED else LineKind.RUNBOOK
    told = f"runbook “{value.title}” {result.value}" + (f": {words.strip()}" if words.strip() else "")
    done = commit(context, [change, *_in_timeline(context, value, what, told, moment)])
    from workbench.usecases.fetching import keep_figures_out_of

    keep_figures_out_of(context, FIGURE, environment=value.environment)
    return done


def _when(context: Context, at: datetime | None) -> datetime:
    """When something happened, to the second: now, or earlier."""
    if at is not None and at > context.now:
        raise UsageError("this is still to come", hint="a drill tells what has happened")
    return (at or context.now).replace(microsecond=0)


def find_gameday(context: Context, ref: str) -> tuple[Stored, Gameday]:
    """The gameday with that id (or the end of one), or with these words in its title."""
    return drills.find_gameday(context.record, ref)


def read_gamedays(context: Context) -> list[tuple[Stored, Gameday]]:
    """Every gameday, the latest first."""
    return drills.all_gamedays(context.record)


def plan_gameday(
    context: Context, title: str, at: datetime | None, people: Sequence[str], words: str = ""
) -> str:
    """Plan a gameday, or say that one is now; returns its id."""
    known = context.definitions.project.people
    value = Gameday(
        title=" ".join(without_secrets_in(context, title).split()),
        at=(at or context.now).replace(microsecond=0),
        by=context.author().actor,
        people=tuple(dict.fromkeys(key_or_text(known, without_secrets_in(context, name)) for name in people)),
        words=without_secrets_in(context, words.strip()),
    )
    ident = fresh_id(context)
    commit(context, [acting.gameday_planned(ident, value)])
    return ident


def edit_gameday(
    context: Context, stored: Stored, value: Gameday, *, at: datetime | None, words: str | None
) -> Commit:
    """Move a gameday to another moment, or say what came of it."""
    changed = msgspec.structs.replace(
        value,
        at=at or value.at,
        words=value.words if words is None else without_secrets_in(context, words.strip()),
    )
    if changed == value:
        raise UsageError("nothing to change", hint="--at TIME or --note TEXT")
    return commit(context, [acting.gameday_edited(stored, changed)])
