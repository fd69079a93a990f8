"""What happened around a benchmark's measurements: builds, refreshes, configuration, limits, other people's work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workbench.benchmarks import measurements
from workbench.benchmarks.charted import Happening
from workbench.benchmarks.phases import Phase
from workbench.benchmarks.pinned import PinnedBaseline
from workbench.benchmarks.resolve import Resolved
from workbench.criteria import Need
from workbench.environments import model as environments
from workbench.environments.model import Finding, Occupancy, Refresh
from workbench.gates.agreed import counting
from workbench.gates.moved import Move, moves, watching
from workbench.gates.overrides import Override
from workbench.gates.replaying import Build, builds_of
from workbench.model.text import number_of
from workbench.record import EntryView
from workbench.releases.model import Outcome
from workbench.usecases.context import Context
from workbench.usecases.views.diary import moved_words

_TOLD = 3  # parameters that one change of configuration names


def read_happenings(
    context: Context, resolved: Resolved, since: datetime, until: datetime
) -> tuple[Happening, ...]:
    """What happened in the environments of a benchmark, and to its limits, after ``since`` and up to ``until``.

    The earliest first.
    """
    found = [
        *_deployments(context),
        *(one for place in _places(context, resolved) for one in _in(context, place, since, until)),
        *_limits(context, resolved.key, until),
        *_overrides(context, resolved.key),
    ]
    return tuple(sorted((one for one in found if since < one.at <= until), key=lambda one: one.at))


def _places(context: Context, resolved: Resolved) -> list[str]:
    """The environment that is measured, and the one that it is compared with."""
    compared = resolved.baseline if Need.BASELINE in resolved.needs else ""
    known = {one.key for one in context.definitions.project.environments}
    return [place for place in dict.fromkeys((resolved.environment, compared)) if place in known]


def _in(context: Context, place: str, since: datetime, until: datetime) -> Iterator[Happening]:
    yield from _refreshes(context, place)
    yield from _configuration(context, place, since, until)
    yield from _occupancies(context, place)


def _deployments(context: Context) -> Iterator[Happening]:
    seen = set()
    for build in builds_of(context.record).values():
        yield proposed(context, build)
        if build.held.id not in seen:
            seen.add(build.held.id)
            yield from _outcome(build)


def proposed(context: Context, build: Build) -> Happening:
    """The moment at which a build was put on record."""
    entry = first_entry(context, "candidate", build.id)
    at = entry.claimed_at or entry.recorded_at
    why = f": {build.candidate.why}" if build.candidate.why else ""
    words = f"{build.name}, commit {build.candidate.commit[:7]}{why}"
    return Happening(at, "deployment", words, build.candidate.author or entry.actor)


def _outcome(build: Build) -> Iterator[Happening]:
    release = build.held.release
    words = {Outcome.SHIPPED: "shipped to production", Outcome.ROLLED_BACK: "rolled back in production"}
    if release.outcome in words and release.outcome_at is not None:
        told = f"{release.version} {words[release.outcome]}"
        yield Happening(release.outcome_at, "deployment", told, release.outcome_by or "")


def first_entry(context: Context, entity: str, ident: str) -> EntryView:
    """The entry that a thing of the record began with, as far as the last hundred go back."""
    return context.record.history(entity, ident, limit=100)[-1]


def _refreshes(context: Context, place: str) -> Iterator[Happening]:
    for _, refresh in environments.refreshes(context.record, place):
        yield Happening(refresh.at, "refresh", _refresh_words(refresh), refresh.by)


def _refresh_words(refresh: Refresh) -> str:
    failed = [name for name, found in refresh.findings.items() if found is Finding.FAILED]
    if failed:
        return f"data of {refresh.environment} refreshed and held back: {', '.join(failed)} failed"
    checked = any(found is Finding.PASSED for found in refresh.findings.values())
    return f"data of {refresh.environment} refreshed" + ("" if checked else ", not validated")


def _configuration(context: Context, place: str, since: datetime, until: datetime) -> Iterator[Happening]:
    probes = watching(context.definitions.project)
    replayed = context.demonstration is not None
    for move in moves(context.record, probes, place, since, until, replayed=replayed):
        if move.build:
            words = f"build {move.build[:8]} runs in {place}, seen by {move.probe.key}"
            yield Happening(move.seen, "deployment", words)
        if move.moved:
            yield Happening(move.seen, "configuration", _moved(move, place))


def _moved(move: Move, place: str) -> str:
    """``2 parameters of staging (settings): POOL 50 → 5; TTL 60 → 1``; values of secrets are never told."""
    told = []
    for each in move.moved[:_TOLD]:
        before, after = moved_words(each)
        told.append(f"{each.path} {before} → {after}")
    more = len(move.moved) - len(told)
    told += [f"and {more} more"] if more else []
    return f"{number_of(len(move.moved), 'parameter')} of {place} ({move.probe.key}): {'; '.join(told)}"


def _occupancies(context: Context, place: str) -> Iterator[Happening]:
    for _, one in environments.occupancies(context.record, place):
        yield Happening(one.begins, "occupancy", _occupied(one), one.by)


def _occupied(one: Occupancy) -> str:
    return f"{one.who} at work in {one.environment}: {one.why}"


def _limits(context: Context, key: str, until: datetime) -> Iterator[Happening]:
    """What people did about its limits: made it blocking, began a new phase, pinned a baseline."""
    row = measurements.tightened(context.record).get(key)
    if row is not None:
        value = row.decode(measurements.Tightening)
        yield Happening(value.at, "limits", "made blocking", value.by)
    for _, phase in counting(context.record, "phase", Phase, until):
        if phase.benchmark == key:
            yield Happening(phase.begins, "phase", f"a new phase: {phase.reason}", phase.author)
    for _, pinned in counting(context.record, "baseline", PinnedBaseline, until):
        if pinned.benchmark == key:
            name = f" “{pinned.name}”" if pinned.name else ""
            yield Happening(pinned.at, "baseline", f"baseline{name} pinned: {pinned.reason}", pinned.author)


def _overrides(context: Context, key: str) -> Iterator[Happening]:
    for row in context.record.all("override", "part = ?", (f"benchmark/{key}",)):
        value = row.decode(Override)
        if not value.lifted:
            yield Happening(value.at, "override", f"override proposed: {value.reason}", value.author)
