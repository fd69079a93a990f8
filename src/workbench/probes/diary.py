"""PP-13, the environment diary: what is deployed and configured in an environment, at every run of a probe.

Nothing is written for it: each run keeps a snapshot of both sides, and the diary is the sequence of these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from workbench.model.times import to_text
from workbench.probes.captured import Side
from workbench.probes.prober import by_path
from workbench.probes.runs import ProbeRun, SideSeen, changes_of, snapshot_of
from workbench.record import Record, Stored


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


_LOOKED = "probe = ? AND state <> 'error' AND at {} ?"
_REAL = " AND mark = ''"
_BACK = timedelta(days=2)  # so far back are earlier looks read together with what came after


def as_of(
    record: Record,
    environment: str,
    at: datetime,
    *,
    replayed: bool = False,
    probes: Iterable[str] | None = None,
) -> dict[str, Entry]:
    """The last that each probe saw of an environment up to a moment, by the probe's key.

    ``replayed`` runs are left out unless they count; ``probes`` are the ones that are asked, all unless said.
    """
    where = _LOOKED.format("<=") + ("" if replayed else _REAL)
    found = {}
    for probe in _all_probes(record) if probes is None else probes:
        rows = record.all("probe_run", where, (probe, to_text(at)), "id DESC", limit=1)
        for entry in _entries(environment, rows):
            found[probe] = entry
    return found


# Read from an index alone, and in order of time: that costs less than to let the database compare neighbours.
_SEEN = (
    "SELECT id, probe, at, CASE WHEN environment = ?1 THEN staging_seen ELSE production_seen END "
    "FROM e_probe_run WHERE at > ?2 AND at <= ?3 AND state <> 'error' AND ?1 IN (environment, against){} ORDER BY at, id"
)


def steps(
    record: Record,
    environment: str,
    since: datetime,
    until: datetime,
    probes: Collection[str],
    *,
    replayed: bool = False,
) -> list[tuple[Entry, Entry]]:
    """Each two looks of a probe in a row that saw something else, the later of them in a stretch of time.

    What has not changed costs no more than a comparison of digests.
    """
    arguments = (environment, to_text(since - _BACK), to_text(until))
    rows = record.query(_SEEN.format("" if replayed else _REAL), arguments)
    begins, wanted = to_text(since), frozenset(probes)
    last: dict[str, tuple[str, str]] = {}
    changed: list[tuple[str, str, str]] = []  # probe, the look before ("" where it was not read), this look
    for ident, probe, at, seen in rows:
        if probe in wanted:
            before, was = last.get(probe, ("", ""))
            if seen != was and at > begins:
                changed.append((probe, before, ident))
            last[probe] = (ident, seen)
    read = _by_id(record, environment, {ident for _, *pair in changed for ident in pair if ident})
    pairs = (
        (read.get(before) or _before(record, environment, since, probe, replayed), read[ident])
        for probe, before, ident in changed
    )
    return [(before, entry) for before, entry in pairs if before is not None]


def _by_id(record: Record, environment: str, idents: Collection[str]) -> dict[str, Entry]:
    known = msgspec.json.encode(sorted(idents)).decode()
    rows = record.all("probe_run", "id IN (SELECT value FROM json_each(?))", (known,)) if idents else ()
    return {row.id: _entry(environment, row.decode(ProbeRun)) for row in rows}


def _before(record: Record, environment: str, since: datetime, probe: str, replayed: bool) -> Entry | None:
    """The last look of a probe before the stretch in which others are read together."""
    return as_of(record, environment, since, replayed=replayed, probes=(probe,)).get(probe)


def first_look(record: Record, environment: str, *, replayed: bool = False) -> datetime | None:
    """When an environment was first looked at; ``None`` where it never was."""
    where = "state <> 'error' AND ? IN (environment, against)"
    rows = record.query(
        f"SELECT min(at) FROM e_probe_run WHERE {where}{'' if replayed else _REAL}", (environment,)
    )
    return datetime.fromisoformat(rows[0][0]) if rows and rows[0][0] else None


def _all_probes(record: Record) -> list[str]:
    return [str(row[0]) for row in record.query("SELECT DISTINCT probe FROM e_probe_run ORDER BY probe")]


def _entries(environment: str, rows: Iterable[Stored]) -> Iterator[Entry]:
    for run in (row.decode(ProbeRun) for row in rows):
        if environment in (run.environment, run.against):
            yield _entry(environment, run)


def _entry(environment: str, run: ProbeRun) -> Entry:
    side: Side = "staging" if run.environment == environment else "production"
    return Entry(environment=environment, side=side, run=run)


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A build that probes were told runs in an environment: from when to when, and by which probe first."""

    environment: str
    build: str
    first: datetime
    last: datetime
    probe: str


_BUILDS = (
    "SELECT probe, environment, against, json_extract(value, '$.staging.build'), "
    "json_extract(value, '$.production.build'), min(at), max(at) FROM e_probe_run "
    "WHERE state <> 'error' AND at > ? AND at <= ?{} GROUP BY 1, 2, 3, 4, 5 ORDER BY 6"
)


def sightings(record: Record, since: datetime, until: datetime, *, replayed: bool = False) -> list[Sighting]:
    """Every build that was seen in an environment in a stretch of time, the earlier first."""
    found: dict[tuple[str, str], Sighting] = {}
    rows = record.query(_BUILDS.format("" if replayed else _REAL), (to_text(since), to_text(until)))
    for probe, environment, against, ours, theirs, first, last in rows:
        begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
        for place, build in ((environment, ours), (against, theirs)):
            if not build:
                continue
            before = found.get((place, build))
            found[place, build] = Sighting(
                environment=place,
                build=build,
                first=before.first if before else begins,
                last=max(before.last, ends) if before else ends,
                probe=before.probe if before else probe,
            )
    return list(found.values())


def compared(record: Record, one: Entry, other: Entry) -> Compared:
    """What differs between two entries of the same probe, parameter by parameter."""
    if one.run == other.run and one.side != other.side:
        return _within(record, one)
    if one.seen.snapshot is not None and one.seen.snapshot == other.seen.snapshot:
        return Compared(probe=one.probe, parameters=one.seen.parameters)
    before, now = (snapshot_of(record, entry.seen.snapshot) for entry in (one, other))
    if before is None or now is None:
        return Compared(probe=one.probe, gone=True)
    noise = {*one.run.noise, *other.run.noise}
    all_of_it = by_path(before, now)
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
