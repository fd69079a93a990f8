"""Where a result of SARIF is, in words."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.sources.sarif.shapes import Location, Physical, Run


def words_of(run: Run, locations: Sequence[Location] | None) -> tuple[str, str]:
    """The first place as people read it (``shop/db.py:12``), and with everything that tells it from others."""
    if not locations:
        return "", ""
    first = locations[0]
    if first.physical_location is not None:
        file = _file(run, first.physical_location)
        region = first.physical_location.region
        line = region.start_line if region else None
        return f"{file}:{line}" if file and line else file, f"{file} {region}"
    names = [one.fully_qualified_name or one.name or "" for one in first.logical_locations or ()]
    name = next(filter(None, names), "")
    return name, name


def _file(run: Run, place: Physical) -> str:
    artifact = place.artifact_location
    if artifact is None:
        return ""
    if artifact.uri:
        return artifact.uri
    known = run.artifacts or []
    if artifact.index is not None and 0 <= artifact.index < len(known):
        location = known[artifact.index].location
        return (location.uri if location else None) or ""
    return ""
