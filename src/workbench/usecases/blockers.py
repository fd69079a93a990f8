"""GT-13: every open line of a release with its owner, its age, and when it is taken to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.gates.model import Part
from workbench.gates.needs import FREEZES
from workbench.incidents.actions import Action
from workbench.incidents.model import Incident
from workbench.model.keys import moment_of
from workbench.model.times import parse_duration
from workbench.releases.model import Outcome
from workbench.signoff.conclude import Concluded
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation


class Blocker(msgspec.Struct, frozen=True, kw_only=True):
    """One open line.

    ``since`` is from when on it has been open, as far as the record shows: what made it so, or the build
    that it is judged for.  ``owner`` has promised to clear it, by ``promised``; else ``waits_for`` are those whose
    move it is.  From ``escalates_at`` on people of the role ``to`` are told.  ``since_what`` says what ``since`` is.
    """

    gate: str
    gate_title: str
    part: str
    title: str
    why: str
    since: datetime
    since_what: str
    owner: str = ""
    waits_for: tuple[str, ...] = ()
    promised: datetime | None = None
    escalates_at: datetime | None = None
    to: str = ""
    tell: tuple[str, ...] = ()

    def age(self, now: datetime) -> timedelta:
        """For how long it has been open."""
        return max(timedelta(), now - self.since)

    def broken(self, now: datetime) -> bool:
        """Whether it was promised for an earlier moment."""
        return self.promised is not None and self.promised < now

    def escalated(self, now: datetime) -> bool:
        """Whether it has been open for longer than its gate allows."""
        return self.escalates_at is not None and self.escalates_at < now

    def overdue(self, now: datetime) -> bool:
        """Whether somebody has to be told of it."""
        return self.broken(now) or self.escalated(now)


def blockers(context: Context, evaluation: Evaluation) -> list[Blocker]:
    """The open lines of an open release, those that have waited longest first; none of one that has ended."""
    if evaluation.held.release.outcome is not Outcome.OPEN:
        return []
    judged = {one.key: one for one in evaluation.judged}
    found = [
        _blocker(context, evaluation, concluded, part, judged)
        for concluded, part in evaluation.open_parts()
        if not part.folded
    ]
    return sorted(found, key=lambda one: (one.since, one.gate, one.part))


def _blocker(
    context: Context, evaluation: Evaluation, concluded: Concluded, part: Part, judged: Mapping[str, Judged]
) -> Blocker:
    promise = evaluation.promises.get(part.key)
    since, what = _since(context, evaluation, part, judged)
    escalation = concluded.gate.escalate
    people = context.definitions.project.people
    return Blocker(
        gate=concluded.key,
        gate_title=concluded.gate.title,
        part=part.key,
        title=part.title,
        why=part.why,
        since=since,
        since_what=what,
        owner=promise.owner if promise else "",
        waits_for=part.turn.who if part.turn else (),
        promised=promise.by if promise else None,
        escalates_at=since + parse_duration(escalation.after) if escalation else None,
        to=escalation.to if escalation else "",
        tell=tuple(one.key for one in people if escalation and escalation.to in one.roles),
    )


def _since(
    context: Context, evaluation: Evaluation, part: Part, judged: Mapping[str, Judged]
) -> tuple[datetime, str]:
    """From when on a line has been open, and what that moment is; never before its build was proposed."""
    built = _built(evaluation)
    made = _made(context, evaluation, part, judged)
    if made is None or (made[0] < built[0] and part.about.partition("/")[0] in ("benchmark", "build")):
        return built
    return made


def _made(
    context: Context, evaluation: Evaluation, part: Part, judged: Mapping[str, Judged]
) -> tuple[datetime, str] | None:
    noun, _, ident = part.about.partition("/")
    if part.proposal:
        found = next((one for one in evaluation.proposals if one.ref == part.proposal), None)
        return (found.at, "proposed") if found else None
    if noun == "freeze":
        at = [one.at for one in evaluation.facts(FREEZES).values() if one.reason in part.why]
        return (min(at), "frozen") if at else None
    if noun == "incident":
        stored = context.record.get("incident", ident)
        return (stored.decode(Incident).declared_at, "declared") if stored else None
    if noun == "action":
        stored = context.record.get("action", ident)
        due = stored.decode(Action).due if stored else None
        return (due, "due") if due else None
    if noun == "benchmark" and ident in judged:
        return _measured(judged[ident])
    if noun == "difference":
        row = context.record.get("difference", ident)
        return (moment_of(ident) or row.recorded_at, "listed") if row else None
    return None


def _measured(found: Judged) -> tuple[datetime, str] | None:
    """When the oldest of the looks that failed one after another was taken."""
    if found.value is None:
        return None
    failed = [one.measured_at for one in found.looks.failed] if not found.looks.windows else []
    return min([*failed, found.value.measured_at]), "measured"


def _built(evaluation: Evaluation) -> tuple[datetime, str]:
    held = evaluation.held
    if held.candidates:
        row = held.candidates[-1][0]
        return moment_of(row.id) or row.recorded_at, "build proposed"
    return held.release.created_at or held.stored.recorded_at, "release planned"
