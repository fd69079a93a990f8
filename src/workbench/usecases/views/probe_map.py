"""What the map says of what a probe found: on it or not, decided or not, or no longer there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.probes.runs import ProbeRun, Seen, changes_of, latest_runs
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.parity import Standing, decision_of, mark_of

ADD, WIDENED, CLOSE, KNOWN, INTENDED = "add", "widened", "close", "known", "intended"
Rows = Sequence[tuple[Stored, Difference]]


class Tally(msgspec.Struct, frozen=True):
    """What is to be done about the differences of a probe.

    ``new`` are on no row of the map, ``wider`` on one that says less, ``gone`` are rows whose
    difference was not found any more, ``undecided`` are rows that nobody has decided on.
    """

    new: int = 0
    wider: int = 0
    gone: int = 0
    undecided: int = 0

    @property
    def proposals(self) -> int:
        """How many of them the map waits for."""
        return self.new + self.wider + self.gone


class OnMap(msgspec.Struct, frozen=True, kw_only=True):
    """What the map says of a path: what is proposed, in words with a sign, and the row that it is about."""

    kind: str
    said: str
    mark: Mark
    row: Stored | None = None
    value: Difference | None = None


NOT_THERE = OnMap(kind=ADD, said="not on the map", mark=Mark.WARNS)


def read_on_map(
    context: Context, run: ProbeRun, stand: Standing
) -> tuple[tuple[Seen, ...], Mapping[str, OnMap]]:
    """What a run found, and what the map says of each path; rows whose difference has gone among them."""
    found = changes_of(context.record, run)
    rows = linked(context, run.probe)
    return found, on_map(run, found, rows, stand, context.now, context.zone)


def linked(context: Context, probe: str) -> list[tuple[Stored, Difference]]:
    """The rows of the map that a probe watches."""
    stored = context.record.all("difference", "probe = ?", (probe,))
    return [(each, each.decode(Difference)) for each in stored]


def on_map(
    run: ProbeRun, found: Iterable[Seen], rows: Rows, stand: Standing, now: datetime, zone: tzinfo
) -> dict[str, OnMap]:
    """The same as a function of what was read."""
    by_path = {value.path: (stored, value) for stored, value in rows}
    said = {}
    for seen in found:
        row = by_path.pop(seen.path, None)
        said[seen.path] = _known(row[0], row[1], stand, now, zone) if row else NOT_THERE
    if run.state == "error":  # what could not be looked at is not gone
        return said
    for path, (stored, value) in by_path.items():
        said[path] = OnMap(kind=CLOSE, said="gone: close its row", mark=Mark.OPEN, row=stored, value=value)
    return said


def _known(stored: Stored, value: Difference, stand: Standing, now: datetime, zone: tzinfo) -> OnMap:
    undecided = parity.undecided(value, now)
    again = undecided and value.decision is not Decision.UNDECIDED
    return OnMap(
        kind=INTENDED if value.decision is Decision.ACCEPT and not undecided else KNOWN,
        said=decision_of(value, now, zone),
        mark=mark_of(stored.id, value.severity, value.decision, again, stand),
        row=stored,
        value=value,
    )


def tally_of(said: Iterable[OnMap], now: datetime) -> Tally:
    """What is to be done about these differences."""
    each = list(said)
    kinds = [one.kind for one in each]
    open = sum(
        one.kind == KNOWN and one.value is not None and parity.undecided(one.value, now) for one in each
    )
    return Tally(kinds.count(ADD), kinds.count(WIDENED), kinds.count(CLOSE), open)


def read_tallies(context: Context, stand: Standing) -> Mapping[str, Tally]:
    """What is to be done about the differences of each probe that has run."""
    found = {}
    for key, (_, run) in latest_runs(context.record).items():
        _, said = read_on_map(context, run, stand)
        found[key] = tally_of(said.values(), context.now)
    return found
