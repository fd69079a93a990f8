"""``repair --server``: everything that the server holds, asked for again, and what it lacks, sent to it.

What waits, or was quarantined on its way, goes on where the server has what it needs; evidence that stayed there
comes.  A keeper's desk also sends what the server lacks of other desks.  For a record that is damaged the server is
one more source to repair from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.mailbox.mail import Mail
from workbench.mailbox.server import Rights, Server, SharedRecord
from workbench.mailbox.whole import all_packs
from workbench.model.errors import UsageError
from workbench.record import Blob
from workbench.record.pack_files import PackFile, open_pack, write
from workbench.record.packs import Log, Pack, Selection
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing import evidence
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.receiving import as_pack, portions_of
from workbench.usecases.sharing.sending import send
from workbench.usecases.sharing.shared import Shared, connected, require_shared
from workbench.usecases.sharing.synced import Ended, Obstacle, Refused, Synced, Unsent
from workbench.usecases.sharing.syncing import AT_ONCE, sync_with

_ENTRIES = 5_000  # in one transaction, about


class AskedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: a sync as usual, and beyond it.

    ``entries`` came that were not here although the server had been read past them, ``evidence`` is how many pieces
    came, ``missing`` how many are not at the server either.  ``carried`` are entries of other desks that the server
    lacked and got from here, ``unsent`` what stood in the way of it.  ``keeper``: this role may carry for others.
    """

    synced: Synced
    packs: int = 0
    entries: int = 0
    evidence: int = 0
    missing: int = 0
    refused: tuple[Refused, ...] = ()
    carried: int = 0
    keeper: bool = False
    unsent: Unsent | None = None


def ask_again(context: Context) -> AskedAgain:
    """Asks for everything again; ``ServerUnavailable`` where the server cannot be reached."""
    with connected(require_shared(context)) as server:
        synced = sync_with(context, server)
        if synced.unsent is not None and synced.unsent.why is Obstacle.STOPPED:
            raise Ended("it was ended; what had come is kept", hint="the same command again goes on")
        rights = server.rights(context.record.info.record_id)
        packs, entries, refused = _read_again(context, server)
        brought = evidence.fetch(context, server, sorted(context.record.absent()))
        carried, unsent = _carry(context, server, rights)
        return AskedAgain(
            synced=synced,
            packs=packs,
            entries=entries,
            evidence=len(brought.came),
            missing=len(brought.missing),
            refused=tuple(refused),
            carried=carried,
            keeper=rights.keeps,
            unsent=unsent,
        )


def _read_again(context: Context, server: Server) -> tuple[int, int, list[Refused]]:
    """Takes in all packs: what is here already changes nothing.  How many packs, and entries that were not here."""
    record, count, came, refused = context.record.info.record_id, 0, 0, list[Refused]()
    for portion in portions_of(record, all_packs(server, record), _ENTRIES):
        count += len(portion.packs)
        refused += portion.refused
        came += _take(context, portion.mails)
    return count, came, refused


def _take(context: Context, mails: list[Mail]) -> int:
    if not mails:
        return 0
    with acting(context) as said:
        pack = as_pack(context.record.info, mails)
        return len(context.record.take_in(pack, author=said["author"], clock=said["clock"]).taken)


def _carry(context: Context, server: Server, rights: Rights) -> tuple[int, Unsent | None]:
    """A keeper sends what the server lacks of anybody's; each desk goes on sending its own afterwards."""
    if not rights.keeps:
        return 0, None
    shared = require_shared(context)
    reach = server.reach(context.record.info.record_id)
    _, sent = send(context, server, shared, reach, rights, AT_ONCE, Watching(context, shared), carries=True)
    return sent.entries, sent.stopped


# --- a damaged record ---------------------------------------------------------------------------


@contextmanager
def pack_of_server(shared: Shared) -> Iterator[PackFile]:
    """All that the server holds as one pack, in a file that is gone afterwards; packs that lie are left out."""
    with tempfile.TemporaryDirectory(prefix="workbench-server-") as folder:
        path = Path(folder) / "server.pack"
        with connected(shared) as server:
            found = _record_of(server, shared)
            head = Pack(found.record, found.project, Log("", 0, "", ""), (), Selection(), (), ())
            write(path, head, _lines(server, found.record), _blobs(server, found.record))
        with open_pack(path, shared.url) as pack:
            yield pack


def _record_of(server: Server, shared: Shared) -> SharedRecord:
    found = next((one for one in server.records() if one.mailbox == shared.mailbox), None)
    if found is None:
        raise UsageError(
            "the server does not hold the mailbox that this record was shared through",
            where=shared.url,
            hint="workbench repair, without --server; then workbench share --reconnect --reason WHY",
        )
    return found


def _lines(server: Server, record: str) -> Iterator[bytes]:
    for portion in portions_of(record, all_packs(server, record), _ENTRIES):
        for mail in portion.mails:
            yield from mail.entries


def _blobs(server: Server, record: str) -> Iterator[Blob]:
    for portion in portions_of(record, all_packs(server, record), _ENTRIES):
        for mail in portion.mails:
            yield from mail.blobs
