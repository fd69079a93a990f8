"""Putting a project's record on a server, where other desks take it up."""

from __future__ import annotations

from shlex import quote

import msgspec

from workbench.mailbox.addresses import read_address
from workbench.mailbox.closing import for_others
from workbench.mailbox.errors import RecordIsThere, ServerBusy
from workbench.mailbox.server import Server, SharedRecord, connect, make_tables, require_version
from workbench.model.errors import NotAllowed, RecordError
from workbench.model.keys import new_id
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.usecases import safekeeping
from workbench.usecases.context import Context
from workbench.usecases.sharing.carrying import make_carrier
from workbench.usecases.sharing.choosing import told
from workbench.usecases.sharing.connecting import connect_record
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.synced import Ended, Synced


class SharedNow(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was put on a server: where (and how others write that), as which role, and what was sent.

    ``made``: the tables were made for it.  ``found``: the record was there before, so that this desk joined it; ``already``: it had
    done so earlier.  ``aside`` entries that are quarantined or wait stay here, ``absent`` pieces of evidence are at other desks.
    """

    project: str
    url: str
    for_others: str
    role: str
    desk: str
    made: bool
    found: bool
    already: bool
    entries: int
    aside: int
    absent: int
    synced: Synced


def share(
    context: Context,
    url: str,
    *,
    beside: bool = False,
    demonstration: bool = False,
    steps: Steps | None = None,
) -> SharedNow:
    """Puts the record on the database at ``url``, making the tables there where there are none.

    Where that was interrupted, again goes on with it.  A record that is there already is joined.  With ``beside`` it is shared beside
    another record of the same project, with ``demonstration`` although it is one.  ``Ended`` where ctrl+c came before anything was
    sent; later it stands in what is given.
    """
    try:
        return _share(context, url, beside, demonstration, steps)
    except KeyboardInterrupt:
        begun = shared_of(context.record) is not None
        raise Ended(
            "it was ended; the record is shared, and not all of it was sent"
            if begun
            else "it was ended; the record is not shared, and nothing was sent",
            hint="the same command again goes on with it",
        ) from None


def _share(context: Context, url: str, beside: bool, demonstration: bool, steps: Steps | None) -> SharedNow:
    address = read_address(url)
    _require_fit(context, demonstration)
    with connect(address) as server:
        made = make_tables(server)
        require_version(server)
        found, new = _mailbox(context, server, beside)
        if server.rights(found.record).keeps:
            make_carrier(context, server)
        done, record = connect_record(context, server, found, steps), context.record
        return SharedNow(
            project=record.info.project, url=address.shown, for_others=for_others(address.shown), role=done.role, desk=record.info.desk, made=made,
            found=not new and not done.already, already=done.already, entries=record.head.seq,
            aside=len(record.aside()), absent=record.count_absent(), synced=done.synced,
        )  # fmt: skip


def _require_fit(context: Context, demonstration: bool) -> None:
    """Raises where the record is not one that others should go on with."""
    record = context.record
    handover = record.handover()
    if handover is not None and shared_of(record) is None:
        raise NotAllowed(
            f"this record was handed over to {safe_text(handover.to, 100)} on {moment_text(handover.at, context.zone)}, who shares it",
            hint="then workbench join URL connects this desk, too; or take it up again first: workbench handover --cancel",
        )
    if context.demonstration is not None and not demonstration:
        raise NotAllowed(
            "this is a demonstration with people who do not exist; what is on a server cannot be removed from there",
            hint="--demonstration shares it all the same, in a database of its own for trying it out",
        )
    if shared_of(record) is not None:
        return
    report = safekeeping.verify(context)
    if not report.ok:
        raise RecordError(
            f"the record is not intact, so it is not shared: {report.problem}",
            where=str(record.path),
            hint="workbench repair",
        )


def _mailbox(context: Context, server: Server, beside: bool) -> tuple[SharedRecord, bool]:
    """The record's mailbox on the server, and whether it was begun now; where somebody else was a moment earlier it is theirs."""
    try:
        return _found_or_begun(context, server, beside)
    except (RecordIsThere, ServerBusy):
        pass
    try:
        return _found_or_begun(context, server, beside)
    except RecordIsThere as error:  # and the role does not see it
        role = safe_text(server.role(), 100)
        raise NotAllowed(
            f"this record is on the server already, and lets the role {role} see nothing of it; nothing was changed",
            where=error.where,
            hint=f"whoever shared it lets it in: workbench member add {quote(role)} --right signer --person KEY; then: workbench join URL",
        ) from None


def _found_or_begun(context: Context, server: Server, beside: bool) -> tuple[SharedRecord, bool]:
    """All of it, or nothing: what others begin meanwhile is noticed."""
    with server.alone():
        return _look(context, server, beside)


def _look(context: Context, server: Server, beside: bool) -> tuple[SharedRecord, bool]:
    info, there = context.record.info, server.records()
    for one in there:
        if one.record == info.record_id:
            if one.moved_to is not None:
                raise NotAllowed(
                    f"this record was moved from there to {safe_text(one.moved_to, 300)}",
                    where=server.address.shown,
                    hint="ask a keeper of the record whether that address is right; then workbench join URL",
                )
            return one, False
    before = shared_of(context.record)
    if before is not None:
        raise NotAllowed(
            f"this record is shared already, at {before.url}; nothing was changed",
            where=server.address.shown,
            hint="workbench share --move URL moves it from there to this server",
        )
    same = [one for one in there if one.project == info.project]
    if same and not beside:
        raise NotAllowed(
            f"the server has another record of the project “{safe_text(info.project)}”, which was begun apart from this one: "
            f"{told(same)}; nothing was changed",
            where=server.address.shown,
            hint="take that one up in another folder (workbench join URL), and enter there what only this one says; "
            "--beside shares this one, too, and the two are never joined",
        )
    return _begun(context, server), True


def _begun(context: Context, server: Server) -> SharedRecord:
    """A new mailbox, with who begins it as its first member."""
    info, role = context.record.info, server.role()
    made = SharedRecord(info.record_id, info.project, new_id(context.clock.recording()), None)
    server.add_record(made)
    server.add_member(info.record_id, role, context.author().actor)
    return made
