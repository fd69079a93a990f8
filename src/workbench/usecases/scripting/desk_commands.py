"""What concerns the copies of the record: nothing that a script does on another copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.record import EntryView
from workbench.record.handovers import Handover
from workbench.signoff.reconnected import Reconnection
from workbench.usecases.scripting.model import Act, Line, Remark
from workbench.usecases.scripting.telling import Telling, value_of


def handovers(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """The record was handed over, or taken up again."""
    for entry in entries:
        value = value_of(entry, Handover)
        if value.cancelled:
            yield Remark(
                f"workbench handover --cancel --reason …: the handover to {value.to} was cancelled: {entry.reason}"
            )
        else:
            yield Remark(f"workbench handover --to FILE --for …: the record was handed over to {value.to}")


def dropped(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Quarantined entries that were dropped."""
    for entry in entries:
        yield Remark(f"workbench repair --drop {entry.id[:12]} --reason …: {entry.reason}")


def reconnections(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Somebody accepted what the server had done."""
    for entry in entries:
        value = value_of(entry, Reconnection)
        yield Remark(
            f"workbench share --reconnect --reason …: {value.by} accepted what the server did: {value.reason}"
        )
