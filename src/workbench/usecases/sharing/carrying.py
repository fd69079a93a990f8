"""Sending what several people signed at one desk before its record was shared.

A role signs for its own persons.  A keeper's may send what others signed, but only for another desk than the one that it
writes as: so this desk goes on as a new one then, and sends what the one before wrote.
"""

from __future__ import annotations

from workbench.mailbox.server import Server
from workbench.usecases.context import Context, acting
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
