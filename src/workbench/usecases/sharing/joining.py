"""Taking up a record that is shared on a server, as a new desk of it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.mailbox.addresses import read_address
from workbench.mailbox.mail import read_mail
from workbench.mailbox.server import Server, SharedRecord, connect, require_version
from workbench.model.errors import UsageError
from workbench.model.times import Clock
from workbench.record import Record, laying, replacing
from workbench.record.connection import is_none
from workbench.record.incoming import read_line
from workbench.record.laying import Laid
from workbench.record.ledger import RECORD, unhex
from workbench.record.projection import tables_of
from workbench.usecases import nouns
from workbench.usecases.opening import open_context, refuse_link_outside
from workbench.usecases.project import Options, read_definitions, record_path
from workbench.usecases.restoring import author_of, note_end
from workbench.usecases.sharing.shared import Shared, note_of, shared_of
from workbench.usecases.sharing.syncing import Synced, sync_with


class Joined(msgspec.Struct, frozen=True):
    """A record that was taken up: which project's, as which role and desk, and what was received."""

    project: str
    url: str
    role: str
    desk: str
    synced: Synced


def join(options: Options, url: str) -> Joined:
    """Takes up the project's record from the server at ``url``."""
    root, definitions = read_definitions(options)
    path = record_path(root, options)
    refuse_link_outside(root, path, options)
    address = read_address(url)
    with connect(address) as server:
        require_version(server)
        found = _record_of(server, definitions.project.project)
        role = server.role()
        if is_none(path):
            with replacing.building(path) as place:
                first = next(_first(server, found.record))
                laying.lay(place.part, tables_of(nouns.NOUNS), [first], lambda: (), first.body.desk)
                with Record.open(place.part, nouns.NOUNS) as record:
                    record.begin_desk(
                        "joined the shared record", author_of(root, definitions, options), Clock()
                    )
            note_end(path)
        context = open_context(options)
        try:
            if context.record.info.record_id != found.record:
                raise UsageError("there is another record here", hint="join in another folder")
            if shared_of(context.record) is None:
                shared = Shared(url=address.shown, mailbox=found.mailbox, role=role)
                context.record.keep_note(*note_of(shared))
            synced = sync_with(context, server)
            return Joined(found.project, address.shown, role, context.record.info.desk, synced)
        finally:
            context.record.close()


def _record_of(server: Server, project: str) -> SharedRecord:
    found = [one for one in server.records() if one.project == project]
    if len(found) != 1:
        raise UsageError(
            f"the server holds no record of the project “{project}” that this role may see",
            hint="ask whoever keeps the server: workbench member add",
        )
    return found[0]


def _first(server: Server, record: str) -> Iterator[Laid]:
    """The first entry of the record."""
    for pack in server.packs(record, 0, 50):
        for line in read_mail(pack.content).entries[:1]:
            came = read_line(line)
            if came.body.entity == RECORD:
                yield Laid(unhex(came.digest), came.body, came.data)
