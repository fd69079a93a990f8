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
from workbench.record.incoming import Bad, read_line
from workbench.usecases.context import Context
from workbench.usecases.sharing.receiving import open_pack


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

    Nothing is read of them where this file holds all of them, but for the digest of the last one.
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
        older = older or (there.last > both and desk == record.info.desk)
    return Found(Copy.OLDER if older else Copy.THE_ONE)


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
