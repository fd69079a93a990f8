"""Files, manifests and resources that one environment has and the other has not: one difference each, not a hundred."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbench.model.text import number_of
from workbench.probes.captured import Change, Parameter, Snapshot
from workbench.probes.prober import by_path

MANY = 10  # values: what holds more is told as one difference where the other side has nothing of it

Side = Mapping[str, Parameter]


def by_path_or_whole(staging: Side, production: Side, whole_of: Callable[[str], str]) -> tuple[Change, ...]:
    """What differs, in the order of the paths; what is there as a whole, or not at all, is told as one.

    ``whole_of`` names the whole that a path lies in, "" for none.
    """
    whole = _alone(staging, production, whole_of)
    rest = [
        Snapshot({path: held for path, held in side.items() if whole_of(path) not in whole})
        for side in (staging, production)
    ]
    found = [*by_path(*rest), *(_as_one(name, counts) for name, counts in whole.items())]
    return tuple(sorted(found, key=lambda change: change.path))


def _alone(staging: Side, production: Side, whole_of: Callable[[str], str]) -> dict[str, tuple[int, int]]:
    """The large wholes that only one side has, each with how many values both sides have of it."""
    counts: list[dict[str, int]] = []
    for side in (staging, production):
        counted: dict[str, int] = {}
        for path in side:
            name = whole_of(path)
            counted[name] = counted.get(name, 0) + 1
        counts.append(counted)
    ours, theirs = counts
    return {
        name: (ours.get(name, 0), theirs.get(name, 0))
        for name in sorted(ours.keys() ^ theirs.keys())
        if name and ours.get(name, 0) + theirs.get(name, 0) > MANY
    }


def _as_one(name: str, counts: tuple[int, int]) -> Change:
    staging, production = (f"there, with {number_of(count, 'value')}" if count else None for count in counts)
    return Change(path=name, staging=staging, production=production)


def file_or_manifest(path: str) -> str:
    """The file or manifest that a path lies in, as far as it tells; "" for what is none."""
    parts = path.split("/")
    file = next((at for at, part in enumerate(parts[:-1]) if "." in part), None)
    if file is not None:
        return "/".join(parts[: file + 1])
    return "/".join(parts[:2]) if len(parts) > 2 and parts[0][:1].isupper() else ""
