"""What probes propose for the map, and taking a proposal in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from workbench.definitions.shapes import Category, Probe, Severity
from workbench.gates.needs import left_by_one
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.parity import model as parity
from workbench.parity.expectations import severity_in
from workbench.parity.model import Difference
from workbench.parity.proposals import Looked, Proposal, ProposalKind, proposals
from workbench.parity.seen import Row, seen
from workbench.parity.table import name_of
from workbench.probes import runs
from workbench.probes.kinds import KINDS
from workbench.probes.runs import ProbeRun
from workbench.record import Change, Commit
from workbench.usecases.context import Context, commit, fresh_id


def read_proposals(
    context: Context, probes: Collection[str] = (), *, counted: bool = False
) -> tuple[Proposal, ...]:
    """What the last runs of the project's probes propose, the quiet ones too; of all of them unless some are named.

    Where they are only ``counted``, rows that no probe watches are not read: a row of the same name
    changes what is proposed, and not how much.
    """
    latest = runs.latest_runs(context.record)
    looked = [
        _looked(context, probe, latest[probe.key][1])
        for probe in context.definitions.project.probes
        if probe.key in latest and (not probes or probe.key in probes)
    ]
    return _proposals(context, looked, counted)


def count_proposed(context: Context) -> int:
    """How much the probes propose that somebody has to look at."""
    return (
        sum(one.open for one in read_proposals(context, counted=True))
        if context.record.count("probe_run")
        else 0
    )


def proposals_of(context: Context, ran: Iterable[ProbeRun]) -> dict[str, tuple[Proposal, ...]]:
    """What these runs propose, by probe; their changes are all that they found."""
    looked = []
    for run in ran:
        probe = context.definitions.probe(run.probe)
        if probe is not None:
            looked.append(_looked(context, probe, run, run.changes))
    found: dict[str, list[Proposal]] = {one.run.probe: [] for one in looked}
    for proposal in _proposals(context, looked):
        found[proposal.probe].append(proposal)
    return {probe: tuple(said) for probe, said in found.items()}


def _proposals(context: Context, looked: Sequence[Looked], counted: bool = False) -> tuple[Proposal, ...]:
    if not looked:
        return ()
    rows = parity.watched_by_any(context.record) if counted else parity.all_differences(context.record)
    people, now = context.definitions.project.people, context.now
    waiting = left_by_one(context.record, people, now).keys()
    return proposals(rows, looked, now, zone=context.zone, waiting=waiting)


def _looked(
    context: Context, probe: Probe, run: ProbeRun, changes: tuple[runs.Seen, ...] | None = None
) -> Looked:
    category = probe.category or Category(KINDS[probe.kind].category)
    return Looked(
        run=run,
        changes=runs.changes_of(context.record, run) if changes is None else changes,
        ignore=tuple(probe.ignore),
        category=category,
        severity=_severity(context, probe, category),
        flows=tuple(probe.flows),
        passing_since=runs.passing_since(context.record, probe.key),
    )


def _severity(context: Context, probe: Probe, category: Category) -> Severity:
    """How severe what a probe proposes is: as it says itself, else as its environment lets expect."""
    if probe.severity is not None:
        return probe.severity
    definitions = context.definitions
    environment = definitions.environment(probe.environment) if probe.environment else definitions.staging
    return severity_in(environment, category, Severity.MEDIUM)


def map_changes(context: Context, run: ProbeRun, changes: Sequence[runs.Seen]) -> list[Change]:
    """What a run changes in the rows of the map that its probe keeps."""
    rows = parity.kept_by(context.record, run.probe)
    return seen(rows, run, changes)


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some proposals: each with the id of its difference, and the act."""

    taken: tuple[tuple[Proposal, str], ...]
    commit: Commit


def find_proposals(context: Context, found: Sequence[Proposal], refs: Sequence[str]) -> list[Proposal]:
    """The proposals that ``refs`` name: ``PROBE:PATH``, or a probe for all of its that can be taken.

    ``UsageError`` for one that names none.
    """
    by_key: dict[str, list[Proposal]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    for one in all_to_take(context, found):
        by_key.setdefault(one.probe, []).append(one)
    chosen: dict[int, Proposal] = {}
    for ref in refs:
        if ref not in by_key:
            meant = nearest(ref, list(by_key))
            raise UsageError(
                f"nothing is proposed as “{ref}”",
                hint=f"did you mean {meant}?"
                if meant
                else "workbench parity proposals lists what is proposed",
            )
        chosen |= {id(one): one for one in by_key[ref]}
    return list(chosen.values())


def all_to_take(context: Context, found: Sequence[Proposal]) -> list[Proposal]:
    """Everything that is proposed and that the map does not say already."""
    return [one for one in found if one.open and _changes_map(context, one)]


def take(context: Context, chosen: Sequence[Proposal]) -> Taken:
    """Take proposals into the map, in one act: differences are added, linked, updated or removed.

    ``UsageError`` where the map says already what one proposes; ``NotAllowed`` for a high difference
    that is to be removed and that nobody has decided to close.
    """
    if not chosen:
        raise UsageError("nothing is proposed", hint="workbench probe looks for differences")
    if waits := [one for one in chosen if not _changes_map(context, one)]:
        raise UsageError(
            f"the map says already what is proposed as “{waits[0].key}”: {waits[0].words}",
            hint=f"workbench parity decide {parity.short_id(waits[0].difference)} decides about it",
        )
    taker = _Taker(context)
    changes = [taker.change(one) for one in chosen]
    done = commit(context, changes)
    return Taken(taken=tuple(zip(chosen, (change.id for change in changes), strict=True)), commit=done)


def _changes_map(context: Context, proposal: Proposal) -> bool:
    if proposal.kind in (ProposalKind.ADD, ProposalKind.CLOSE):
        return True
    stored = context.record.get("difference", proposal.difference)
    if stored is None or proposal.kind is not ProposalKind.WIDENED:
        return False
    value = stored.decode(Difference)
    return (value.staging, value.production) != (proposal.staging, proposal.production)


class _Taker:
    """Makes changes of proposals; two that are added in one act get different titles."""

    def __init__(self, context: Context) -> None:
        self._context = context
        rows = parity.all_differences(context.record)
        self._rows: Mapping[str, Row] = {stored.id: (stored, value) for stored, value in rows}
        self._names = {name_of(value.title, value.region) for _, value in rows}

    def change(self, proposal: Proposal) -> Change:
        if proposal.kind is ProposalKind.ADD and not proposal.difference:
            return self._added(proposal)
        row = self._rows.get(proposal.difference)
        if row is None:
            raise UsageError(
                f"“{proposal.title}” is not on the map any more",
                hint="workbench parity proposals looks again",
            )
        if proposal.kind is ProposalKind.CLOSE:
            return parity.removed(row[0], f"the probe {proposal.probe} finds it no more")
        return self._updated(proposal, row)

    def _added(self, proposal: Proposal) -> Change:
        title = proposal.title
        for other in (f"{title} ({proposal.probe})", f"{title} ({proposal.key})"):
            if name_of(title, proposal.region) not in self._names:
                break
            title = other
        self._names.add(name_of(title, proposal.region))
        value = Difference(
            title=title,
            staging=proposal.staging,
            production=proposal.production,
            category=proposal.category,
            severity=proposal.severity,
            region=proposal.region,
            flows=proposal.flows,
            probe=proposal.probe,
            path=proposal.path,
            gap=proposal.gap,
            found_at=proposal.at,
        )
        return parity.new_difference(value, self._context.now, fresh_id(self._context))

    def _updated(self, proposal: Proposal, row: Row) -> Change:
        stored, value = row
        linked = msgspec.structs.replace(
            value,
            staging=proposal.staging,
            production=proposal.production,
            probe=proposal.probe,
            path=proposal.path,
        )
        change = parity.edited(stored, linked)
        assert isinstance(change.value, Difference)
        return msgspec.structs.replace(change, value=msgspec.structs.replace(change.value, gap=proposal.gap))
