"""Can the record be relied on?  A quick look before every change and every judgement.

``safekeeping.verify`` is the thorough one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from workbench.definitions import Definitions
from workbench.gates.evaluate import needs
from workbench.gates.needs import widest
from workbench.model.errors import WorkbenchError
from workbench.parity import model as parity
from workbench.record import Record, heads
from workbench.usecases.project import NoDataFolder

LOOKED = "looked"  # the folder for what was seen when all rows were compared


class Kept(Protocol):
    """What is looked at of an opened project."""

    @property
    def record(self) -> Record: ...

    @property
    def data_folder(self) -> Path: ...

    @property
    def remarks(self) -> list[str]: ...


class Judged(Kept, Protocol):
    """A project that is about to be judged; ``excerpt`` says whether its record was made from one."""

    @property
    def definitions(self) -> Definitions: ...

    @property
    def excerpt(self) -> bool: ...


def check_record(context: Judged, *, everything: bool = False) -> None:
    """Raises ``RecordError`` where the ledger's end, or a row that a gate reads, is not what it should be.

    Of very many differences those are compared that a gate asks for, unless ``everything`` is to be.
    """
    check_end(context)
    asked = widest(needs(context.definitions.project.gates))
    picked = {} if everything else dict.fromkeys(asked.entities, parity.grave(asked.at_least))
    # What is made from an excerpt is gone after this call; nothing is kept about it.
    context.record.check_rows(picked, None if context.excerpt else looked_folder(context))


def check_end(context: Kept) -> None:
    """Raises ``RecordError`` where an end of the ledger that was noted outside is not in it, or cannot be told.

    Where the system does not let the noted ends be read, that is told and work goes on.
    """
    try:
        heads.check(context.data_folder, context.record)
    except NoDataFolder:
        return  # nothing was noted either; whoever writes is told
    except heads.EndsNotReadable as error:
        tell(context, error)


def note_end(context: Kept) -> None:
    """Notes the ledger's end outside the record.  Where that fails, the change is saved all the same.

    Of a record that has not its place yet there is nothing to note.
    """
    if context.record.beginning:
        return
    try:
        heads.remember(context.data_folder, context.record)
    except WorkbenchError as error:
        remark(context, error)


def remark(context: Kept, error: WorkbenchError) -> None:
    """Keeps what went wrong after a change was saved, for the person to be told; each thing once."""
    _keep(context, "saved, but " + _line(error))


def tell(context: Kept, error: WorkbenchError) -> None:
    """Keeps what stands in the way of nothing, but should be known; each thing once."""
    _keep(context, _line(error))


def _line(error: WorkbenchError) -> str:
    return "; ".join(part for part in (error.what, error.where, error.hint) if part)


def _keep(context: Kept, text: str) -> None:
    if text not in context.remarks:
        context.remarks.append(text)


def looked_folder(context: Kept) -> Path | None:
    """Where what was seen of very many rows is kept; ``None`` where there is no place for it."""
    try:
        return context.data_folder / LOOKED
    except NoDataFolder:
        return None
