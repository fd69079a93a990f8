"""Getting out of the record what slipped into it: one person proposes it, another one acts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from workbench.gates import purges
from workbench.gates.purges import PurgeProposal
from workbench.model.errors import UsageError
from workbench.record import Commit
from workbench.signoff.statement import Act
from workbench.usecases.approving import approve, keyed_of, stated_on
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.safekeeping import BACKUPS

SHORTEST = 6  # characters of a digest that name it


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking for a purge: whether it is ``done``, or who else has to act (``waits_for``).

    ``copies`` is the folder whose copies of the record hold the bytes still, if there are any.
    """

    digest: str
    title: str
    done: bool
    waits_for: str = ""
    copies: Path | None = None
    change: str = ""


def purge(context: Context, evaluation: Evaluation, ref: str, reason: str) -> Asked:
    """Propose to remove a piece of evidence, or the content of a replaced entry; or approve what somebody
    else proposed.

    ``ref`` is the digest or its beginning.  A tombstone stays, with both people's acts.
    """
    if context.definitions.project.people:
        require_person(context)
    digest, title = find(context, ref)
    reason = without_secrets_in(context, reason)
    waits = [item for item in evaluation.proposals if item.part == f"purge/{digest}"]
    if waits:
        done = approve(context, evaluation, waits[-1].ref, words=reason.strip())
        return _asked(context, digest, title, done, purged=True)
    if purges.purged(context.record, digest):
        raise UsageError(f"{digest[:12]} has been purged already", hint="workbench history shows who did it")
    stated = stated_on(
        context, evaluation, Act.PURGE, "", subject=digest, decision="propose", words=reason.strip()
    )
    value = PurgeProposal(
        digest=digest,
        title=title,
        reason=reason,
        by=context.author().actor,
        at=context.now,
        statement=stated.digest if stated else "",
    )
    done = commit(context, [purges.proposed(value), *keyed_of(stated)], blobs=stated.blobs if stated else ())
    return _asked(context, digest, title, done, purged=False)


def _asked(context: Context, digest: str, title: str, done: Commit, *, purged: bool) -> Asked:
    waits = purges.waiting(context.record, context.definitions.project.people)
    who = next((item.able.words for item in waits.values() if item.part == f"purge/{digest}"), "")
    return Asked(
        digest=digest,
        title=title,
        done=purged,
        waits_for="" if purged else who,
        copies=holding_copies(context),
        change=done.change_id,
    )


def holding_copies(context: Context) -> Path | None:
    """The folder of safe copies, where there are any: a purge does not reach into them."""
    folder = context.data_folder / BACKUPS
    return folder if folder.is_dir() and any(folder.iterdir()) else None


def find(context: Context, ref: str) -> tuple[str, str]:
    """The digest that ``ref`` begins, and what lies behind it; ``UsageError`` where it is none or several."""
    begins = ref.strip().lower()
    if len(begins) < SHORTEST or not set(begins) <= set("0123456789abcdef"):
        raise UsageError(
            f"“{ref}” is not a digest",
            hint=f"at least {SHORTEST} characters of one; workbench history --json has them",
        )
    blobs = context.record.query(
        "SELECT digest, media FROM blobs WHERE digest LIKE ? LIMIT 3", (f"{begins}%",)
    )
    entries = context.record.query(
        "SELECT lower(hex(digest)), entity FROM ledger WHERE lower(hex(digest)) LIKE ? LIMIT 3",
        (f"{begins}%",),
    )
    found = [(digest, f"evidence {digest[:12]} ({media})") for digest, media in blobs]
    found += [
        (digest, f"an earlier entry of {entity.replace('_', ' ')}, {digest[:12]}")
        for digest, entity in entries
    ]
    if not found:
        raise UsageError(
            f"there is no evidence and no entry {begins}", hint="workbench history --json has the digests"
        )
    if len(found) > 1:
        raise UsageError(
            f"{begins} begins several digests", hint="; ".join(digest[:16] for digest, _ in found)
        )
    digest, title = found[0]
    if entries:
        _require_replaced(context, digest, [kind.name for kind in context.record.kinds])
    return digest, title


def _require_replaced(context: Context, digest: str, kinds: Sequence[str]) -> None:
    """What something is now is changed first: its earlier entry can go then."""
    for kind in kinds:
        if context.record.count(kind, "base = ?", (digest,)):
            raise UsageError(
                f"the entry {digest[:12]} is what the {kind.replace('_', ' ')} is now",
                hint="change it first; then the entry before can be purged",
            )
