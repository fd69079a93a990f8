"""What this desk noted of the server outside of the record: its log of packs, what others said of it, and faults.

Everything that somebody says of the mailbox is compared here with the log, without asking the server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.mailbox import heard as hearing
from workbench.mailbox import keeping
from workbench.mailbox.heads import Differs, mailbox_of
from workbench.mailbox.heard import Dates, Fault, Heard, How, Kept, Past, Trouble
from workbench.mailbox.log import MailboxLog
from workbench.model.errors import NotAllowed, RecordUnavailable
from workbench.model.times import from_text, to_text
from workbench.record import Checkpoint
from workbench.record.packs import Header, Reading
from workbench.signoff.checkpoints import Note, checked, holders
from workbench.signoff.cosigned import cosigned_heads, kept_note
from workbench.signoff.reconnected import Reconnection, accepted_faults, reconnections
from workbench.signoff.ssh_signatures import signers_of
from workbench.usecases import soundness
from workbench.usecases.context import Context
from workbench.usecases.project import NoDataFolder
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks
from workbench.usecases.sharing.shared import Shared, log_of, shared_of

_NO_ROOM = "workbench verify lists what is noted; move that file aside and keep it (docs/record.md), then workbench sync"
_FORMER = re.compile(r"\.before-(\d+)\.log\Z")


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """How the server stands by what this desk noted.

    ``broken`` says what of this desk's own notes cannot be relied on, in words; "" for nothing.  ``open`` are faults that
    nobody accepted, the first that was found before the others; ``accepted`` those that somebody did, with who and why.  ``expected`` is what others have seen beyond what this desk has read so far,
    ``compared`` how many things that others said were compared.  ``notes`` say what could not be compared.
    """

    shared: Shared
    broken: str
    open: tuple[Fault, ...]
    accepted: tuple[tuple[Fault, Reconnection], ...]
    expected: tuple[Heard, ...]
    compared: int
    notes: tuple[str, ...]


# --- files ------------------------------------------------------------------------------------


def notes_path(context: Context, shared: Shared) -> Path:
    """Where it is kept what was heard of the mailbox; beside the log."""
    return log_of(context, shared).path.with_suffix(".heard")


def dates_of(context: Context, shared: Shared) -> Dates:
    """When packs came to the server, as this desk was told first; beside the log."""
    return Dates(log_of(context, shared).path.with_suffix(".dates"))


def read_notes(context: Context, shared: Shared) -> Kept:
    """What was heard, and the faults that were found; ``NotesDamaged`` where the file cannot be trusted."""
    return hearing.read(notes_path(context, shared), context.record.info.record_id, shared.mailbox)


def _change(context: Context, shared: Shared, change: Callable[[Kept], Kept]) -> bool:
    """Changes the notes as they stand when nobody else changes them; where that fails, the person is told and work goes on.

    Whether they are as they should be now.
    """
    try:
        path = notes_path(context, shared)
        with hearing.alone(path):
            kept = read_notes(context, shared)
            changed = change(kept)
            if changed != kept:
                hearing.write(path, changed)
    except (RecordUnavailable, NoDataFolder) as error:
        soundness.tell(context, error)
        return False
    return True


def _keep(
    context: Context, shared: Shared, change: Callable[[Kept], Kept], found: Callable[[], Sequence[Fault]]
) -> None:
    """The same where faults were ``found``: where one cannot be kept, ``RecordUnavailable`` ends what is being done."""
    held = list[Kept]()

    def changed(kept: Kept) -> Kept:
        now = change(kept)
        held.append(now)
        return now

    done = _change(context, shared, changed)
    lost = keeping.missing(held[-1], found()) if done else found()
    if lost:
        raise RecordUnavailable(
            f"what is wrong with the server cannot be noted here: {fault_words(lost[0], {})}",
            where=shared.url,
            hint=_NO_ROOM
            if done
            else "put right what is told of the notes about the server first (docs/record.md)",
        )


def require_room(context: Context, shared: Shared) -> None:
    """Raises ``RecordUnavailable`` where so many faults are noted that a further one would find no room."""
    with suppress(hearing.NotesDamaged, NoDataFolder):  # which is told where they are read for their content
        if keeping.is_full(read_notes(context, shared)):
            raise RecordUnavailable(
                "so much is wrong with the server that no more of it can be noted: nothing is sent or received",
                where=str(notes_path(context, shared)),
                hint=_NO_ROOM,
            )


def former_logs(log: MailboxLog) -> list[MailboxLog]:
    """What was noted before the server was found to be another, the oldest first."""
    found = []
    with suppress(OSError):
        for path in log.path.parent.glob(f"{log.path.stem}.before-*.log"):
            match = _FORMER.search(path.name)
            if match is not None:
                found.append((int(match[1]), MailboxLog(path)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def past_of(context: Context, shared: Shared) -> Past:
    """The packs that this desk noted, now and before; chains and roots are worked out from their digests."""
    log = log_of(context, shared)
    return Past(log.digests(), [one.digests() for one in former_logs(log)])


def quick_past_of(context: Context, shared: Shared) -> Past:
    """The same with the chains that the log has beside the digests, for what comes with each sync."""
    log = log_of(context, shared)
    former = former_logs(log)
    return Past(log.digests, [one.digests() for one in former], size=log.size, chain_at=log.chain_at)


# --- faults -------------------------------------------------------------------------------------


def found_changed(context: Context, shared: Shared, noted: list[bytes], differs: Differs) -> Fault:
    """Notes that the server does not continue what was ``noted`` of it; that log is kept beside, not forgotten.

    ``RecordUnavailable`` where that cannot be noted.  Whoever goes on afterwards writes the log anew from where both
    agree, and says so (:func:`went_on`): the same is then another fault, should it happen again.
    """
    found = hearing.fault_of(shared.mailbox, differs, noted, context.record.moment(context.clock))

    def change(kept: Kept) -> Kept:
        nonlocal found
        found = hearing.named_apart(kept.faults, found)
        known = next((one for one in kept.faults if one.id == found.id), None)
        if known is None:
            former = _set_aside(log_of(context, shared), noted)
            known = msgspec.structs.replace(found, former=former.path.name)
        found = known
        return keeping.with_faults(kept, [found])

    _keep(context, shared, change, lambda: [found])
    return found


def _set_aside(log: MailboxLog, noted: list[bytes]) -> MailboxLog:
    """What was noted of the packs until now, in a file that nothing is written to any more."""
    number = 1 + max((int(_FORMER.search(one.path.name)[1]) for one in former_logs(log)), default=0)  # type: ignore[index]
    former = MailboxLog(log.path.with_name(f"{log.path.stem}.before-{number}.log"))
    former.note(0, noted)
    return former


def went_on(context: Context, shared: Shared, fault: Fault) -> None:
    """Notes that this desk goes on with a server that was found to be another, from where both agree."""
    _change(context, shared, lambda kept: hearing.with_gone_on(kept, fault.id))


def note_faults(context: Context, shared: Shared, faults: Iterable[Fault]) -> None:
    """Notes faults that were found, each once; ``RecordUnavailable`` where that cannot be."""
    found = tuple(faults)
    _keep(context, shared, lambda kept: keeping.with_faults(kept, found), lambda: found)


def note_fault(context: Context, shared: Shared, trouble: Trouble, number: int, said: str) -> Fault:
    """Notes what is wrong with one pack; ``RecordUnavailable`` where that cannot be."""
    at, seen = context.record.moment(context.clock), log_of(context, shared).size
    fault = hearing.fault_in(shared.mailbox, trouble, number, said, at, seen)
    note_faults(context, shared, [fault])
    return fault


def _notes_or_none(context: Context, shared: Shared) -> Kept | None:
    """The notes; ``None`` where they cannot be trusted, which is told."""
    try:
        return read_notes(context, shared)
    except (hearing.NotesDamaged, NoDataFolder) as error:
        soundness.tell(context, error)
        return None


# --- what others say --------------------------------------------------------------------------------


def hear(context: Context, heard: Iterable[Heard], *, read: bool = False, **also: Any) -> list[Fault]:
    """Notes what others said of the mailbox; ``read`` says that it has been read to its end now, ``also`` is noted beside it.

    What contradicts this desk's log becomes a fault at once; gives those that were not known.
    """
    shared = shared_of(context.record)
    if shared is None:
        return []
    said = tuple(filter(hearing.is_sound, heard))
    past, moment = quick_past_of(context, shared), context.record.moment(context.clock)

    def wrong(all_heard: Iterable[Heard]) -> list[Fault]:
        contradicted = hearing.contradictions(past, (one for one in all_heard if not one.fits))
        return [
            hearing.fault_heard(shared.mailbox, trouble, one, moment, past.size)
            for trouble, one in contradicted
        ]

    # Where the notes cannot be read, only what came now can be compared.
    found, new = wrong(hearing.as_read(said) if read else said), list[Fault]()

    def change(kept: Kept) -> Kept:
        nonlocal found
        all_heard = hearing.joined(kept.heard, said, past)
        if read:
            all_heard = hearing.as_read(all_heard)
        found = wrong(all_heard)
        now = keeping.with_faults(kept, found)
        known = {one.id for one in kept.faults}
        new.extend(one for one in now.faults if one.id not in known)
        return msgspec.structs.replace(now, heard=keeping.bounded(all_heard, past), **also)

    _keep(context, shared, change, lambda: found)
    return new


def hear_all(context: Context, heard: Iterable[Heard], *, read: bool, latest: datetime | None) -> None:
    """What one sync heard, with what signed heads say that came with it; ``latest`` is the date of the last head of it."""
    shared = shared_of(context.record)
    if shared is None:
        return
    kept = _notes_or_none(context, shared) or Kept(record="", mailbox="")
    count = context.record.count("cosigned")
    signed = list(in_record(context)) if count != kept.signed else []
    heads_at = max(kept.heads_at, to_text(latest) if latest is not None else "")
    hear(context, [*heard, *signed], read=read, signed=count, heads_at=heads_at)


def heads_until(context: Context, shared: Shared) -> datetime | None:
    """The server's date of the latest head that was taken from it."""
    kept = _notes_or_none(context, shared)
    try:
        return from_text(kept.heads_at) if kept is not None and kept.heads_at else None
    except ValueError:
        return None


def hear_aloud(context: Context, heard: Iterable[Heard]) -> None:
    """The same for what did not come from the server: what contradicts it is told to the person at once."""
    desks = names_of_desks(context.record)
    for fault in hear(context, heard):
        soundness.tell(context, NotAllowed(fault_words(fault, desks), hint="workbench verify"))


def reading(context: Context) -> Reading | None:
    """How far this desk has read the server, for a pack that travels as a file; ``None`` where the record is not shared."""
    shared = shared_of(context.record)
    return (
        Reading(shared.mailbox, shared.number, shared.chain) if shared is not None and shared.number else None
    )


def heard_by_file(context: Context, header: Header) -> None:
    """Notes how far the desk that made a file's pack had read the server."""
    shared, said = shared_of(context.record), header.server
    if shared is None or said is None or said.mailbox != shared.mailbox:
        return
    if header.log.desk != context.record.info.desk:
        hear_aloud(context, [Heard(number=said.number, chain=said.chain, desk=header.log.desk, how=How.FILE)])


def heard_in_note(context: Context, note: Note, how: How, desk: str = "") -> Heard | None:
    """What a head says of this record's mailbox; ``None`` for a head of something else."""
    shared = shared_of(context.record)
    if shared is None or not is_of_mailbox(context, shared, note.checkpoint):
        return None
    by = holders(checked(note, signers_of(context.definitions.project.people), context.now))
    return Heard(number=note.checkpoint.size, root=note.checkpoint.root, desk=desk, by=by, how=how)


def is_of_mailbox(context: Context, shared: Shared, end: Checkpoint) -> bool:
    """Whether a head is of the mailbox that this record is shared through."""
    return mailbox_of(end.origin) == (context.record.info.record_id, shared.mailbox)


def in_record(context: Context) -> Iterator[Heard]:
    """What heads say of the mailbox that people signed and the record holds."""
    for _, value in cosigned_heads(context.record):
        note = kept_note(context.record, value)
        heard = heard_in_note(context, note, How.RECORD) if note is not None else None
        if heard is not None and heard.by:
            yield heard


def sent_again_from(context: Context, shared: Shared) -> int:
    """From which pack on desks sent again what a server had lost, as somebody accepted; 0 for none."""
    firsts = [
        fault.first
        for _, value in reconnections(context.record)
        for fault in value.faults
        if value.mailbox == shared.mailbox and fault.first
    ]
    return min(firsts, default=0)


def open_faults(context: Context, shared: Shared) -> tuple[Fault, ...]:
    """The faults that were noted and that nobody has accepted; nothing is compared anew."""
    kept = _notes_or_none(context, shared)
    if kept is None or not kept.faults:
        return ()
    accepted = accepted_faults(reconnections(context.record))
    return tuple(one for one in kept.faults if one.id not in accepted)


# --- judging -----------------------------------------------------------------------------------


def stands(context: Context) -> Stands | None:
    """How the server stands by what this desk noted and heard; ``None`` where the record is not shared."""
    shared = shared_of(context.record)
    if shared is None:
        return None
    notes: list[str] = []
    faults, heard, past, broken = list[Fault](), list[Heard](), Past(()), ""
    try:
        past = past_of(context, shared)
        broken = _compare_log(shared, past, notes) if shared.number else ""
        kept = read_notes(context, shared)
        faults += kept.faults
        heard += kept.heard
    except hearing.NotesDamaged as error:
        broken = f"{error.what} ({error.where})"
    except NoDataFolder as error:
        notes.append(error.what)
    heard += in_record(context)
    faults += _contradicted(context, shared, past, heard, tuple(faults)) if past.size else ()
    accepted = accepted_faults(reconnections(context.record))
    return Stands(
        shared=shared,
        broken=broken,
        open=tuple(one for one in faults if one.id not in accepted),
        accepted=tuple((one, accepted[one.id]) for one in faults if one.id in accepted),
        expected=tuple(hearing.expected(past, heard)) if past.size else (),
        compared=sum(past.agrees(one) is not None for one in heard),
        notes=tuple(notes),
    )


def _contradicted(
    context: Context, shared: Shared, past: Past, heard: Iterable[Heard], known: tuple[Fault, ...]
) -> list[Fault]:
    """What contradicts the log now, and was not noted as a fault yet."""
    moment = context.record.newest()
    found = (
        hearing.fault_heard(shared.mailbox, trouble, one, moment, past.size)
        for trouble, one in hearing.contradictions(past, heard)
    )
    kept = Kept(record=context.record.info.record_id, mailbox=shared.mailbox, faults=known)
    return keeping.missing(kept, {one.id: one for one in found}.values())


def _compare_log(shared: Shared, past: Past, notes: list[str]) -> str:
    """The log beside the place in the mailbox that the record's file names: what is wrong, or ""."""
    if past.size < shared.number:
        missing = shared.number - past.size
        notes.append(
            f"the log of packs outside of the record lacks {missing} of {shared.number}: workbench sync asks for them "
            "again, and compares what comes with where this desk had read to"
        )
    elif past.agrees(Heard(number=shared.number, chain=shared.chain, how=How.RECORD)) is not True:
        return "the log of packs outside of the record is not that of what this desk has read: one of the two was changed"
    return ""
