"""This desk's record and its connection to the server, as the app keeps them in step beside what people do."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

from workbench.mailbox.addresses import read_address
from workbench.mailbox.looking import ServerDesk, desks_of
from workbench.mailbox.server import Server, connect, require_version
from workbench.usecases.context import Context, elsewhen
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options
from workbench.usecases.sharing import reached
from workbench.usecases.sharing.going import RECEIVED, Going, Tell
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.shared import require_shared, shared_of
from workbench.usecases.sharing.syncing import Synced, sync_with

ENTRIES = 100  # are taken in at once: somebody's own act waits for so many at most
LONGEST_GAP = 0.5  # seconds between two such steps, in which whoever waits for the record has it


def keeps_up(context: Context) -> bool:
    """Whether the app sends and receives: the record is shared, and nobody looks from another moment at it."""
    if (
        context.demonstration is not None
        or elsewhen(context)
        or context.excerpt
        or context.record.info.readonly
    ):
        return False
    return shared_of(context.record) is not None


class Breath:
    """Between two steps the record is left to others for as long as the step took."""

    def __init__(self, stop: Callable[[], bool], tell: Tell) -> None:
        self._stop, self._tell, self._since = stop, tell, monotonic()

    def between(self) -> None:
        """A step is over, and more are to come."""
        if not self._stop():
            sleep(min(monotonic() - self._since, LONGEST_GAP))
        self._since = monotonic()

    def told(self, going: Going) -> None:
        """Packs were taken in; where these were not the last ones, more steps follow.  What is sent keeps nobody waiting."""
        self._tell(going)
        if going.what == RECEIVED and going.done < going.total:
            self.between()


class ThisDesk:
    """The record, opened for one thread alone; made in that thread."""

    def __init__(self, options: Options) -> None:
        self._context = open_context(options)
        self._file = self._number()

    def _number(self) -> int:
        """What tells the record's file from another one at its place; 0 where there is none."""
        with suppress(FileNotFoundError):
            return self._context.record.path.stat().st_ino
        return 0

    def is_current(self) -> bool:
        """Whether the record's file is still the one that was opened: another one may have taken its place."""
        return self._number() == self._file

    def connect(self) -> ServerLine:
        """A connection to the server of the record, which listens; errors in words."""
        shared = require_shared(self._context)
        server = connect(read_address(shared.url))
        try:
            require_version(server)
            server.listen()
        except BaseException:
            server.close()
            raise
        return ServerLine(self._context, server)

    def to_send(self) -> int:
        """How many entries wait here to be sent."""
        shared = shared_of(self._context.record)
        if shared is None:
            return 0
        known = reached.last(self._context, shared)
        return reached.unsent(self._context, shared.role, known.desks if known is not None else {})

    def close(self) -> None:
        """Close the record."""
        self._context.record.close()


class ServerLine:
    """An open connection that listens for new packs of one record."""

    def __init__(self, context: Context, server: Server) -> None:
        self._context, self._server = context, server

    def exchange(self, stop: Callable[[], bool], tell: Tell) -> Synced:
        """Send and receive, in steps that leave the record to others in between."""
        breath = Breath(stop, tell)
        steps = Steps(entries=ENTRIES, stop=stop, told=breath.told, between=breath.between)
        return sync_with(self._context, self._server, steps)

    def desks(self) -> tuple[ServerDesk, ...]:
        """The desks that the server knows."""
        return desks_of(self._server, self._context.record.info.record_id)

    def wait(self, seconds: float, wake: socket.socket) -> bool:
        """Wait for the server, for ``wake``, or for so many seconds; whether new packs of others were told of."""
        with self._server.told() as connection:
            if self._told_of_packs(connection):  # with an earlier answer
                return True
            ready, _, _ = select.select([connection.fileno(), wake], [], [], seconds)
            return bool(ready) and self._told_of_packs(connection)

    def _told_of_packs(self, connection: Any) -> bool:
        record, own = self._context.record.info.record_id, connection.info.backend_pid
        told = list(connection.notifies(timeout=0))
        return any(one.pid != own and one.payload.split(" ")[0] == record for one in told)

    def close(self) -> None:
        """End the connection."""
        self._server.close()
