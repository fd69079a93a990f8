"""What the last runs of the probes propose for the map.

Proposals are worked out from the rows of the map and the runs, and never kept: nothing enters the
map until a person takes a proposal.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum

import msgspec

from workbench.definitions.shapes import Category, Severity
from workbench.model.dates import end_text
from workbench.model.times import day_text
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, overtaken, undecided
from workbench.parity.seen import Row, linked, says_otherwise, texts_of, title_of
from workbench.parity.table import name_of
from workbench.probes.runs import ProbeRun, Seen


class ProposalKind(StrEnum):
    """What is proposed about a difference that a probe found, or finds no more."""

    ADD = "add"  # no row of the map says it
    WIDENED = "widened"  # the linked row says other values, or was decided on other ones
    CLOSE = "close"  # the linked row is on the map, and the probe finds it no more
    KNOWN = "known"  # the linked row says it
    INTENDED = "intended"  # the same, and it is meant to be: quiet until its end


# What somebody has to look at; the rest is quiet.
OPEN = frozenset({ProposalKind.ADD, ProposalKind.WIDENED, ProposalKind.CLOSE})


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The last run of a probe, with all that it found and what its definition says of what it proposes.

    ``passing_since`` is when the first of the runs was made that have passed since.
    """

    run: ProbeRun
    changes: tuple[Seen, ...] = ()
    ignore: tuple[str, ...] = ()
    category: Category = Category.CONFIGURATION
    severity: Severity = Severity.MEDIUM
    flows: tuple[str, ...] = ()
    passing_since: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether everything is here that the run found: else nothing can be said to be gone."""
        return self.run.state != "error" and len(self.changes) >= self.run.differing


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed about one difference.

    ``difference`` is the id of the row that it is about; for ``add`` one of the same name without a
    probe, which is linked then.  ``words`` say why.
    """

    kind: ProposalKind
    probe: str
    path: str
    title: str
    staging: str
    production: str
    words: str
    category: Category = Category.UNSORTED
    severity: Severity = Severity.MEDIUM
    region: str = ""
    flows: tuple[str, ...] = ()
    secret: bool = False
    gap: Decimal | None = None
    difference: str = ""
    at: datetime | None = None

    @property
    def key(self) -> str:
        """What it is called on the command line: ``settings:app.env/DB_POOL``."""
        return f"{self.probe}:{self.path}"

    @property
    def open(self) -> bool:
        """Whether somebody has to look at it."""
        return self.kind in OPEN


class _Map(msgspec.Struct, frozen=True):
    """The rows of the map by name, and what is asked about them."""

    names: Mapping[str, Row]
    now: datetime
    zone: tzinfo
    waiting: Collection[str]


def proposals(
    rows: Sequence[Row],
    looked: Iterable[Looked],
    now: datetime,
    *,
    zone: tzinfo = UTC,
    waiting: Collection[str] = (),
) -> tuple[Proposal, ...]:
    """What the last runs propose, probe by probe, in the order of the paths.

    ``waiting`` are the ids of rows whose decision a second person has not approved.  A probe that
    could not look proposes nothing: what was not seen has neither come nor gone.
    """
    by_probe: dict[str, list[Row]] = {}
    names: dict[str, Row] = {}
    for row in rows:
        value = row[1]
        by_probe.setdefault(value.probe, []).append(row)
        names[name_of(value.title, value.region)] = row
    on, found = _Map(names, now, zone, waiting), list[Proposal]()
    for one in looked:
        if one.run.state != "error":
            found += _of_one(one, by_probe.get(one.run.probe, ()), on)
    return tuple(found)


def _of_one(looked: Looked, rows: Iterable[Row], on: _Map) -> Iterator[Proposal]:
    known = linked(rows, looked.run)
    for change in looked.changes:
        mine = known.pop(change.path, ())
        if not mine:
            yield _addition(looked, change, on.names)
        for row in mine:
            yield _about(looked, change, row, on)
    if not looked.complete:
        return
    for path in sorted(known):
        if not _out_of_sight(path, looked):
            yield from (_gone(looked, row, on) for row in known[path])


def _out_of_sight(path: str, looked: Looked) -> bool:
    """Whether the run says nothing about a path: it was noise, or the probe ignores it."""
    if path in looked.run.noise:
        return True
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in looked.ignore)


def _addition(looked: Looked, change: Seen, names: Mapping[str, Row]) -> Proposal:
    run, title = looked.run, title_of(change)
    staging, production = texts_of(change)
    namesake = names.get(name_of(title, run.region))
    words, difference = "not on the map", ""
    if namesake is not None:
        stored, value = namesake
        if value.probe:
            title = f"{title} ({run.probe})"  # a row of another probe is called so
        else:
            words, difference = "on the map without a probe: it is linked to this one", stored.id
    return Proposal(
        kind=ProposalKind.ADD,
        probe=run.probe,
        path=change.path,
        title=title,
        staging=staging,
        production=production,
        words=words,
        category=change.category or looked.category,
        severity=change.severity or looked.severity,
        region=run.region,
        flows=looked.flows,
        secret=change.secret,
        gap=change.gap,
        difference=difference,
        at=run.at,
    )


def _about(looked: Looked, change: Seen, row: Row, on: _Map) -> Proposal:
    stored, value = row
    staging, production = texts_of(change)
    if says_otherwise(value, change):
        kind = ProposalKind.WIDENED
        words = f"the map says {value.staging or 'nothing'} and {value.production or 'nothing'}"
    elif overtaken(value):
        kind, words = ProposalKind.WIDENED, "decided when the values were different"
    elif stored.verb == "widened" and undecided(value, on.now):
        kind, words = ProposalKind.WIDENED, "wider than when somebody last looked at it"
    elif intended(value, on.now) and stored.id not in on.waiting:
        end = end_text(value.until, on.zone) if value.until else ""
        kind, words = ProposalKind.INTENDED, f"intended until {end}"
    else:
        kind, words = ProposalKind.KNOWN, _known(value, on.now, stored.id in on.waiting)
    return _on_row(looked, row, kind, words, staging, production, change)


def _known(value: Difference, now: datetime, waits: bool) -> str:
    if waits:
        return "on the map; its decision is waiting for a second person"
    return "on the map, undecided" if undecided(value, now) else "on the map, decided"


def _gone(looked: Looked, row: Row, on: _Map) -> Proposal:
    since = f" since {day_text(looked.passing_since, on.zone)}" if looked.passing_since else ""
    words = f"the probe finds it no more{since}: remove it?"
    value = row[1]
    return _on_row(looked, row, ProposalKind.CLOSE, words, value.staging, value.production)


def _on_row(
    looked: Looked,
    row: Row,
    kind: ProposalKind,
    words: str,
    staging: str,
    production: str,
    change: Seen | None = None,
) -> Proposal:
    stored, value = row
    return Proposal(
        kind=kind,
        probe=looked.run.probe,
        path=value.path,
        title=value.title,
        staging=staging,
        production=production,
        words=words,
        category=value.category,
        severity=value.severity,
        region=value.region,
        flows=value.flows,
        secret=change.secret if change else False,
        gap=change.gap if change else value.gap,
        difference=stored.id,
        at=looked.run.at,
    )


def intended(value: Difference, now: datetime) -> bool:
    """Whether a difference is meant to be: accepted with a reason, an owner and an end that lies ahead."""
    if value.decision is not Decision.ACCEPT or undecided(value, now):
        return False
    return bool(value.reason.strip() and value.owner and value.until)
