"""Verifying and copying."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from workbench.model.errors import RecordError
from workbench.model.text import safe_text
from workbench.record import Head, Report, copies, heads
from workbench.record.copies import Copied
from workbench.record.overview import Fork
from workbench.usecases import excerpts, known_elsewhere, soundness
from workbench.usecases.checkpoints import Compared, compare
from workbench.usecases.context import Context
from workbench.usecases.project import NoDataFolder
from workbench.usecases.sharing import SHARED

BACKUPS = "backups"


def verify(context: Context) -> Report:
    """Is the record intact?  Compared with every end of its ledger that is known outside of it."""
    notes: list[str] = []
    problem = None
    noted: list[Head] = []
    try:
        noted += _noted(context, notes)
    except RecordError as error:
        problem = f"{error.what} ({error.where})"
    noted += _signed(context, notes)
    if behind := _clock_behind(context):
        notes.append(behind)
    copied = _copies(context)
    found = context.record.verify(noted)
    if found.ok:
        notes += _elsewhere(context)
        notes += [_fork_words(fork) for fork in context.record.forks()]
        notes += _not_here(context)
    other = [one for one in context.record.not_of(copied) if _of_this_log(context, one)] if found.ok else []
    if found.ok and problem is None and other:
        problem = (
            f"the copy {other[-1].path} was made of this record at entry {other[-1].seq}, which is not in it "
            "like that: its tail was cut, this is an older copy, or one that went on separately"
        )
    held = _held(context, found)
    problem = problem or held.problem or None
    if problem is not None and found.ok:
        found = msgspec.structs.replace(found, ok=False, problem=problem)
    return msgspec.structs.replace(
        found,
        ends_compared=len(noted) + len(copied),
        notes=(*found.notes, *notes, *held.notes),
        cosigned=held.heads,
        cosigned_by=held.by,
    )


def _held(context: Context, found: Report) -> Compared:
    """The ledger beside the heads that people signed, where it can be read at all."""
    if not found.ok:
        return Compared(heads=0, by=())
    return compare(context)


def _not_here(context: Context) -> Iterator[str]:
    """Entries that people's statements rest on and that are not here; of a shared record the server is asked about."""
    if context.record.noted(SHARED):
        return
    for one in known_elsewhere.unknown_entries(context):
        yield known_elsewhere.words(one, context.now, shared=False)


def _elsewhere(context: Context) -> Iterator[str]:
    """What other copies of this record on this machine were seen to hold, and this one does not."""
    try:
        noted = heads.of_others(context.data_folder, context.record)
    except (RecordError, heads.EndsNotReadable, NoDataFolder):
        return  # said elsewhere
    last: dict[str, Head] = {}
    for one in noted:
        if not context.record.holds(one.digest) and (one.desk not in last or last[one.desk].seq < one.seq):
            last[one.desk] = one
    for desk, head in last.items():
        yield (
            f"another copy of this record, the desk {safe_text(desk[-12:])}, was seen to reach entry {head.seq} of its "
            "ledger, which is not here: its pack brings what it holds (workbench import), or repair --from its file"
        )


def _of_this_log(context: Context, copied: Copied) -> bool:
    """Whether a copy in the user data folder is one of this ledger, and not of another desk's on this machine."""
    log = copies.log_of(copied.path)
    return log is None or context.record.has_log(log, copied.seq)


def _fork_words(fork: Fork) -> str:
    return (
        f"two copies went on as the desk {safe_text(fork.desk[-12:])}, each with an entry {fork.number} of its own: "
        f"{len(fork.here)} of the entries from there on are here, {len(fork.there)} came from elsewhere (workbench "
        "exchange lists both)"
    )


def about_desks(report: Report) -> Iterator[str]:
    """What there is to say about other desks, in plain words."""
    if len(report.desks) > 1:
        yield f"{len(report.desks)} desks wrote to it: each copy that went on is one of its own"
    for item in report.contested:
        yield f"there are {len(item.versions)} versions of the {item.entity} {safe_text(item.id)}: someone has to choose one"
    for aside in report.waiting:
        yield f"entry {aside.desk_seq} of the desk {safe_text(aside.desk)} waits: {aside.why}"
    for aside in report.quarantined:
        whose = (
            f"entry {aside.desk_seq} of the desk {safe_text(aside.desk)}"
            if aside.desk
            else "a line that came"
        )
        yield f"{whose} is quarantined: {aside.why}"


def _clock_behind(context: Context) -> str:
    try:
        return soundness.clock_behind(context)
    except RecordError:
        return ""  # the date is damaged, and the report says more of it


def _noted(context: Context, notes: list[str]) -> tuple[Head, ...]:
    try:
        return heads.of_this(context.data_folder, context.record)
    except (heads.EndsNotReadable, NoDataFolder) as error:
        notes.append(f"{error.what} ({error.where})" if error.where else error.what)
        return ()


def _copies(context: Context) -> list[Copied]:
    try:
        return copies.copied(context.data_folder / BACKUPS, context.record.info.record_id)
    except NoDataFolder:
        return []


def _signed(context: Context, notes: list[str]) -> Iterator[Head]:
    """Heads that left the house in excerpts beside the project."""
    for path in sorted(context.root.glob("*.excerpt.jsonl")):
        try:
            record, desk, head = excerpts.head_of(path)
        except (OSError, msgspec.MsgspecError, ValueError, LookupError, TypeError, RecursionError):
            notes.append(f"{safe_text(path.name)} cannot be read as an excerpt: nothing was compared with it")
            continue
        if record != context.record.info.record_id:
            continue
        if context.record.has_log(desk, head.seq):
            yield head
        else:
            notes.append(f"{safe_text(path.name)} names the end of another desk's ledger, not of this one")


def backup(context: Context, to: Path | None = None) -> Path:
    """A safe copy: at ``to``, or in the user's data folder, where the newest 20 stay."""
    if to is None:
        return context.record.backup_into(context.data_folder / BACKUPS)
    return context.record.backup(to)
