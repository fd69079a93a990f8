"""Running the project's probes: which there are, looking, keeping what they found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workbench.definitions.shapes import Environment, Probe
from workbench.flows.model import Flow
from workbench.model.errors import StaleChange, UsageError
from workbench.model.keys import nearest
from workbench.probes import runs as kept_runs
from workbench.probes.captured import Side
from workbench.probes.kinds import KINDS
from workbench.probes.prober import Around
from workbench.probes.runs import ProbeProof, ProbeRun
from workbench.releases import model as releases
from workbench.sources.secrets import Secrets
from workbench.usecases.context import Context, commit, elsewhen, require_own_time
from workbench.usecases.fetching import RECORDINGS, keep_figures_of
from workbench.usecases.fingerprints import hide_for
from workbench.usecases.investigating import opened_by
from workbench.usecases.proposing import map_changes
from workbench.usecases.trusting import require_trust, trusts

if TYPE_CHECKING:
    from workbench.probes.running import Ran

Progress = Callable[[str, int, int, str], None]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which probes are wanted; empty means all."""

    probes: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: the runs in the order of the files, proofs by probe, and whether somebody cancelled."""

    runs: tuple[ProbeRun, ...]
    proofs: Mapping[str, ProbeProof] = {}
    cancelled: bool = False


def wanted_probes(context: Context, wanted: Wanted) -> list[Probe]:
    """The probes that are wanted; ``UsageError`` for a name that none has."""
    known = [probe.key for probe in context.definitions.project.probes]
    for key in wanted.probes:
        if key not in known:
            meant = nearest(key, known)
            raise UsageError(
                f"there is no probe “{key}” in this project",
                hint=f"did you mean {meant}?" if meant else f"known: {', '.join(known) or 'none'}",
            )
    return [
        probe
        for probe in context.definitions.project.probes
        if (not wanted.probes or probe.key in wanted.probes)
        and (not wanted.environments or compared(context, probe)[0].key in wanted.environments)
        and (not wanted.flows or set(probe.flows) & set(wanted.flows))
        and (not wanted.regions or probe.region in wanted.regions)
    ]


def compared(context: Context, probe: Probe) -> tuple[Environment, Environment]:
    """The environment that a probe looks at, and the one that it compares it with."""
    definitions = context.definitions
    one = definitions.environment(probe.environment) if probe.environment else definitions.staging
    other = definitions.environment(probe.against) if probe.against else definitions.production
    if one is None or other is None:
        lacking = "environment" if one is None else "against"
        raise UsageError(
            f"the probe “{probe.key}” does not say what it compares",
            where=str(definitions.mark("probe", probe.key) or "workbench.yaml"),
            hint=f"list staging and production under environments:, or name one in its {lacking}:",
        )
    return one, other


def probe(
    context: Context,
    wanted: Wanted | None = None,
    *,
    prove: bool = False,
    record_to: Path | None = None,
    replay: Path | None = None,
    progress: Progress = lambda probe, done, total, note: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Probed:
    """Run probes; each one's result is committed when it is there, and cancelling keeps what came.

    A demonstration looks at its recordings.  As of another moment than now, what is captured can only
    be recorded: nothing is committed.
    """
    if record_to is None:
        require_own_time(context)
    chosen = wanted_probes(context, wanted or Wanted())
    if not chosen:
        raise UsageError(
            "there is no probe to run",
            hint="list some under probes: in workbench.yaml (docs/probes.md), or let workbench parity discover find differences",
        )
    folder = replay or (context.root / RECORDINGS if context.demonstration else None)
    if folder is None:
        require_trust(context.root, context.definitions, {place for one in chosen for place in _places(one)})
    from workbench.probes.running import Job, Running, run  # asyncio and the web client

    jobs = []
    core = frozenset(flow.key for row in context.record.all("flow") if (flow := row.decode(Flow)).core)
    held = _held(context)
    candidate = held.candidate if held else None
    for one in chosen:
        staging, production = compared(context, one)
        variables: Mapping[Side, Mapping[str, str]] = {
            "staging": _variables(staging, one),
            "production": _variables(production, one),
        }
        around = Around(
            core=core,
            staging_kind=staging.staging_kind,
            version=held.release.version if held else None,
            commit=candidate.commit if candidate else None,
        )
        jobs.append(
            Job(
                probe=one,
                environment=staging.key,
                against=production.key,
                variables=variables,
                around=around,
                files_only=_files_only(one),
            )
        )
    kept: dict[str, Ran] = {}

    def on_ran(ran: Ran) -> None:
        kept[ran.run.probe] = ran if elsewhen(context) else keep(context, ran)

    hide = hide_for(context)
    finished = run(
        Running(
            jobs=tuple(jobs),
            sources=tuple(context.definitions.project.sources),
            root=context.root,
            clock=context.clock,
            secrets=Secrets(
                allow=folder is None and trusts(context.root, context.definitions), folder=context.root
            ),
            hide=hide.again,
            replay=folder,
            record_to=record_to,
            proving=prove,
            progress=progress,
            cancelled=cancelled,
            on_ran=on_ran,
            kinds=KINDS,
        )
    )
    if record_to is None and kept and not elsewhen(context):
        keep_figures_of(context, {ran.run.kind for ran in kept.values()})
    in_order = [kept[one.key] for one in chosen if one.key in kept]
    return Probed(
        runs=tuple(ran.run for ran in in_order),
        proofs={ran.run.probe: ran.proof for ran in in_order if ran.proof is not None},
        cancelled=not finished,
    )


def keep(context: Context, ran: Ran) -> Ran:
    """Commit a run with its evidence, and what it changes in the rows of the map that the probe keeps."""
    try:
        return _keep(context, ran)
    except StaleChange:  # somebody edited one of these rows meanwhile: made again from what stands now
        return _keep(context, ran)


def _keep(context: Context, ran: Ran) -> Ran:
    now = context.record.moment(context.clock)
    known = msgspec.structs.replace(ran.run, **_in_hand(context))
    change, blobs = kept_runs.run_change(known, ran.changes, now)
    proved = [kept_runs.proof_change(ran.proof, now)] if ran.proof else []
    whole = msgspec.structs.replace(known, changes=kept_runs.seen_of(ran.changes), differing=len(ran.changes))
    marked = map_changes(context, whole, whole.changes)
    fell = opened_by(context, known, change.id, ran.proof)
    commit(context, [change, *proved, *marked, *fell], blobs=[*ran.blobs, *blobs])
    return msgspec.structs.replace(ran, run=whole)


def _in_hand(context: Context) -> Mapping[str, str | None]:
    """The release and the candidate that a run belongs to."""
    held = _held(context)
    return {"release": held.id, "candidate": held.candidate_id} if held else {}


def _held(context: Context) -> releases.Held | None:
    """The release that is judged at present, if there is any."""
    return releases.find(context.record, context.release) if context.record.count("release") else None


def _variables(environment: Environment, probe: Probe) -> Mapping[str, str]:
    return {"environment": environment.key, "region": probe.region or "", **environment.variables}


def sources_of(probe: Probe) -> set[str]:
    """The sources that a probe names."""
    kind = KINDS[probe.kind]
    named = (getattr(probe.config, name, None) for name, refers in kind.refers.items() if refers == "source")
    return {key for value in named for key in ([value] if isinstance(value, str) else value or ())}


def _files_only(probe: Probe) -> bool:
    """Whether a probe reads nothing but files of the project: those are there in a demonstration, too."""
    return not sources_of(probe) and not KINDS[probe.kind].uses(probe.config)


def _places(probe: Probe) -> set[str]:
    return {f"probes/{probe.key}", *(f"sources/{key}" for key in sources_of(probe))}
