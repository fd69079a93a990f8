"""PP-13, the environment diary: what is deployed and configured in an environment, at every run of a probe.

Nothing is written for it: each run keeps a snapshot of both sides, and the diary is the sequence of these.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from workbench.model.times import to_text
from workbench.probes.captured import Change, Side, Snapshot
from workbench.probes.prober import by_path
from workbench.probes.runs import ProbeRun, SideSeen, changes_of, snapshot_of
from workbench.record import Record


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one run saw of one environment; ``side`` says as which of the two it was looked at."""

    environment: str
    side: Side
    run: ProbeRun

    @property
    def probe(self) -> str:
        return self.run.probe

    @property
    def at(self) -> datetime:
        return self.run.at

    @property
    def seen(self) -> SideSeen:
        return self.run.staging if self.side == "staging" else self.run.production


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter that is not the same at two places of the diary; ``None`` where it is not there."""

    probe: str
    path: str
    before: str | None
    after: str | None
    secret: bool = False


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What two entries of one probe have in common.

    ``noise`` counts what is left out, because two answers of one moment differed there, too.  ``hidden``
    counts secrets whose fingerprints were made with different keys: nobody can tell whether they are the
    same.  ``gone`` says that one of the snapshots is not in this record.
    """

    probe: str
    parameters: int = 0
    moved: tuple[Moved, ...] = ()
    noise: int = 0
    hidden: int = 0
    gone: bool = False


_OF = "state <> 'error' AND (environment = ?1 OR json_extract(value, '$.against') = ?1)"
_REAL = " AND coalesce(json_extract(value, '$.mark'), '') = ''"


def as_of(record: Record, environment: str, at: datetime, *, replayed: bool = False) -> dict[str, Entry]:
    """The last that each probe saw of an environment up to a moment; ``replayed`` runs only where they count."""
    where = f"{_OF} AND at <= ?2" + ("" if replayed else _REAL)
    return {
        entry.probe: entry
        for entry in _read(
            record,
            environment,
            f"id IN (SELECT substr(max(at || id), -36) FROM e_probe_run WHERE {where} GROUP BY probe)",
            (environment, to_text(at)),
        )
    }


def after(
    record: Record, environment: str, since: datetime, until: datetime, *, replayed: bool = False
) -> list[Entry]:
    """What was seen of an environment after one moment and up to another, the earlier first."""
    where = f"{_OF} AND at > ?2 AND at <= ?3" + ("" if replayed else _REAL)
    return _read(record, environment, where, (environment, to_text(since), to_text(until)))


def _read(record: Record, environment: str, where: str, arguments: tuple[str, ...]) -> list[Entry]:
    rows = (row.decode(ProbeRun) for row in record.all("probe_run", where, arguments, "at, id"))
    return [_entry(environment, run) for run in rows]


def _entry(environment: str, run: ProbeRun) -> Entry:
    side: Side = "staging" if run.environment == environment else "production"
    return Entry(environment=environment, side=side, run=run)


Compare = Callable[[Snapshot, Snapshot], tuple[Change, ...]]


def compared(record: Record, one: Entry, other: Entry, compare: Compare = by_path) -> Compared:
    """What differs between two entries of the same probe, parameter by parameter."""
    if one.run == other.run and one.side != other.side:
        return _within(record, one)
    if one.seen.snapshot is not None and one.seen.snapshot == other.seen.snapshot:
        return Compared(probe=one.probe, parameters=one.seen.parameters)
    before, now = (snapshot_of(record, entry.seen.snapshot) for entry in (one, other))
    if before is None or now is None:
        return Compared(probe=one.probe, gone=True)
    noise = {*one.run.noise, *other.run.noise}
    all_of_it = compare(before, now)
    found = [change for change in all_of_it if change.path not in noise]
    keys = {one.run.hidden_by, other.run.hidden_by} - {""}
    moved = tuple(
        Moved(
            probe=one.probe,
            path=change.path,
            before=change.staging,
            after=change.production,
            secret=change.secret,
        )
        for change in found
        # A secret on both sides under two keys has two fingerprints, whether it changed or not.
        if len(keys) < 2 or not change.secret or change.staging is None or change.production is None
    )
    return Compared(
        probe=one.probe,
        parameters=len(before.parameters.keys() | now.parameters.keys()),
        moved=moved,
        noise=len(all_of_it) - len(found),
        hidden=len(found) - len(moved),
    )


def _within(record: Record, one: Entry) -> Compared:
    """Both sides of the same run: what it found itself, noise and what the probe ignores left out."""
    run, ours = one.run, one.side == "staging"
    moved = (
        Moved(
            probe=run.probe,
            path=seen.path,
            before=seen.staging if ours else seen.production,
            after=seen.production if ours else seen.staging,
            secret=seen.secret,
        )
        for seen in changes_of(record, run)
    )
    return Compared(
        probe=run.probe, parameters=run.compared, moved=tuple(moved), noise=len(run.noise) + run.ignored
    )
