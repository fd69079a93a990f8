"""Repair: what is quarantined, and a record that is damaged.

Nothing is mended in place.  A sound record is built beside the damaged one, of what proves itself in it,
in the copies in the user data folder, and in files that somebody names; it is checked, and only then
takes the place of the damaged one, which is kept beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from workbench.definitions import Definitions
from workbench.model.errors import NotAllowed, RecordError, UsageError, WorkbenchError
from workbench.model.reasons import readable_reason
from workbench.model.times import Clock
from workbench.record import (
    Aside,
    Author,
    Blob,
    Change,
    Head,
    Known,
    Record,
    copies,
    evidence,
    heads,
    laying,
    replacing,
)
from workbench.record.handovers import HANDOVER
from workbench.record.ledger import RESERVED
from workbench.record.pack_files import PackFile, open_pack
from workbench.record.packs import ALL, Log, Packed, Selection
from workbench.record.projection import tables_of
from workbench.record.salvaging import Read, RecordFile, open_file
from workbench.usecases import exchanging, nouns, restoring, safekeeping
from workbench.usecases.context import Context, acting, require_own_words
from workbench.usecases.project import NoDataFolder, Options, data_folder, record_path
from workbench.usecases.sharing import SHARED, asking_again
from workbench.usecases.sharing.shared import Shared, note_of

DAMAGED = "damaged"
SERVER = "the server"
_COPIES = 3  # so many copies are read, the newest first
_LEAST = 6


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: how many entries of it were used that no file before it had."""

    file: Path
    entries: int
    problem: str = ""


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """A repaired record that was built and checked, before it takes its place.

    ``read`` is what the damaged file holds.  ``entries`` stand in the repaired one; ``lost`` are places of the old
    ledger of which nothing was found anywhere, ``beyond`` says up to which entry it was once seen to reach.
    ``evidence_lost`` is how many pieces of evidence are missing.  ``same_desk``: nothing is lost, and this desk goes on.
    """

    problem: str
    read: Read
    base: Path
    used: tuple[Used, ...]
    entries: int
    lost: tuple[int, ...]
    beyond: int
    evidence_lost: int
    same_desk: bool
    contested: int
    waiting: int
    quarantined: int
    kept: Path | None = None
    desk: str = ""


# --- what is quarantined --------------------------------------------------------------------


def drop(context: Context, ref: str, reason: str) -> tuple[Aside, ...]:
    """Drops an entry from the quarantine, and those that wait for it; they stay on record with the reason."""
    reason = readable_reason(reason, "dropping an entry from the quarantine")
    kept = context.record.aside()
    chosen = find(kept, ref)
    dropped = [chosen, *_after(kept, chosen)]
    with acting(context) as said:
        context.record.drop(
            [one.digest for one in dropped], reason, author=said["author"], clock=said["clock"]
        )
    return tuple(dropped)


def find(kept: Sequence[Aside], ref: str) -> Aside:
    """The entry that is kept aside whose digest begins so."""
    found = [one for one in kept if len(ref) >= _LEAST and one.digest.startswith(ref.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{ref} begins several digests", hint="; ".join(one.digest[:20] for one in found))
    raise UsageError(
        f"nothing that is quarantined or waits has the digest “{ref}”", hint="workbench repair lists them"
    )


def _after(kept: Sequence[Aside], chosen: Aside) -> list[Aside]:
    """The later entries of its desk that wait: without it they can never follow."""
    if not chosen.desk:
        return []
    return [
        one
        for one in kept
        if one.state == "waiting" and one.desk == chosen.desk and one.desk_seq > chosen.desk_seq
    ]


def enter(context: Context, ref: str, reason: str) -> Aside:
    """Enters what a quarantined entry says as an entry of one's own, and drops it: one person vouches for it.

    It changes the thing as it is now; ``StaleChange`` where that is not what the entry was made from.
    """
    reason = readable_reason(reason, "entering what is quarantined")
    chosen = find(context.record.aside(), ref)
    body = context.record.aside_entry(chosen.digest)
    if body is None or body.entity in (*RESERVED, HANDOVER):
        raise NotAllowed(
            f"what {chosen.digest[:12]} says cannot be entered by hand",
            hint="workbench repair --drop, with a reason",
        )
    if context.record.find_kind(body.entity) is None:
        raise NotAllowed(f"this workbench knows no {body.entity}", hint="update the workbench")
    now = context.record.get(body.entity, body.id)
    base = body.base if body.base is not None and now is not None else now.base if now is not None else None
    words = f"{reason} (entry {body.desk_seq} of the desk {exchanging.short(body.desk)}, by {body.actor})"
    found = [context.record.blob(digest) for digest in body.blobs or ()]
    brought = [blob for blob in found if blob is not None and not blob.absent and not blob.purged]
    change = Change(body.entity, body.id, body.verb, context.record.value_of(body), base, words)
    require_own_words(context, [change])
    with acting(context) as said:
        context.record.commit(
            [change],
            blobs=brought,
            definitions=context.definitions.digest,
            **said,
        )
        context.record.drop([chosen.digest], words, author=said["author"], clock=said["clock"])
    return chosen


def bring(context: Context, file: Path) -> exchanging.Imported:
    """Takes in what a sound record lacks and a file holds: a copy, a damaged record that was kept, a pack."""
    if exchanging.is_pack(file):
        return exchanging.take(context, file)
    if not file.is_file():
        raise UsageError(f"{file} cannot be read", hint="check the path")
    with open_file(file) as found, acting(context) as said:
        if not found.read.sound:
            raise UsageError(f"nothing of a record can be read in {file}", hint="is it the right file?")
        taken = context.record.take_in(found, author=said["author"], clock=said["clock"])
        log = Log(found.read.desk, found.read.entries, "", "")
    return exchanging.Imported(
        taken=taken, log=log, frontier=(), contested=context.record.count_contested(), lacking=0,
        forks=context.record.forks(),
    )  # fmt: skip


# --- a damaged record ---------------------------------------------------------------------------


def problem_of(options: Options) -> str:
    """What is wrong with the record, or ""."""
    root, definitions = restoring.folder(options)
    path = record_path(root, options)
    if not path.exists():
        raise UsageError("there is no record here", hint="workbench restore FILE puts one here")
    return _problem(path, definitions)


def _problem(path: Path, definitions: Definitions) -> str:
    try:
        with Record.open(path, nouns.NOUNS, readonly=True) as record:
            noted: tuple[Head, ...] = ()
            with suppress(NoDataFolder, heads.EndsNotReadable):
                noted = tuple(one.head for one in heads.of_this(data_folder(), record))
            return record.verify(noted).problem or ""
    except WorkbenchError as error:
        return error.what


def mend(
    options: Options, given: Sequence[Path], confirm: Callable[[Mended], bool], *, ask_server: bool = False
) -> Mended | None:
    """Builds a sound record of all that can be read, shows what it would be, and puts it in place if that is wanted.

    ``ask_server`` reads what the server of a shared record holds, too.  ``None`` where it is not wanted; then nothing
    has changed.
    """
    root, definitions = restoring.folder(options)
    path = record_path(root, options)
    problem = _problem(path, definitions)
    with ExitStack() as stack:
        damaged = stack.enter_context(open_file(path))
        others = list(_files(stack, damaged.read.record, path, given))
        shared = _shared(damaged, *(one for _, one in others if isinstance(one, RecordFile)))
        if ask_server:
            others.append(
                (Path(SERVER), stack.enter_context(asking_again.pack_of_server(_required(shared, path))))
            )
        base_path, base = _base(path, damaged, others)
        author = restoring.author_of(root, definitions, options)
        with replacing.building(path) as place:
            mended = _build(place.part, path, problem, damaged, (base_path, base), others, author, shared)
            if not confirm(mended):
                raise replacing.Dropped
            if not mended.same_desk:
                restoring.set_noted_aside(base.record, path)
            kept = place.make_room(DAMAGED)
            mended = msgspec.structs.replace(mended, kept=kept)
        if mended.kept is None:
            return None
    restoring.note_end(path)
    return mended


def _shared(*files: RecordFile) -> Shared | None:
    """Where the record is shared, by the first of these files that can tell."""
    for file in files:
        if note := file.note(SHARED):
            with suppress(msgspec.MsgspecError):
                return msgspec.json.decode(note, type=Shared)
    return None


def _required(shared: Shared | None, path: Path) -> Shared:
    if shared is None:
        raise UsageError(
            "neither this file nor a copy of it says where the record is shared",
            where=str(path),
            hint="workbench join URL --again begins again with what the server holds, and keeps this file",
        )
    return shared


def _files(
    stack: ExitStack, record_id: str, path: Path, given: Sequence[Path]
) -> Iterator[tuple[Path, RecordFile | PackFile]]:
    """The files to read from beside the damaged one: those that are named, then the newest copies."""
    for file in given:
        if exchanging.is_pack(file):
            yield file, stack.enter_context(open_pack(file))
        elif file.is_file():
            yield file, stack.enter_context(open_file(file))
        else:
            raise UsageError(f"{file} cannot be read", hint="check the path")
    record_id = record_id or _record_at(path)
    with suppress(NoDataFolder):
        found = copies.copied(data_folder() / safekeeping.BACKUPS, record_id) if record_id else []
        for copy in found[: -_COPIES - 1 : -1]:
            with suppress(OSError):
                yield copy.path, stack.enter_context(open_file(copy.path))


def _record_at(path: Path) -> str:
    """Which record was at a place, by what was noted of it outside."""
    with suppress(NoDataFolder, OSError):
        return heads.record_at(data_folder(), path)
    return ""


def _base(
    path: Path, damaged: RecordFile, others: Sequence[tuple[Path, RecordFile | PackFile]]
) -> tuple[Path, RecordFile]:
    """The file with the longest sound beginning: the damaged one itself, or a copy."""
    found = [(path, damaged)]
    found += [(file, one) for file, one in others if isinstance(one, RecordFile)]
    wanted = damaged.read.record
    sound = [pair for pair in found if pair[1].read.sound and (not wanted or pair[1].record == wanted)]
    if not sound:
        raise RecordError(
            "nothing of this record can be read here, and no copy of it is in the user data folder",
            where=str(path),
            hint="workbench repair --from FILE reads from a copy, a pack or an excerpt elsewhere; "
            "workbench restore FILE begins with a whole one, workbench join URL --again with what a server holds",
        )
    return max(sound, key=lambda pair: (pair[1].read.sound, pair[1] is damaged))


def _build(
    part: Path,
    path: Path,
    problem: str,
    damaged: RecordFile,
    base: tuple[Path, RecordFile],
    others: Sequence[tuple[Path, RecordFile | PackFile]],
    author: Author,
    shared: Shared | None,
) -> Mended:
    """The repaired record in ``part``: the longest sound beginning, then all that follows from anywhere."""
    base_path, source = base
    clock = Clock()
    tables = tables_of(nouns.NOUNS)
    # Where its first entry is damaged, the place says which record it was.
    damaged.read.record = damaged.read.record or source.record
    seen = _seen(path)
    whole = source is damaged and damaged.read.whole and (seen is None or seen.seq <= damaged.read.sound)
    sources: list[tuple[Path, Packed]] = [(path, damaged)]
    sources += [(file, _as_pack(one)) for file, one in others if one.record == source.record]
    in_order = source.read.received_known and _has_own_evidence(source, sources)
    if in_order:
        laying.lay(
            part, tables, source.laid(), lambda: _evidence(sources), _desk_of(source), source.waiting()
        )
    else:
        first = next(iter(source.laid()))
        laying.lay(part, tables, [first], lambda: _evidence(sources), first.body.desk)
    used = []
    with Record.open(part, nouns.NOUNS) as record:
        same = whole and in_order
        if same:
            record.settle_at(path)
        else:
            record.begin_desk(f"repaired from {base_path.name}", author, clock)
        for file, pack in [] if same else [(base_path, source), *sources]:
            taken = record.take_in(pack, author=author, clock=clock)
            used.append(Used(file=file, entries=len(taken.taken)))
        if shared is not None:  # one that lost something asks the server for everything again
            anew = Shared(url=shared.url, mailbox=shared.mailbox, role=shared.role)
            record.keep_note(*note_of(shared if same else anew))
        report = record.verify()
        if not report.ok:
            raise RecordError(
                f"what could be read makes no sound record: {report.problem}; nothing was changed",
                where=str(path),
                hint="workbench restore FILE begins with a copy or a whole pack instead",
            )
        return Mended(
            problem=problem, read=damaged.read, base=base_path, used=tuple(used), entries=report.entries,
            lost=_lost(damaged, record), beyond=seen.seq if seen is not None and not record.holds(seen.digest) else 0, evidence_lost=record.count_absent(),
            same_desk=same, contested=len(report.contested), waiting=len(report.waiting),
            quarantined=len(report.quarantined), desk=record.info.desk,
        )  # fmt: skip


def _desk_of(source: RecordFile) -> str:
    """The desk of the last sound entry that was written to a file."""
    own = [one.body.desk for one in source.laid() if not one.received_at]
    return own[-1]


def _evidence(sources: Sequence[tuple[Path, Packed]]) -> Iterator[evidence.Row]:
    """All evidence that is anywhere unharmed."""
    for _, pack in sources:
        if isinstance(pack, RecordFile):
            yield from pack.blob_rows()
        else:
            for _ in pack.entries:  # they stand before it
                pass
            yield from (evidence.pack(blob) for blob in pack.blobs if len(blob.data) <= evidence.MAX_BLOB)


def _has_own_evidence(source: RecordFile, sources: Sequence[tuple[Path, Packed]]) -> bool:
    """Whether all evidence is somewhere of what was written to a file; what is purged counts as there."""
    there = {row[0] for row in _evidence(sources)} | source.purged_evidence()
    return all(
        digest in there for one in source.laid() if not one.received_at for digest in one.body.blobs or ()
    )


def _lost(damaged: RecordFile, record: Record) -> tuple[int, ...]:
    """The damaged places of which the entry was not found elsewhere either, as far as the chain of its desk shows."""
    wanted = damaged.digests_at(damaged.read.damaged)
    return tuple(seq for seq, digest in sorted(wanted.items()) if not digest or not record.holds(digest))


def _seen(path: Path) -> Head | None:
    """The end that the ledger at this place was last seen to have."""
    with suppress(NoDataFolder, WorkbenchError):
        return heads.last_at(data_folder(), path)
    return None


class _Whole:
    """A pack of any selection, of which what fits is taken."""

    def __init__(self, pack: PackFile) -> None:
        self._pack = pack
        self.record, self.project, self.frontier = pack.record, pack.project, ()
        self.selection = Selection(ALL)

    frontier: tuple[Known, ...]

    @property
    def entries(self) -> Iterator[bytes]:
        return self._pack.entries

    @property
    def blobs(self) -> Iterator[Blob]:
        return self._pack.blobs

    def purges(self) -> Sequence[bytes]:
        return list(self._pack.purges())


def _as_pack(one: RecordFile | PackFile) -> Packed:
    return one if isinstance(one, RecordFile) else _Whole(one)
