"""Who wrote the build that is signed: where nobody approves their own, its author has to be known."""

from __future__ import annotations

from workbench.definitions.persons import is_called
from workbench.definitions.shapes import Person, SignPolicy
from workbench.gates.facts import Facts
from workbench.releases.model import Candidate, Outcome


def wrote(candidate: Candidate | None, person: Person) -> bool:
    """Whether this person is the author of a build, by key, any of their e-mail addresses, or name, in any case.

    Names were taken as they were typed once.
    """
    return candidate is not None and candidate.author is not None and is_called(person, candidate.author)


def may_approve(policy: SignPolicy | None, candidate: Candidate | None, person: Person) -> bool:
    """Whether a policy lets this person approve the build: its author only where it says ``own: true``."""
    return policy is None or policy.own or not wrote(candidate, person)


def unknown_author(policy: SignPolicy | None, facts: Facts) -> str:
    """The commit that nobody knows the author of, short; "" where that is known or does not matter.

    A release that was shipped stays as it was signed.
    """
    candidate = facts.candidate
    if policy is None or not policy.roles or policy.own or candidate is None or candidate.author:
        return ""
    return candidate.commit[:7] if facts.release.outcome is Outcome.OPEN else ""


def nobody_knows(commit: str) -> str:
    """Why nobody can approve a build whose author is not known."""
    return (
        f"the author of {commit} is unknown, so own: false cannot be checked: name them with --author PERSON"
    )
