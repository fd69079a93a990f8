"""What a kind of probe is: it captures, reads, compares, and plants differences to prove itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from workbench.definitions.shapes import Probe, StagingKind
from workbench.probes.captured import Capture, Change, Plant, Score, Side, Snapshot
from workbench.probes.hiding import Hide


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What surrounds a probe: the keys of the core flows, how staging is built, and the candidate."""

    core: frozenset[str] = frozenset()
    staging_kind: StagingKind | None = None
    version: str | None = None
    commit: str | None = None


if TYPE_CHECKING:  # asyncio, which looking needs and reading what was seen does not
    from workbench.probes.reach import Reach


class Prober:
    """One probe, ready to look.

    ``capture`` alone waits for disk or network; blocking work in it belongs into
    ``asyncio.to_thread``.  The others are functions of what was captured: a replay and a planted
    difference take the same way.  What goes wrong is raised as ``SourceError``.
    """

    planted_in: ClassVar[Side] = "production"
    """Where differences are planted.  In a copy of production, which is then compared with production
    itself, everything that is found was planted; a kind that treats its two sides differently plants in staging."""

    around: Around = Around()
    """What surrounds the probe; whoever runs it says so."""

    def __init__(self, config: Any, probe: Probe) -> None:
        self.config = config
        self.probe = probe

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """What one environment gives, as it came."""
        raise NotImplementedError

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """What a capture means.  ``SourceError`` where it cannot be read."""
        raise NotImplementedError

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What differs, in the order of the paths."""
        return by_path(staging, production)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """The same capture with one difference planted in each: every one has to be found."""
        raise NotImplementedError

    def plants_beside(self, capture: Capture, other: Capture) -> Iterable[Plant]:
        """The same for a kind that plants what the ``other`` environment has; see :attr:`planted_in`."""
        return self.plants(capture)

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """Figures about the environment that follow from what was compared."""
        return ()


def by_path(staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
    """Where two snapshots differ: a value, or a path that only one of them has."""
    ours, theirs = staging.parameters, production.parameters
    found = []
    for path in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(path), theirs.get(path)
        if one is not None and other is not None and one.text == other.text:
            continue
        found.append(
            Change(
                path=path,
                staging=None if one is None else one.text,
                production=None if other is None else other.text,
                secret=bool((one and one.secret) or (other and other.secret)),
            )
        )
    return tuple(found)
