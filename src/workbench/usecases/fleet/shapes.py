"""What is asked of a project and what is told of it, as values that go from one process to another.

Nothing here imports what judges: who shows the fleet starts without it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from workbench.learning.past import Happened, Went
from workbench.usecases.views.marks import Mark

Why = Literal["here", "named", "kept", "opened"]
"""Why a project is looked at: one is in it, its folder was named or is kept, or it was opened on this machine."""
Move = Literal["yours", "another", "clock", "behind", "unknown"]
Kind = Literal["gone", "no record", "files", "version", "record", "time", "mistake"]


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Which project is to be judged, and how.

    ``root`` is its folder, ``record`` its record where that does not lie in it as it usually does; ``record_id`` and ``project`` are what was noted of its record, "" where nothing was.
    ``days`` is how far its calendar looks ahead; ``quarter`` names the one that figures are of, "" for all there is.
    """

    root: str
    record: str = ""
    why: Why = "opened"
    record_id: str = ""
    project: str = ""
    as_person: str | None = None
    now: datetime | None = None
    days: int = 30
    quarter: str = ""
    demonstrations: bool = False


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that is kept, and the projects in it; ``trouble`` says why none could be found."""

    path: str
    roots: tuple[str, ...] = ()
    trouble: str = ""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a project was not judged: what happened, where, and what to do."""

    kind: Kind
    what: str
    where: str = ""
    hint: str = ""


class GateSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A gate of a release: its state in words, and the name of its mark."""

    key: str
    title: str
    state: str
    words: str
    set_up: bool
    mark: str

    @property
    def sign(self) -> Mark:
        """Its mark."""
        return Mark[self.mark]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """The open line that comes first: what it is, whose move it is and since when, and the command that clears it.

    ``since`` is from when on it has been open, ``since_what`` what that moment is.  ``until`` is when it clears
    automatically.  ``move`` is as the person reads it who sits there; ``who`` are the people who can act, where any are named.
    """

    key: str
    title: str
    why: str
    gate: str = ""
    blocks: bool = True
    move: Move = "unknown"
    who: tuple[str, ...] = ()
    owner: str = ""
    until: datetime | None = None
    since: datetime | None = None
    since_what: str = ""
    fix: str = ""


class ReleaseSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A release that is open, or that went out and is being watched.

    ``overdue`` counts the lines that are open for longer than was promised or than their gate allows.  ``passed``
    says that every gate is passed, and at least one asks for anything.
    """

    id: str
    version: str
    title: str
    state: str
    state_words: str
    mark: str
    open: bool
    candidate: str = ""
    commit: str = ""
    planned_at: datetime | None = None
    went_out_at: datetime | None = None
    gates: tuple[GateSeen, ...] = ()
    blocks: int = 0
    to_do: int = 0
    to_sign: int = 0
    risks: int = 0
    overdue: int = 0
    passed: bool = False
    first: Waiting | None = None
    ready_at: datetime | None = None
    signed_at: datetime | None = None

    @property
    def sign(self) -> Mark:
        """The mark of its state."""
        return Mark[self.mark]


class IncidentSeen(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that is open."""

    id: str
    title: str
    severity: str
    environment: str
    state: str
    began: datetime
    lead: str = ""
    frozen: bool = False


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """What holds promotion: a freeze that somebody has to lift, or dates on which nothing goes out, until ``until``."""

    what: Literal["freeze", "change freeze"]
    reason: str
    since: datetime
    by: str = ""
    until: datetime | None = None


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a project's calendar, as :class:`workbench.usecases.calendar.event.Event` has it."""

    key: str
    what: str
    day: str
    at: datetime
    title: str
    when: str
    until: datetime | None = None
    owner: str = ""
    release: str = ""
    ref: str = ""
    effect: str = ""
    blocks: bool = False
    overdue: bool = False


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """What went out and what came of it, as figures are read from it; ``whole`` holds what lies outside of a quarter, too."""

    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    releases: tuple[Went, ...] = ()
    incidents: tuple[Happened, ...] = ()
    whole_releases: tuple[Went, ...] = ()
    whole_incidents: tuple[Happened, ...] = ()


class SharedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How a shared record stands on this desk, without asking the server.

    ``received_at`` is when everything there was last received, ``waits`` how many entries were not sent by then;
    ``faults`` are contradictions of the server that nobody has accepted.
    """

    server: str
    received_at: datetime | None = None
    waits: int = 0
    faults: int = 0


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project as it was seen: ``judged``, or the ``trouble`` that stood in the way; a demonstration may be neither.

    ``entries`` is how far its record reaches; where it is ``older`` than this version of the workbench, a copy of it was judged.
    ``lacking`` says what could not be told of it although it was judged.
    ``more`` counts open releases that were not judged, for there are very many.
    """

    root: str
    why: Why = "opened"
    judged: bool = False
    trouble: Trouble | None = None
    key: str = ""
    title: str = ""
    record_id: str = ""
    entries: int = 0
    head: str = ""
    older: bool = False
    timezone: str = "UTC"
    now: datetime | None = None
    person: str = ""
    demonstration: bool = False
    trusted: bool = True
    releases: tuple[ReleaseSeen, ...] = ()
    more: int = 0
    incidents: tuple[IncidentSeen, ...] = ()
    holds: tuple[Hold, ...] = ()
    due: tuple[Due, ...] = ()
    delivered: Delivered | None = None
    shared: SharedRecord | None = None
    lacking: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: its title, else its key, else its folder."""
        return self.title or self.key or self.root
