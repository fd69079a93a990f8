"""Planning releases, proposing candidates, and saying what became of them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.reasons import says_why
from workbench.record import Commit
from workbench.releases import model as releases
from workbench.releases.model import Artifact, Candidate, Held, Outcome, Release
from workbench.usecases.context import Context, commit
from workbench.usecases.git import head_commit


class Upcoming(msgspec.Struct, frozen=True, kw_only=True):
    """A build that is known but not proposed yet (demonstrations name such)."""

    commit: str
    author: str | None = None
    built_at: str | None = None
    run: str | None = None
    why: str = ""
    artifacts: tuple[Artifact, ...] = ()


def plan(context: Context, release: Release, candidate: Candidate | None = None) -> Held:
    """Add a release, with its first candidate if there is a commit already."""
    version = release.version.strip()
    if context.record.count("release", "version = ?", (version,)):
        raise UsageError(
            f"there is a release {version} already",
            hint="workbench release candidate COMMIT adds a build",
        )
    changes = [releases.new_release(release, context.now)]
    if candidate is not None:
        changes.append(releases.first_candidate(changes[0].id, candidate, context.now))
    commit(context, changes)
    return releases.find(context.record, version)


def propose(context: Context, held: Held, candidate: Candidate) -> Commit:
    """Add the next candidate; what was measured and answered for the old one opens again."""
    return commit(context, [releases.new_candidate(held, candidate, context.now)])


def edit(context: Context, held: Held, release: Release) -> Commit:
    """Edit a release's description."""
    releases.require_open(held)
    return commit(context, [releases.edited(held, release)])


def conclude(
    context: Context, held: Held, outcome: Outcome, *, through: bool, run: str | None = None, reason: str = ""
) -> Commit:
    """Say that a release was shipped, rolled back or abandoned.

    Shipping asks that every gate is through; otherwise a reason is asked and recorded.
    """
    if outcome is Outcome.SHIPPED and not through and not says_why(reason):
        raise NotAllowed(
            f"not every gate of {held.release.version} is through",
            hint="clear them; or, if it went out all the same, say why with --reason",
        )
    if outcome is not Outcome.SHIPPED and not says_why(reason):
        raise UsageError("say why, in words that can be read in a year", hint="--reason TEXT")
    change = releases.conclude(
        held, outcome, by=context.author().actor, at=context.now, run=run, reason=reason.strip()
    )
    return commit(context, [change])


def upcoming(root: Path, beginning: str) -> Upcoming | None:
    """A demonstration's build whose commit begins like this."""
    from workbench.usecases.demonstration import read_script

    script = read_script(root)
    found = [item for item in script.upcoming if item.commit.startswith(beginning)] if script else []
    return found[0] if len(found) == 1 and len(beginning) >= 4 else None


def commit_text(context: Context, given: str | None) -> tuple[str, str | None]:
    """The commit that is meant, in full where that can be told, and its author if known."""
    if given:
        return given, None
    found = head_commit(context.root)
    if found is None:
        raise UsageError("which commit? this folder is no git checkout", hint="--commit SHA")
    sha, email = found
    author = context.definitions.person_of_email(email)
    return sha, author.key if author else None
