"""Two releases, or two candidates of one, as each was judged: what ``workbench diff A B`` compares.

A release that went out is taken from the report that was kept with it.  An open one is judged now; a candidate that
another one replaced is judged for the moment at which it was replaced, by the record of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import some_of
from workbench.releases import model as releases
from workbench.releases.change_lines import Changes, arrange, unknown
from workbench.releases.model import Candidate, Held, Outcome
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.git import commit_meant
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.release_changes.reading_git import list_range
from workbench.usecases.reporting.report import Report
from workbench.usecases.reporting.showing import shown_report
from workbench.usecases.reporting.whole import report_of

LEAST = 4  # digits of a commit that name a candidate


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two: which candidate of which release, and the whole report of it.

    ``kept`` says that it is the report of its shipping, ``replaced_at`` when another candidate took its place.
    """

    ref: str
    version: str
    candidate: Candidate | None
    report: Report
    kept: bool = False
    replaced_at: datetime | None = None

    @property
    def title(self) -> str:
        """What people call it: ``2.14.0 rc2``."""
        return f"{self.version} {self.candidate.name}" if self.candidate else self.version


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides, with the commits from the first to the second.

    ``definitions`` names what the definitions say otherwise, by kind and key; ``None`` where one of them is not kept.
    """

    one: Side
    other: Side
    commits: Changes
    definitions: tuple[tuple[str, str, str], ...] | None = ()


class _Place(msgspec.Struct, frozen=True):
    """A release, and which of its candidates is meant; ``None`` for the last."""

    held: Held
    number: int | None = None


def compare(context: Context, one: str, other: str) -> Compared:
    """Both sides by what a person calls them; ``UsageError`` where one names nothing, or both the same."""
    first, second = _find(context, one), _find(context, other)
    if (first.held.id, _number(first)) == (second.held.id, _number(second)):
        raise UsageError(
            f"“{one}” and “{other}” are the same", hint="workbench release list shows what can be compared"
        )
    sides = _side(context, one, first), _side(context, other, second)
    return Compared(
        one=sides[0],
        other=sides[1],
        commits=_between(context, *sides),
        definitions=_changed_definitions(context, *sides),
    )


def known_refs(context: Context) -> list[str]:
    """Everything that can be compared, the newest first: ``2.14.0@2``, a release without a candidate as ``2.14.0``."""
    found = []
    for held in releases.all_releases(context.record):
        version = held.release.version
        found += [f"{version}@{each.number}" for _, each in reversed(held.candidates)] or [version]
    return found


def _number(place: _Place) -> int | None:
    last = place.held.candidate
    return place.number if place.number is not None else last.number if last else None


# --- what a person calls them --------------------------------------------------------------------


def _find(context: Context, ref: str) -> _Place:
    """``2.14.0``, ``2.14.0@1``, ``2.14.0 rc1``, ``rc1`` of the release in hand, or the beginning of a commit."""
    text = ref.strip()
    every = releases.all_releases(context.record)
    for held in every:
        if text == held.release.version:
            return _Place(held)
    version, _, number = text.replace(" rc", "@").rpartition("@")
    if not version and text.startswith("rc"):
        version, number = releases.find(context.record, context.release).release.version, text[2:]
    held = next((each for each in every if each.release.version == version), None)  # type: ignore[assignment]
    if held is not None:
        return _Place(held, _chosen(held, number.removeprefix("rc"), ref))
    found = list(_by_commit(every, text.lower()))
    if len(found) == 1:
        return found[0]
    if found:
        names = [f"{place.held.release.version}@{place.number}" for place in found]
        raise UsageError(f"several candidates are commit {text}", hint=f"one of {some_of(names, 6)}")
    known = [each.release.version for each in every]
    raise UsageError(
        f"“{ref}” is no release and no candidate of this record",
        hint=f"a version, VERSION@NUMBER or a commit; known: {some_of(known, 6)}" if known else "",
    )


def _chosen(held: Held, number: str, ref: str) -> int:
    known = [each.number for _, each in held.candidates]
    if number.isascii() and number.isdigit() and len(number) < 9 and int(number) in known:
        return int(number)
    names = [f"{held.release.version}@{each}" for each in known]
    raise UsageError(
        f"{held.release.version} has no candidate “{number}”",
        where=ref,
        hint=f"one of {some_of(names, 6)}" if names else "it has no candidate yet",
    )


def _by_commit(every: list[Held], text: str) -> Iterator[_Place]:
    if len(text) < LEAST:
        return
    for held in every:
        for _, candidate in held.candidates:
            if candidate.commit.startswith(text):
                yield _Place(held, candidate.number)


# --- as each was judged --------------------------------------------------------------------------


def _side(context: Context, ref: str, place: _Place) -> Side:
    held, version = place.held, place.held.release.version
    last = held.candidate
    if place.number is None or (last is not None and place.number == last.number):
        evaluation = evaluate(context, version)
        report = shown_report(context, evaluation)
        kept = held.release.outcome is not Outcome.OPEN and bool(report.kept)
        return Side(ref=ref, version=version, candidate=last, report=report, kept=kept)
    after = next(row for row, each in held.candidates if each.number > place.number)
    candidate = next(each for _, each in held.candidates if each.number == place.number)
    moment = min(context.now, _proposed_at(context, after.id))
    evaluation = evaluate(context, version, at=moment, candidate=place.number)
    return Side(
        ref=ref,
        version=version,
        candidate=candidate,
        report=report_of(context, evaluation),
        replaced_at=moment,
    )


def _proposed_at(context: Context, candidate: str) -> datetime:
    """When a candidate was proposed: its first entry."""
    entries = context.record.history("candidate", candidate, limit=1000)
    first = entries[-1]
    return first.claimed_at or first.recorded_at


def _between(context: Context, one: Side, other: Side) -> Changes:
    """The commits from one build to the other: those that were kept, else git is asked."""
    if one.candidate is None or other.candidate is None:
        return unknown("one of them has no candidate")
    kept = other.report.told
    if kept is not None and _same(kept.coverage.since, one.candidate.commit):
        return kept
    since = commit_meant(context.root, one.candidate.commit)
    until = commit_meant(context.root, other.candidate.commit)
    listed = list_range(context.root, since, until, HandedIn().text) if since and until else None
    if listed is None or since is None or until is None:
        return unknown("git does not know both commits here", until=other.candidate.commit)
    return arrange(listed, since=since, since_version=one.title, until=until)


def _same(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one.startswith(other) or other.startswith(one))


def _changed_definitions(context: Context, one: Side, other: Side) -> tuple[tuple[str, str, str], ...] | None:
    """What the definitions of both sides say otherwise: (list, key, ``added``, ``removed`` or ``changed``)."""
    if one.report.definitions == other.report.definitions:
        return ()
    then, now = (_definitions(context, side.report.definitions) for side in (one, other))
    if then is None or now is None:
        return None
    return tuple(_differences(then, now))


def _definitions(context: Context, digest: str) -> Mapping[str, Any] | None:
    if digest == context.definitions.digest:
        data: bytes = context.definitions.document
    else:
        blob = context.record.blob(digest)
        if blob is None or not blob.data:
            return None
        data = blob.data
    try:
        found = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return None
    return found if isinstance(found, dict) else None


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    old, new = dict(_entries(then)), dict(_entries(now))
    for place in sorted({*old, *new}):
        if place not in old:
            yield (*place, "added")
        elif place not in new:
            yield (*place, "removed")
        elif old[place] != new[place]:
            yield (*place, "changed")


def _entries(document: Mapping[str, Any], under: str = "") -> Iterator[tuple[tuple[str, str], Any]]:
    """Each definition by its list and key; what is no list, or has no keys, goes as a whole."""
    for name, value in document.items():
        if isinstance(value, dict) and not under:
            yield from _entries(value, name)
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            for place, each in enumerate(value):
                key = each.get("key") or each.get("checklist") or str(place)
                yield (name, str(key)), each
        else:
            yield (name, ""), value
