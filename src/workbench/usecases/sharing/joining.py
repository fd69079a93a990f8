"""Taking up a record that is shared on a server, as a new desk; or connecting the same record, which came by file, with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from workbench.definitions import Definitions
from workbench.mailbox.addresses import Address, read_address
from workbench.mailbox.server import Server, SharedRecord, connect, require_version
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.text import safe_text
from workbench.model.times import Clock
from workbench.record import Record, heads
from workbench.record.connection import is_none
from workbench.record.salvaging import RecordFile, open_file
from workbench.usecases import nouns, restoring, soundness
from workbench.usecases.context import Context
from workbench.usecases.opening import open_kept, refuse_link_outside
from workbench.usecases.project import NoDataFolder, Options, data_folder, record_path
from workbench.usecases.sharing import beginning
from workbench.usecases.sharing.choosing import Here, choose
from workbench.usecases.sharing.connecting import MANY, connect_record, exchange
from workbench.usecases.sharing.heads import Watching
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.shared import Shared, log_of
from workbench.usecases.sharing.synced import Ended, Synced


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What came of joining.

    ``laid``: a new record was made here; otherwise the one that was here was connected, or ``already`` was.  ``sends``: what is
    written here is sent; with a reader's role it stays here.  ``kept`` is where the
    one before is kept, with ``only_there`` entries that the server lacks, of which ``aside`` are quarantined or wait.
    """

    project: str
    url: str
    role: str
    desk: str
    laid: bool
    already: bool = False
    sends: bool = True
    entries: int
    desks: int
    has_files: bool = True
    demonstration: bool = False
    kept: Path | None = None
    set_aside: Path | None = None
    only_there: int = 0
    aside: int = 0
    synced: Synced
    remarks: tuple[str, ...] = ()


def join(
    options: Options,
    url: str,
    *,
    named: str = "",
    again: bool = False,
    steps: Steps | None = None,
) -> Joined:
    """Takes up a record from the server at ``url``: that of the project here, the only one, or the one that is ``named``.

    The same record that is here already is connected, and both are joined.  With ``again`` it is laid anew as a new
    desk, and the one that is here is kept beside it.  Until it is there whole, nothing changes, and ctrl+c is ``Ended``; what stops it
    later stands in what is given.
    """
    root, definitions = restoring.folder(options)
    path = record_path(root, options)
    refuse_link_outside(root, path, options)
    address = read_address(url)
    project = definitions.project.project if definitions.files else ""
    with _old(path, again) as old, connect(address) as server:
        require_version(server)
        found = choose(server, _here(path, old, project), named)
        _require_not_moved(found, address)
        place = _Place(root, path, definitions, options)
        if old is not None or is_none(path):
            return _lay(place, server, found, old, steps or Steps(entries=MANY))
        return _connect(place, server, found, steps)


class _Place(msgspec.Struct, frozen=True):
    """Where the record lies, or will lie."""

    root: Path
    path: Path
    definitions: Definitions
    options: Options


@contextmanager
def _old(path: Path, again: bool) -> Iterator[RecordFile | None]:
    """With ``again`` what can be read of the record that is here."""
    if not again:
        yield None
        return
    if is_none(path):
        raise UsageError(
            "there is no record here to begin again from", hint="workbench join URL, without --again"
        )
    with open_file(path) as old:
        yield old


def _here(path: Path, old: RecordFile | None, project: str) -> Here:
    """What is here; ``RecordError`` where a record is that cannot be opened, and is not to be begun again."""
    if old is not None:
        return Here(old.record or _noted_at(path), old.project, project)
    if is_none(path):
        return Here(project=project)
    with Record.open(path, nouns.NOUNS, readonly=True) as record:
        return Here(record.info.record_id, record.info.project, project)


def _noted_at(path: Path) -> str:
    with suppress(NoDataFolder, OSError):
        return heads.record_at(data_folder(), path)
    return ""


def _require_not_moved(found: SharedRecord, address: Address) -> None:
    if found.moved_to is not None:
        to = safe_text(found.moved_to, 300)
        raise NotAllowed(
            f"the record of “{safe_text(found.project)}” was moved from there to {to}",
            where=address.shown,
            hint="ask a keeper of the record whether that address is right; then workbench join URL, with a role of yours there",
        )


# --- a new record ---------------------------------------------------------------------------


def _lay(place: _Place, server: Server, found: SharedRecord, old: RecordFile | None, steps: Steps) -> Joined:
    """A record from all that the server holds, whole or not at all; the one before stays beside it."""
    author = restoring.author_of(place.root, place.definitions, place.options)
    restoring.keep_out_of_git(place.path)
    shared = Shared(url=server.address.shown, mailbox=found.mailbox, role=server.role())
    sends = server.rights(found.record).writes
    try:
        begun = beginning.begin(place.path, server, found, shared, author, Clock(), old, steps.told)
    except KeyboardInterrupt:
        raise Ended(
            "it was ended; nothing was changed here, and nothing of what had come was kept",
            hint="the same command begins again",
        ) from None
    with _opened(place) as context:
        _note_seen(context, begun)
        synced = exchange(context, server, steps)
        return Joined(
            project=found.project, url=shared.url, role=shared.role, desk=context.record.info.desk, laid=True,
            sends=sends, entries=begun.entries, desks=begun.desks, has_files=bool(place.definitions.files),
            demonstration=context.demonstration is not None, kept=begun.kept, set_aside=begun.set_aside,
            only_there=begun.only_there, aside=begun.aside, synced=_both(begun.synced, synced),
            remarks=tuple(context.remarks),
        )  # fmt: skip


def _note_seen(context: Context, begun: beginning.Begun) -> None:
    """What was seen of the mailbox, and what the senders of its packs had: as after any other receiving."""
    log_of(context, begun.shared).note(0, begun.digests)
    watching = Watching(context, begun.shared)
    watching.received(begun.packs, begun.mails)
    watching.end(whole=False)


# --- the record that is here ----------------------------------------------------------------


def _connect(place: _Place, server: Server, found: SharedRecord, steps: Steps | None) -> Joined:
    """The record that is here already: it receives what it lacks, and sends what the server lacks."""
    with _opened(place) as context:
        soundness.check_end(context)
        done, record = connect_record(context, server, found, steps), context.record
        return Joined(
            project=found.project, url=server.address.shown, role=done.role, desk=record.info.desk, laid=False,
            already=done.already, sends=done.sends, entries=record.head.seq, desks=len(record.frontier()),
            has_files=bool(place.definitions.files), demonstration=context.demonstration is not None,
            synced=done.synced, remarks=tuple(context.remarks),
        )  # fmt: skip


@contextmanager
def _opened(place: _Place) -> Iterator[Context]:
    context = open_kept(place.options)
    try:
        yield context
    finally:
        context.record.close()


def _both(one: Synced, other: Synced) -> Synced:
    return msgspec.structs.replace(
        other,
        received=one.received + other.received,
        quarantined=(*one.quarantined, *other.quarantined),
        refused=(*one.refused, *other.refused),
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
    )
