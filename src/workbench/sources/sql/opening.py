"""Opening a session with a source's database, for a piece of work that is done in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar, cast

from workbench.model.errors import SourceError
from workbench.model.times import parse_duration
from workbench.sources.channel import Channel
from workbench.sources.sql import SqlConfig
from workbench.sources.sql.address import Address, address_of
from workbench.sources.sql.session import Limits, Session

_ENDED_WITHIN = 2.0  # seconds after a cancellation
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
        return await _in_own_thread(blocking)
    except asyncio.CancelledError:
        given_up.set()
        raise
    except SourceError:
        if cancelled():  # whoever cancels ends us in a moment: that is no answer of the database
            await asyncio.sleep(_ENDED_WITHIN)
        raise


async def _in_own_thread(work: Callable[[], Found]) -> Found:
    """What blocking work gives, from a thread that nobody else waits for.

    The event loop's own threads are few: databases that hang would keep everybody else from them.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Found] = loop.create_future()

    def settle(result: Found | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(cast(Found, result))

    def run() -> None:
        result: Found | None = None
        failed: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name="database", daemon=True).start()
    return await future


def open_session(address: Address, limits: Limits) -> Session:
    """A session; ``SourceError`` where the database refuses or does not answer."""
    if address.file is not None:
        from workbench.sources.sql.sqlite import SQLite

        return SQLite(address.file, limits)
    from workbench.sources.sql.postgresql import PostgreSQL

    return PostgreSQL(address.server, limits)
