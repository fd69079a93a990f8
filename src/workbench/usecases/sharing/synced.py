"""What a sync did, and what stood in its way: frozen structs for both front ends."""

from __future__ import annotations

import enum

import msgspec

from workbench.model.errors import WorkbenchError
from workbench.record import Aside


class Refused(msgspec.Struct, frozen=True):
    """A pack that is not what it says, so that nothing of it was received: its number, who sent it, and why."""

    number: int
    desk: str
    why: str


class Obstacle(enum.Enum):
    """Why entries were not sent, or not all received, although the server was reached."""

    LOST = "lost"
    """The connection was lost before all was sent and received; what had come stays, and what had not is sent again."""
    FULL = "full"
    READ_ONLY = "read-only"
    LAGS = "lags"
    """A replica answers that does not hold yet what this desk has seen."""
    READER = "reader"
    """The role may only read."""
    NOT_ALLOWED = "not allowed"
    NOT_THIS_PERSON = "not this person"
    """Somebody signed here for whom the role may not sign."""
    TWO_COPIES = "two copies"
    """Another copy of the record wrote as this desk: the server has other entries under its numbers."""
    TWO_LINES = "two lines"
    """The server holds other entries of another desk than are held here: what follows these would be taken in by nobody."""
    OTHER_ROLE = "other role"
    """This file wrote as a desk that belongs to another role on the server, which alone may send for it."""
    BUSY = "busy"
    """Somebody else sent at the same moment, each time that it was tried."""
    MOVED = "moved"
    BROKEN = "broken"
    """The packs on the server do not follow one another."""
    STOPPED = "stopped"
    """Whoever asked for it said that it is enough for now."""


AGAIN_LATER = frozenset({Obstacle.LOST, Obstacle.BUSY, Obstacle.FULL, Obstacle.READ_ONLY, Obstacle.LAGS})
"""What passes without anybody at this desk."""


class Ended(WorkbenchError):
    """Whoever asked for it ended it with ctrl+c; says what was done, and what goes on with it."""

    exit_code = 130


class Unsent(msgspec.Struct, frozen=True, kw_only=True):
    """What stopped a sync: why, in words of the server where it said any, and how many entries wait here.

    ``desk`` and ``number`` name the entry from which on they wait, ``person`` who signed it.  ``role`` is as which this
    desk is connected, to ``url``; ``keeps``: it is a keeper's.  ``listed``: the project knows that person.
    """

    why: Obstacle
    entries: int = 0
    said: str = ""
    hint: str = ""
    desk: str = ""
    number: int = 0
    person: str = ""
    role: str = ""
    url: str = ""
    keeps: bool = False
    listed: bool = True


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and received: how many entries, what of it is kept aside, which packs were refused.

    ``touched`` are the entity and id of everything that may read otherwise now; ``quarantined`` is what this sync
    brought, ``waiting`` how many entries wait now.  ``number`` is the last pack that was read.  ``unsent`` says what
    stood in the way, ``faults`` in words what the server did, until a person has accepted it; ``new_desk`` is the desk
    that this one has begun.
    """

    sent: int = 0
    received: int = 0
    touched: tuple[tuple[str, str], ...] = ()
    quarantined: tuple[Aside, ...] = ()
    waiting: int = 0
    refused: tuple[Refused, ...] = ()
    contested: int = 0
    notes: tuple[str, ...] = ()
    number: int = 0
    unsent: Unsent | None = None
    faults: tuple[str, ...] = ()
    new_desk: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look: something is not as it should be, and does not pass without them."""
        stopped = self.unsent is not None and self.unsent.why not in {*AGAIN_LATER, Obstacle.STOPPED}
        return bool(self.quarantined or self.refused or self.faults or self.new_desk or stopped)

    @property
    def is_whole(self) -> bool:
        """Whether all was sent and received."""
        return self.unsent is None
