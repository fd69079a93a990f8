"""What a run of a probe says about the rows of the map that are linked to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from workbench.model.cells import clean
from workbench.parity.model import Difference
from workbench.probes.captured import parts_of
from workbench.probes.runs import ProbeRun, Seen
from workbench.record import Change, Stored

Row = tuple[Stored, Difference]
NOT_THERE = "not there"
LARGER = Decimal("1.1")  # a gap that a probe counted has widened once it is a tenth larger
_LONGEST = 1000  # characters of a value on the map; the run keeps all of it


def texts_of(change: Seen) -> tuple[str, str]:
    """Both values of a change as the map says them; of a secret only that it differs.

    Fingerprints stay out of the map: a secret that is renewed would reopen every decision about it.
    """
    secrets = ("a secret", "another secret") if change.staging is not None else ("", "a secret")
    sides = zip((change.staging, change.production), secrets, strict=True)
    ours, theirs = (
        NOT_THERE if value is None else secret if change.secret else clean(value)[:_LONGEST]
        for value, secret in sides
    )
    return ours, theirs


def title_of(change: Seen) -> str:
    """What differs: as the probe calls it, or the last part of its path after what it belongs to."""
    *place, name = parts_of(change.path)
    return clean(change.title) or (f"{'/'.join(place)}: {name}" if place else name)


def linked(rows: Iterable[Row], run: ProbeRun) -> dict[str, list[Row]]:
    """The rows that the probe of a run keeps, by path; those of another region are left out."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        value = row[1]
        elsewhere = value.region and run.region and value.region.casefold() != run.region.casefold()
        if value.probe == run.probe and value.path and not elsewhere:
            found[value.path].append(row)
    return found


def says_otherwise(value: Difference, change: Seen) -> bool:
    """Whether a run tells more of a difference than its row does: other values, or a wider gap.

    Where the probe counts how far apart both sides are, only a gap that is a tenth larger than the
    recorded one is news: what is smaller, or jitters, leaves the row and its decision as they are.
    """
    if texts_of(change) == (value.staging, value.production):
        return False
    if value.gap is None or change.gap is None:
        return True
    return change.gap > value.gap * LARGER


def widened(value: Difference, change: Seen) -> Difference:
    """A row with the values that a run has seen."""
    staging, production = texts_of(change)
    return msgspec.structs.replace(value, staging=staging, production=production, gap=change.gap)


def seen(rows: Iterable[Row], run: ProbeRun, changes: Sequence[Seen]) -> list[Change]:
    """What a run changes on the map: linked rows tell the values that it saw.

    A decision that was made on other values is overtaken by that, unless its bound covers them
    (:mod:`workbench.parity.facts`).  ``changes`` are all that the run found.  Rows of which somebody
    has to choose a version stay as they are, and so does the map when the probe could not look.
    """
    if run.state == "error":
        return []
    return [
        Change("difference", stored.id, "widened", widened(value, change), stored.base, _why(run))
        for (stored, value), change in _pairs(linked(rows, run), changes)
        if not stored.contested and says_otherwise(value, change)
    ]


def _pairs(rows: Mapping[str, Collection[Row]], changes: Iterable[Seen]) -> Iterator[tuple[Row, Seen]]:
    for change in changes:
        for row in rows.get(change.path, ()):
            yield row, change


def _why(run: ProbeRun) -> str:
    return f"seen by the probe {run.probe}"
