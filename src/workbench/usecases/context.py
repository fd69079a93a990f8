"""An opened project: its definitions, its record, who sits here and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions import Definitions
from workbench.definitions.shapes import Person
from workbench.model.errors import NotAllowed
from workbench.model.keys import new_id
from workbench.model.times import Clock, zone_of
from workbench.record import Author, Blob, Change, Commit, Head, Record
from workbench.usecases import soundness
from workbench.usecases.project import data_folder, other_time
from workbench.usecases.speaking import require_voice


class Latest:
    """The latest date of what a record holds, as it was when somebody last looked."""

    def __init__(self, moment: datetime | None = None) -> None:
        self.moment = moment


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """An opened project: passed along, without verbs of its own."""

    root: Path
    definitions: Definitions
    record: Record
    clock: Clock
    author: Callable[[], Author]
    demonstration: datetime | None = None
    release: str | None = None
    excerpt: bool = False
    """Whether the record was made from an excerpt, for this one call."""
    sealed: str = ""
    """Who sealed that excerpt, in words; "" where nobody did."""
    latest: Latest = msgspec.field(default_factory=Latest)
    """The present moment never lies before it, so that what has ended does not come back with a clock set back."""
    aside: Callable[[Callable[[Context], object]], None] | None = None
    """Does a job beside the one who acts, with a context of its own; ``None`` where whoever acts waits for it."""
    signs: Callable[[bytes], tuple[bytes, str]] | None = None
    """Signs the bytes of a statement with a key: the signature and the key's fingerprint; ``None`` where who acts is only asserted."""
    remarks: list[str] = []
    """What a person should be told although it worked; whoever opened the context tells it."""

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def zone(self) -> tzinfo:
        """The project's zone, in which days are told."""
        return zone_of(self.definitions.project.timezone)

    @property
    def data_folder(self) -> Path:
        """Looked up when it is needed: most commands only read the record."""
        return data_folder()


def commit(
    context: Context,
    changes: Sequence[Change],
    *,
    blobs: Sequence[Blob] = (),
    if_head: Head | None = None,
) -> Commit:
    """The one way to the ledger: commits an act and keeps its head outside the record.

    ``if_head`` is where the ledger ended when what the act rests on was judged; ``RecordMoved``
    if somebody has written since.

    In a demonstration the demonstration's time is claimed; the real one is recorded beside it.
    A record that was cut is not written to: what was lost would be harder and harder to find.
    Where the record is shared, nothing is said for somebody for whom this desk's role does not sign.
    """
    require_own_words(context, changes)
    with acting(context) as said:
        return context.record.commit(
            list(changes),
            blobs=list(blobs),
            if_head=if_head,
            definitions=context.definitions.digest,
            **said,
        )


def commit_many(context: Context, changes: Iterable[Change], count: int) -> Commit:
    """The same for a great many changes: each is made, checked and written before the next one is made.

    There must be ``count`` of them, and none may be overtaken: ``StaleChange`` otherwise.
    """
    with acting(context) as said:
        return context.record.commit_many(
            _own_words(context, changes), count, definitions=context.definitions.digest, **said
        )


def _own_words(context: Context, changes: Iterable[Change]) -> Iterator[Change]:
    for change in changes:
        require_own_words(context, (change,))
        yield change


def require_own_words(context: Context, changes: Iterable[Change]) -> None:
    """``NotAllowed`` where one of the changes speaks for somebody for whom this desk's role does not sign."""
    people = context.definitions.project.people
    require_voice(
        context.record,
        (change.entity for change in changes),
        lambda: context.author().actor,
        (one.key for one in people),
    )


@contextmanager
def acting(context: Context) -> Iterator[dict[str, Any]]:
    """What every act says, once it may be written; the record's new end is kept elsewhere afterwards."""
    require_own_time(context)
    soundness.check_end(context)
    yield {
        "author": context.author(),
        "clock": context.clock,
        "claimed_at": context.clock.fixed if context.demonstration else None,
    }
    soundness.note_end(context)


def fresh_id(context: Context) -> str:
    """An id for something new, later than those of all that was recorded before.

    It is of the time of recording, not of the one that is judged at: many things may be said of
    one moment.
    """
    return new_id(context.record.moment(context.clock))


def elsewhen(context: Context) -> bool:
    """Whether one looks from another moment than that of the record: ``--now``."""
    return context.clock.fixed not in (None, context.demonstration)


def require_own_time(context: Context) -> None:
    """Nothing is written while one looks from another moment."""
    if elsewhen(context):
        raise other_time()


def person(context: Context) -> Person | None:
    """The person of the project who sits here, if known."""
    return context.definitions.person(context.author().actor)


def require_person(context: Context) -> Person:
    """The person who sits here; an error says how to become one."""
    found = person(context)
    if found is None:
        known = ", ".join(p.key for p in context.definitions.project.people) or "nobody yet"
        raise NotAllowed(
            f"“{context.author().actor}” is not among the people of this project",
            where="people: in workbench.yaml",
            hint=f"say who you are with --as PERSON; known: {known}",
        )
    return found
