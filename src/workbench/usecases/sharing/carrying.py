"""Sending for others: what several people signed at one desk, and the evidence of entries that others have sent.

A role signs for its own persons.  A keeper's may send what others signed, but only for another desk than the one that it
writes as: so this desk goes on as a new one then, and sends what the one before wrote.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.mailbox import evidence
from workbench.mailbox.mail import Lies
from workbench.mailbox.server import Server, ServerPack
from workbench.mailbox.whole import packs_by
from workbench.record.incoming import Bad, read_line
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing.receiving import open_pack
from workbench.usecases.sharing.shared import SPEAKING

WHY = "what others signed here is sent for the desk before"


def make_carrier(context: Context, server: Server) -> bool:
    """Begins a new desk where this one wrote what its role may not sign, and may carry; whether it did.

    The desk is registered in any case.
    """
    record, info = context.record, context.record.info
    reach, rights = server.reach(info.record_id), server.rights(info.record_id)
    last = reach[info.desk].last if info.desk in reach else 0
    others = any(
        entry.body.entity in SPEAKING and not rights.signs_as(entry.body.actor)
        for entry in record.entries_of(info.desk, last)
    )
    if others and rights.keeps:
        with acting(context) as said:
            record.begin_desk(WHY, said["author"], said["clock"])
    server.add_desk(info.record_id, context.record.info.desk, "")
    return others and rights.keeps


def bring_evidence(context: Context, server: Server) -> int:
    """Sends the evidence that is here of entries that this file wrote and others have sent without it; how many pieces.

    Whoever sent them had the entries from a pack, perhaps without their evidence.
    """
    record, info = context.record, context.record.info
    reach = server.reach(info.record_id)
    missing: set[str] = set()
    for desk in record.own_desks():
        there = reach.get(desk)
        if there is not None and there.last and not there.role:  # else its owner sends it
            missing |= _left_out(info.record_id, packs_by(server, info.record_id, desk))
    missing -= evidence.held(server, info.record_id, missing).keys()
    return sum(
        evidence.put(server, info.record_id, info.desk, record.evidence_of([one])) for one in sorted(missing)
    )


def _left_out(record: str, packs: Iterable[ServerPack]) -> set[str]:
    """The evidence that the entries of packs name and that is in none of them."""
    named, there = set[str](), set[str]()
    for pack in packs:
        try:
            mail = open_pack(record, pack)
        except Lies:
            continue  # nobody receives its entries either
        there |= {blob.digest for blob in mail.blobs}
        for line in mail.entries:
            try:
                named |= set(read_line(line).body.blobs or ())
            except Bad:
                continue
    return named - there
