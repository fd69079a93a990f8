"""Routines as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.evidence.model import Attachment
from workbench.record import EntryView
from workbench.routines.model import RoutineDone, subject_of
from workbench.usecases.scripting.checklist_commands import given
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import Telling, command_on, said, value_of


def doings(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Routines that were done, with the evidence that came along."""
    for entry in entries:
        value = value_of(entry, RoutineDone)
        pieces = [value_of(one, Attachment) for one in act.of("attachment")]
        evidence = [
            word
            for piece in pieces
            if piece.subject == subject_of(entry.id)
            for word in given(telling, piece)
        ]
        earlier = None if telling.soon_after(act, value.at) else telling.when(value.at, end=False)
        yield command_on("routine done", [value.routine], said(at=earlier, comment=value.words), evidence)
