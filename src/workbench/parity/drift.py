"""BM-3: how far an environment has drifted from production, by parameter: since when, and unnoticed for how long.

Everything follows from the runs of the probes.  A parameter that differs and that nobody has declared
intended is drift; intended ones are listed and not counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import chain, repeat

import msgspec

from workbench.definitions.shapes import Category, Probe
from workbench.parity.model import Difference, undecided
from workbench.parity.proposals import intended
from workbench.parity.seen import Row, linked, says_otherwise
from workbench.probes.runs import ProbeRun, Seen, changes_of, snapshot_of
from workbench.record import Record

MOST_RUNS = 500  # of one probe are looked back through
_PAGES = (1, 10, 50)  # runs that are read at a time: most probes pass, and need one


class Appeared(msgspec.Struct, frozen=True):
    """When a drift appeared: between ``after`` and ``seen``.

    ``after`` is the last run before it that looked there and found nothing, ``None`` where none did.
    ``moved`` says which side changed then: ``staging``, ``production``, ``both``, or "" where that is not known.
    """

    seen: datetime
    after: datetime | None = None
    moved: str = ""


class Differing(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter that differs, as the last run of its probe found it.

    ``row`` is the id of the difference on the map, if it is there.  ``decided`` says that somebody has
    decided on it as it is; an ``intended`` one is meant to differ until ``until``.
    """

    probe: str
    environment: str
    region: str
    category: Category
    change: Seen
    row: str = ""
    decided: bool = False
    intended: bool = False
    until: datetime | None = None
    reason: str = ""


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter that differs, and since when.

    ``noticed`` is when a run first found it, or a person wrote it into the map, whichever was earlier.
    """

    what: Differing
    appeared: Appeared
    noticed: datetime

    @property
    def unnoticed(self) -> timedelta | None:
        """From when it can first have appeared to when somebody noticed; ``None`` where nobody looked before."""
        if self.appeared.after is None:
            return None
        return max(self.noticed - self.appeared.after, timedelta())


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """The drift index of some probes: ``differing`` parameters of those ``compared``, intended ones apart."""

    compared: int
    differing: int
    intended: int
    by_category: Mapping[str, int]

    @property
    def share(self) -> Decimal:
        """How much of what was compared has drifted, from 0 to 1."""
        return Decimal(self.differing) / self.compared if self.compared else Decimal()


def index_of(compared: int, found: Iterable[Differing]) -> Index:
    """The index over what runs have compared and found to differ."""
    found = tuple(found)
    counted = Counter(each.category.value for each in found if not each.intended)
    return Index(
        compared=compared,
        differing=counted.total(),
        intended=sum(each.intended for each in found),
        by_category=dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """What the parity map says of what probes find: the rows that each probe keeps, by its key.

    ``waiting`` are the ids of those whose decision a second person has not approved yet.
    """

    rows: Mapping[str, Sequence[Row]]
    waiting: Collection[str] = ()


def watched(record: Record) -> Mapping[str, Sequence[Row]]:
    """The rows of the map that probes keep true, by the probe's key."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in record.all("difference", "probe <> ''", (), "id"):
        value = row.decode(Difference)
        found[value.probe].append((row, value))
    return found


def differing(
    record: Record, run: ProbeRun, probe: Probe, category: Category, known: Map, now: datetime
) -> list[Differing]:
    """What a run found, with what the map says of it; ``category`` is the probe's kind's."""

    rows = linked(known.rows.get(probe.key, ()), run)

    def one(change: Seen) -> Differing:
        mine = rows.get(change.path, ())
        stands = [
            row for row in mine if row[0].id not in known.waiting and not says_otherwise(row[1], change)
        ]
        whole = bool(mine) and len(stands) == len(mine)
        meant = [value for _, value in stands if whole and intended(value, now)]
        as_meant = whole and len(meant) == len(mine)
        return Differing(
            probe=probe.key,
            environment=run.environment,
            region=run.region,
            category=change.category or probe.category or category,
            change=change,
            row=mine[0][0].id if mine else "",
            decided=whole and not any(undecided(value, now) for _, value in stands),
            intended=as_meant,
            until=min((value.until for value in meant if value.until), default=None) if as_meant else None,
            reason=meant[0].reason if as_meant else "",
        )

    return list(map(one, changes_of(record, run)))


def able_runs(record: Record, probe: str, now: datetime, *, replayed: bool = False) -> Iterator[ProbeRun]:
    """The runs of a probe that could look, the newest first; ``replayed`` ones only where they count."""
    for run in back(record, probe):
        if run.at <= now and run.state != "error" and (replayed or run.mark != "replayed"):
            yield run


def drifts(
    record: Record, latest: ProbeRun, earlier: Iterator[ProbeRun], found: Iterable[Differing], known: Map
) -> list[Drift]:
    """What the latest run found, each with when it appeared and when it was noticed."""
    found = list(found)
    rows = linked(known.rows.get(latest.probe, ()), latest)
    when = appeared(record, latest, earlier, [each.change.path for each in found])

    def one(what: Differing) -> Drift:
        seen = when[what.change.path]
        by_hand = (value.found_at for _, value in rows.get(what.change.path, ()) if value.found_at)
        return Drift(what=what, appeared=seen, noticed=min((seen.seen, *by_hand)))

    return list(map(one, found))


def back(record: Record, probe: str) -> Iterator[ProbeRun]:
    """The runs of a probe, the newest first, read as far as somebody asks; at most :data:`MOST_RUNS`."""
    before, read = "~", 0  # an id is hexadecimal
    pages = chain(_PAGES, repeat(_PAGES[-1]))
    while read < MOST_RUNS:
        rows = record.all("probe_run", "probe = ? AND id < ?", (probe, before), "id DESC", limit=next(pages))
        if not rows:
            return
        yield from (row.decode(ProbeRun) for row in rows)
        before, read = rows[-1].id, read + len(rows)


def appeared(
    record: Record, latest: ProbeRun, earlier: Iterator[ProbeRun], paths: Iterable[str]
) -> dict[str, Appeared]:
    """When each of these paths began to differ, which do in the ``latest`` run that could look.

    ``earlier`` are those before it, the newest first.  Looking back ends at the first run of the probe
    as it was defined otherwise: it may not have looked there.  A run for which a path was noise says
    neither yes nor no about it.
    """
    first = dict.fromkeys(paths, latest)
    open_, found = set(first), dict[str, Appeared]()
    newer, present = latest, frozenset(open_)
    moved = _Moved(record)
    while open_ and (run := next(earlier, None)) is not None and run.definition == latest.definition:
        if not _same(run, newer):
            present = frozenset(change.path for change in changes_of(record, run))
        for path in sorted(open_ - present - set(run.noise)):
            open_.remove(path)
            found[path] = Appeared(first[path].at, run.at, moved(path, run, first[path]))
        first.update(dict.fromkeys(open_ & present, run))
        newer = run
    return found | {path: Appeared(first[path].at) for path in open_}


def _same(one: ProbeRun, other: ProbeRun) -> bool:
    """Whether two runs saw the same, so that what differs is the same, too."""
    seen = (one.staging.snapshot, one.production.snapshot, one.noise, one.differing)
    return seen == (other.staging.snapshot, other.production.snapshot, other.noise, other.differing)


class _Moved:
    """Which side changed at a path between two runs; each snapshot is read once."""

    def __init__(self, record: Record) -> None:
        self._read = cache(lambda digest: snapshot_of(record, digest))

    def __call__(self, path: str, before: ProbeRun, after: ProbeRun) -> str:
        sides = []
        for name in ("staging", "production"):
            one, other = (self._read(getattr(run, name).snapshot) for run in (before, after))
            if one is None or other is None:
                return ""
            was, now = one.parameters.get(path), other.parameters.get(path)
            other_key = before.hidden_by != after.hidden_by and bool(was and now and was.secret)
            if was != now and not other_key:
                sides.append(name)
        return "both" if len(sides) == 2 else "".join(sides)
