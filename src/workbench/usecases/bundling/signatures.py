"""The signatures of a bundle, checked against the verifier's own list of signers, never against what the bundle says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.signoff.ssh_signatures import Checked, Namespace, Refusal, Signer, check
from workbench.signoff.statement import Statement
from workbench.usecases.bundling.shapes import Index

# What shows that something was changed or swapped; any other refusal only says that the key is none of ours.
WRONG = frozenset(
    {Refusal.UNREADABLE, Refusal.NAMESPACE, Refusal.CHANGED, Refusal.OTHER_PERSON, Refusal.UNTOUCHED}
)


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature: what it is over, who is said to have made it, and what came of checking it.

    ``holds`` where a key of that person in the verifier's list made it; ``wrong`` where it shows that something was
    changed or swapped, rather than that the list does not know the key.
    """

    path: str
    of: str
    person: str
    key: str
    holds: bool
    wrong: bool = False
    problem: str = ""


def signed_index(
    signers: Sequence[Signer],
    index: Index,
    data: bytes,
    armored: bytes,
    path: str,
    *,
    held_at: datetime | None,
    known_at: datetime,
    current: bool = False,
) -> Signed:
    """The signature of whoever made the bundle, over its index.

    Whoever has a key can write any day into the bundle.  So a key that is revoked by ``known_at``, since when the
    verifier knows the bundle, does not count; where the key has to be ``current``, one that has ended does not, either.  ``held_at`` is
    when the last entry in the bundle was recorded: it was not signed before that.
    """
    person = index.made_by.person
    found = check(signers, data, armored, Namespace.BUNDLE, index.judged_at, person=person, held_at=held_at)
    if found.holds:
        now = check(
            signers, data, armored, Namespace.BUNDLE, index.judged_at, person=person, held_at=known_at
        )
        if current or now.refusal is Refusal.REVOKED:
            found = now
    return _signed(path, "the bundle", person, found)


def signed_statement(
    signers: Sequence[Signer],
    statement: Statement,
    data: bytes,
    armored: bytes,
    path: str,
    held_at: datetime | None,
) -> Signed:
    """The signature over what one person said; ``held_at`` is when the entry that names it was recorded."""
    found = check(
        signers,
        data,
        armored,
        Namespace.STATEMENT,
        statement.said_at,
        held_at=held_at,
        person=statement.person,
    )
    return _signed(path, f"{statement.person}’s answer to {statement.gate}", statement.person, found)


def _signed(path: str, of: str, person: str, found: Checked) -> Signed:
    return Signed(
        path=path,
        of=of,
        person=person,
        key=found.fingerprint,
        holds=found.holds,
        wrong=found.refusal in WRONG,
        problem=found.problem,
    )
