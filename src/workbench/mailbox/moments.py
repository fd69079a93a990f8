"""The server's dates as this program can keep them: whatever stands there, reading it never fails.

PostgreSQL knows ``infinity``, years before Christ and the year 294276; a date of the server is noted and compared, and
nothing is ever received or refused because of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def within(moment: datetime) -> datetime:
    """The nearest moment that every time zone can show, and that lies after 1970."""
    return min(max(moment, EARLIEST), LATEST)


def read_any_date(connection: Any) -> None:
    """From now on a date that lies beyond those of Python is read as the nearest one.  ``connection`` is psycopg's."""
    from psycopg import DataError
    from psycopg.types.datetime import TimestamptzBinaryLoader, TimestamptzLoader

    class Binary(TimestamptzBinaryLoader):
        def load(self, data: Any) -> datetime:
            try:
                return within(super().load(data))
            except DataError:
                return EARLIEST if bytes(data)[0] & 0x80 else LATEST  # microseconds, with a sign

    class Text(TimestamptzLoader):
        def load(self, data: Any) -> datetime:
            try:
                return within(super().load(data))
            except DataError:
                said = bytes(data)
                return EARLIEST if said.startswith(b"-") or said.endswith(b"BC") else LATEST

    connection.adapters.register_loader("timestamptz", Binary)
    connection.adapters.register_loader("timestamptz", Text)
