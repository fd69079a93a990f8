"""Putting a project's record on a server, where other desks take it up."""

from __future__ import annotations

import msgspec

from workbench.mailbox.addresses import read_address
from workbench.mailbox.server import Server, SharedRecord, connect, require_version
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import Shared, note_of, shared_of
from workbench.usecases.sharing.syncing import Synced, sync_with


class SharedNow(msgspec.Struct, frozen=True):
    """A record that was put on a server: where, as which role, and what was sent."""

    url: str
    role: str
    synced: Synced


def share(context: Context, url: str) -> SharedNow:
    """Puts the record on the database at ``url``, making the tables there where there are none."""
    before = shared_of(context.record)
    if before is not None:
        raise UsageError(f"this record is shared already, at {before.url}", hint="workbench sync")
    address = read_address(url)
    with connect(address) as server:
        if server.version() is None:
            server.make_schema()
        require_version(server)
        shared = _begin(context, server, address.shown)
        context.record.keep_note(*note_of(shared))
        return SharedNow(address.shown, shared.role, sync_with(context, server))


def _begin(context: Context, server: Server, url: str) -> Shared:
    info, role = context.record.info, server.role()
    there = {one.record: one for one in server.records()}
    if info.record_id not in there:
        mailbox = new_id(context.clock.recording())
        server.add_record(SharedRecord(info.record_id, info.project, mailbox, None))
        server.add_member(info.record_id, role, "")
        server.add_member(info.record_id, role, context.author().actor)
    else:
        mailbox = there[info.record_id].mailbox
    return Shared(url=url, mailbox=mailbox, role=role)
