"""Runs of probes and their proofs, as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Command, Line
from workbench.usecases.scripting.telling import Telling, command

_MAY_FIND = 1  # what a probe finds today need not be what it found then


def runs(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What ran, unless its proof stands beside it and tells the same."""
    if act.of("probe_proof"):
        return
    for entry in entries:
        yield _probe(entry)


def proofs(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A probe that was run and proved."""
    for entry in entries:
        yield _probe(entry, "--prove")


def _probe(entry: EntryView, *options: str) -> Command:
    key = str((entry.value or {}).get("probe", ""))
    return msgspec.structs.replace(command("probe", key, *options), may_end=_MAY_FIND)
