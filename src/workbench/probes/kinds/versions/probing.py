"""Reads the versions that both environments tell, and compares their leading numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.errors import SourceError
from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Plant,
    Score,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.hiding import Hide
from workbench.probes.kinds.versions import VersionsProbe
from workbench.probes.kinds.versions.seen import capture_versions, one_more, replaced, versions_of
from workbench.probes.parameters import visible
from workbench.probes.prober import Prober, by_path
from workbench.probes.reach import Reach
from workbench.sources.versions.reading import ORDER, Level, apart, read_version

_SEVERITY = {Level.MAJOR: Severity.HIGH, Level.PATCH: Severity.LOW, Level.BUILD: Severity.LOW}
_MOST = 40  # versions of which another is planted


class VersionsProber(Prober):
    """PP-6."""

    config: VersionsProbe

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """The files, or the answers, that tell versions."""
        pieces = await capture_versions(getattr(self.config, side), self.config.ask, reach)
        return Capture(pieces)

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """Versions by name."""
        versions = versions_of(capture.pieces)
        moving = [name for name, text in versions.items() if read_version(text).moves]
        notes = tuple(f"{name} says {versions[name]}, which does not tell what runs" for name in moving)
        return Snapshot(
            {visible(_path(name)): Parameter(visible(text)) for name, text in versions.items()}, notes
        )

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What is farther apart than it may be, or only in one environment."""
        if production.parameters and all(
            read_version(one.text).moves for one in production.parameters.values()
        ):
            names = ", ".join(map(_name, list(production.parameters)[:3]))
            raise SourceError(
                f"no version of production can be compared: {names} only name whatever is newest",
                hint="give the images a number or a digest",
            )
        return tuple(
            told for change in by_path(staging, production) if (told := self._told(change)) is not None
        )

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Another version of each thing, as near as the probe still has to find; and files or answers that are gone."""
        for name, text in list(versions_of(capture.pieces).items())[:_MOST]:
            one = text.partition(" or ")[0]
            for key, other in self._others(one):
                yield Plant(key, f"{name} is {other} instead of {one}", replaced(capture, one, other))

        for gone in capture.pieces:
            left = tuple(piece for piece in capture.pieces if piece is not gone)
            if versions_of([gone]).keys() - versions_of(left).keys():
                yield Plant("gone", f"{gone.name} is gone", msgspec.structs.replace(capture, pieces=left))

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """DIM-2: the share of versions that are known to be near enough."""
        known = [
            path
            for path, one in production.parameters.items()
            if path in staging.parameters and self._near(staging.parameters[path].text, one.text)
        ]
        of = len(production.parameters)
        if of:
            apart = ", ".join(_name(path) for path in production.parameters if path not in known)
            words = f"apart or not known: {apart}" if apart else ""
            yield Score(key="service_parity", value=Decimal(len(known)) / of, of=of, words=words)

    def _near(self, staging: str, production: str) -> bool:
        found = apart(staging, production)
        if found.level is Level.SAME_TEXT:
            return not read_version(production).moves
        return found.within(Level(self.config.within or "same"))

    def _told(self, change: Change) -> Change | None:
        name = _name(change.path)
        if change.staging is None or change.production is None:
            where = "staging" if change.staging is None else "production"
            return msgspec.structs.replace(change, title=f"{name} is not in {where}")
        if self._near(change.staging, change.production):
            return None
        found = apart(change.staging, change.production)
        gap = Decimal(abs(found.steps)) * 1000 ** ORDER.index(found.level) if found.level in ORDER else None
        return msgspec.structs.replace(
            change, title=f"{name}: {found.words}", severity=_SEVERITY.get(found.level), gap=gap
        )

    def _others(self, text: str) -> Iterator[tuple[str, str]]:
        """Versions that the probe has to tell from this one, the most alike first."""
        allowed = ORDER.index(Level(self.config.within or "same"))
        for place, level in ((2, Level.PATCH), (1, Level.MINOR), (0, Level.MAJOR)):
            other = one_more(text, place)
            if other is not None and ORDER.index(level) > allowed:
                yield f"other-{level}", other
        if not read_version(text).numbers:
            yield "other-text", f"{text[:-1]}{'0' if text[-1:] != '0' else '1'}"


def _path(name: str) -> str:
    """The path of a thing's version: an image's name is a path already."""
    return path_of(*name.split("/"))


def _name(path: str) -> str:
    return "/".join(parts_of(path))
