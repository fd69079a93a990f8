"""From the record to an audit of a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from workbench.gates.deployed import off_record
from workbench.gates.model import State
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import day_text
from workbench.probes import diary
from workbench.record import EntryView, Stored
from workbench.releases import model as releases
from workbench.releases.shipment import Shipment
from workbench.signoff.conditions import ConditionKept
from workbench.signoff.model import Decision, SignOff
from workbench.usecases import soundness
from workbench.usecases.auditing.controls import controls_of
from workbench.usecases.auditing.definitions import changes_of_definitions
from workbench.usecases.auditing.entries import TOLD, Teller
from workbench.usecases.auditing.shapes import Audit, GateOutcome, Happening, Shipped, Sort
from workbench.usecases.context import Context
from workbench.usecases.entering import entered_early
from workbench.usecases.reporting.judgement import GateReport
from workbench.usecases.reporting.keeping import decode

_ALL = 10_000_000  # entries of a noun: all of them
_ANSWERS = (Decision.APPROVE, Decision.CONDITIONS)


def read_audit(context: Context, begins: datetime, ends: datetime) -> Audit:
    """What happened from one moment to another, both included; ``UsageError`` where the first lies after the second.

    The whole record is compared with its ledger first: ``RecordError`` where it cannot be trusted.
    """
    if begins > ends:
        raise UsageError("--from lies after --to", hint="an audit goes from the earlier day to the later one")
    soundness.check_record(context, everything=True)
    versions = {held.id: held.release.version for held in releases.all_releases(context.record)}
    found = [
        *_told(context, versions),
        *changes_of_definitions(context),
        *_unrecorded(context, begins, ends),
        *_entered_early(context, begins, ends),
        *_unmet_conditions(context, versions, ends),
    ]
    within = sorted((one for one in found if begins <= one.at <= ends), key=_order)
    shipped = tuple(_shipped(context, begins, ends))
    head = context.record.head
    project = context.definitions.project
    return Audit(
        project=safe_text(project.title or project.project, 200),
        project_key=project.project,
        record=context.record.info.record_id,
        timezone=project.timezone,
        begins=begins,
        ends=ends,
        head=head.chain,
        entries=head.seq,
        demonstration=context.demonstration is not None,
        happenings=tuple(within),
        shipped=shipped,
        controls=controls_of(project.gates, shipped, lambda digest: _is_held(context, digest)),
    )


def _is_held(context: Context, digest: str) -> bool:
    blob = context.record.blob(digest)
    return blob is not None and not blob.purged and not blob.absent


def _order(one: Happening) -> tuple[datetime, int, int, str, str]:
    """As it was recorded; what no entry tells comes before that of its moment."""
    return one.at, one.seq, list(Sort).index(one.sort), one.what, one.subject


def _told(context: Context, versions: dict[str, str]) -> Iterator[Happening]:
    teller = Teller(context, versions)
    for entity in TOLD:
        entries: Iterable[EntryView] = context.record.history(entity, limit=_ALL)
        for entry in entries:
            yield from teller.tell(entry)


def _unrecorded(context: Context, begins: datetime, ends: datetime) -> Iterator[Happening]:
    """Builds that probes saw running in the period, and that no candidate, or in production no shipment, names."""
    seen = diary.sightings(context.record, begins, ends, replayed=context.demonstration is not None)
    for one in off_record(seen, context.record, context.definitions.project) if seen else ():
        named = f"it is {one.named}, and no shipment is recorded" if one.named else "no candidate names it"
        yield Happening(
            at=max(begins, one.first),
            sort=Sort.DEPLOYMENT,
            what="seen running",
            subject=f"build {safe_text(one.build, 100)}: {named}",
            environment=one.environment,
            artifact=safe_text(one.build, 200),
            known=f"seen by the probe {one.probe}, until {day_text(one.last, context.zone)}",
            flag="nobody recorded this deployment",
        )


def _entered_early(context: Context, begins: datetime, ends: datetime) -> Iterator[Happening]:
    """Candidates that probes saw in an environment before the gate into it was signed for them."""
    seen = diary.sightings(context.record, begins, ends, replayed=context.demonstration is not None)
    for one in entered_early(seen, context.record, context.definitions.project.gates):
        roles = ", ".join(role.replace("-", " ") for role in one.missing)
        yield Happening(
            at=max(begins, one.seen.first),
            sort=Sort.DEPLOYMENT,
            what="seen before its gate",
            subject=safe_text(f"{one.version} {one.candidate} in {one.seen.environment}", 500),
            release=one.version,
            gate=one.gate.key,
            environment=one.seen.environment,
            artifact=safe_text(one.seen.build, 200),
            known=f"seen by the probe {one.seen.probe}, until {day_text(one.seen.last, context.zone)}",
            flag=f"the gate into it was not signed then: {roles} missing",
        )


def _kept(row: Stored) -> ConditionKept:
    return row.decode(ConditionKept)


def _unmet_conditions(context: Context, versions: dict[str, str], ends: datetime) -> Iterator[Happening]:
    """Conditions that fell due while the approval they belong to was the person's last word on the gate."""
    rows = [(row.id, row.decode(SignOff)) for row in context.record.all("signoff")]
    words: list[SignOff] = [value for _, value in rows]
    kept = {value.signoff: value for value in map(_kept, context.record.all("condition_kept"))}
    for ident, one in rows:
        due = one.conditions_due
        if (
            one.decision is not Decision.CONDITIONS
            or due is None
            or due > min(ends, context.now)
            or one.revoked_at
            or (ident in kept and kept[ident].at < due)
        ):
            continue
        same = (one.release, one.gate, one.person)
        if any((other.release, other.gate, other.person) == same and other.at > one.at for other in words):
            continue
        yield Happening(
            at=due,
            sort=Sort.APPROVAL,
            what="condition fell due",
            subject=safe_text(one.conditions, 500),
            release=versions.get(one.release, one.release),
            gate=one.gate,
            who=one.person,
            known="by the approval",
            evidence=tuple(filter(None, (one.statement,))),
            flag="nobody has said that it was met",
        )


# --- releases that went out ---------------------------------------------------------------------


def _shipped(context: Context, begins: datetime, ends: datetime) -> Iterator[Shipped]:
    kinds = {held.id: held.release.kind.value for held in releases.all_releases(context.record)}
    broken = {row.id for row in context.record.all("break_glass")}
    found = [row.decode(Shipment) for row in context.record.all("shipment")]
    for value in sorted((one for one in found if one.stands), key=lambda one: (one.at, one.version)):
        if begins <= value.at <= ends:
            gates = _gates(context, value)
            yield Shipped(
                version=value.version,
                kind=kinds.get(value.release, ""),
                at=value.at,
                by=value.by,
                commit=value.commit,
                through=value.through,
                reason=safe_text(value.reason, 2000),
                report=value.report if gates is not None else "",
                break_glass=value.release in broken,
                gates=gates or (),
            )


def _gates(context: Context, value: Shipment) -> tuple[GateOutcome, ...] | None:
    """The gates of its kept report; ``None`` where that is not here or cannot be read."""
    blob = context.record.blob(value.report)
    if blob is None or not blob.data:
        return None
    try:
        report = decode(blob.data)
    except WorkbenchError:
        return None
    return tuple(_outcome(gate) for gate in report.gates)


def _outcome(gate: GateReport) -> GateOutcome:
    counted = [one for one in gate.signatures if one.counts and one.decision in _ANSWERS]
    return GateOutcome(
        gate=gate.key,
        title=safe_text(gate.title, 200),
        through=gate.through,
        signed_by=tuple(f"{one.person} ({one.role})" for one in counted),
        excepted=sum(part.state is State.OVERRIDDEN for part in gate.parts),
        statements=tuple(one.statement for one in counted if one.statement),
        requirements=_states(gate),
    )


def _states(gate: GateReport) -> tuple[tuple[str, str], ...]:
    found: Sequence[tuple[str, str]] = [(one.key, one.state.value) for one in gate.requirements]
    return tuple(found)
