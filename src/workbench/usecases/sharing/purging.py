"""What was purged here and is still at the server: found on any desk, blanked there by a keeper's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from workbench.mailbox import evidence, purging
from workbench.mailbox.server import Server, ServerPack
from workbench.mailbox.whole import all_packs
from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.model.text import number_of, some_of
from workbench.record import Record
from workbench.record.purging import Gone
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import connected, require_shared, shared_of
from workbench.usecases.sharing.syncing import sync_with

Progress = Callable[[int], None]
"""Is told the number of each pack that was looked at."""
LEFT = "backups of the server and its write-ahead log hold it still: docs/team.md says what to do about them"
_NAMED = 5


class Remains(msgspec.Struct, frozen=True, kw_only=True):
    """What the server still holds of what was purged: packs by their numbers, evidence by its digests.

    ``keeper`` says whether this desk's role may blank it, ``blanked`` whether that was done.
    """

    packs: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()
    keeper: bool = False
    blanked: bool = False

    @property
    def words(self) -> str:
        """What it is, in words; "" where there is nothing."""
        told = []
        if self.packs:
            numbers = some_of([f"{one:,}" for one in self.packs], _NAMED)
            told.append(f"{number_of(len(self.packs), 'pack')} ({numbers})")
        if self.evidence:
            told.append(f"{number_of(len(self.evidence), 'piece')} of evidence")
        return " and ".join(told)


def said(done: Remains) -> str:
    """What was blanked, in words."""
    return (
        f"blanked at the server: {done.words}"
        if done.words
        else "the server holds nothing of what was purged"
    )


def remains(context: Context, server: Server) -> Remains:
    """What the server still holds of what was purged here: it is looked for in the packs where it was sent."""
    record, gone = context.record, context.record.gone()
    there = tuple(number for number, _ in _to_clean(record, server, gone, _where(record, server, gone)))
    return Remains(
        packs=there,
        evidence=_evidence(record, server, gone),
        keeper=purging.keeps(server, record.info.record_id),
    )


def blank(context: Context, progress: Progress | None = None) -> Remains:
    """Blanks at the server all that was purged here: every pack is looked through.

    This desk sends and receives first, so that the purge is there before what it takes away is missing.
    ``NotAllowed`` where the role is no keeper's, and something is left to do.
    """
    shared = require_shared(context)
    with connected(shared) as server:
        sync_with(context, server)
        record, gone = context.record, context.record.gone()
        ident = record.info.record_id
        keeper = purging.keeps(server, ident)
        found = list(_to_clean(record, server, gone, _told(all_packs(server, ident), progress)))
        pieces = _evidence(record, server, gone)
        left = Remains(packs=tuple(number for number, _ in found), evidence=pieces, keeper=keeper)
        if left.words and not keeper:
            raise NotAllowed(
                f"the server still holds {left.words} of what was purged, and the role {server.role()} is no keeper's",
                where=server.address.shown,
                hint="a keeper runs workbench purge --server at their desk; workbench member list says who is one",
            )
        for number, content in found:
            purging.blank_pack(server, ident, number, content)
        for digest in pieces:
            purging.blank_evidence(server, ident, digest)
        return msgspec.structs.replace(left, blanked=True)


def after(context: Context) -> str:
    """After a purge: what became of it at the server, in words; "" where the record is not shared.

    At a keeper's desk it is blanked there at once; otherwise the words say what to run, and where.
    """
    shared = shared_of(context.record)
    if shared is None:
        return ""
    run = "workbench purge --server"
    try:
        with connected(shared) as server:
            sync_with(context, server)
            left = remains(context, server)
            if not left.words:
                return "the server holds none of it"
            if not left.keeper:
                return f"the server still holds it, in {left.words}: at a keeper's desk, run {run}"
        return f"{said(blank(context))}; {LEFT}"
    except WorkbenchError as error:
        return f"the server may still hold it ({error.what}): once it can be reached, run {run} at a keeper's desk"


def _where(record: Record, server: Server, gone: Gone) -> Iterator[ServerPack]:
    ident = record.info.record_id
    if gone.places:
        yield from purging.packs_numbered(server, ident, purging.packs_with(server, ident, gone.places))


def _told(packs: Iterable[ServerPack], progress: Progress | None) -> Iterator[ServerPack]:
    for pack in packs:
        if progress is not None:
            progress(pack.number)
        yield pack


def _to_clean(
    record: Record, server: Server, gone: Gone, packs: Iterable[ServerPack]
) -> Iterator[tuple[int, bytes]]:
    """Number and cleaned content of each of these packs that holds something of it."""
    if not gone.entries and not gone.evidence:
        return
    for pack in packs:
        content = purging.cleaned(pack, gone)
        if content is not None:
            yield pack.number, content


def _evidence(record: Record, server: Server, gone: Gone) -> tuple[str, ...]:
    there = evidence.held(server, record.info.record_id, gone.evidence)
    return tuple(sorted(one.digest for one in there.values() if not one.purged))
