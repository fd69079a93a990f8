"""Compares what files two environments hold: as types, sizes and reads, never what stands in them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.errors import SourceError
from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Piece,
    Plant,
    Score,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.given import Given
from workbench.probes.giving import capture as capture_given
from workbench.probes.hiding import Hide
from workbench.probes.kinds.files import FilesProbe
from workbench.probes.kinds.files.listing import Listed, files_in, list_folder, without
from workbench.probes.prober import Prober, by_path
from workbench.probes.reach import Reach

COUNT, SIZE, TYPE, CLASS, READS, PATTERN = "count", "size", "type", "sizes", "reads", "pattern"
_CLASSES = (
    (0, "empty"), (10**4, "to 10 kB"), (10**5, "to 100 kB"), (10**6, "to 1 MB"), (10**7, "to 10 MB"),
    (10**8, "to 100 MB"), (10**9, "to 1 GB"),
)  # fmt: skip
_LARGEST_CLASS = "larger"
_RARE = 0.001  # a type or size that is rarer in production is no news when it is missing
_TIMES = 2  # by which sizes may differ
_READ = {
    "never read": "files that are never read",
    "by the most read tenth": "reads of the most read tenth of files",
}
_FEW = 10  # times fewer files, which hides what only shows in numbers


class FilesProber(Prober):
    """BM-12 for files."""

    config: FilesProbe

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """The list of a folder, or lists as they are."""
        where = getattr(self.config, side)
        if isinstance(where, Given):
            return await capture_given(where, where, reach)
        if isinstance(where, str) and where.endswith("/"):
            listing = await asyncio.to_thread(list_folder, reach.root, where)
            return Capture((Piece(where, "text/csv", listing),))
        files = await asyncio.to_thread(reach.files, where)
        return Capture(tuple(Piece(name, "text/plain", data) for name, data in files))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """How many files, of which types and sizes, and how unevenly they are read."""
        files = [one for piece in capture.pieces for one in files_in(piece.data, piece.name)]
        if not files:
            raise SourceError("there is no file", where=", ".join(piece.name for piece in capture.pieces))
        found = {COUNT: Parameter(f"{len(files):,}", weight=len(files))}
        sizes = sorted(one.size for one in files)
        for name, size in (("median", sizes[len(sizes) // 2]), ("largest", sizes[-1])):
            found[path_of(SIZE, name)] = Parameter(size_text(size), weight=max(1, size))
        _count(found, len(files), ((TYPE, one.type) for one in files))
        _count(found, len(files), ((CLASS, size_class(one.size)) for one in files))
        _count(found, len(files), ((PATTERN, one.type, size_class(one.size)) for one in files))
        reads = sorted((one.reads for one in files if one.reads is not None), reverse=True)
        if reads:
            never = sum(1 for one in reads if not one) / len(reads)
            hot = sum(reads[: max(1, len(reads) // 10)]) / (sum(reads) or 1)
            found[path_of(READS, "never read")] = Parameter(_percent(never))
            found[path_of(READS, "by the most read tenth")] = Parameter(_percent(hot))
        return Snapshot(found)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Types and sizes that staging lacks or has far more or less of, and other reads."""
        ours, theirs = staging.parameters, production.parameters
        told = (
            self._told(change, ours.get(change.path), theirs.get(change.path))
            for change in by_path(staging, production)
        )
        return tuple(change for change in told if change is not None)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """A type that is gone, and the largest files left out."""
        files = [one for piece in capture.pieces for one in files_in(piece.data, piece.name)]
        for kind, count in Counter(one.type for one in files).most_common(8):
            if count / len(files) >= _RARE:
                yield _without("gone-type", f"no file of type {kind}", capture, partial(_is_type, kind))
        largest = max((one.size for one in files), default=0)
        if largest:
            yield _without("no-large-files", "no large file", capture, partial(_is_near, largest))
        for name, count in Counter(size_class(one.size) for one in files).items():
            if count / len(files) >= _RARE:
                yield _without("gone-size", f"no file {name}", capture, partial(_is_sized, name))

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """The share of production's files whose type and size occur in staging."""
        weights = {
            path: one.weight for path, one in production.parameters.items() if parts_of(path)[0] == PATTERN
        }
        of = sum(weights.values())
        lacking = sorted(
            (path for path in weights if path not in staging.parameters), key=lambda path: -weights[path]
        )
        words = ", ".join(" ".join(parts_of(path)[1:]) for path in lacking[:5])
        yield Score(
            key="file_coverage",
            value=1 - Decimal(sum(weights[path] for path in lacking)) / of,
            of=of,
            limit=None if self.config.covered is None else Decimal(self.config.covered) / 100,
            words=f"not in staging: {words}" if words else "",
        )

    def _told(self, change: Change, ours: Parameter | None, theirs: Parameter | None) -> Change | None:
        what, *rest = parts_of(change.path)
        if what == PATTERN:
            return None  # its type and its size are told; together they make the score
        if what == COUNT:
            return _fewer(change, ours, theirs)
        if what == SIZE:
            return _smaller(change, rest[0], ours, theirs)
        if what == READS and (ours is None or theirs is None):
            return (
                None
                if theirs is None
                else msgspec.structs.replace(change, title="staging's list tells no reads")
            )
        share, other = _share(change.staging), _share(change.production)
        thing = (
            _READ.get(rest[0], "reads")
            if what == READS
            else f"files {'of type ' if what == TYPE else ''}{rest[0]}"
        )
        if what != READS and ours is None:
            return (
                msgspec.structs.replace(change, title=f"{thing} are not in staging")
                if other >= _RARE
                else None
            )
        if abs(share - other) * 100 <= self.config.apart:
            return None
        gap = Decimal(int(abs(share - other) * 100))
        return msgspec.structs.replace(change, title=f"the share of {thing}", gap=gap)


def _is_type(kind: str, one: Listed) -> bool:
    return one.type == kind


def _is_sized(name: str, one: Listed) -> bool:
    return size_class(one.size) == name


def _is_near(largest: int, one: Listed) -> bool:
    return one.size * _TIMES >= largest


def size_class(size: int) -> str:
    """The class that a size belongs to: ``empty``, ``to 10 kB`` … ``larger``."""
    return next((name for most, name in _CLASSES if size <= most), _LARGEST_CLASS)


def size_text(size: int) -> str:
    """Bytes as people write them: ``1.5 MB``."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def _count(found: dict[str, Parameter], total: int, things: Iterable[tuple[str, ...]]) -> None:
    for parts, count in Counter(things).items():
        found[path_of(*parts)] = Parameter(_percent(count / total), weight=count)


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %" if share >= 0.001 or not share else f"{share * 100:.3f} %"


def _share(text: str | None) -> float:
    return float(text.partition(" ")[0]) / 100 if text else 0.0


def _fewer(change: Change, ours: Parameter | None, theirs: Parameter | None) -> Change | None:
    if ours is None or theirs is None or ours.weight * _FEW > theirs.weight:
        return None
    times = theirs.weight // ours.weight
    return msgspec.structs.replace(
        change,
        title=f"staging holds 1/{times} of production's files",
        severity=Severity.LOW,
        gap=Decimal(times),
    )


def _smaller(change: Change, which: str, ours: Parameter | None, theirs: Parameter | None) -> Change | None:
    if ours is None or theirs is None:
        return None
    if which == "largest":
        if ours.weight * _TIMES > theirs.weight:
            return None
        return msgspec.structs.replace(change, title="staging has no file as large as production's largest")
    if ours.weight <= theirs.weight * _TIMES and theirs.weight <= ours.weight * _TIMES:
        return None
    return msgspec.structs.replace(change, title="files are of another size: the median")


def _without(key: str, title: str, capture: Capture, gone: Callable[[Listed], bool]) -> Plant:
    pieces = (msgspec.structs.replace(piece, data=without(piece.data, gone)) for piece in capture.pieces)
    return Plant(key, title, msgspec.structs.replace(capture, pieces=tuple(pieces)))
