"""Overrides, freezes, promises, and a person's word on benchmarks and measurements."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.benchmarks import measurements
from workbench.criteria.words import shown
from workbench.definitions.hooks import HookEvent
from workbench.definitions.unproven import COMPARE
from workbench.gates import model as gates
from workbench.gates import overrides
from workbench.gates.bound import RUNNING, Bound, narrowed
from workbench.gates.fixed_questions import TEXTS, Answers
from workbench.gates.frozen import KEY, OF_PROJECT
from workbench.gates.model import Freeze, Part, Promise, State
from workbench.gates.overrides import Override, Seen
from workbench.incidents import model as incidents
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest, of_release
from workbench.record import Change, Commit, Stored
from workbench.releases.model import require_open
from workbench.signoff.statement import Act
from workbench.usecases import predictions, timelines
from workbench.usecases.approving import keyed_of, stated_on
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.hooks import tell
from workbench.usecases.people import known_approver, owner_named


def find_part(evaluation: Evaluation, ref: str) -> Part:
    """The part of a gate that ``ref`` names: its key, the end of its key, or its title."""
    parts = {part.key: part for item in evaluation.gates for part in item.result.parts}
    if ref in parts:
        return parts[ref]
    found = [p for p in parts.values() if p.key.endswith(f"/{ref}") or p.title.lower() == ref.lower()]
    if len(found) == 1:
        return found[0]
    meant = nearest(ref, [*parts, *(key.rpartition("/")[2] for key in parts)])
    hint = f"did you mean {meant}?" if meant else "workbench gate shows what blocks"
    raise UsageError(f"no gate requires “{ref}”", hint=hint)


def override(
    context: Context,
    evaluation: Evaluation,
    ref: str,
    *,
    reason: str,
    until: datetime,
    answers: Answers | None,
    approver: str = "",
    up_to: str = "",
    unmeasured: bool = False,
    predicts: str = "",
) -> Commit:
    """GT-5: propose to let the release past one part that is not met, as far as it was seen.

    It counts once the ``approver`` has acted, or anybody else of the project where none is named.  It holds up to what is seen
    now, or less where ``up_to`` says so.  ``unmeasured`` lets past what was never measured or still runs, and then its
    reason says that.  ``predicts`` is what it states of production: ``checkout-live <= 0.8 s``.
    """
    require_open(evaluation.held)
    require_known(context)
    approver = known_approver(context.definitions.project.people, approver)
    part = find_part(evaluation, ref)
    if part.about == KEY:
        raise NotAllowed("a freeze is lifted, not overridden", hint="workbench freeze --lift --reason WHY")
    bound = _bound(part, up_to, unmeasured)
    reason = without_secrets_in(context, reason)
    prediction = _predicted(context, evaluation, part, predicts, until)
    stated = stated_on(context, evaluation, Act.OVERRIDE, part.key, decision="propose", words=reason.strip())
    value = Override(
        release=evaluation.held.id,
        candidate=evaluation.held.candidate_id or "",
        part=part.key,
        title=part.title,
        reason=reason,
        author=context.author().actor,
        at=context.now,
        until=until,
        asked=approver,
        bound=bound,
        seen=seen(evaluation, part),
        answers=_without_secrets(context, answers),
        statement=stated.digest if stated else "",
    )
    changes = [overrides.proposed(value, part), *prediction, *keyed_of(stated)]
    return commit(context, changes, blobs=stated.blobs if stated else ())


def _bound(part: Part, up_to: str, unmeasured: bool) -> Bound | None:
    """Up to what an override of a line holds: what is seen, never more."""
    bound = part.bound
    if bound is not None and bound.unmeasured and part.state is State.NOT_MET:
        if not unmeasured:
            what = "still runs" if bound.stands == RUNNING else "was not measured"
            raise NotAllowed(
                f"{part.title} {what}, so nobody has seen what an override would excuse",
                hint="measure it first; or say so: --unmeasured, and the reason will say it, too",
            )
        if up_to:
            raise UsageError("what was not measured has no value to limit", hint="leave out --up-to")
        return bound
    if unmeasured:
        raise UsageError(f"{part.title} was measured", hint="leave out --unmeasured")
    return narrowed(bound, up_to) if up_to else bound


def _without_secrets(context: Context, answers: Answers | None) -> Answers | None:
    if answers is None:
        return None
    return msgspec.structs.replace(
        answers, **{one.field: without_secrets_in(context, getattr(answers, one.field)) for one in TEXTS}
    )


def _predicted(
    context: Context, evaluation: Evaluation, part: Part, predicts: str, until: datetime
) -> list[Change]:
    """The prediction that an override states, scored until the override ends."""
    if not predicts.strip():
        return []
    return [predictions.stated(context, evaluation.held, predicts, until, part=part.key)]


def seen(evaluation: Evaluation, part: Part) -> Seen:
    """What is seen of a part now: its state, why, and its value where it was measured."""
    noun, _, key = part.about.partition("/")
    judged = next((item for item in evaluation.judged if noun == "benchmark" and item.key == key), None)
    value = shown(judged.outcome).value if judged is not None and judged.value is not None else ""
    return Seen(state=part.state, why=part.why, value=value, bound=part.bound)


def require_known(context: Context) -> None:
    """Four eyes need two names: where a project names its people, nobody else excuses anything."""
    if context.definitions.project.people:
        require_person(context)


def lift_override(context: Context, evaluation: Evaluation, ref: str, reason: str) -> Commit:
    """Take an override back before its end."""
    require_open(evaluation.held)
    require_known(context)
    found = [
        (stored, value)
        for stored, value in overrides.overrides(context.record, evaluation.held.id)
        if value.part == ref or value.part.endswith(f"/{ref}") or value.title.lower() == ref.lower()
    ]
    if not found:
        raise UsageError(f"nothing called “{ref}” is overridden")
    return commit(context, [overrides.lift_override(found[-1][0], without_secrets_in(context, reason))])


def freeze(context: Context, reason: str) -> Commit:
    """GT-8: freeze promotion until somebody lifts it."""
    if any(not value.incident for _, value in gates.freezes(context.record)):
        raise NotAllowed("the project is frozen already", hint="workbench freeze --lift --reason WHY")
    reason = without_secrets_in(context, reason)
    change = gates.freeze_change(reason, by=context.author().actor, at=context.now)
    done = commit(context, [change])
    _tell_of_freeze(context, HookEvent.FROZEN, change.id, "frozen", reason)
    return done


def lift_freeze(context: Context, reason: str, ref: str = "") -> Commit:
    """Lift a freeze, with a reason; that of an incident is told in its timeline, too.

    ``ref`` says which where several hold: ``project``, or the incident's id, its end, or its title.
    """
    stored, frozen = find_freeze(context, ref)
    require_known(context)
    reason = without_secrets_in(context, reason)
    by, at = context.author().actor, context.now
    change = gates.lift_freeze(stored, frozen, reason, by=by, at=at)
    told = timelines.of_lifting(context, frozen.incident, reason) if frozen.incident else ()
    done = commit(context, [change, *told])
    _tell_of_freeze(context, HookEvent.LIFTED, stored.id, "no longer frozen", reason)
    return done


def _tell_of_freeze(context: Context, event: HookEvent, ident: str, how: str, reason: str) -> None:
    title = f"Promotion is {how}"
    text = f"{title}: {reason.strip()} ({context.author().actor})"
    tell(context, event, {"about": f"freeze/{ident}", "title": title, "text": text, "reason": reason.strip()})


def find_freeze(context: Context, ref: str = "") -> tuple[Stored, Freeze]:
    """The freeze in force that is meant; ``NotAllowed`` where none is, ``UsageError`` where several may be."""
    found = gates.freezes(context.record)
    if not found:
        raise NotAllowed("the project is not frozen")
    if not ref and len({freeze_name(value) for _, value in found}) == 1:
        return found[-1]
    if not ref:
        raise UsageError(
            f"{len(found)} freezes hold; say which is over",
            hint="; ".join(
                f"workbench freeze --lift {freeze_name(one)[-12:]} --reason WHY" for _, one in found
            ),
        )
    wanted = "" if ref == OF_PROJECT else incidents.find(context.record, ref)[0].id
    chosen = [pair for pair in found if pair[1].incident == wanted]
    if not chosen:
        what = "the project's own freeze" if not wanted else f"a freeze of “{ref}”"
        raise NotAllowed(f"{what} is not in force", hint="workbench freeze list shows them")
    return chosen[-1]


def freeze_name(value: Freeze) -> str:
    """What names a freeze where several hold: its incident's id, or ``project``."""
    return value.incident or OF_PROJECT


def promise(
    context: Context, evaluation: Evaluation, ref: str, owner: str, by: datetime | None, note: str = ""
) -> Commit:
    """Say who takes care of an open part, and by when."""
    part = next((p for _, p in evaluation.open_parts() if p.key == ref), None) or find_part(evaluation, ref)
    if part.state is not State.NOT_MET:
        raise UsageError(f"{part.title} is not open")
    existing = gates.promises(context.record, evaluation.held.id).get(part.key)
    value = Promise(
        subject=of_release(evaluation.held.id),
        part=part.key,
        owner=owner_named(context, owner),
        by=by,
        note=without_secrets_in(context, note),
    )
    if not value.owner:
        raise UsageError("no owner given")
    return commit(context, [gates.promise_change(existing[0] if existing else None, value)])


def make_blocking(context: Context, evaluation: Evaluation, benchmark: str, reason: str = "") -> Commit:
    """TH-7: make an advisory benchmark blocking.  Only YAML can loosen it again."""
    judged = verdict_of(evaluation, benchmark)
    if judged.blocking:
        raise UsageError(f"{judged.title} is blocking already", hint="to make it advisory, edit its file")
    if judged.resolved.pass_ is None:
        raise UsageError(
            f"{judged.title} has no rule for which values are good, so it cannot stop a release",
            hint="add one to its file: pass: …",
        )
    if judged.resolved.unproven:
        raise UsageError(f"{judged.title} cannot stop a release: {judged.resolved.unproven}", hint=COMPARE)
    reason = without_secrets_in(context, reason)
    change = measurements.tighten(benchmark, by=context.author().actor, at=context.now, reason=reason or None)
    return commit(context, [change])


def invalidate(context: Context, ref: str, reason: str) -> Commit:
    """Say that a measurement does not count, with a reason.

    ``ref`` is its own name, or a benchmark's key for its newest one; ``KEY:2`` is the one before that.
    """
    measurement = find_measurement(context, ref)
    if measurement is None:
        raise UsageError(f"there is no measurement {ref}", hint="workbench benchmark show KEY lists them")
    reason = without_secrets_in(context, reason)
    change = measurements.invalidate(measurement, by=context.author().actor, at=context.now, reason=reason)
    return commit(context, [change])


class Promised(msgspec.Struct, frozen=True):
    """A promise with what it is about: ``title`` as the gates call it, ``open`` while that is not met."""

    promise: Promise
    title: str
    open: bool


def read_promises(context: Context, evaluation: Evaluation) -> list[Promised]:
    """Who has promised what for the release in hand; what is due first stands first."""
    parts = {part.key: part for item in evaluation.gates for part in item.parts}
    found = [value for _, value in gates.promises(context.record, evaluation.held.id).values()]
    found.sort(key=lambda value: (value.by is None, value.by or context.now, value.part))
    return [
        Promised(
            value,
            parts[value.part].title if value.part in parts else value.part,
            value.part in parts and parts[value.part].state is State.NOT_MET,
        )
        for value in found
    ]


def read_freezes(context: Context) -> list[Freeze]:
    """Every freeze there was, the latest first."""
    return [row.decode(Freeze) for row in sorted(context.record.all("freeze"), key=lambda row: row.made)][
        ::-1
    ]


def find_measurement(context: Context, ref: str) -> measurements.Measurement | None:
    """The measurement of that name, or by a benchmark's key, which is its newest one; ``KEY:2`` is the one before."""
    return measurements.by_ref(context.record, ref) or _in_place(context, ref)


def _in_place(context: Context, ref: str) -> measurements.Measurement | None:
    key, _, place = ref.partition(":")
    if place and not (place.isascii() and place.isdigit() and 0 < int(place) < 1_000_000):
        return None
    return measurements.newest_of(context.record, key, int(place or 1))
