"""Keeping the commits of a candidate: when it is proposed, or when a person asks; and telling what was kept."""

from __future__ import annotations

from collections.abc import Callable

from workbench.model.errors import UsageError
from workbench.record import Blob, Change, Commit
from workbench.releases import commit_log as room
from workbench.releases import model as releases
from workbench.releases.change_lines import NOT_LISTED, Changes, arrange, unknown
from workbench.releases.changed_files import in_production
from workbench.releases.model import Held
from workbench.usecases.context import Context, commit
from workbench.usecases.git import commit_meant, commit_named
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.release_changes.reading_git import list_range


def listed_with(
    context: Context, candidate: str, build: str, since: str, version: str
) -> tuple[Change, Blob] | None:
    """What keeps the commits of a build that is being proposed; ``None`` where git cannot list them."""
    handed = HandedIn()
    found = _listed(context, candidate, build, since, version, handed.text)
    handed.tell(context)
    return found


def list_commits(context: Context, since: str = "") -> Commit:
    """List the commits of the candidate anew: since a commit that a person names, else since what runs in production.

    ``UsageError`` where nothing is known to run there, and where git cannot tell.
    """
    held = releases.find(context.record, context.release)
    releases.require_open(held)
    if held.candidate is None or held.candidate_id is None:
        raise UsageError(
            f"{held.release.version} has no candidate yet", hint="workbench release candidate COMMIT"
        )
    version, base = "", since.strip()
    if not base:
        running = in_production(context.record)
        if running is None:
            raise UsageError(
                "no release is known to run in production, so there is nothing to compare with",
                hint="name the commit that runs there: workbench notes changes --since COMMIT",
            )
        version, base = running
    handed = HandedIn()
    found = _listed(context, held.candidate_id, held.candidate.commit, base, version, handed.text)
    if found is None:
        raise UsageError(
            f"git cannot list what lies between “{base}” and {held.candidate.commit[:12]} here",
            where=str(context.root),
            hint="run it in a checkout that has both commits: git fetch --unshallow",
        )
    handed.tell(context)
    change, blob = found
    return commit(context, [change], blobs=[blob])


def _listed(
    context: Context, candidate: str, build: str, since: str, version: str, clean: Callable[[str], str]
) -> tuple[Change, Blob] | None:
    known = (
        commit_meant if version else commit_named
    )  # a person may name a branch or a tag, the record names commits
    first, last = known(context.root, since), commit_meant(context.root, build)
    if first is None or last is None:
        return None
    found = list_range(context.root, first, last, clean)
    if found is None:
        return None
    return room.kept(
        context.record, candidate, last, found, since=first, since_version=version, at=context.now
    )


def read_changes_told(context: Context, held: Held) -> Changes:
    """What is known of the commits of a release's candidate, from the record alone."""
    if held.candidate is None:
        return unknown("there is no candidate yet")
    log = room.of_candidate(context.record, held.candidate_id)
    if log is None:
        return unknown(NOT_LISTED, until=held.candidate.commit)
    listed = room.read_listed(context.record, log)
    if listed is None:
        return unknown("the list of commits is no longer kept", until=held.candidate.commit)
    return arrange(
        listed,
        since=log.since,
        since_version=log.since_version,
        until=log.commit,
        why=_overtaken(context, held, log),
    )


def _overtaken(context: Context, held: Held, log: room.CommitLog) -> tuple[str, ...]:
    """Production may have moved on since the commits were listed."""
    running = in_production(context.record)
    if running is None or not log.since_version or held.release.outcome is not releases.Outcome.OPEN:
        return ()
    if running[0] == log.since_version:
        return ()
    return (f"listed against {log.since_version}, and {running[0]} runs in production now: list them again",)
