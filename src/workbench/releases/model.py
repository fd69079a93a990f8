"""RE-1: a release, its candidates, and the states it goes through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.changes import CHANGE_KINDS, NO_KIND
from workbench.model.commits import same_commit
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.model.times import from_text
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles, title_from

WATCH = timedelta(days=7)


class ReleaseKind(StrEnum):
    """Regular, hotfix or rollback: each may have gates of its own later."""

    REGULAR = "regular"
    HOTFIX = "hotfix"
    ROLLBACK = "rollback"


class Outcome(StrEnum):
    """What a person has said has become of a release."""

    OPEN = "open"
    SHIPPED = "shipped"
    ROLLED_BACK = "rolled_back"
    ABANDONED = "abandoned"


class ReleaseState(StrEnum):
    """PRODUCT 3: derived from the outcome, the candidates, the gates and the clock.

    ``blocked`` says that some gate is, ``ready`` that every gate waits for nothing but signatures,
    ``signed`` that those are given, ``shipped`` that nobody knows when, so that no watching ends.
    """

    PLANNED = "planned"
    BLOCKED = "blocked"
    READY = "ready"
    SIGNED = "signed"
    SHIPPED = "shipped"
    WATCHING = "watching"
    CLOSED = "closed"
    ROLLED_BACK = "rolled_back"
    ABANDONED = "abandoned"
    IN_GATES = "in gates"  # what a report says that was kept before this was "blocked"

    @property
    def words(self) -> str:
        """The state as people read it."""
        return self.value.replace("_", " ")


class Standing(StrEnum):
    """How the gates of a release stand, taken together."""

    BLOCKED = "blocked"
    READY = "ready"
    SIGNED = "signed"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release as a person has described it."""

    version: str
    kind: ReleaseKind = ReleaseKind.REGULAR
    summary: str = ""
    changes: tuple[str, ...] = ()
    planned_at: datetime | None = None
    owner: str | None = None
    previous: str | None = None
    rollback_target: str | None = None
    rollback_plan: tuple[str, ...] = ()
    cannot_be_undone: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    rollback_triggers: tuple[str, ...] = ()
    notes: str = ""
    outcome: Outcome = Outcome.OPEN
    outcome_at: datetime | None = None
    outcome_by: str | None = None
    run: str | None = None
    created_at: datetime | None = None


class Artifact(msgspec.Struct, frozen=True):
    """A build product: artifacts are immutable, so another digest is another candidate."""

    name: str
    digest: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """The build under judgement.  One that was withdrawn passes no gate, whatever was measured of it."""

    release: str
    number: int
    commit: str
    artifacts: tuple[Artifact, ...] = ()
    run: str | None = None
    author: str | None = None
    why: str = ""
    committed_at: datetime | None = None
    built_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str = ""

    @property
    def name(self) -> str:
        return f"rc{self.number}"


def _build(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    version = titles("release", str(value.get("release")))
    return f"rc{value.get('number', '?')} of {version}, commit {str(value.get('commit', ''))[:7]}"


ENTITIES = (
    EntityKind(
        "release",
        Release,
        columns=(Column("version"), Column("outcome"), Column("planned_at"), Column("outcome_at")),
        thing="release",
        title=title_from("version"),
        judged=True,
        excerpt=True,
        together=(("outcome", "outcome_at", "outcome_by", "run"),),
    ),
    EntityKind(
        "candidate",
        Candidate,
        columns=(Column("release"), Column("number", "INTEGER"), Column("commit")),
        thing="candidate",
        title=_build,
        verbs={"withdrew": "withdrew"},
        judged=True,
        excerpt=True,
        together=(("withdrawn_at", "withdrawn_by", "withdrawn_why"),),
    ),
)


class Held(msgspec.Struct, frozen=True):
    """A release as it lies in the record, with its candidates in order."""

    stored: Stored
    release: Release
    candidates: tuple[tuple[Stored, Candidate], ...] = ()

    @property
    def id(self) -> str:
        return self.stored.id

    @property
    def candidate(self) -> Candidate | None:
        return self.candidates[-1][1] if self.candidates else None

    @property
    def candidate_id(self) -> str | None:
        return self.candidates[-1][0].id if self.candidates else None

    @property
    def title(self) -> str:
        candidate = self.candidate
        return f"{self.release.version} {candidate.name}" if candidate else self.release.version


def held(record: Record, stored: Stored) -> Held:
    """A stored release with its candidates."""
    rows = record.all("candidate", where="release = ?", args=(stored.id,), order="number")
    candidates = tuple((row, row.decode(Candidate)) for row in rows)
    return Held(stored=stored, release=stored.decode(Release), candidates=candidates)


def all_releases(record: Record) -> list[Held]:
    """Every release, the newest first."""
    rows = sorted(record.all("release"), key=lambda row: row.made, reverse=True)
    return [held(record, stored) for stored in rows]


def versions(record: Record) -> dict[str, str]:
    """The version of each release, by its id."""
    return {str(ident): str(version) for ident, version in record.query("SELECT id, version FROM e_release")}


def candidate_names(record: Record) -> dict[str, str]:
    """What people call each candidate, by its id: ``2.14.0 rc2``."""
    rows = record.query(
        "SELECT c.id, r.version, c.number FROM e_candidate c JOIN e_release r ON r.id = c.release"
    )
    return {str(ident): f"{version} rc{number}" for ident, version, number in rows}


def release_of(record: Record, candidate: str) -> str | None:
    """The id of the release that a candidate belongs to, by the candidate's id."""
    stored = record.get("candidate", candidate)
    return stored.decode(Candidate).release if stored else None


def find(record: Record, version: str | None = None) -> Held:
    """The release of that version; without one, the release in hand.

    The one in hand is the open release planned first, else the latest one.
    """
    if version:
        found = record.all("release", where="version = ?", args=(version,))
        if found:
            return held(record, found[0])
        known = ", ".join(row.decode(Release).version for row in record.all("release", limit=8))
        raise UsageError(
            f"there is no release {version} in this record",
            hint=f"known: {known}" if known else "workbench release new VERSION --commit SHA",
        )
    open_ = "CASE WHEN outcome = 'open' THEN {} END"
    order = f"outcome <> 'open', {open_.format('planned_at IS NULL')}, {open_.format('planned_at')}"
    rows = record.all("release", order=f"{order}, outcome_at DESC, id DESC", limit=1)
    if not rows:
        raise UsageError(
            "this record holds no release yet", hint="workbench release new VERSION --commit SHA"
        )
    return held(record, rows[0])


def last_release(record: Record) -> tuple[str, datetime] | None:
    """The version that went out last and was not rolled back, and when; ``None`` before the first."""
    went = "outcome = 'shipped' AND outcome_at IS NOT NULL"
    found = record.query(
        f"SELECT version, outcome_at FROM e_release WHERE {went} ORDER BY outcome_at DESC, id DESC LIMIT 1"
    )
    return (found[0][0], from_text(found[0][1])) if found else None


def good_releases(releases: list[Held], now: datetime, before: Held | None) -> list[Held]:
    """The releases that were shipped, watched and not rolled back, in that order."""
    good = [
        item
        for item in releases
        if (before is None or item.id != before.id)
        and item.release.outcome is Outcome.SHIPPED
        and item.release.outcome_at
        and item.release.outcome_at + WATCH <= now
    ]
    return sorted(good, key=lambda item: item.release.outcome_at or now)


def state(release: Release, *, has_candidate: bool, gates: Standing, now: datetime) -> ReleaseState:
    """The state of a release in a word: the one that every screen, list and document says."""
    if release.outcome is Outcome.ABANDONED:
        return ReleaseState.ABANDONED
    if release.outcome is Outcome.ROLLED_BACK:
        return ReleaseState.ROLLED_BACK
    if release.outcome is Outcome.SHIPPED:
        return _since_shipping(release.outcome_at, now)
    return ReleaseState(gates.value) if has_candidate else ReleaseState.PLANNED


def _since_shipping(at: datetime | None, now: datetime) -> ReleaseState:
    if at is None:
        return ReleaseState.SHIPPED
    return ReleaseState.CLOSED if at + WATCH <= now else ReleaseState.WATCHING


def new_release(release: Release, now: datetime, ident: str = "") -> Change:
    """The change that adds a release, under a new id."""
    if not release.version.strip():
        raise UsageError("a release needs a version", hint="for example 2.14.0")
    unknown = [change for change in release.changes if change not in (*CHANGE_KINDS, NO_KIND)]
    if unknown:
        raise UsageError(f"unknown kind of change {unknown[0]}", hint=f"one of {', '.join(CHANGE_KINDS)}")
    value = msgspec.structs.replace(release, version=release.version.strip(), created_at=now)
    return Change("release", ident or new_id(now), "planned", plain(value))


def new_candidate(item: Held, candidate: Candidate, now: datetime) -> Change:
    """The change that adds the next candidate.

    The same build again is refused, unless it says who wrote it, which nobody knew.
    """
    require_open(item)
    commit = _commit(candidate)
    digests = candidate.artifacts
    last = item.candidate
    if names_author(item, candidate):
        stored, value = item.candidates[-1]
        value = msgspec.structs.replace(value, author=candidate.author)
        return Change("candidate", stored.id, "named the author of", plain(value), stored.base)
    if last and last.commit == commit and last.artifacts == digests:
        if last.withdrawn_at is not None:
            raise UsageError(f"{last.name} is this build, and was withdrawn: {last.withdrawn_why}")
        raise UsageError(f"{last.name} already is commit {commit[:7]} with these artifacts")
    value = msgspec.structs.replace(
        candidate, release=item.id, number=len(item.candidates) + 1, commit=commit
    )
    return Change("candidate", new_id(now), "proposed", plain(value))


def withdraw_candidate(item: Held, reason: str, *, by: str, at: datetime) -> Change:
    """The change that withdraws the last build of a release, which stays open for another one."""
    require_open(item)
    if item.candidate is None:
        raise UsageError(f"{item.release.version} has no build that could be withdrawn")
    stored, value = item.candidates[-1]
    if value.withdrawn_at is not None:
        raise NotAllowed(f"{item.title} was withdrawn already, by {value.withdrawn_by}")
    words = readable_reason(reason, "withdrawing a build")
    value = msgspec.structs.replace(value, withdrawn_at=at, withdrawn_by=by, withdrawn_why=words)
    return Change("candidate", stored.id, "withdrew", plain(value), stored.base, words)


def names_author(item: Held, candidate: Candidate) -> bool:
    """Whether a build only says who wrote the candidate in hand, which nobody knew until now."""
    last = item.candidate
    if last is None or last.author is not None or candidate.author is None:
        return False
    same = same_commit(candidate.commit.strip(), last.commit)
    return same and candidate.artifacts in ((), last.artifacts)


def first_candidate(release: str, candidate: Candidate, now: datetime) -> Change:
    """The change that adds a build together with its release, in one act."""
    value = msgspec.structs.replace(candidate, release=release, number=1, commit=_commit(candidate))
    return Change("candidate", new_id(now), "proposed", plain(value))


def _commit(candidate: Candidate) -> str:
    commit = candidate.commit.strip().lower()
    if not 4 <= len(commit) <= 64 or not all(c in "0123456789abcdef" for c in commit):
        raise UsageError(
            f"“{candidate.commit}” is not a commit",
            hint="give 4 to 64 hexadecimal digits of it, or a branch or tag of this checkout",
        )
    return commit


def conclude(item: Held, outcome: Outcome, *, by: str, at: datetime, run: str | None, reason: str) -> Change:
    """The change that says what has become of a release."""
    allowed = {
        Outcome.SHIPPED: {Outcome.OPEN},
        Outcome.ROLLED_BACK: {Outcome.SHIPPED},
        Outcome.ABANDONED: {Outcome.OPEN},
    }
    if item.release.outcome not in allowed.get(outcome, set()):
        raise NotAllowed(
            f"{item.release.version} is {item.release.outcome.value.replace('_', ' ')}; "
            f"it cannot become {outcome.value.replace('_', ' ')}"
        )
    value = msgspec.structs.replace(
        item.release, outcome=outcome, outcome_at=at, outcome_by=by, run=run or item.release.run
    )
    return Change("release", item.id, outcome.value, plain(value), item.stored.base, reason or None)


def reopened(item: Held, reason: str) -> Change:
    """The change that opens a release again: it was not shipped after all."""
    value = msgspec.structs.replace(item.release, outcome=Outcome.OPEN, outcome_at=None, outcome_by=None)
    return Change("release", item.id, "reopened", plain(value), item.stored.base, reason)


def edited(item: Held, release: Release) -> Change:
    """The change that edits a release's description."""
    return Change("release", item.id, "edited", plain(release), item.stored.base)


def require_open(item: Held) -> None:
    """Shipped, rolled back and abandoned releases are frozen."""
    if item.release.outcome is not Outcome.OPEN:
        raise NotAllowed(
            f"{item.release.version} is {item.release.outcome.value.replace('_', ' ')} and therefore frozen",
            hint="choose an open release with --release, or plan a new one",
        )
