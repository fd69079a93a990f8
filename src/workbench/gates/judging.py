"""The verdict of every benchmark: what it resolves to, its measurements, and its baseline in the record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from datetime import datetime
from functools import cache

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Context, Judged, judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.past import Past
from workbench.benchmarks.resolve import Resolved, resolve
from workbench.definitions import Definitions
from workbench.definitions.shapes import Benchmark
from workbench.flows import model as flows
from workbench.gates import agreed, disagreeing, reviewing, timed
from workbench.gates.bound import covers
from workbench.gates.bound_of import of_benchmark
from workbench.gates.conditions import Conditions
from workbench.gates.disturbances import ENDED, OCCUPIED, Disturbances
from workbench.gates.facts import Facts, Need
from workbench.gates.moved import DIARY, MovedSince
from workbench.gates.needs import IN_FORCE, READINGS
from workbench.gates.overrides import Override
from workbench.record import Record
from workbench.releases import model as releases
from workbench.releases.model import Held


def resolve_all(record: Record, definitions: Definitions, now: datetime) -> list[Resolved]:
    """Every benchmark of the project with nothing left out."""
    resolving = _resolving(record, definitions, now)
    return [resolving(benchmark) for benchmark in definitions.project.benchmarks]


def resolve_one(record: Record, definitions: Definitions, benchmark: Benchmark, now: datetime) -> Resolved:
    """One benchmark with nothing left out; it need not stand in the project's files."""
    return _resolving(record, definitions, now)(benchmark)


def _resolving(record: Record, definitions: Definitions, now: datetime) -> Callable[[Benchmark], Resolved]:
    tiers = flows.tiers(record)
    tightened = measurements.tightened(record)
    staging = definitions.staging
    project = definitions.project
    built = {one.key: one.staging_kind for one in project.environments}
    usual = staging.key if staging else None
    unproven = cache(definitions.unproven)

    def resolving(benchmark: Benchmark) -> Resolved:
        return resolve(
            benchmark,
            tier=tiers.get(benchmark.flow) if benchmark.flow else None,
            tightened=benchmark.key in tightened,
            staging=usual,
            now=now,
            zone=project.timezone,
            unproven=unproven(benchmark.measure.source),
            staging_kind=built.get(benchmark.environment or benchmark.measure.environment or usual or ""),
        )

    return resolving


def context_of(facts: Facts, charted: Collection[str] = (), *, many: bool = False) -> Context:
    """What a judgement of the release needs beside the benchmarks; of those ``charted`` all points are read at once.

    ``many``: all benchmarks are judged.
    """
    held = facts.held
    past = past_of(facts.record, held, held.candidate_id, facts.now, charted=charted, many=many)
    return Context(
        now=facts.now,
        candidate=held.candidate_id,
        commit=held.candidate.commit if held.candidate else None,
        demonstration=facts.demonstration,
        readings=facts(READINGS),
        past=past,
        pinned=facts.pinned,
        zone=facts.zone,
        refused=frozenset(facts.project.refuse_baselines),
        conditions=Conditions(facts.record, past).of,
    )


def _judge_all(facts: Facts) -> tuple[Judged, ...]:
    all_of_them = resolve_all(facts.record, facts.definitions, facts.now)
    context = context_of(facts, [item.key for item in all_of_them if item.charted], many=True)
    found = [judged(resolved, context) for resolved in all_of_them]
    if facts.pinned:
        found = [_as_pinned(facts, item, context) for item in found]
    disturbed = Disturbances.of(facts).marked(timed.marked(facts, found))
    return disagreeing.marked(reviewing.marked(facts, MovedSince(facts).marked(disturbed)))


JUDGED = Need(
    (
        "batch",
        "invalidation",
        "tightening",
        "flow",
        "release",
        "candidate",
        "override",
        "phase",
        "baseline",
        "approval",
        *OCCUPIED.entities,
        *ENDED.entities,
        *DIARY.entities,
        *reviewing.ENTITIES,
    ),
    _judge_all,
)


def _as_pinned(facts: Facts, item: Judged, context: Context) -> Judged:
    """While sign-off is open, newer evidence with the same outcome does not move the figures."""
    refs = facts.pinned.get(item.key)
    if not refs or {m.ref for m in (item.value, item.baseline) if m} <= set(refs):
        return item
    gone = measurements.invalidated(facts.record)
    kept = [m for ref in refs if ref not in gone and (m := measurements.by_ref(facts.record, ref))]
    if len(kept) < len(refs):
        return item
    # A baseline out of the record is another candidate's value, and found again without help.
    own = [
        m
        for m in reversed(kept)
        if m.role == "baseline" or m.candidate == context.candidate or item.resolved.benchmark.carry
    ]
    readings: Mapping[tuple[str, str], Measurement] = {(item.key, m.role): m for m in own}
    then = judged(item.resolved, msgspec.structs.replace(context, readings=readings))
    if then.verdict is not item.verdict:
        return item
    override = facts(IN_FORCE).get(f"benchmark/{item.key}")
    if override is not None and override.bound is not None and not covers(override.bound, of_benchmark(item)):
        return item  # worse than what was seen when it was let past: that is another outcome
    return msgspec.structs.replace(
        then, remarks=(*then.remarks, "measured again since, with the same result")
    )


def past_of(
    record: Record,
    held: Held | None,
    candidate: str | None,
    now: datetime,
    *,
    looking_back: bool = False,
    charted: Collection[str] = (),
    many: bool = False,
) -> Past:
    """What a candidate's baselines and histories are taken from, as of a moment; ``held`` is its release.

    ``looking_back``: what came later is not there.  Of the benchmarks in ``charted`` all points are read at once;
    ``many`` says that all benchmarks are judged.
    """

    def good() -> list[str]:
        found = releases.good_releases(releases.all_releases(record), now, held)
        return [item.candidate_id for item in found if item.candidate_id is not None]

    said = agreed.Agreed(record, now)
    overridden = cache(lambda: _overridden(record))

    def began(benchmark: str) -> datetime | None:
        phase = said.phases.get(benchmark)
        return phase.begins if phase else None

    return Past(
        record,
        candidate=candidate,
        now=now,
        good=good,
        let_past=lambda benchmark: overridden().get(benchmark, frozenset()),
        until=now if looking_back else None,
        charted=charted,
        many=many,
        began=began,
        pinned=lambda benchmark, name: said.baselines.get((benchmark, name)),
    )


def let_past(record: Record, benchmark: str) -> Set[str]:
    """The candidates of releases for which a benchmark was overridden: nothing to compare with."""
    return _overridden(record).get(benchmark, frozenset())


def _overridden(record: Record) -> Mapping[str, Set[str]]:
    """The same of every benchmark, read at once."""
    releases_of: dict[str, set[str]] = {}
    for row in record.all("override", "part LIKE 'benchmark/%'"):
        value = row.decode(Override)
        if not value.lifted:
            releases_of.setdefault(value.part.removeprefix("benchmark/"), set()).add(value.release)
    if not releases_of:
        return {}
    builds: dict[str, set[str]] = {}
    for row in record.all("candidate"):
        builds.setdefault(row.decode(releases.Candidate).release, set()).add(row.id)
    return {
        benchmark: {build for release in found for build in builds.get(release, ())}
        for benchmark, found in releases_of.items()
    }
