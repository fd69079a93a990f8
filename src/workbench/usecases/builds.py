"""Which build is proposed: what somebody typed, on top of what is known of the commit."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from workbench.model.commits import same_commit
from workbench.model.errors import UsageError
from workbench.releases.fields import CANDIDATE_FIELDS
from workbench.releases.model import Candidate, Held
from workbench.usecases import filling
from workbench.usecases.context import Context
from workbench.usecases.demonstration import candidate_of, read_script
from workbench.usecases.git import head_commit

EMPTY = Candidate(release="", number=0, commit="")


class Suggestion(msgspec.Struct, frozen=True):
    """A build that is likely meant; ``known`` says where it comes from."""

    build: Candidate = EMPTY
    known: str = ""


def suggest(context: Context, held: Held) -> Suggestion:
    """In a demonstration the build that exists but was not entered; else what is checked out."""
    had = {candidate.commit for _, candidate in held.candidates}
    if context.demonstration is not None:
        waiting = (build for build in _of_the_demonstration(context) if build.commit not in had)
        build = next(waiting, None)
        known = "a build of this demonstration that nobody has entered yet"
        return Suggestion(build, known) if build else Suggestion()
    build = _checked_out(context)
    if build is None or build.commit in had:
        return Suggestion()
    return Suggestion(build, "the commit that is checked out here")


def build_of(context: Context, commit: str, given: Mapping[str, object]) -> Candidate:
    """The build of a commit: what was ``given``, on top of what a demonstration knows of it."""
    known = [
        build for build in _of_the_demonstration(context, entered=True) if same_commit(commit, build.commit)
    ]
    base = known[0] if len(known) == 1 else replace(EMPTY, commit=commit)
    return _with(context, base, given)


def build_in_hand(context: Context, held: Held, given: Mapping[str, object]) -> Candidate:
    """The build that is meant where no commit is said; ``UsageError`` where none can be told."""
    if context.demonstration is not None:
        build = suggest(context, held).build
        if not build.commit:
            raise UsageError(
                "which commit? every build of this demonstration is entered", hint="name the commit"
            )
        return _with(context, build, given)
    checked_out = _checked_out(context)
    if checked_out is None:
        raise UsageError("which commit? this folder is no git checkout", hint="name the commit")
    return _with(context, checked_out, given)


def _with(context: Context, base: Candidate, given: Mapping[str, object]) -> Candidate:
    said = {name: value for name, value in given.items() if name != "commit"}
    return filling.change(context, CANDIDATE_FIELDS, base, said)


def _of_the_demonstration(context: Context, *, entered: bool = False) -> list[Candidate]:
    """The builds of a demonstration that are still to come, and those it began with."""
    script = read_script(context.root) if context.demonstration is not None else None
    if script is None:
        return []
    return [candidate_of(build) for build in (*(script.candidates if entered else ()), *script.upcoming)]


def _checked_out(context: Context) -> Candidate | None:
    """The commit that is checked out in the project's folder, and its author if the project knows them."""
    found = head_commit(context.root)
    if found is None:
        return None
    author = context.definitions.person_of_email(found[1])
    return replace(EMPTY, commit=found[0], author=author.key if author else None)
