"""GT-10: quarantining flaky checks, ending a quarantine, and listing them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.criteria import Verdict
from workbench.gates import quarantine as room
from workbench.gates.evaluate import kind_of
from workbench.gates.kinds.tests_green.judging import failing_tests
from workbench.gates.model import Part, State
from workbench.gates.needs import QUARANTINED
from workbench.gates.probed import LATEST
from workbench.gates.quarantine import ApprovedQuarantine, Quarantine
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.record import Commit
from workbench.signoff.statement import Act
from workbench.usecases.approving import keyed_of, stated_on
from workbench.usecases.context import Context, commit
from workbench.usecases.deciding import require_known, seen
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.people import known_approver, owner_named

_HINT = "only benchmarks, probes and tests can be flaky; workbench override lets a release past anything else"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A quarantine as it stands: ``ended`` once its end has come, ``now`` how its check stands today."""

    quarantine: ApprovedQuarantine
    ended: bool
    now: str


def find_check(evaluation: Evaluation, ref: str) -> Part:
    """The check that ``ref`` names: the key of its line, its end, or its title.

    Benchmarks are found whether a gate asks for them or not.
    """
    checks = _checks(evaluation)
    if ref in checks:
        return checks[ref]
    found = [
        part for key, part in checks.items() if key.endswith(f"/{ref}") or part.title.lower() == ref.lower()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"“{ref}” matches several checks", hint=", ".join(part.key for part in found[:3]))
    parts = {part.key for gate in evaluation.gates for part in gate.parts}
    if any(key == ref or key.endswith(f"/{ref}") for key in parts):
        raise NotAllowed(f"“{ref}” cannot be quarantined", hint=_HINT)
    meant = nearest(ref, [*checks, *(key.rpartition("/")[2] for key in checks)])
    raise UsageError(f"there is no check “{ref}”", hint=f"did you mean {meant}?" if meant else _HINT)


def _checks(evaluation: Evaluation) -> dict[str, Part]:
    """Every line of a gate that may be flaky, and every benchmark, by key."""
    found = {
        f"benchmark/{item.key}": Part(
            key=f"benchmark/{item.key}",
            title=item.title,
            state=State.MET if item.through else State.NOT_MET,
            why=item.why,
            about=f"benchmark/{item.key}",
        )
        for item in evaluation.judged
    }
    for source, reading in evaluation.tests.items():
        for name in failing_tests(reading):
            key = f"test/{source}/{name}"
            found[key] = Part(
                key=key, title=name, state=State.NOT_MET, why="failed", about=f"benchmark/tests/{source}"
            )
    for gate in evaluation.gates:
        for requirement, state in zip(gate.gate.requires, gate.result.requirements, strict=True):
            if kind_of(requirement)[0].flaky:
                found |= {part.key: part for part in state.parts if part.key.startswith(_CHECKS)}
    return found


_CHECKS = ("benchmark/", "probe/")


def quarantine(
    context: Context,
    evaluation: Evaluation,
    ref: str,
    *,
    reason: str,
    until: datetime,
    approver: str = "",
    owner: str = "",
) -> Commit:
    """Propose to quarantine a flaky check.

    It counts once the ``approver`` has acted, or anybody else of the project where none is named.
    ``owner`` is who mends the check.
    """
    require_known(context)
    approver = known_approver(context.definitions.project.people, approver)
    part = find_check(evaluation, ref)
    reason = without_secrets_in(context, reason)
    _require_flaky(context, evaluation, part)
    stated = stated_on(
        context, evaluation, Act.QUARANTINE, part.key, decision="propose", words=reason.strip()
    )
    value = Quarantine(
        part=part.key,
        title=part.title,
        reason=reason,
        author=context.author().actor,
        at=context.now,
        until=until,
        asked=approver,
        owner=owner_named(context, owner) if owner.strip() else "",
        seen=seen(evaluation, part),
        statement=stated.digest if stated else "",
    )
    return commit(context, [room.proposed(value), *keyed_of(stated)], blobs=stated.blobs if stated else ())


def _require_flaky(context: Context, evaluation: Evaluation, part: Part) -> None:
    """What cannot be flaky is not quarantined: what was never measured, and what looks for personal data."""
    aside = evaluation.facts(QUARANTINED).get(part.key)
    if aside is not None:
        raise NotAllowed(
            f"{part.title} is quarantined already, until {aside.until:%Y-%m-%d}",
            hint="lift that one first: workbench quarantine PART --lift --reason WHY",
        )
    noun, _, key = part.key.partition("/")
    if noun == "probe":
        probe = next(item for item in context.definitions.project.probes if item.key == key)
        if probe.kind == "masking":
            raise NotAllowed(
                f"{part.title} looks for personal data, which no quarantine excuses",
                hint="mask the data; workbench probe shows what was found",
            )
        measured = key in evaluation.facts(LATEST)
    elif noun == "test":
        measured = True  # it stands in a report, or it would not be found
    else:
        judged = next(item for item in evaluation.judged if item.key == key)
        measured = judged.value is not None and judged.verdict is not Verdict.MISSING
    if not measured:
        raise NotAllowed(
            f"{part.title} was never measured for this candidate, so nothing shows that it is flaky",
            hint="measure it first: workbench fetch, or workbench probe",
        )


def lift(context: Context, ref: str, reason: str) -> Commit:
    """End a quarantine early: the check counts again at once."""
    require_known(context)
    found = [
        stored
        for stored, value in room.quarantines(context.record)
        if value.part == ref or value.part.endswith(f"/{ref}") or value.title.lower() == ref.lower()
    ]
    if not found:
        raise UsageError(f"nothing called “{ref}” is quarantined", hint="workbench quarantine lists them")
    reason = without_secrets_in(context, reason)
    return commit(context, [room.lift_quarantine(stored, reason) for stored in found])


def read_quarantines(evaluation: Evaluation) -> list[Standing]:
    """The quarantines that nobody has lifted, those in force first, each with how its check stands."""
    now = evaluation.facts.now
    checks = _checks(evaluation)
    judged = {f"benchmark/{item.key}": item.why for item in evaluation.judged}
    found = []
    for item in sorted(evaluation.quarantines, key=lambda each: (each.until <= now, each.until, each.part)):
        part = checks.get(item.part)
        why = judged.get(item.part) or (part.why.partition("; now: ")[2] or part.why if part else "")
        found.append(Standing(quarantine=item, ended=item.until <= now, now=why or "no gate asks for it"))
    return found
