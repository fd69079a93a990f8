"""Can the record be relied on?  A quick look before every change and every judgement.

``safekeeping.verify`` is the thorough one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from workbench.definitions import Definitions
from workbench.gates.evaluate import needs
from workbench.gates.needs import widest
from workbench.incidents import timeline
from workbench.model.errors import RecordError, WorkbenchError
from workbench.model.times import Clock, age_text, moment_text
from workbench.parity import model as parity
from workbench.record import Record, heads
from workbench.usecases.project import NoDataFolder

TOLERANCE = timedelta(minutes=2)  # clocks differ by that much
LOOKED = "looked"  # the folder for what was seen when all rows were compared


class Kept(Protocol):
    """What is looked at of an opened project."""

    @property
    def record(self) -> Record: ...

    @property
    def data_folder(self) -> Path: ...

    @property
    def remarks(self) -> list[str]: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def latest(self) -> Latest: ...


class Latest(Protocol):
    """The latest date of what a record holds, as it was when somebody last looked."""

    moment: datetime | None


class Judged(Kept, Protocol):
    """A project that is about to be judged; ``excerpt`` says whether its record was made from one."""

    @property
    def definitions(self) -> Definitions: ...

    @property
    def excerpt(self) -> bool: ...


def check_record(context: Judged, *, everything: bool = False) -> None:
    """Raises ``RecordError`` where the ledger's end, or a row that a gate reads, is not what it should be.

    Of very many differences and lines of timelines those are compared that a gate asks for, unless ``everything`` is to be.
    """
    if not context.excerpt:  # it was made now, and no end of it was noted
        check_end(context)
    asked = widest(needs(context.definitions.project.gates))
    picked = dict.fromkeys(asked.entities, parity.as_severe_as(asked.at_least))
    picked |= timeline.PICKED
    # What is made from an excerpt is gone after this call; nothing is kept about it.
    context.record.check_rows(
        {} if everything else picked, None if context.excerpt else looked_folder(context)
    )


def check_end(context: Kept) -> None:
    """Raises ``RecordError`` where an end of the ledger that was noted outside is not in it, or cannot be told.

    Where the system does not let the noted ends be read, or the clock is behind the record, that is
    told and work goes on.  A record of which nothing is noted goes on as a new desk.
    """
    context.latest.moment = context.record.newest()
    if behind := clock_behind(context):
        _keep(context, behind)
    try:
        heads.check(context.data_folder, context.record)
        if not context.record.beginning and heads.are_missing(context.data_folder, context.record):
            context.record.begin_new_desk()
    except NoDataFolder:
        return  # nothing was noted either; whoever writes is told
    except heads.EndsNotReadable as error:
        tell(context, error)


def blame_record(context: Kept, error: Exception) -> None:
    """After an error that nobody foresaw: ``RecordError`` where it comes of a record that is damaged.

    Rows that are not compared before each judgement may hold anything.
    """
    if isinstance(error, (WorkbenchError, OSError)):
        return
    report = context.record.verify(blobs=False)
    if not report.ok:
        raise RecordError(
            f"the record is damaged: {report.problem}",
            where=str(context.record.path),
            hint="keep the file, and put a copy back (docs/record.md)",
        ) from error


def clock_behind(context: Kept) -> str:
    """That the machine's clock is behind the last entry, in words; empty where it is not.

    Of a demonstration, and for who looks from another moment, the clock is not the machine's.
    """
    newest, now = context.record.newest(), context.clock.real()
    if context.clock.fixed is not None or newest - now <= TOLERANCE:
        return ""
    return (
        f"this machine's clock is {age_text(newest - now)} behind the record's last entry "
        f"({moment_text(newest)}): what ended before that stays ended; set the clock"
    )


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
