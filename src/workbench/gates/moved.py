"""What changed in an environment after something was measured there: the figure may be of another environment."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Measurement
from workbench.definitions.shapes import Probe, Project
from workbench.gates.facts import Facts, Need
from workbench.model.text import number_of
from workbench.model.times import clock_text
from workbench.probes import diary
from workbench.probes.diary import Entry, Moved, compared
from workbench.probes.kinds import KINDS
from workbench.record import Record

# What was seen of the environments is read for the stretch of time since the first measurement that counts.
DIARY: Need[Record] = Need(("probe_run",), lambda facts: facts.record)


class Move(msgspec.Struct, frozen=True):
    """A change of an environment between two looks of a probe.

    ``moved`` are the parameters that changed; ``build`` is the one that runs since, where another ran before.
    """

    probe: Probe
    after: datetime
    seen: datetime
    moved: tuple[Moved, ...]
    build: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(each.path for each in self.moved)


def watching(project: Project) -> list[Probe]:
    """The probes that see what is deployed and configured."""
    return [probe for probe in project.probes if KINDS[probe.kind].deployed]


def moves(
    record: Record,
    probes: Iterable[Probe],
    environment: str,
    since: datetime,
    until: datetime,
    *,
    replayed: bool,
) -> Iterator[Move]:
    """Each change of an environment that a probe saw in a stretch of time, in order."""
    by_key = {probe.key: probe for probe in probes}
    steps = diary.steps(record, environment, since, until, list(by_key), replayed=replayed)
    for before, entry in steps if by_key else ():
        move = _move(record, by_key[entry.probe], before, entry)
        if move is not None:
            yield move


def _move(record: Record, probe: Probe, before: Entry, entry: Entry) -> Move | None:
    if before.run.definition != entry.run.definition:  # it looks elsewhere: nothing is known to have changed
        return None
    found = compared(record, before, entry).moved
    moved = tuple(each for each in found if not _ignored(each.path, probe))
    ours, theirs = entry.seen.build or "", before.seen.build or ""
    build = ours if ours and theirs and ours != theirs else ""
    return Move(probe, before.at, entry.at, moved, build) if moved or build else None


class MovedSince:
    """What makes measurements of the past doubtful, asked once for all of them."""

    def __init__(self, facts: Facts) -> None:
        self._facts, self._record = facts, facts(DIARY)
        self._titles = {one.key: one.title or one.key for one in facts.project.environments}
        self._probes = watching(facts.project)

    def marked(self, judged: Iterable[Judged]) -> tuple[Judged, ...]:
        """The verdicts, with a remark for each measurement after which its environment changed."""
        judged = tuple(judged)
        if not self._probes:
            return judged
        moves = {key: tuple(self._moves(key, since)) for key, since in _first(judged).items()}
        return tuple(self._mark(item, moves) for item in judged) if any(moves.values()) else judged

    def _mark(self, item: Judged, moves: Mapping[str, tuple[Move, ...]]) -> Judged:
        found = [
            words
            for one in (item.value, item.baseline)
            if one is not None and one.environment
            for words in self._words(one, moves.get(one.environment, ()))
        ]
        return msgspec.structs.replace(item, remarks=(*item.remarks, *found)) if found else item

    def _moves(self, environment: str, since: datetime) -> Iterator[Move]:
        """Each change of an environment that a probe saw after a moment."""
        now, replayed = self._facts.now, self._facts.demonstration
        return moves(self._record, self._probes, environment, since, now, replayed=replayed)

    def _words(self, one: Measurement, moves: Iterable[Move]) -> Iterator[str]:
        later = [move for move in moves if move.seen > one.measured_at]
        if not later:
            return
        title = self._titles.get(one.environment or "", one.environment or "")
        certain = [move for move in later if move.after >= one.measured_at]
        said = "changed" if certain else "may have changed"
        chosen = certain or later
        when = clock_text(max(move.seen for move in chosen), self._facts.now, self._facts.zone)
        yield f"{title} {said} after this was measured: {_what(chosen)}, seen {when}"


def _first(judged: Iterable[Judged]) -> dict[str, datetime]:
    """When the first of the measurements in each environment was made."""
    found: dict[str, datetime] = {}
    for one in (each for item in judged for each in (item.value, item.baseline)):
        if one is not None and one.environment:
            found[one.environment] = min(one.measured_at, found.get(one.environment, one.measured_at))
    return found


def _ignored(path: str, probe: Probe) -> bool:
    return any(fnmatch.fnmatchcase(path, rule) for rule in probe.ignore)


def _what(moves: Iterable[Move]) -> str:
    """``2 parameters (settings), and build 1a2b3c4d runs there now``."""
    moves = list(moves)
    paths = {(move.probe.key, path) for move in moves for path in move.paths}
    probes = dict.fromkeys(move.probe.key for move in moves if move.paths)
    builds = [move.build for move in moves if move.build]
    told = [f"{number_of(len(paths), 'parameter')} ({', '.join(probes)})"] if paths else []
    told += [f"build {builds[-1][:8]} runs there now"] if builds else []
    return ", and ".join(told)
