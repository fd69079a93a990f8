"""An act of the ledger, and the commands that it is told as."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import msgspec

from workbench.record import EntryView


class KeptFile(msgspec.Struct, frozen=True):
    """A word of a command that names a file: evidence of the record, by its digest."""

    digest: str
    name: str

    @property
    def path(self) -> str:
        """Where it lies beside a script."""
        return f"evidence/{self.digest[:12]}/{self.name}"


class Beside(msgspec.Struct, frozen=True):
    """A word of a command that names a file which a command above has written beside the script."""

    path: str


Word: TypeAlias = str | KeptFile | Beside


class Command(msgspec.Struct, frozen=True):
    """A command of the command line, without its first word ``workbench``.

    ``rows`` are its standard input; ``may_end`` is another exit code with which all went as it did then.
    """

    words: tuple[Word, ...]
    rows: tuple[str, ...] = ()
    may_end: int = 0


class Remark(msgspec.Struct, frozen=True):
    """What a reader of the script should know and no command says."""

    text: str


Line: TypeAlias = Command | Remark


class Act(msgspec.Struct, frozen=True):
    """What somebody did at once: the entries of one change, in their order."""

    entries: tuple[EntryView, ...]

    @property
    def first(self) -> EntryView:
        return self.entries[0]

    @property
    def change(self) -> str:
        return self.first.change_id

    @property
    def person(self) -> str:
        return self.first.actor

    @property
    def at(self) -> datetime:
        """When it happened: in a demonstration the demonstration's time."""
        return self.first.claimed_at or self.first.recorded_at

    @property
    def undoes(self) -> str | None:
        return self.first.undoes

    def of(self, entity: str) -> tuple[EntryView, ...]:
        """Its entries about one kind of thing."""
        return tuple(entry for entry in self.entries if entry.entity == entity)


class ToldAct(msgspec.Struct, frozen=True):
    """An act with what it is told as."""

    act: Act
    lines: tuple[Line, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(line for line in self.lines if isinstance(line, Command))
