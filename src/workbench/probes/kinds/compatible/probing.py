"""Looks up whether the candidate was tried with what runs in production, both ways."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import ClassVar

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
from workbench.probes.hiding import Hide
from workbench.probes.kinds.compatible import CompatibleProbe
from workbench.probes.kinds.compatible.table import tried_in, version_key
from workbench.probes.kinds.versions.seen import ONE, capture_versions, one_more, replaced, versions_of
from workbench.probes.prober import Prober
from workbench.probes.reach import Reach
from workbench.sources.versions.reading import read_version

_TABLE = "table"  # the fact of a piece that says what was tried together
_VERSIONS, _TRIED = "versions", "tried"
_YES, _NO, _BOTH = "works", "does not work", "works and does not work"


class Meeting(msgspec.Struct, frozen=True):
    """Two versions that meet once the candidate is deployed: which, and when."""

    caller: str
    caller_version: str | None
    called: str
    called_version: str | None
    when: str  # the last part of the path
    words: str


class CompatibleProber(Prober):
    """PP-14."""

    config: CompatibleProbe
    planted_in: ClassVar[Side] = "staging"

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """Versions; and, with those of the candidate, what was tried together."""
        if side == "production":
            return Capture(await capture_versions(self.config.production, self.config.ask, reach))
        told = self.config.staging
        pieces = () if told is None else await capture_versions(told, self.config.ask, reach)
        tables = await asyncio.to_thread(reach.files, self.config.verified)
        tried = (Piece(name, "text/plain", data, {_TABLE: "yes"}) for name, data in tables)
        return Capture((*pieces, *self._in_hand(), *tried))

    def _in_hand(self) -> Iterator[Piece]:
        """The version or the commit of the candidate, as the version of each part that it is."""
        for name, which in self.config.candidate.items():
            version = self.around.commit if which == "commit" else self.around.version
            if version is None:
                raise SourceError(
                    f"there is no current release, so nobody knows the {which} of {name}",
                    hint="workbench release new VERSION --commit SHA",
                )
            yield Piece(name, "text/plain", version.encode(), {ONE: name})

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """Versions by name, and the result of each pair that was tried."""
        versions = versions_of(piece for piece in capture.pieces if _TABLE not in piece.facts)
        found = {path_of(_VERSIONS, name): Parameter(text) for name, text in versions.items()}
        tables = [piece for piece in capture.pieces if _TABLE in piece.facts]
        for tried in (one for piece in tables for one in tried_in(piece.data, piece.name)):
            caller, called = version_key(tried.caller_version), version_key(tried.called_version)
            path = path_of(_TRIED, tried.caller, caller, tried.called, called)
            result = _YES if tried.works else _NO
            before = found.get(path)
            found[path] = Parameter(result if before is None or before.text == result else _BOTH)
        return Snapshot(found, tuple(self._left_out(versions, found)) if tables else ())

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Every meeting of two versions that was not tried, or that failed when it was."""
        calls = self._calls(staging.parameters)
        if not calls:
            raise SourceError("nothing says who calls whom", hint="write pairs: [web -> api] with the probe")
        found = (_judged(one, staging) for one in self._meetings(calls, staging, production))
        return tuple(sorted((change for change in found if change is not None), key=lambda one: one.path))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Another version of each part of the candidate that is in a pair: nobody has tried that one."""
        pieces = tuple(piece for piece in capture.pieces if _TABLE not in piece.facts)
        tables = capture.pieces[len(pieces) :]
        found = self.read(capture, Hide(b"")).parameters
        named = {name for pair in self._calls(found) for name in pair}
        for name, text in versions_of(pieces).items():
            if name not in named:
                continue
            other = one_more(text, len(read_version(text).numbers) - 1) or f"{text}-planted"
            planted = replaced(Capture(pieces), text, other)
            yield Plant(
                "other-version", f"{name} is {other}, which nobody tried", Capture((*planted.pieces, *tables))
            )

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """The share of meetings that were tried, and worked."""
        of = len(list(self._meetings(self._calls(staging.parameters), staging, production)))
        if of:
            yield Score(key="verified_pairs", value=1 - Decimal(min(len(changes), of)) / of, of=of)

    def _calls(self, parameters: Mapping[str, Parameter]) -> tuple[tuple[str, str], ...]:
        tried = [parts_of(path) for path in parameters if parts_of(path)[0] == _TRIED]
        return self.config.calls or tuple(sorted({(parts[1], parts[3]) for parts in tried}))

    def _left_out(self, versions: Mapping[str, str], found: Mapping[str, Parameter]) -> Iterator[str]:
        named = {name for pair in self._calls(found) for name in pair}
        for name in versions:
            if name not in named:
                yield f"nothing says who calls {name}, or what it calls"

    def _meetings(
        self, calls: tuple[tuple[str, str], ...], staging: Snapshot, production: Snapshot
    ) -> Iterator[Meeting]:
        """What meets what while the candidate is rolled out, after it, and when it is rolled back."""
        for caller, called in calls:
            old, old_called = _version(production, caller), _version(production, called)
            new = _version(staging, caller) or old  # what the candidate does not name stays as it is
            new_called = _version(staging, called) or old_called
            if not _same(new, old):
                yield Meeting(caller, new, called, old_called, "new caller", "with what runs in production")
            if not _same(new_called, old_called):
                back = (
                    "when the release is rolled back"
                    if called in self.config.schemas
                    else "while it is rolled out"
                )
                yield Meeting(caller, old, called, new_called, "new called", back)
            if not _same(new, old) and not _same(new_called, old_called):
                yield Meeting(caller, new, called, new_called, "both new", "once both are deployed")


def _version(snapshot: Snapshot, name: str) -> str | None:
    found = snapshot.parameters.get(path_of(_VERSIONS, name))
    return None if found is None else found.text


def _same(one: str | None, other: str | None) -> bool:
    """Whether nothing is deployed: both versions are known, fixed, and the same."""
    if one is None or other is None:
        return one is other
    return version_key(one) == version_key(other) and not read_version(one).moves


def _judged(meeting: Meeting, staging: Snapshot) -> Change | None:
    """What there is to say of a meeting; nothing where it was tried and worked."""
    caller, called = meeting.caller_version, meeting.called_version
    result = None
    if (
        caller is not None
        and called is not None
        and not (read_version(caller).moves or read_version(called).moves)
    ):
        tried = path_of(_TRIED, meeting.caller, version_key(caller), meeting.called, version_key(called))
        result = staging.parameters.get(tried)
    if result is not None and result.text == _YES:
        return None
    pair = f"{meeting.caller} {caller or '(version unknown)'} with {meeting.called} {called or '(version unknown)'}"
    said = (
        "unknown" if result is None else "not verified" if result.text == _NO else "verified and not verified"
    )
    return Change(
        path=path_of(meeting.caller, meeting.called, meeting.when),
        staging=f"{pair}: {said}",
        production="verified",
        title=f"{pair} {meeting.words}: {said}",
        severity=Severity.HIGH,
    )
