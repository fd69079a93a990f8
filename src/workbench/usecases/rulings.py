"""IN-6: what stopped a build was a false alarm, or a catch: said with one key, or one command."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from workbench.criteria import Verdict
from workbench.gates.model import Origin, Part, State, Weight
from workbench.gates.needs import READINGS
from workbench.incidents import alarms
from workbench.incidents.alarms import Alarm, AlarmRuling
from workbench.incidents.review_fields import read_hours
from workbench.model.cells import CellError
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.looking_back import look_back


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """What stopped a build, or would have: the key of its line, its title, why, and the value that failed."""

    part: str
    title: str
    why: str
    measurement: str = ""


def stops(evaluation: Evaluation) -> Iterator[Stop]:
    """What blocks the candidate, or would if it were not overridden or advisory; each thing once.

    What people have yet to do, sign or lift is no alarm.
    """
    seen = set()
    for gate in evaluation.gates:
        for requirement in gate.result.requirements:
            if requirement.origin is not Origin.ASKED:
                continue
            for part in requirement.parts:
                if part.key not in seen and _stops(part):
                    seen.add(part.key)
                    yield _stop(evaluation, part)
    for item in evaluation.judged:
        key = f"benchmark/{item.key}"
        if item.verdict is Verdict.FAIL and key not in seen:
            ref = item.value.ref if item.value else ""
            yield Stop(part=key, title=item.title, why=item.why, measurement=ref)


def _stops(part: Part) -> bool:
    open_ = part.state in (State.NOT_MET, State.OVERRIDDEN)
    return (
        open_
        and part.weight in (Weight.BLOCKS, Weight.RISK)
        and part.key != "freeze"
        and not part.key.startswith("freeze/")
    )


def _stop(evaluation: Evaluation, part: Part) -> Stop:
    noun, _, key = part.key.partition("/")
    ref = ""
    if noun == "benchmark":
        found = next((item for item in evaluation.judged if item.key == key), None)
        ref = found.value.ref if found is not None and found.value is not None else ""
    elif noun == "tests":
        reading = evaluation.facts(READINGS).get((part.key, "tests"))
        ref = reading.ref if reading else ""
    return Stop(part=part.key, title=part.title, why=part.why, measurement=ref)


def find_stop(context: Context, evaluation: Evaluation, ref: str) -> Stop:
    """What ``ref`` names of what stops the candidate: the key of a line, the end of it, or a title.

    A benchmark that passes now is found where it failed earlier for the same build.  ``NotAllowed`` where it
    stopped nothing, ``UsageError`` where there is nothing of that name.
    """
    found = list(stops(evaluation))
    said = ref.strip()
    for fits in (
        [stop for stop in found if stop.part == said],
        [
            stop
            for stop in found
            if stop.part.endswith(f"/{said}") or stop.title.casefold() == said.casefold()
        ],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise UsageError(
                f"“{ref}” matches several blockers", hint=", ".join(stop.part for stop in fits[:3])
            )
    earlier = _failed_earlier(context, evaluation, said.removeprefix("benchmark/"))
    if earlier is not None:
        return earlier
    keys = [stop.part for stop in found]
    meant = nearest(said, [*keys, *(key.rpartition("/")[2] for key in keys)])
    hint = f"did you mean {meant}?" if meant else "workbench gate shows what blocks"
    raise UsageError(f"nothing called “{ref}” stops {evaluation.held.title}", hint=hint)


def _failed_earlier(context: Context, evaluation: Evaluation, key: str) -> Stop | None:
    item = next((item for item in evaluation.judged if key in (item.key, item.title)), None)
    if item is None:
        return None
    for one in look_back(context, item.resolved, evaluation.facts.now):
        same = one.build is not None and one.build.id == evaluation.held.candidate_id
        if same and one.judged.verdict is Verdict.FAIL:
            return Stop(
                part=f"benchmark/{item.key}", title=item.title, why=one.judged.why, measurement=one.ref
            )
    raise NotAllowed(
        f"{item.title} has not failed for {evaluation.held.title}: it stopped nothing",
        hint="a false alarm and a catch are said of something that stopped a build",
    )


def hours_of(context: Context, text: str) -> Decimal | None:
    """Hours as a person types them: ``3``, ``90 min``, ``2 days``; ``None`` for no text."""
    if not text.strip():
        return None
    try:
        return read_hours(text, context.zone)
    except CellError as error:
        raise UsageError(error.what, hint=error.hint) from None


def rule(
    context: Context,
    evaluation: Evaluation,
    ref: str,
    ruling: AlarmRuling,
    *,
    reason: str,
    hours: Decimal | None = None,
) -> Alarm:
    """Say of what stopped the candidate that it was a false alarm, or a catch, with the reason; it changes no verdict."""
    stop = find_stop(context, evaluation, ref)
    value = Alarm(
        ruling=ruling,
        part=stop.part,
        title=stop.title,
        release=evaluation.held.id,
        candidate=evaluation.held.candidate_id,
        measurement=stop.measurement,
        reason=without_secrets_in(context, reason),
        hours=hours,
        by=context.author().actor,
        at=context.now,
    )
    commit(context, [alarms.ruled(context.record, value)])
    return value
