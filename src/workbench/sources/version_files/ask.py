"""How far the versions of an environment are from those of another one, as files tell them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Doubt
from workbench.model.text import safe_text, some_of
from workbench.sources import environment_files
from workbench.sources.channel import Channel
from workbench.sources.environment_files import Named, other_files, own_files
from workbench.sources.reading import Asker, Body, Found, Question, in_unit, missing
from workbench.sources.version_files import VersionsConfig, VersionsMeasure
from workbench.sources.versions.in_files import versions_in
from workbench.sources.versions.reading import in_patches

_SHOWN = 5


class Versions(Asker):
    """Compares the versions in the files of two environments."""

    def __init__(self, channel: Channel) -> None:
        self._config: VersionsConfig = channel.config(VersionsConfig)
        self._root = channel.root

    async def ask(self, question: Question) -> Found:
        """The largest distance, in patches; units of versions are ``patch``, ``minor`` and ``major``."""
        measure = question.ask
        if not isinstance(measure, VersionsMeasure):
            raise SourceError("a source of versions answers measures only")
        return await asyncio.to_thread(self._found, measure, question)

    def _found(self, measure: VersionsMeasure, question: Question) -> Found:
        ours = own_files(self._root, self._config, question)
        theirs = other_files(self._root, self._config, question)
        for files, environment in ((ours, question.environment), (theirs, self._config.compared_with)):
            if not files:
                return missing(question, f"there is no file of {environment or 'this environment'}")
        return _farthest(_versions(ours), _versions(theirs), measure.names, question)


def _versions(files: Iterable[Named]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for file in files:
        for name, version in versions_in(file.data, safe_text(file.file, 200)).items():
            found.setdefault(name, set()).update(version.split(" or "))
    return {name: " or ".join(sorted(versions)) for name, versions in found.items()}


def _farthest(ours: dict[str, str], theirs: dict[str, str], pattern: str, question: Question) -> Found:
    names = [name for name in sorted(theirs) if fnmatchcase(name, pattern)]
    if not names:
        return missing(question, f"no version of {safe_text(pattern, 100)} is told there")
    away: dict[str, tuple[Decimal, str]] = {}
    for name in names:
        if name not in ours:
            return missing(question, f"{safe_text(name, 100)} is only in the other environment")
        distance, words = in_patches(ours[name], theirs[name])
        if distance is None:
            return missing(question, f"{safe_text(name, 100)}: {words}")
        away[name] = distance, words
    apart = [f"{safe_text(name, 100)}: {words}" for name, (distance, words) in away.items() if distance]
    facts: dict[str, str | int] = {"compared": len(names)}
    if apart:
        facts["apart"] = some_of(apart, _SHOWN, "; ")
    if alone := [name for name in sorted(ours) if name not in theirs and fnmatchcase(name, pattern)]:
        facts["not_compared"] = ", ".join(safe_text(name, 80) for name in alone[:_SHOWN])
    value, unit = in_unit(max(distance for distance, _ in away.values()), "patch", question.unit)
    said = msgspec.json.encode({name: [ours[name], theirs[name]] for name in names})
    return Found(
        state="ok",
        measured_at=question.at,
        value=value,
        unit=unit,
        samples=len(names),
        facts=facts,
        bodies=(Body("application/json", said),),
    )


def doubts(measure: VersionsMeasure, asked: Asked) -> Iterator[Doubt]:
    """Files that are compared with themselves."""
    if isinstance(asked.config, VersionsConfig):
        yield from environment_files.doubts(asked.config, asked)
