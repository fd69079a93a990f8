"""Who wrote the build that is signed: where nobody approves their own, its author has to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.definitions.persons import is_called
from workbench.definitions.shapes import Person, SignPolicy

if TYPE_CHECKING:
    from workbench.releases.model import Candidate


def wrote(candidate: Candidate | None, person: Person) -> bool:
    """Whether this person is the author of a build, by key, any of their e-mail addresses, or name, in any case.

    Names were taken as they were typed once.
    """
    return candidate is not None and candidate.author is not None and is_called(person, candidate.author)


def may_approve(policy: SignPolicy | None, candidate: Candidate | None, person: Person) -> bool:
    """Whether a policy lets this person approve the build: its author only where it says ``own: true``."""
    return policy is None or policy.own or not wrote(candidate, person)


def nobody_knows(commit: str) -> str:
    """Why nobody can approve a build whose author is not known."""
    return (
        f"the author of {commit} is unknown, so own: false cannot be checked: name them with --author PERSON"
    )
