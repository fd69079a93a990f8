"""How the components of two environments differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec

from workbench.model.text import safe_text
from workbench.sources.sbom.components import Component
from workbench.sources.versions.reading import in_patches

_SHOWN = 5


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What differs; ``untold`` have the same name on both sides, and a version on one of them at most."""

    added: Sequence[str]
    removed: Sequence[str]
    changed: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    untold: Sequence[str]

    @property
    def facts(self) -> dict[str, str | int]:
        """Each with how many there are and the first names."""
        changes = [
            f"{name} {_words(ours)}, there {_words(theirs)}" for name, (ours, theirs) in self.changed.items()
        ]
        found: dict[str, str | int] = {}
        for key, names in (("changed", changes), ("added", self.added), ("removed", self.removed)):
            if names:
                found[key] = f"{len(names):,}: {_named(names)}"
        if self.untold:
            found["without_version"] = f"{_named(self.untold)}, which count as changed"
        return found


def by_name(components: Iterable[Component], patterns: Sequence[str]) -> dict[str, frozenset[str]]:
    """The versions of each component that is asked about; several where it is there several times."""
    found: dict[str, set[str]] = {}
    for one in components:
        if not patterns or any(fnmatchcase(one.name, pattern) for pattern in patterns):
            found.setdefault(one.name, set()).add(one.version)
    return {name: frozenset(found[name]) for name in sorted(found)}


def compare(ours: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]) -> Difference:
    """What is only here, only there, or has another version; a version that nobody tells is never the same."""
    both = [name for name in ours if name in theirs]
    untold = [name for name in both if "" in ours[name] | theirs[name]]
    return Difference(
        added=[name for name in ours if name not in theirs],
        removed=[name for name in theirs if name not in ours],
        changed={
            name: (ours[name], theirs[name])
            for name in both
            if ours[name] != theirs[name] and name not in untold
        },
        untold=untold,
    )


def farthest(difference: Difference) -> tuple[Decimal | None, str]:
    """How far the farthest version is, in patches, and which; ``None`` and why where one cannot be told."""
    if difference.untold:
        return None, f"no version is told of {_named(difference.untold)}"
    most, words = Decimal(0), ""
    for name, (ours, theirs) in difference.changed.items():
        far, said = _apart(ours, theirs)
        if far is None:
            return None, f"{name}: {said}"
        if far > most:
            most, words = far, f"{name}: {said}"
    return most, words


def _apart(ours: frozenset[str], theirs: frozenset[str]) -> tuple[Decimal | None, str]:
    """Each version that only one side has is compared with the nearest of the other side."""
    most, words = Decimal(0), ""
    for alone, others, turned in ((ours - theirs, theirs, False), (theirs - ours, ours, True)):
        for version in sorted(alone):
            pairs = [
                in_patches(other, version) if turned else in_patches(version, other)
                for other in sorted(others)
            ]
            told = [(far, said) for far, said in pairs if far is not None]
            if not told:
                return None, pairs[0][1]
            far, said = min(told)
            if far > most:
                most, words = far, said
    return most, words


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return safe_text(", ".join(names[:_SHOWN]), 400) + more


def _words(versions: frozenset[str]) -> str:
    return " and ".join(sorted(versions))
