"""FI-6: which files a candidate changes: listed by git when it is proposed, or when a person asks."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.gates.reach import REACH, UNMEASURED, Reach
from workbench.model.errors import UsageError
from workbench.record import Blob, Change, Commit
from workbench.releases import changed_files as room
from workbench.releases import model as releases
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.git import commit_meant, files_between
from workbench.usecases.release_changes.listing import listed_with


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that a candidate touches: by how many files, the first of them, and whether it was measured on it."""

    flow: str
    title: str
    files: int
    first: str
    why: str
    measured: bool


def commit_with_files(context: Context, changes: Sequence[Change]) -> Commit:
    """Commit what proposes a build, with the files and commits that it changes against production, where git knows both."""
    proposed = next(
        (each for each in changes if each.entity == "candidate" and each.verb == "proposed"), None
    )
    base = room.in_production(context.record) if proposed is not None else None
    if proposed is None or base is None or not isinstance(proposed.value, dict):
        return commit(context, changes)
    version, since = base
    build = str(proposed.value["commit"])
    found = (
        _listed(context, proposed.id, build, since, version),
        listed_with(context, proposed.id, build, since, version),
    )
    kept = [each for each in found if each is not None]
    return commit(context, [*changes, *(change for change, _ in kept)], blobs=[blob for _, blob in kept])


def list_files(context: Context, since: str) -> Commit:
    """List which files the candidate changes since a commit that a person names."""
    held = releases.find(context.record, context.release)
    releases.require_open(held)
    if held.candidate is None or held.candidate_id is None:
        raise UsageError(
            f"{held.release.version} has no candidate yet", hint="workbench release candidate COMMIT"
        )
    found = _listed(context, held.candidate_id, held.candidate.commit, since.strip())
    if found is None:
        raise UsageError(
            f"git cannot compare “{since.strip()}” with {held.candidate.commit[:12]} here",
            where=str(context.root),
            hint="run it in a checkout that has both commits: git fetch --unshallow",
        )
    change, blob = found
    return commit(context, [change], blobs=[blob])


def _listed(
    context: Context, candidate: str, build: str, since: str, version: str = ""
) -> tuple[Change, Blob] | None:
    # The record names commits: a branch or a tag that is called like one must not stand for it.
    last = commit_meant(context.root, build)
    first = commit_meant(context.root, since) if version else since
    names = files_between(context.root, first, last) if first and last else None
    if names is None:
        return None
    return room.changed(context.record, candidate, names, since=since, since_version=version)


def read_reach(evaluation: Evaluation) -> tuple[Reach, list[Touched]]:
    """What the candidate touches, the flows that were not measured on it first."""
    facts = evaluation.facts
    reach, unmeasured = facts(REACH), facts(UNMEASURED)
    found = [
        Touched(
            flow=key,
            title=evaluation.flows[key].name,
            files=one.files,
            first=one.first,
            why=one.why,
            measured=key not in unmeasured,
        )
        for key, one in reach.touched.items()
    ]
    return reach, sorted(found, key=lambda item: item.measured)
