"""Opening a session with a source's database, for a piece of work that is done in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from workbench.model.errors import SourceError
from workbench.model.times import parse_duration
from workbench.sources.channel import Channel
from workbench.sources.sql import SqlConfig
from workbench.sources.sql.address import Address, address_of
from workbench.sources.sql.session import Limits, Session

Found = TypeVar("Found")


async def in_session(
    channel: Channel,
    work: Callable[[Session], Found],
    *,
    seconds: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> Found:
    """What ``work`` makes of a session with the source's database, in a thread of its own.

    ``seconds`` is how long all of it may take.  Once the caller is cancelled the session ends, too.
    """
    address = await address_of(channel)
    given_up = threading.Event()
    statement = parse_duration(channel.config(SqlConfig).timeout).total_seconds()
    limits = Limits(statement=statement, session=seconds, stopped=lambda: given_up.is_set() or cancelled())

    def blocking() -> Found:
        try:
            with closing(open_session(address, limits)) as session:
                return work(session)
        except SourceError as error:  # a database quotes what it likes
            clean = channel.secrets.redactor().text
            error.what = clean(error.what)
            error.where = error.where or address.shown
            raise

    try:
        return await asyncio.to_thread(blocking)
    except asyncio.CancelledError:
        given_up.set()
        raise


def open_session(address: Address, limits: Limits) -> Session:
    """A session; ``SourceError`` where the database refuses or does not answer."""
    if address.file is not None:
        from workbench.sources.sql.sqlite import SQLite

        return SQLite(address.file, limits)
    from workbench.sources.sql.postgresql import PostgreSQL

    return PostgreSQL(address.server, limits)
