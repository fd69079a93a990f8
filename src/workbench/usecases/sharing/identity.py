"""Whose entries this desk may send: is it still the only copy that writes as this desk?

The server says of each desk how far it holds its entries, and the digest of the last one.  A file that was put
back lacks some of them, and goes on as a new desk.  A machine that was cloned with its disk writes others under
the same numbers: then nothing is sent, for two copies cannot both be that desk.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec

from workbench.mailbox.mail import Lies
from workbench.mailbox.server import Reached, Server
from workbench.model.errors import NotAllowed
from workbench.record.incoming import Bad, read_line
from workbench.usecases.context import Context
from workbench.usecases.sharing.receiving import open_pack

_BEGUN = 3  # desks that hold nothing but their beginning


class Copy(enum.Enum):
    """What this file is, compared with what the server holds of its desk."""

    THE_ONE = "the one"
    OLDER = "older"
    ANOTHER = "another"


class Found(msgspec.Struct, frozen=True):
    """What this file is; of another copy from which entry of which desk on the two differ."""

    copy: Copy
    desk: str = ""
    number: int = 0


def look(context: Context, server: Server, reach: Mapping[str, Reached]) -> Found:
    """Compares the entries of the desks that this file is and was with those that the server holds.

    Nothing is read of them where this file holds all of them, but for the digest of the last one.  ``NotAllowed`` where
    the server says that it holds later ones and shows none: a desk does not begin anew because of a number.
    """
    record = context.record
    held = {known.desk: known.desk_seq for known in record.frontier()}
    older = False
    for desk in record.own_desks():
        there = reach.get(desk)
        if there is None or there.last == 0:
            continue
        both = min(there.last, held[desk])
        mine = record.digest_of(desk, both)
        if mine != (there.tip.hex() if both == there.last else _digest_there(context, server, desk, both)):
            return Found(Copy.ANOTHER, desk, both)
        if there.last > both and desk == record.info.desk:
            _require_shown(context, server, there, both + 1)
            older = True
    return Found(Copy.OLDER if older else Copy.THE_ONE)


def _require_shown(context: Context, server: Server, there: Reached, number: int) -> None:
    """Raises ``NotAllowed`` where no pack holds an entry of this desk that the server says it has."""
    packs = server.packs_of(context.record.info.record_id, there.writer, number)
    if not any(pack.first <= number <= pack.last for pack in packs):
        raise NotAllowed(
            f"the server says that it holds entry {there.last} of this desk, and shows none after {number - 1}: "
            "nothing was sent or received",
            where=server.address.shown,
            hint="ask the server's administrator; workbench verify --server compares all that it holds",
        )


def require_not_again(context: Context) -> None:
    """Raises ``NotAllowed`` where this file went on as a new desk again and again, and wrote nothing in between.

    An honest server makes a desk begin anew once.  One that lies could have it done with every sync, and every desk
    would receive what comes of it.
    """
    held = {known.desk: known.desk_seq for known in context.record.frontier()}
    last = context.record.own_desks()[-_BEGUN:]
    if len(last) == _BEGUN and all(held.get(desk) == 1 for desk in last):
        raise NotAllowed(
            f"the server made this desk begin anew {_BEGUN} times, and would once more: nothing was sent or received",
            hint="ask the server's administrator; workbench verify --server compares all that it holds",
        )


def _digest_there(context: Context, server: Server, desk: str, number: int) -> str:
    """The digest of an entry on the server; "" where it cannot be told."""
    record = context.record.info.record_id
    for pack in server.packs_of(record, desk, number):
        if pack.first == number + 1:
            return pack.follows.hex()
        try:
            return read_line(open_pack(record, pack).entries[number - pack.first]).digest
        except (Lies, Bad):
            return ""
    return ""
