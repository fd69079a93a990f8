"""Planning releases, proposing candidates, and saying what became of them."""

from __future__ import annotations

from datetime import datetime

from workbench.definitions.hooks import HookEvent
from workbench.model.errors import UsageError
from workbench.model.reasons import A_FEW_WORDS, what_it_lacks
from workbench.model.times import moment_text
from workbench.record import Commit
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Held, Outcome, Release
from workbench.releases.shipment import went_out_at
from workbench.usecases.changed_files import commit_with_files
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.handed_in import typed, without_secrets_in
from workbench.usecases.hooks import tell


def plan(context: Context, release: Release, candidate: Candidate | None = None) -> Held:
    """Add a release, with its first candidate if there is a commit already."""
    release = typed(context, release)
    version = release.version.strip()
    if context.record.count("release", "version = ?", (version,)):
        raise UsageError(
            f"release {version} already exists",
            hint="workbench release candidate COMMIT adds a build",
        )
    ident = fresh_id(context)
    changes = [releases.new_release(release, context.now, ident)]
    if candidate is not None:
        changes.append(releases.first_candidate(changes[0].id, candidate, context.now))
    commit_with_files(context, changes)
    return releases.find(context.record, version)


def propose(context: Context, held: Held, candidate: Candidate) -> Commit:
    """Add the next candidate; what was measured and answered for the old one opens again."""
    return commit_with_files(context, [releases.new_candidate(held, candidate, context.now)])


def withdraw(context: Context, held: Held, reason: str) -> Commit:
    """GT-16: withdraw the last build, with a reason; the release stays open, and nothing is frozen."""
    reason = without_secrets_in(context, reason)
    by = context.author().actor
    done = commit(context, [releases.withdraw_candidate(held, reason, by=by, at=context.now)])
    title = f"{held.title} is withdrawn"
    document = {
        "about": f"candidate/{held.candidate_id}",
        "release": held.id,
        "title": title,
        "text": f"{title}: {reason} ({by})",
        "reason": reason,
    }
    tell(context, HookEvent.WITHDRAWN, document)
    return done


def edit(context: Context, held: Held, release: Release) -> Commit:
    """Edit a release's description."""
    releases.require_open(held)
    return commit(context, [releases.edited(held, typed(context, release))])


_WHY = {Outcome.ROLLED_BACK: "say why it is rolled back", Outcome.ABANDONED: "say why it is abandoned"}


def end(
    context: Context,
    held: Held,
    outcome: Outcome,
    *,
    run: str | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Commit:
    """Say that a release was rolled back or abandoned, and why; ``shipping`` says that it went out.

    ``at`` is when, if that was earlier: after it went out, and not in the future.
    """
    reason = without_secrets_in(context, reason)
    change = releases.conclude(
        held, outcome, by=context.author().actor, at=at or context.now, run=run, reason=reason
    )
    if at is not None:
        _check_moment(context, held, at)
    if lacks := what_it_lacks(reason):
        hint = lacks if reason else A_FEW_WORDS
        raise UsageError(f"{_WHY[outcome]}, in words that still make sense a year from now", hint=hint)
    return commit(context, [change])


def _check_moment(context: Context, held: Held, at: datetime) -> None:
    """A rollback lies between the moment at which the release went out and now."""
    shipped = went_out_at(context.record, held)
    if at > context.now:
        raise UsageError(
            "a release that was rolled back was rolled back in the past", hint="leave --at out for now"
        )
    if shipped is not None and at < shipped:
        raise UsageError(
            f"{held.release.version} went out {moment_text(shipped, context.zone)}, after that",
            hint="give a moment after it went out",
        )


def find(context: Context, version: str | None = None) -> Held:
    """The release of that version; without one, the release in hand."""
    return releases.find(context.record, version)


def last_shipped(context: Context) -> str:
    """The version that went out last; ``UsageError`` when none is shipped."""
    shipped = [item for item in _all(context) if item.release.outcome is Outcome.SHIPPED]
    if not shipped:
        raise UsageError("no release is shipped, so none can be rolled back")
    newest = max(shipped, key=lambda item: (item.release.outcome_at is not None, item.release.outcome_at))
    return newest.release.version


def likely_previous(context: Context) -> str:
    """The version that the next release most likely follows; empty where there is none."""
    kept = [item for item in _all(context) if item.release.outcome is not Outcome.ABANDONED]
    return kept[0].release.version if kept else ""


def _all(context: Context) -> list[Held]:
    return releases.all_releases(context.record)
