"""What is judged: one release at one instant, against one state of the record.

A requirement says which questions it has (:class:`Need`); each is put to the record once,
however many requirements share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Generic, TypeVar

from workbench.definitions import Definitions
from workbench.definitions.shapes import Project
from workbench.model.times import zone_of
from workbench.record import Record
from workbench.releases.model import Candidate, Held, Outcome, Release

T = TypeVar("T")


class Need(Generic[T]):
    """A question to the record: the nouns that its answer depends on, and how it is read."""

    __slots__ = ("entities", "read")

    def __init__(self, entities: Iterable[str], read: Callable[[Facts], T]) -> None:
        self.entities = tuple(entities)
        self.read = read


class Facts:
    """One release at one instant.  ``facts(need)`` answers a need, the second time from memory.

    ``now`` is the instant that counts: a shipped release is judged as of its shipping.
    ``pinned`` are the measurements that sign-off was opened with, by subject.
    """

    def __init__(
        self,
        record: Record,
        definitions: Definitions,
        held: Held,
        *,
        now: datetime,
        demonstration: bool = False,
        pinned: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.record = record
        self.definitions = definitions
        self.held = held
        self.now = now
        self.demonstration = demonstration
        self.pinned = pinned or {}
        self._answers: dict[Need[Any], Any] = {}
        self._sealed = False

    def __call__(self, need: Need[T]) -> T:
        try:
            found: T = self._answers[need]
        except KeyError:
            if self._sealed:
                raise LookupError("this was not read when the release was judged") from None
            found = self._answers[need] = need.read(self)
        return found

    def seal(self) -> None:
        """From now on nothing new is read: what is shown comes from the state that was judged."""
        self._sealed = True

    def only(self, needs: Iterable[Need[Any]]) -> Facts:
        """These facts for a requirement that has declared its needs; others are refused."""
        return _Declared(self, frozenset(needs))

    @property
    def project(self) -> Project:
        return self.definitions.project

    @property
    def release(self) -> Release:
        return self.held.release

    @property
    def candidate(self) -> Candidate | None:
        return self.held.candidate

    @property
    def ended_at(self) -> datetime | None:
        """The moment that a release which has ended is judged at; ``None`` of an open one."""
        return None if self.release.outcome is Outcome.OPEN else self.now

    @property
    def zone(self) -> tzinfo:
        """The project's zone, in which days are told."""
        return zone_of(self.project.timezone)


class _Declared(Facts):
    """Facts that answer only what was declared."""

    def __init__(self, whole: Facts, needs: frozenset[Need[Any]]) -> None:
        super().__init__(
            whole.record,
            whole.definitions,
            whole.held,
            now=whole.now,
            demonstration=whole.demonstration,
            pinned=whole.pinned,
        )
        self._whole, self._needs = whole, needs

    def __call__(self, need: Need[T]) -> T:
        if need not in self._needs:
            raise LookupError(f"a need was not declared: it reads {', '.join(need.entities) or 'files'}")
        return self._whole(need)
