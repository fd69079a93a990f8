"""What this desk notes of the server: which one, and how far it has read the mailbox there.

It stands in the record's file: a copy that is put back asks again from where it was itself.  It never holds a secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.mailbox.addresses import read_address
from workbench.mailbox.log import MailboxLog
from workbench.mailbox.server import Server, SharedRecord, connect, require_version
from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Note, Record
from workbench.usecases import nouns
from workbench.usecases.context import Context
from workbench.usecases.sharing import SHARED
from workbench.usecases.sharing.synced import Refused

FOLDER = "mailboxes"
_KEPT = 100  # of what was found wrong


class Shared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a record is shared: the server's address, the mailbox there, and the last pack that was read, with its chain.

    ``refused`` are packs that were not what they say, of very many the last ones.  ``persons`` are those for whom the
    role signs, as the server said last; ``None`` where it was not asked yet.
    """

    url: str
    mailbox: str
    role: str
    number: int = 0
    chain: str = "00" * 32
    refused: tuple[Refused, ...] = ()
    persons: tuple[str, ...] | None = None


def note_of(shared: Shared) -> tuple[str, str]:
    """The note as it is kept in the record's file: its name, and its text."""
    return SHARED, encode(msgspec.to_builtins(shared)).decode()


def shared_of(record: Record) -> Shared | None:
    """Where a record is shared; ``None`` where it is not.  ``RecordError`` where the note was changed."""
    note = record.noted(SHARED)
    return msgspec.json.decode(note, type=Shared) if note else None


def change_of(mailbox: str, change: Callable[[Shared], Shared]) -> Note:
    """A change of the note, made of what stands there when it is written.

    Where the record was left meanwhile, or goes on in another mailbox than that of which something is to be noted,
    the note stays as it is.
    """

    def changed(note: str) -> str:
        shared = msgspec.json.decode(note, type=Shared) if note else None
        return note if shared is None or shared.mailbox != mailbox else note_of(change(shared))[1]

    return SHARED, changed


def read_on(shared: Shared, number: int, chain: bytes, refused: Iterable[Refused]) -> Shared:
    """The note of a desk that has read the mailbox up to pack ``number``, and what it found on the way."""
    return msgspec.structs.replace(
        shared,
        number=number,
        chain=chain.hex(),
        refused=tuple(dict.fromkeys((*shared.refused, *refused)))[-_KEPT:],
    )


def require_shared(context: Context) -> Shared:
    """Where the record is shared; ``UsageError`` where it is not."""
    shared = shared_of(context.record)
    if shared is None:
        raise UsageError(
            "this record is not shared", hint="workbench share URL shares it, workbench join URL takes one up"
        )
    return shared


def require_mailbox(there: SharedRecord | None, shared: Shared) -> None:
    """``NotAllowed`` where the server shows this role nothing of the record, ``UsageError`` where it holds another mailbox of it."""
    if there is None:
        raise NotAllowed(
            f"the server shows the role {shared.role} nothing of this record",
            where=shared.url,
            hint="ask a keeper of the record whether the role is still a member: workbench member list",
        )
    if there.mailbox != shared.mailbox:
        raise UsageError(
            "this is not the mailbox that this desk has joined: the record was shared there anew",
            where=shared.url,
            hint="workbench share --reconnect --reason WHY goes on with this one",
        )


@contextmanager
def connected(shared: Shared) -> Iterator[Server]:
    """A connection to the server of a shared record."""
    with connect(read_address(shared.url)) as server:
        require_version(server)
        yield server


def log_of(context: Context, shared: Shared) -> MailboxLog:
    """What was seen of the mailbox, outside of the record; each copy of a record has its own."""
    place = hashlib.sha256(str(Path(context.record.path).resolve()).encode()).hexdigest()[:8]
    name = f"{context.record.info.record_id}-{shared.mailbox[:8]}-{place}.log"
    return MailboxLog(context.data_folder / FOLDER / name)


SPEAKING = frozenset(kind.name for kind in nouns.NOUNS if kind.speaks)
"""The kinds of entry in which a person speaks for themselves."""
