"""How far the server held each desk's entries when it was last asked: what is not sent is told off-line, too.

Kept beside what was seen of the mailbox, outside of the record: it can be asked for again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from workbench.mailbox.server import Reached
from workbench.model.canonical import digest as digest_of
from workbench.model.canonical import encode
from workbench.model.files import make_private_folder, read_regular, write_whole
from workbench.usecases.context import Context
from workbench.usecases.project import NoDataFolder
from workbench.usecases.sharing.shared import Shared, log_of

_OLD = timedelta(minutes=1)  # a desk that receives every second does not write that down each time


class There(msgspec.Struct, frozen=True):
    """The last entry of a desk that the server held, and the role whose desk it is, "" for nobody's."""

    last: int
    role: str


class LastReached(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the server was last asked, and how far it held each desk."""

    at: datetime
    desks: dict[str, There]
    sum: str = ""

    def sealed(self) -> LastReached:
        bare = msgspec.structs.replace(self, sum="")
        return msgspec.structs.replace(self, sum=digest_of(msgspec.to_builtins(bare)))


def note(context: Context, shared: Shared, reach: Mapping[str, Reached]) -> None:
    """Notes what the server answered; where that cannot be kept, it is asked again."""
    desks = {desk: There(one.last, one.role) for desk, one in reach.items()}
    now, before = context.clock.real(), last(context, shared)
    if before is not None and before.desks == desks and timedelta() <= now - before.at < _OLD:
        return
    kept = LastReached(now, desks).sealed()
    with suppress(OSError, NoDataFolder):
        path = _path(context, shared)
        make_private_folder(path.parent)
        write_whole(path, encode(msgspec.to_builtins(kept)) + b"\n", private=True)


def last(context: Context, shared: Shared) -> LastReached | None:
    """What the server answered when it was last asked; ``None`` where that is not known."""
    with suppress(OSError, NoDataFolder, msgspec.MsgspecError, ValueError, RecursionError):
        kept = msgspec.json.decode(read_regular(_path(context, shared)), type=LastReached)
        return kept if kept == kept.sealed() else None
    return None


def forget(context: Context, shared: Shared) -> None:
    """Removes what was noted of a server that is left."""
    with suppress(OSError, NoDataFolder):
        _path(context, shared).unlink(missing_ok=True)


def unsent(context: Context, role: str, reach: Mapping[str, There]) -> int:
    """How many entries are held that the server lacks and this desk sends: its own, and those of desks that are nobody's."""
    count, own = 0, set(context.record.own_desks())
    for known in context.record.frontier():
        there = reach.get(known.desk, There(0, ""))
        if known.desk in own and known.desk_seq == 1 and there.last == 0:
            continue  # it only began: the desk of a role that only reads never sends that
        if there.role in ("", role):
            count += max(0, known.desk_seq - there.last)
    return count


def _path(context: Context, shared: Shared) -> Path:
    return log_of(context, shared).path.with_suffix(".json")
