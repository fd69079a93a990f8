"""What benchmarks said of the releases that went out, by their limits of today, and what held releases up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.resolve import Resolved
from workbench.definitions.release_gates import gates_for
from workbench.definitions.shapes import Gate, Mode
from workbench.flows.model import Flow
from workbench.gates.evaluate import kind_of
from workbench.gates.judging import resolve_all
from workbench.gates.kinds.benchmarks import fits
from workbench.gates.model import Freeze
from workbench.gates.overrides import Override
from workbench.gates.replaying import Build, Replayed, builds_of
from workbench.learning.past import Benchmarked, Held, Judged, Past
from workbench.record import Record
from workbench.releases import model as releases
from workbench.releases.model import Outcome
from workbench.signoff import model as signing
from workbench.signoff.model import Opening, SignOff
from workbench.usecases.context import Context
from workbench.usecases.looking_back import look_back

FREEZE, BENCHMARK, TESTS, SIGN_OFF = "a freeze", "a benchmark that failed", "tests that failed", "a sign-off"


FROZEN = "frozen"  # the part of a gate that a freeze holds
MOST = 20_000  # measured values that are looked back on: more take too long


class _Life(msgspec.Struct, frozen=True):
    """How long a release could be held up: from when it was planned until it went out or was abandoned.

    ``passed`` says that all of its gates had passed when it went out; ``gates`` are those of its kind, by key: what
    none of them asks for held nothing up.
    """

    id: str
    version: str
    since: datetime
    until: datetime | None
    passed: bool
    gates: Mapping[str, Gate]

    def asks(self, kind: str, fits: Callable[[Any], bool]) -> bool:
        """Whether a gate has a requirement of that kind whose fields fit."""
        wanted = (
            kind_of(item) for gate in self.gates.values() for item in gate.requires if item.kind == kind
        )
        return any(fits(asked) for _, asked in wanted)


def with_measured(context: Context, past: Past) -> Past:
    """The past with what benchmarks said, and with what held releases up."""
    builds, lives = builds_of(context.record), _lives(context, past)
    out = {one.id for one in past.releases}
    benchmarked: list[Benchmarked] = []
    judged: list[Judged] = []
    held = [*_frozen(context, lives), *_signed(context, lives), *_tests(context, builds, lives)]
    let_past = _let_past(context.record)
    owners = _owners(context)
    ((count,),) = context.record.query("SELECT count(*) FROM measurement WHERE role = 'value'")
    if count > MOST:
        return msgspec.structs.replace(past, held=tuple(sorted(held, key=_by_begin)), too_many=count)
    for resolved in resolve_all(context.record, context.definitions, context.now):
        values = list(look_back(context, resolved, context.now, builds=builds))
        benchmarked.append(_benchmarked(resolved))
        judged += _judged(resolved, values, out)
        if resolved.mode is Mode.BLOCKING:
            held += _failed(resolved, values, lives, owners, let_past)
    return msgspec.structs.replace(
        past, benchmarks=tuple(benchmarked), judged=tuple(judged), held=tuple(sorted(held, key=_by_begin))
    )


def _by_begin(held: Held) -> tuple[datetime, str, str]:
    return held.since, held.part, held.id


def _benchmarked(resolved: Resolved) -> Benchmarked:
    return Benchmarked(
        key=resolved.key,
        title=resolved.benchmark.title or resolved.key,
        flow=resolved.benchmark.flow or "",
        unit=resolved.unit.symbol,
        better=resolved.better,
        limit=str(resolved.pass_ or ""),
    )


def _judged(resolved: Resolved, values: Sequence[Replayed], out: set[str]) -> Iterator[Judged]:
    """The last value that could be judged of each release that went out; ``values`` come newest first."""
    seen: set[str] = set()
    for one in values:
        release = one.build.held.id if one.build else ""
        value = one.judged.outcome.inputs.value
        if release not in out or release in seen or one.met is None or value is None:
            continue
        seen.add(release)
        yield Judged(id=one.ref, benchmark=resolved.key, release=release, value=value, met=one.met)


def _lives(context: Context, past: Past) -> dict[str, _Life]:
    went = {one.id: one for one in past.releases}
    found = {}
    for held in releases.all_releases(context.record):
        release, out = held.release, went.get(held.id)
        ended = release.outcome_at if release.outcome is Outcome.ABANDONED else None
        signed = {value.gate for _, value in signing.signoffs(context.record, held.id)}
        gates = gates_for(context.definitions.project, release.kind.value, signed)
        found[held.id] = _Life(
            held.id,
            release.version,
            release.created_at or held.stored.recorded_at,
            out.at if out else ended,
            out.passed if out else False,
            {gate.key: gate for gate in gates},
        )
    return found


def _held(life: _Life, since: datetime, until: datetime | None, **what: str) -> Iterator[Held]:
    """The part of a stretch of time in which a release could be held up, if there is any."""
    ends = [at for at in (until, life.until) if at is not None]
    begin, end = max(since, life.since), min(ends, default=None)
    if end is None or end > begin:
        yield Held(release=life.id, version=life.version, since=begin, until=end, **what)


# --- causes ------------------------------------------------------------------------------------


def _frozen(context: Context, lives: Mapping[str, _Life]) -> Iterator[Held]:
    """Freezes hold up every release that is open meanwhile."""
    for row in context.record.all("freeze"):
        freeze = row.decode(Freeze)
        for life in lives.values():
            yield from _held(
                life, freeze.at, freeze.lifted_at, id=row.id, cause=FREEZE, part=FROZEN,
                title=freeze.reason, team=freeze.by,
            )  # fmt: skip


def _failed(
    resolved: Resolved,
    values: Sequence[Replayed],
    lives: Mapping[str, _Life],
    owners: Mapping[str, str],
    let_past: Mapping[tuple[str, str], datetime],
) -> Iterator[Held]:
    """From a value that failed until one of the same release that did not, or until an override of it."""
    benchmark, part = resolved.benchmark, f"benchmark/{resolved.key}"
    known = [(one.build.held.id, one) for one in reversed(values) if one.build and one.met is not None]
    for release, of in groupby(sorted(known, key=_release), key=_release):
        if not lives[release].asks("benchmarks", lambda asked: fits(asked, benchmark)):
            continue
        looks = [(one.at, bool(one.met), one.ref) for _, one in of]
        over = let_past.get((part, release))
        for since, until, ref in _spans(looks):
            ends = [at for at in (until, over) if at is not None and at > since]
            if (over is not None and over <= since) or (until is None and lives[release].passed):
                continue  # it was let past, or its gates had passed: then it did not hold anything up
            yield from _held(
                lives[release], since, min(ends, default=None), id=ref, cause=BENCHMARK, part=part,
                title=benchmark.title or resolved.key, source=benchmark.measure.source,
                team=owners.get(benchmark.flow or "", ""),
            )  # fmt: skip


def _release(pair: tuple[str, object]) -> str:
    return pair[0]


def _let_past(record: Record) -> dict[tuple[str, str], datetime]:
    """When a part was overridden for a release, by both; of overrides that were lifted nothing is known here."""
    found: dict[tuple[str, str], datetime] = {}
    for row in record.all("override", order="id"):
        value = row.decode(Override)
        if not value.lifted:
            found.setdefault((value.part, value.release), value.at)
    return found


def _spans(looks: Iterable[tuple[datetime, bool, str]]) -> Iterator[tuple[datetime, datetime | None, str]]:
    """From each first bad look until the good one after it, in the order of time."""
    began: tuple[datetime, str] | None = None
    for at, good, ref in looks:
        if good and began is not None:
            yield began[0], at, began[1]
            began = None
        elif not good and began is None:
            began = at, ref
    if began is not None:
        yield began[0], None, began[1]


def _tests(context: Context, builds: Mapping[str, Build], lives: Mapping[str, _Life]) -> Iterator[Held]:
    """From a red run of tests until a green one, of the same release."""
    for source in _asked_for(context):
        runs = [one for one in _runs(context.record, source) if _counts(context, one)]
        built = [(builds.get(one.candidate or ""), one) for one in runs]
        named = [(build.held.id, one) for build, one in built if build is not None]
        found = context.definitions.source(source)
        for release, of in groupby(sorted(named, key=_release), key=_release):
            if not lives[release].asks("tests_green", _runs_of(source)):
                continue
            looks = [(one.measured_at, one.value == 1, one.ref) for _, one in of]
            for since, until, ref in _spans(looks):
                yield from _held(
                    lives[release], since, until, id=ref, cause=TESTS, part=f"tests/{source}",
                    title=found.title if found and found.title else source, source=source,
                )  # fmt: skip


def _runs_of(source: str) -> Callable[[Any], bool]:
    return lambda asked: bool(asked.source == source)


def _asked_for(context: Context) -> list[str]:
    """The sources of test runs that were ever measured."""
    rows = context.record.query("SELECT DISTINCT subject FROM measurement WHERE role = 'tests'")
    return sorted(str(subject).removeprefix("tests/") for (subject,) in rows)


def _runs(record: Record, source: str) -> list[Measurement]:
    """Runs with an answer, the earliest first."""
    found = [one for one, gone in measurements.history(record, f"tests/{source}", 2000) if gone is None]
    return sorted((one for one in found if one.state == "ok"), key=lambda one: one.measured_at)


def _counts(context: Context, one: Measurement) -> bool:
    replayed = one.mark == "replayed" and context.demonstration is None
    return one.value is not None and not replayed and one.measured_at <= context.now


def _signed(context: Context, lives: Mapping[str, _Life]) -> Iterator[Held]:
    """From the opening of a gate for signatures until each role that it needs has answered, whatever they said."""
    answers: dict[tuple[str, str, str], datetime] = {}
    for row in context.record.all("signoff"):
        value = row.decode(SignOff)
        place = value.candidate, value.gate, value.role
        answers[place] = min(value.at, answers.get(place, value.at))
    for row in context.record.all("opening"):
        opening = row.decode(Opening)
        life = lives.get(opening.release)
        gate = life.gates.get(opening.gate) if life is not None else None
        if life is None or gate is None or gate.sign is None or opening.at > context.now:
            continue
        for needed in gate.sign.roles:
            answered = answers.get((opening.candidate, opening.gate, needed.role))
            yield from _held(
                life, opening.at, answered or _over(opening, context.now), id=row.id, cause=SIGN_OFF,
                part=f"sign/{gate.key}", title=gate.title or gate.key, team=needed.role,
            )  # fmt: skip


def _over(opening: Opening, now: datetime) -> datetime | None:
    """When nobody waits any more: at the end of an opening that nobody answered."""
    return opening.until if opening.until <= now else None


def _owners(context: Context) -> dict[str, str]:
    """Who owns each flow."""
    flows = (row.decode(Flow) for row in context.record.all("flow"))
    return {flow.key: flow.owner for flow in flows if flow.owner}
