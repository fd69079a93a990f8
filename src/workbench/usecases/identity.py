"""Who sits here: said, set for this folder, known from git, or the system's user."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from workbench.definitions import Definitions
from workbench.definitions.shapes import Person
from workbench.model.errors import UsageError
from workbench.model.files import read_regular
from workbench.record import Author
from workbench.usecases.git import git_email, is_tracked
from workbench.usecases.people import known_person
from workbench.usecases.project import Options

# Who sits here, in a folder that nobody commits.
PERSON = ".workbench/person"


def system_user() -> str | None:
    """The name of the system's user, if the system tells it."""
    import getpass  # not everything that opens a project asks who sits here

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USERNAME")


def author_finder(root: Path, definitions: Definitions, options: Options) -> Callable[[], Author]:
    """Who sits here, looked up when it is asked for the first time."""
    found: list[Author] = []

    def author() -> Author:
        if not found:
            found.append(_find(root, definitions, options))
        return found[0]

    return author


def unlisted_author(root: Path, options: Options) -> Author:
    """Who sits here where the project's people cannot be read: the same ways, without comparing."""
    os_user = system_user() or "unknown"
    if given := options.as_person or os.environ.get("WORKBENCH_AS"):
        return Author(actor=given, identity="asserted by --as", os_user=os_user)
    with suppress(OSError, UnicodeDecodeError):
        if key := read_regular(root / ".workbench" / "person").decode("utf-8").strip():
            return Author(actor=key, identity="set for this folder", os_user=os_user)
    if email := git_email(root):
        return Author(actor=email, identity="git's user.email", os_user=os_user)
    return Author(actor=os_user, identity="name of the system user", os_user=os_user)


def _find(root: Path, definitions: Definitions, options: Options) -> Author:
    """The first that tells who it is: ``--as``, ``WORKBENCH_AS``, this folder, git, the system."""
    os_user = system_user() or "unknown"
    given = options.as_person or os.environ.get("WORKBENCH_AS")
    if given:
        identity = "asserted in the app" if options.in_app else "asserted by --as"
        return Author(actor=_known(given, definitions.project.people), identity=identity, os_user=os_user)
    key = _set_here(root)
    if key is not None and definitions.person(key):
        return Author(actor=key, identity="set for this folder", os_user=os_user)
    person = definitions.person_of_email(git_email(root))
    if person is not None:
        return Author(actor=person.key, identity="asserted by git's user.email", os_user=os_user)
    return Author(actor=os_user, identity="name of the system user", os_user=os_user)


def _set_here(root: Path) -> str | None:
    """Who this folder says sits here; one that came with the repository says nothing about us."""
    desk = root / PERSON
    if not desk.is_file() or is_tracked(root, PERSON):
        return None
    try:
        return read_regular(desk).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UsageError(
            "the file that says who you are in this folder is not UTF-8 text",
            where=str(desk),
            hint="write one person's key into it, or delete it; --as PERSON overrides it",
        ) from None


def _known(given: str, people: Sequence[Person]) -> str:
    return known_person(people, given).key if people else given
