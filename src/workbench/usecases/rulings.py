"""IN-6: what stopped a build was a false alarm, or a catch: said with one key, or one command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.model import Origin, Part, State, Weight
from workbench.gates.needs import READINGS
from workbench.gates.replaying import Replayed, builds_of
from workbench.incidents import alarms
from workbench.incidents.alarms import Alarm, AlarmRuling
from workbench.incidents.review_fields import read_hours
from workbench.model.cells import CellError
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.incident_reviews import failed_tests, find_candidate
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


def find_stop(context: Context, evaluation: Evaluation, ref: str, candidate: str | None = None) -> Stop:
    """What ``ref`` names of what stops the candidate: the key of a line, the end of it, or a title.

    A benchmark that passes now is found where it failed earlier for the same build.  ``candidate`` is the id of another
    build of the release: benchmarks and tests that failed for it are found.  ``NotAllowed`` where it stopped
    nothing, ``UsageError`` where there is nothing of that name.
    """
    said, build = ref.strip(), candidate or evaluation.held.candidate_id
    found = list(stops(evaluation)) if build == evaluation.held.candidate_id else []
    for fits in (
        [stop for stop in found if stop.part == said],
        [stop for stop in found if _called(stop, said)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise UsageError(
                f"“{ref}” matches several blockers", hint=", ".join(stop.part for stop in fits[:3])
            )
    earlier = _failed_earlier(context, evaluation, said, build)
    if earlier is not None:
        return earlier
    keys = [stop.part for stop in found]
    meant = nearest(said, [*keys, *(key.rpartition("/")[2] for key in keys)])
    hint = f"did you mean {meant}?" if meant else "workbench gate shows what blocks"
    raise UsageError(f"nothing called “{ref}” stops {evaluation.held.title}", hint=hint)


def _called(stop: Stop, said: str) -> bool:
    return stop.part.endswith(f"/{said}") or stop.title.casefold() == said.casefold()


def _failed_earlier(context: Context, evaluation: Evaluation, said: str, build: str | None) -> Stop | None:
    """What failed for a build before, a benchmark or the tests of a source; ``None`` where it is neither."""
    tests = failed_tests(context, build).get(said.removeprefix("tests/")) if build else None
    if tests is not None:
        source = said.removeprefix("tests/")
        return Stop(
            part=f"tests/{source}", title=f"Tests ({source})", why=tests.why or "red", measurement=tests.ref
        )
    key = said.removeprefix("benchmark/").casefold()
    item = next((each for each in evaluation.judged if key in (each.key, each.title.casefold())), None)
    if item is None:
        return None
    for one in look_back(context, item.resolved, evaluation.facts.now):
        if one.build is not None and one.build.id == build and one.judged.verdict is Verdict.FAIL:
            return _stop_of(item, one)
    raise NotAllowed(
        f"{item.title} has not failed for that build of {evaluation.held.release.version}: it stopped nothing",
        hint="a false alarm and a catch are said of something that stopped a build",
    )


def _stop_of(item: Judged, one: Replayed) -> Stop:
    return Stop(part=f"benchmark/{item.key}", title=item.title, why=one.judged.why, measurement=one.ref)


class Unruled(msgspec.Struct, frozen=True, kw_only=True):
    """A build that a blocking benchmark stopped, of which nobody has said what that was worth; ``build`` is its name."""

    stop: Stop
    build: str
    version: str
    candidate: str
    at: datetime


def unruled(context: Context, evaluation: Evaluation) -> list[Unruled]:
    """Each build that a blocking benchmark stopped without anybody having said what that was worth, the latest first."""
    said = {(value.part, value.candidate) for _, value in alarms.all_alarms(context.record)}
    builds = builds_of(context.record)
    found: dict[tuple[str, str], Unruled] = {}
    for item in evaluation.judged:
        if not item.blocking:
            continue
        for one in look_back(context, item.resolved, evaluation.facts.now, builds=builds):
            if one.build is None or one.judged.verdict is not Verdict.FAIL:
                continue
            stop = _stop_of(item, one)
            if (stop.part, one.build.id) not in said:
                found.setdefault(
                    (stop.part, one.build.id),
                    Unruled(
                        stop=stop, build=one.build.name, version=one.build.held.release.version,
                        candidate=one.build.candidate.name, at=one.at,
                    ),
                )  # fmt: skip
    return sorted(found.values(), key=lambda each: each.at, reverse=True)


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
    candidate: str | None = None,
) -> Alarm:
    """Say of what stopped the candidate that it was a false alarm, or a catch, with the reason; it changes no verdict.

    ``candidate`` names another build of the release: ``rc1``, or its number.
    """
    build = find_candidate(evaluation.held, candidate)[0] if candidate else evaluation.held.candidate_id
    stop = find_stop(context, evaluation, ref, build)
    value = Alarm(
        ruling=ruling,
        part=stop.part,
        title=stop.title,
        release=evaluation.held.id,
        candidate=build,
        measurement=stop.measurement,
        reason=without_secrets_in(context, reason),
        hours=hours,
        by=context.author().actor,
        at=context.now,
    )
    commit(context, [alarms.ruled(context.record, value)])
    return value
