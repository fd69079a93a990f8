"""Which build is proposed: what somebody typed, on top of what is known of the commit."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from workbench.model.commits import same_commit
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.fields import CANDIDATE_FIELDS
from workbench.releases.model import Candidate, Held, names_author
from workbench.usecases import filling
from workbench.usecases.context import Context
from workbench.usecases.demonstration import candidate_of, read_script
from workbench.usecases.git import author_email, commit_named, committed_at, head_commit, is_commit
from workbench.usecases.people import find_person

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
        known = "a build of this demo that is not proposed yet"
        return Suggestion(build, known) if build else Suggestion()
    build = _checked_out(context)
    if build is None or build.commit in had:
        if held.candidate is not None and held.candidate.author is None:
            return Suggestion(held.candidate, "the current build: its author is unknown")
        return Suggestion()
    return Suggestion(build, "the commit that is checked out here")


def build_of(context: Context, commit: str, given: Mapping[str, object]) -> Candidate:
    """The build of a commit: what was ``given``, on top of what a demonstration or git knows of it.

    ``commit`` may be anything that git resolves here, such as ``HEAD``, a branch or a tag.
    """
    commit = _full(context, commit)
    known = [
        build for build in _of_the_demonstration(context, entered=True) if same_commit(commit, build.commit)
    ]
    if len(known) == 1:
        return _with(context, known[0], given)
    author = _person_of(context, author_email(context.root, commit))
    made = committed_at(context.root, commit)
    return _with(context, replace(EMPTY, commit=commit, author=author, committed_at=made), given)


def _full(context: Context, commit: str) -> str:
    """What was typed, or the commit that it names in the checkout where it is no digits."""
    name = commit.strip()
    if is_commit(name) or not name or "\0" in name:
        return commit
    return commit_named(context.root, name) or commit


def build_in_hand(context: Context, held: Held, given: Mapping[str, object]) -> Candidate:
    """The build that is meant where no commit is said; ``UsageError`` where none can be told."""
    if context.demonstration is not None:
        build = suggest(context, held).build
        if not build.commit:
            raise UsageError(
                "which commit? every build of this demo is proposed already", hint="name the commit"
            )
        return _with(context, build, given)
    checked_out = _checked_out(context)
    if checked_out is None:
        raise UsageError("which commit? this folder is not a git checkout", hint="name the commit")
    return _with(context, checked_out, given)


def _with(context: Context, base: Candidate, given: Mapping[str, object]) -> Candidate:
    said = {name: value for name, value in given.items() if name != "commit"}
    build = filling.change(context, CANDIDATE_FIELDS, base, said)
    if build.author == base.author or build.author is None:
        return build
    author = author_named(context, build.author)
    if base.author is not None and base.author == context.author().actor != author:
        raise NotAllowed(
            f"git says that you wrote {build.commit[:7]}; you cannot name someone else as its author",
            hint="ask someone else to propose this build",
        )
    return replace(build, author=author)


def only_names_author(held: Held, commit: str, author: str) -> bool:
    """Whether what was typed says no more than who wrote the build in hand."""
    return names_author(held, replace(EMPTY, commit=commit, author=author.strip() or None))


def author_named(context: Context, text: str) -> str:
    """Who is meant as the author of a build: a person of the project by key, name or e-mail, or an outsider's e-mail."""
    said = text.strip()
    people = context.definitions.project.people
    person = find_person(people, said)
    if person is not None:
        return person.key
    if "@" in said.strip("@") and not any(letter.isspace() for letter in said):
        return said.lower()
    raise UsageError(
        f"there is no person “{said}” in this project",
        hint=f"known: {', '.join(item.key for item in people)}; or the e-mail address of someone outside it",
    )


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
    made = committed_at(context.root, found[0])
    return replace(EMPTY, commit=found[0], author=_person_of(context, found[1]), committed_at=made)


def _person_of(context: Context, email: str | None) -> str | None:
    """The person of the project with that e-mail address, by key."""
    person = context.definitions.person_of_email(email)
    return person.key if person else None
