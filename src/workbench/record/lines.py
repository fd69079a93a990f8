"""The ledger as lines of JSON: for programs that know nothing of SQLite, or of us."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from workbench.model.errors import RecordError
from workbench.record.ledger import GENESIS_CHAIN, entry_digest, next_chain

_ROWS = "SELECT seq, body, digest, chain FROM ledger ORDER BY seq"


def lines(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Each entry as one line, first to last, of one state of the record.

    The body is the stored text to the letter; ``null`` where it was purged.  ``RecordError`` at the first
    entry that does not continue the chain: nothing that was changed goes out as if it were whole.
    """
    chain, before = GENESIS_CHAIN, 0
    for seq, body, digest, stored in connection.execute(_ROWS):
        chain = next_chain(chain, digest)
        if seq != before + 1 or chain != stored or (body and entry_digest(body) != digest):
            raise RecordError(
                f"entry {before + 1} of the ledger does not continue the chain; nothing was exported",
                hint="run: workbench verify",
            )
        before = seq
        yield b'{"seq":%d,"body":%b,"digest":"%b","chain":"%b"}\n' % (
            seq, body or b"null", digest.hex().encode(), chain.hex().encode(),
        )  # fmt: skip
