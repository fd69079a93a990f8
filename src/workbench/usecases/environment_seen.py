"""What environments are judged from, gathered from the record: probes, the map, verdicts, occupancy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.definitions.shapes import Category, Environment, EnvironmentKind, Probe, Severity
from workbench.environments import model as environments
from workbench.environments.freshness import DataAge, as_proven, data_age
from workbench.environments.life import life_of
from workbench.environments.looked import Looked
from workbench.environments.minimum import SERVER, names_database, worth_keeping
from workbench.environments.model import Occupancy, Occupied, Refresh
from workbench.environments.occupation import is_overlap
from workbench.environments.seen import Gap, Judgement, Mocked, Pair, Project, Seen
from workbench.flows import model as flows
from workbench.flows.steps import STAGING, Reality, running
from workbench.model.errors import UsageError
from workbench.model.times import from_text
from workbench.probes import runs as kept_runs
from workbench.probes.runs import ProbeRun
from workbench.record import Record
from workbench.releases import model as releases
from workbench.releases.model import Outcome
from workbench.sources.kinds import KINDS as SOURCES
from workbench.usecases.context import Context
from workbench.usecases.probing import compared

if TYPE_CHECKING:  # judging costs 28 ms before it begins
    from workbench.usecases.evaluate import Evaluation

_MOST_PATHS = 50
_SUNK = Decimal("0.01")  # of a share: less is no sign of anything


def read_seen(context: Context, environment: Environment, evaluation: Evaluation | None = None) -> Seen:
    """Everything that an environment is judged from; ``evaluation`` gives the verdicts of a release."""
    looked = read_looked(context, environment)
    data = read_data(context, environment, looked)
    staging = context.definitions.staging
    tested = staging is not None and staging.key == environment.key
    occupied = [value for _, value in environments.occupancies(context.record, environment.key)]
    others = _others(context, occupied)
    return Seen(
        environment=environment,
        production=context.definitions.production,
        now=context.now,
        data=data,
        sinking=_sinking(context, environment, data),
        life=life_of(environment, environments.ends_of_life(context.record, environment.key), context.zone),
        probes=tuple(looked),
        gaps=tuple(_gaps(context, {one.key for one in looked}, tested=tested)),
        judged=tuple(_judged(evaluation, environment)),
        mocked=tuple(_mocked(context.record)) if tested else (),
        pairs=tuple(_pairs(context, environment)),
        teams=frozenset(others) | {use.who for use in environment.used_by},
        clashes=_clashes(occupied),
        project=_project(context, evaluation),
    )


# --- probes ----------------------------------------------------------------------------------


def probes_of(context: Context, environment: Environment) -> list[Probe]:
    """The probes that look at an environment."""
    return [probe for probe in context.definitions.project.probes if _looks_at(context, probe, environment)]


def _looks_at(context: Context, probe: Probe, environment: Environment) -> bool:
    try:
        return compared(context, probe)[0].key == environment.key
    except UsageError:  # it names none, which is told where it is run
        return False


def read_looked(context: Context, environment: Environment) -> list[Looked]:
    """The probes that look at an environment, each with its last run that counts."""
    latest, proofs = kept_runs.latest_runs(context.record), kept_runs.latest_proofs(context.record)
    found = []
    for probe in probes_of(context, environment):
        run = latest[probe.key][1] if probe.key in latest else None
        proven = kept_runs.trust_in(context.record, probe, proofs).proven
        found.append(_looked(probe, run if run is None or _counts(context, run) else None, proven))
    return found


def _counts(context: Context, run: ProbeRun) -> bool:
    """Whether a run says anything of today: one that was replayed does in a demonstration only."""
    return run.mark != "replayed" or context.demonstration is not None


def _looked(probe: Probe, run: ProbeRun | None, proven: bool) -> Looked:
    title = probe.title or probe.key
    if run is None:
        return Looked(key=probe.key, title=title, kind=probe.kind, state="never")
    return Looked(
        key=probe.key,
        title=title,
        kind=probe.kind,
        state=run.state,
        at=run.at,
        count=run.differing,
        differing=tuple(one.path for one in run.changes[:_MOST_PATHS]),
        proven=proven,
        scores={one.key: one.value for one in run.scores},
        notes=run.notes,
    )


def _pairs(context: Context, environment: Environment) -> Iterable[Pair]:
    """The parameters of both environments that minimum parity is judged from, as the last runs saw them."""
    latest = kept_runs.latest_runs(context.record)
    for probe in probes_of(context, environment):
        if probe.key not in latest or not _counts(context, latest[probe.key][1]):
            continue
        run, title = latest[probe.key][1], probe.title or probe.key
        if names_database(run.staging.server) and names_database(run.production.server):
            yield Pair("database", SERVER, run.staging.server, run.production.server, title)
        if worth_keeping(probe.kind, "replicas") or worth_keeping(probe.kind, "database"):
            yield from _parameters(context.record, probe, run, title)


def _parameters(record: Record, probe: Probe, run: ProbeRun, title: str) -> Iterable[Pair]:
    sides = [kept_runs.snapshot_of(record, side.snapshot) for side in (run.staging, run.production)]
    ours, theirs = (side.parameters if side else {} for side in sides)
    for path in sorted({*ours, *theirs}):
        values = (ours.get(path), theirs.get(path))
        if worth_keeping(probe.kind, path) and not any(value and value.secret for value in values):
            one, other = (value.text if value else None for value in values)
            yield Pair(path, probe.kind, one, other, title)


# --- data ------------------------------------------------------------------------------------


def read_refreshes(context: Context, environment: Environment, looked: Sequence[Looked]) -> list[Refresh]:
    """The refreshes of an environment, the latest first, that one with what probes have found since."""
    found = [value for _, value in environments.refreshes(context.record, environment.key)]
    return [as_proven(found[0], looked), *found[1:]] if found else []


def read_data(context: Context, environment: Environment, looked: Sequence[Looked]) -> DataAge | None:
    """How old the data of an environment is; ``None`` of production, whose data is the yardstick."""
    if environment.kind is EnvironmentKind.PRODUCTION:
        return None
    return data_age(read_refreshes(context, environment, looked), environment.fresh_within, context.now)


def _sinking(context: Context, environment: Environment, data: DataAge | None) -> str:
    """BM-11: that data consistency has sunk since the last refresh, in words."""
    if data is None or data.refresh is None:
        return ""
    for probe in probes_of(context, environment):
        runs = [run for _, run in kept_runs.runs_of(context.record, probe.key) if run.at >= data.refresh.at]
        shares = [one.value for run in runs for one in run.scores if one.key == "data_consistency"]
        if len(shares) > 1 and shares[0] < shares[-1] - _SUNK:
            return f"data consistency sank from {shares[-1] * 100:.0f} % to {shares[0] * 100:.0f} % since the refresh"
    return ""


# --- the map, flows, verdicts ----------------------------------------------------------------


def _gaps(context: Context, probes: set[str], *, tested: bool) -> Iterable[Gap]:
    """The differences of an environment: those of its probes and, of the one under test, those of no probe."""
    rows = context.record.query(
        "SELECT title, category, severity, decision, until, found_at, probe FROM e_difference"
    )
    for title, category, severity, decision, until, found_at, probe in rows:
        if probe in probes or (tested and not probe):
            ended = until is not None and from_text(until) <= context.now
            yield Gap(
                title=str(title),
                category=Category(category),
                severity=Severity(severity),
                open=decision == "undecided" or ended,
                probe=probe or "",
                found_at=from_text(found_at) if found_at else None,
            )


def _mocked(record: Record) -> Iterable[Mocked]:
    for _, flow in flows.all_flows(record):
        mocked = running(flow.every_step, Reality.MOCKED).get(STAGING)
        if mocked:
            yield Mocked(flow.key, tuple(mocked))


def _judged(evaluation: Evaluation | None, environment: Environment) -> Iterable[Judgement]:
    for item in evaluation.judged if evaluation is not None else ():
        if item.resolved.environment != environment.key:
            continue
        pass_ = item.resolved.pass_
        yield Judgement(
            title=item.title,
            flow=item.resolved.benchmark.flow,
            dimension=item.resolved.benchmark.dimension,
            blocking=item.blocking,
            through=item.through,
            measured_at=item.value.measured_at if item.value and item.value.state == "ok" else None,
            relative=pass_ is not None and pass_.needs_baseline,
            overlaps=any(map(is_overlap, item.remarks)),
        )


# --- who uses it -----------------------------------------------------------------------------


def _others(context: Context, occupied: Iterable[Occupancy]) -> set[str]:
    own = {
        name.casefold() for person in context.definitions.project.people for name in (person.key, person.name)
    }
    return {one.who for one in occupied if one.who.casefold() not in own and one.sort is Occupied.WORK}


def _clashes(occupied: Iterable[Occupancy]) -> int:
    """How often somebody came while somebody else was at work."""
    work = sorted((one for one in occupied if one.sort is Occupied.WORK), key=lambda one: one.begins)
    ends: dict[str, datetime | None] = {}
    count = 0
    for one in work:
        there = [who for who, end in ends.items() if end is None or end > one.begins]
        count += any(who != one.who for who in there)
        ends[one.who] = one.ends
    return count


# --- the project -----------------------------------------------------------------------------


def _project(context: Context, evaluation: Evaluation | None) -> Project:
    from workbench.usecases.evaluate import tests_sources

    project = context.definitions.project
    measuring = {benchmark.measure.source for benchmark in project.benchmarks}
    held = releases.all_releases(context.record)
    return Project(
        ci_sources=tuple(tests_sources(project.gates)),
        measuring_sources=tuple(
            source.key
            for source in project.sources
            if source.key in measuring and not SOURCES[source.kind].by_hand
        ),
        ephemeral=tuple(one.key for one in project.environments if one.kind is EnvironmentKind.EPHEMERAL),
        rollback_triggers=bool(evaluation and evaluation.held.release.rollback_triggers),
        shipped=tuple(
            one.release.outcome_at
            for one in held
            if one.release.outcome is Outcome.SHIPPED and one.release.outcome_at
        ),
    )


def release_in_hand(context: Context) -> Evaluation | None:
    """The current release, judged; ``None`` before there is one."""
    from workbench.usecases.evaluate import evaluate

    return evaluate(context) if context.record.count("release") else None
