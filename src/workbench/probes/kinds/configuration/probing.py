"""Compares two trees of configuration."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workbench.probes.captured import Capture, Change, Plant, Side, Snapshot
from workbench.probes.giving import capture
from workbench.probes.hiding import Hide
from workbench.probes.parameters import refined, snapshot_of
from workbench.probes.planting import plants_in
from workbench.probes.prober import Prober
from workbench.probes.reach import Reach
from workbench.probes.sorting import category_of, severity_of, title_of
from workbench.probes.wholes import by_path_or_whole, file_or_manifest


class ConfigurationProber(Prober):
    """Reads the same files of both environments."""

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """The files, each called the same in both environments."""
        ours, theirs = self.config.staging, self.config.production
        return await capture(*((ours, theirs) if side == "staging" else (theirs, ours)), reach)

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """All parameters of all files."""
        return snapshot_of(capture, hide)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What differs, within lists the members that do."""
        found = by_path_or_whole(staging.parameters, production.parameters, file_or_manifest)
        return sorted_out(refined(found))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Values, switches and secrets changed, settings and files lost."""
        return plants_in(capture)


def sorted_out(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Each change with what it is called and about, as its path tells."""
    return tuple(
        msgspec.structs.replace(
            change,
            title=change.title or title_of(change.path),
            category=change.category or category_of(change.path),
            severity=severity_of(change),
        )
        for change in changes
    )
