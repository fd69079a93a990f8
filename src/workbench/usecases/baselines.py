"""Baselines and phases: what each benchmark is compared with, pinned and invalid ones, and where a chart begins anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.benchmarks import measurements, phases, pinned
from workbench.benchmarks.baselines import baseline_of, pinned_name
from workbench.benchmarks.judge import Judged, in_kind
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.phases import Phase
from workbench.benchmarks.pinned import PinnedBaseline, kept_of
from workbench.criteria import Need
from workbench.definitions.project import stated
from workbench.gates.agreed import Agreed, counting
from workbench.model.canonical import encode, plain, sha256
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import is_slug
from workbench.parity.conditions import MapMoves
from workbench.record import Commit
from workbench.usecases.context import Context, commit
from workbench.usecases.deciding import find_measurement, require_known
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.looking_back import look_back


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What a benchmark is compared with: an object with all that it rests on.

    ``kind`` is what its file calls it, ``name`` that of a pinned one.  ``value`` is in ``unit``, ``None`` where there
    is none, and ``why`` then says why not.  ``digest`` tells it from any other.  ``marks`` are what speaks against it,
    in words.  ``map`` is the state of the parity map when it was measured: the differences that touched the flow
    then, by id, each with the digest of its facts.  ``used`` says that the benchmark is compared with it now.
    """

    benchmark: str
    title: str
    kind: str
    name: str = ""
    value: Decimal | None = None
    unit: str = ""
    why: str = ""
    measurement: str = ""
    measured_at: datetime | None = None
    environment: str | None = None
    window: str | None = None
    samples: int | None = None
    data: str | None = None
    asked: Mapping[str, Any] = {}
    digest: str = ""
    map: Mapping[str, str] | None = None
    marks: tuple[str, ...] = ()
    used: bool = True
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    waits: bool = False


def read_baselines(context: Context, evaluation: Evaluation, key: str = "") -> list[Compared]:
    """What each benchmark is compared with, and what is pinned for it beside that; of one, if it is named."""
    found = []
    counted = {row.id for row, _ in counting(context.record, "baseline", PinnedBaseline, evaluation.now)}
    pins: dict[str, list[tuple[PinnedBaseline, bool]]] = {}
    for row in sorted(context.record.all("baseline"), key=lambda row: row.made):
        value = row.decode(PinnedBaseline)
        pins.setdefault(value.benchmark, []).append((value, row.id in counted))
    present, moves = Agreed(context.record, evaluation.now).baselines, MapMoves(context.record)
    for judged in [verdict_of(evaluation, key)] if key else evaluation.judged:
        name = pinned_name(judged.resolved.baseline)
        in_use = present.get((judged.key, name)) if name is not None else None
        if Need.BASELINE in judged.resolved.needs and in_use is None:
            found.append(_found(judged, moves))
        for value, counts in pins.get(judged.key, ()):
            found.append(_pinned(judged, value, used=value is in_use or value == in_use, waits=not counts))
    return found


def find_baselines(context: Context, evaluation: Evaluation, key: str) -> list[Compared]:
    """The same of one benchmark; ``UsageError`` where there is no such one, or it is compared with nothing."""
    judged = verdict_of(evaluation, key)
    found = read_baselines(context, evaluation, key)
    if not found:
        raise UsageError(
            f"{judged.title} is compared with nothing: its rule is {judged.resolved.pass_ or 'none'}",
            hint="workbench baseline list shows those that are",
        )
    return found


def _found(judged: Judged, moves: MapMoves) -> Compared:
    """What the record has, or a source gave."""
    baseline, usable = judged.baseline, judged.baseline_value is not None
    why = "" if usable else judged.outcome.inputs.baseline_why
    found = Compared(benchmark=judged.key, title=judged.title, kind=judged.resolved.baseline, why=why)
    if baseline is None:
        return msgspec.structs.replace(found, why=why or "not measured yet")
    return msgspec.structs.replace(
        found,
        value=judged.baseline_value,
        unit=judged.resolved.unit.symbol,
        measurement="" if baseline_of(judged.resolved.baseline).of_many else baseline.ref,
        measured_at=baseline.measured_at,
        environment=baseline.environment,
        window=baseline.window,
        samples=baseline.samples,
        data=baseline.data,
        asked=_asked(plain(stated(judged.resolved.benchmark.measure))),
        digest=sha256(encode(plain(kept_of(baseline)))),
        map=moves.at(judged.resolved.benchmark.flow, judged.key, baseline.measured_at),
        marks=tuple(each.words for each in judged.caveats),
    )


def _asked(measure: Mapping[str, Any]) -> dict[str, Any]:
    """What a source was asked, as its file says it."""
    return {**{name: value for name, value in measure.items() if name != "ask"}, **measure.get("ask", {})}


def _pinned(judged: Judged, value: PinnedBaseline, *, used: bool, waits: bool) -> Compared:
    waits = waits and not value.invalid
    used_as = "" if used else "its file names another baseline"
    return Compared(
        benchmark=judged.key,
        title=judged.title,
        kind=f"pinned {value.name}".strip(),
        name=value.name,
        value=None if value.invalid else value.value,
        unit=value.unit,
        why=value.invalid or ("waiting for a second person" if waits else used_as),
        measurement=value.measurement,
        measured_at=value.measured_at,
        environment=value.environment,
        window=value.window,
        samples=value.samples,
        data=value.data,
        asked=_asked(value.asked),
        digest=value.digest,
        map=value.map,
        marks=tuple(each.words for each in judged.caveats) if used else (),
        used=used,
        by=value.author,
        at=value.at,
        reason=value.reason,
        waits=waits,
    )


class Pinned(msgspec.Struct, frozen=True):
    """A baseline that was pinned: ``used`` says that the benchmark's file asks for it."""

    value: PinnedBaseline
    change: str
    used: bool


def pin(
    context: Context, evaluation: Evaluation, key: str, *, reason: str, name: str | None = None, ref: str = ""
) -> Pinned:
    """Pin one measurement as a benchmark's baseline.

    Without ``ref`` it is what the benchmark is compared with now, or else its own last value.  Without ``name``
    it is the name that the benchmark's file asks for.  ``NotAllowed`` for one that failed in its time, was
    overridden, or is invalid.
    """
    require_known(context)
    judged = verdict_of(evaluation, key)
    wanted = pinned_name(judged.resolved.baseline)
    chosen = (wanted or "") if name is None else name
    reason = without_secrets_in(context, reason)
    if chosen and not is_slug(chosen):
        raise UsageError(f"“{chosen}” cannot be the name of a baseline", hint="for example --name spring")
    measurement = _measured(context, judged, ref)
    _require_good(context, evaluation, judged, measurement)
    benchmark = judged.resolved.benchmark
    value = PinnedBaseline(
        benchmark=judged.key,
        title=judged.title,
        name=chosen,
        reason=reason,
        author=context.author().actor,
        at=context.now,
        asked=plain(stated(benchmark.measure)),
        map=MapMoves(context.record).at(benchmark.flow, benchmark.key, measurement.measured_at),
        second=judged.blocking and wanted == chosen,
        **kept_of(measurement),
    )
    done = commit(context, [pinned.pin(value)])
    return Pinned(value, done.change_id, wanted == chosen)


def _measured(context: Context, judged: Judged, ref: str) -> Measurement:
    if ref:
        found = find_measurement(context, ref)
    else:
        compared = judged.baseline if not baseline_of(judged.resolved.baseline).of_many else None
        found = compared or judged.value
    if found is None:
        raise UsageError(
            f"nothing was measured for {judged.title}" if not ref else f"there is no measurement {ref}",
            hint=f"workbench fetch; workbench benchmark show {judged.key} lists what was measured",
        )
    return found


def _require_good(context: Context, evaluation: Evaluation, judged: Judged, measurement: Measurement) -> None:
    """What failed, was overridden or is invalid feeds no baseline, and what proves nothing does not either."""
    why = _why_not(context, evaluation, judged, measurement)
    if why:
        raise NotAllowed(
            f"{measurement.ref} cannot be a baseline of {judged.title}: {why}",
            hint=f"workbench benchmark show {judged.key} lists what was measured; --measurement names another",
        )


def _why_not(context: Context, evaluation: Evaluation, judged: Judged, measurement: Measurement) -> str:
    if measurement.subject != judged.key:
        return f"it is one of {measurement.subject}"
    if measurement.state != "ok" or measurement.value is None:
        return measurement.why or "it has no value"
    if (gone := measurements.invalidated(context.record).get(measurement.ref)) is not None:
        return f"it is invalid: {gone.reason}"
    if measurement.mark == "replayed" and context.demonstration is None:
        return "it was replayed from a recording, which proves nothing here"
    if measurement.mark == "manual" and not measurement.evidence:
        return "it was typed in without evidence"
    if not in_kind(judged.resolved, measurement):
        return f"it is in {measurement.unit or 'a count'}, and the benchmark in {judged.resolved.unit.symbol or 'a count'}"
    if measurement.role != "value":
        return ""
    then = look_back(context, judged.resolved, evaluation.now)
    found = next((each for each in then if each.ref == measurement.ref), None)
    if found is not None and found.overridden:
        return "its release was shipped with an override of it"
    return "it failed in its time" if found is not None and found.met is False else ""


def invalidate(
    context: Context, evaluation: Evaluation, key: str, *, reason: str, name: str | None = None
) -> Commit:
    """Say that a baseline does not count, with a reason: the pinned one of that name, or what was measured for it."""
    require_known(context)
    judged = verdict_of(evaluation, key)
    author = context.author().actor
    reason = without_secrets_in(context, reason)
    wanted = pinned_name(judged.resolved.baseline) if name is None else name
    if wanted is None:
        return commit(context, [_invalid_measurement(context, judged, author, reason)])
    rows = sorted(
        context.record.all("baseline", "benchmark = ? AND name = ?", (key, wanted)), key=lambda row: row.made
    )
    found = [(row, value) for row in rows if not (value := row.decode(PinnedBaseline)).invalid]
    if not found:
        raise UsageError(f"no baseline of {judged.title} is pinned", hint="workbench baseline list")
    row, value = found[-1]
    counted = any(
        each.id == row.id for each, _ in counting(context.record, "baseline", PinnedBaseline, context.now)
    )
    change = pinned.invalidate(row, value, counted=counted, by=author, reason=reason)
    return commit(context, [change])


def _invalid_measurement(context: Context, judged: Judged, author: str, reason: str) -> Any:
    if judged.baseline is None:
        raise UsageError(f"{judged.title} has no baseline now", hint="workbench baseline list")
    compared = baseline_of(judged.resolved.baseline)
    if compared.of_many:
        raise UsageError(
            f"{compared.whose} value was made of several measurements",
            hint=f"mark the one that is wrong: workbench benchmark invalidate {judged.key}:N --reason WHY",
        )
    return measurements.invalidate(judged.baseline, by=author, at=context.now, reason=reason)


def begin_phase(
    context: Context, evaluation: Evaluation, key: str, begins: datetime, reason: str
) -> tuple[Phase, str]:
    """Begin a new phase of a benchmark; where it stops releases, propose to.  Also the change's id."""
    require_known(context)
    judged = verdict_of(evaluation, key)
    value = Phase(
        benchmark=judged.key,
        title=judged.title,
        begins=begins,
        reason=without_secrets_in(context, reason),
        author=context.author().actor,
        at=context.now,
        second=judged.blocking,
    )
    return value, commit(context, [phases.begun(value)]).change_id


class Begun(msgspec.Struct, frozen=True):
    """A phase as it stands: whether it ``counts``, and whether the benchmark is in it now."""

    phase: Phase
    counts: bool
    present: bool


def read_phases(context: Context, evaluation: Evaluation, key: str = "") -> Iterator[Begun]:
    """The phases that were begun or proposed, the latest first; of one benchmark, if it is named."""
    counted = {row.id for row, _ in counting(context.record, "phase", Phase, evaluation.now)}
    present = Agreed(context.record, evaluation.now).phases
    for row in sorted(context.record.all("phase"), key=lambda row: row.made, reverse=True):
        value = row.decode(Phase)
        if key in ("", value.benchmark):
            yield Begun(value, row.id in counted, present.get(value.benchmark) == value)
