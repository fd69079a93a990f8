"""All that a desk has to know of the server before it sends or receives, asked in one statement.

Each question keeps its own text; what is asked at once is answered of one moment, and in one journey to the server.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.mailbox.asking import HEADS, ServerHead, heads_of
from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.log import GENESIS
from workbench.mailbox.server import (
    ABOUT,
    END,
    REACH,
    RECORDS,
    RIGHTS,
    Reached,
    Rights,
    Server,
    SharedRecord,
    note_version,
    require_version,
)
from workbench.model.errors import WorkbenchError

# The tables that a backup was restored into are others: they may lack what was seen there.
_TABLES = "SELECT 'workbench.evidence'::regclass::oid::bigint"
_QUESTIONS = (ABOUT, _TABLES, f"{RECORDS} WHERE record = %(record)s", RIGHTS, END, REACH, HEADS)
_AT_ONCE = f"SELECT {', '.join(f'ARRAY(SELECT q FROM ({one}) q)' for one in _QUESTIONS)}"


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """How a server is at one moment: the record there, what this role may, where the mailbox ends, and how far it
    holds each desk.

    ``version`` is that of the tables, and the oldest that works with them; ``tables`` is another number where they were made anew, as from a
    backup.  ``record`` is ``None`` where this role is shown nothing of it.  ``heads`` are those that desks left since a moment,
    the lowest number first.
    """

    version: tuple[int, int]
    tables: int
    record: SharedRecord | None
    rights: Rights
    end: tuple[int, bytes]
    reach: dict[str, Reached]
    heads: list[ServerHead]


def ask_present(server: Server, record: str, since: datetime | None) -> Present:
    """How the server is now; ``since`` says from when on heads are asked for, ``None`` for all of them.

    Errors as :func:`~workbench.mailbox.server.require_version` has them; ``server.notes`` tells the rest.
    """
    try:
        answers = server.rows(_AT_ONCE, {"record": record, "since": since})[0]
    except ServerUnavailable:
        raise
    except WorkbenchError:
        require_version(server)  # tables of another version, or none, are told as such
        raise
    about, tables, found, rights, end, reach, heads = answers
    if not about:
        require_version(server)
    note_version(server, about[0])
    return Present(
        version=about[0],
        tables=tables[0][0],
        record=SharedRecord(*found[0]) if found else None,
        rights=Rights.of(rights[0]),
        end=end[0] if end else (0, GENESIS),
        reach={row[0]: Reached(*row) for row in reach},
        heads=heads_of(heads),
    )
