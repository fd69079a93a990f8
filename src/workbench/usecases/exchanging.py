"""Exchange without a server: packs written for other desks, and taken from them.

How far another desk had got when it made its last pack is noted in the user data folder.  That is no
part of the record: two desks that hold the same entries hold the same record.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.model.canonical import digest as digest_of
from workbench.model.canonical import encode
from workbench.model.errors import RecordUnavailable, UsageError
from workbench.model.files import make_private_folder, open_regular, write_whole
from workbench.record import Aside, Known, Taken
from workbench.record.overview import DeskSeen, Fork
from workbench.record.pack_files import PackFile, Written, open_pack
from workbench.record.packs import EXCERPT, SINCE, Header, Log, Selection, read_header
from workbench.usecases import soundness
from workbench.usecases.context import Context, acting
from workbench.usecases.project import NoDataFolder
from workbench.usecases.sharing import noted

FOLDER = "exchanged"
_LEAST = 4  # characters of a desk's id that name it
_HEAD = 1_000_000


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a desk said of itself in its last pack that came here."""

    desk: str
    frontier: tuple[Known, ...]
    size: int
    at: datetime


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    record_id: str
    desks: tuple[Heard, ...]
    sum: str = ""

    def sealed(self) -> _Kept:
        bare = msgspec.structs.replace(self, sum="")
        return msgspec.structs.replace(self, sum=digest_of(msgspec.to_builtins(bare)))


class DeskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A desk for people: what is held of it, and what it lacked when it made its last pack that came here.

    ``lacks`` is ``None`` where no pack of it came here.
    """

    seen: DeskSeen
    heard: datetime | None
    lacks: int | None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How this desk stands to the others."""

    record: str
    desk: str
    entries: int
    desks: tuple[DeskLine, ...]
    waiting: tuple[Aside, ...]
    quarantined: tuple[Aside, ...]
    contested: int
    absent: int
    forks: tuple[Fork, ...]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a pack: ``log`` names the desk that made it, ``lacking`` how many entries that desk lacked.

    A pack of this desk's own, brought back, lacks nothing that anybody could be sent.
    """

    taken: Taken
    log: Log
    frontier: tuple[Known, ...]
    contested: int
    lacking: int
    forks: tuple[Fork, ...]
    dry_run: bool = False


# --- writing ------------------------------------------------------------------------------


def write_pack(
    context: Context, to: Path, *, since: Path | None = None, for_desk: str | None = None
) -> Written:
    """Writes what this desk holds to a file: all of it, or what another desk lacks.

    ``since`` is a pack of the other desk, ``for_desk`` names one of which a pack came here.  A file that is
    there is replaced only if it is a pack of this record.
    """
    soundness.check_end(context)
    _refuse_to_replace(context, to)
    selection = _selection(context, since, for_desk)
    try:
        return context.record.write_pack(to, selection, noted.reading(context))
    except OSError as error:
        raise UsageError(
            f"{to} cannot be written: {error.strerror}", hint="choose another place with --to"
        ) from None


def _selection(context: Context, since: Path | None, for_desk: str | None) -> Selection | None:
    if since is not None and for_desk is not None:
        raise UsageError("--since and --for contradict each other", hint="give one of them")
    if since is not None:
        with open_pack(since) as pack:
            _require_this_record(context, pack.header, since)
            return Selection(SINCE, pack.frontier)
    if for_desk is not None:
        return Selection(SINCE, _heard_of(context, for_desk).frontier)
    return None


def _refuse_to_replace(context: Context, to: Path) -> None:
    if not os.path.lexists(to):
        return
    head = head_of(to)
    if head is None or head.record != context.record.info.record_id:
        raise UsageError(
            f"{to} is there already, and is no pack of this record", hint="choose a new name with --to"
        )


def _heard_of(context: Context, ref: str) -> Heard:
    """The desk whose id ends or begins so, or at which only that person writes."""
    people = {one.id: one.people for one in context.record.desks_seen()}
    heard = known_desks(context)
    found = [
        one
        for one in heard
        if (len(ref) >= _LEAST and (one.desk.startswith(ref) or one.desk.endswith(ref)))
        or people.get(one.desk, ("",))[0] == ref
    ]
    if len(found) == 1:
        return found[0]
    if found:
        hint = "; ".join(short(one.desk) for one in found)
        raise UsageError(f"“{ref}” names several desks", hint=hint)
    known = ", ".join(short(one.desk) for one in heard) or "none yet"
    raise UsageError(
        f"no pack of a desk “{ref}” came here, so nobody can tell what it lacks",
        hint=f"leave --for out to write everything; packs came of: {known}",
    )


def short(desk: str) -> str:
    """What a desk is called: the end of its id, as things are."""
    return desk[-12:]


# --- taking -------------------------------------------------------------------------------


def head_of(path: Path) -> Header | None:
    """The first line of a pack; ``None`` for a file that is none, or cannot be read."""
    try:
        with open_regular(path) as file:
            first = file.readline(_HEAD + 1)
        return read_header(first.rstrip(b"\n"), str(path))[1]
    except (OSError, UsageError):
        return None


def is_pack(path: Path) -> bool:
    """Whether a file says that it is a pack, of whichever version; what is wrong with it is told when it is opened."""
    try:
        with open_regular(path) as file:
            return b'"schema":"workbench.pack.' in file.readline(_HEAD)
    except OSError:
        return False


def take(context: Context, path: Path, *, dry_run: bool = False) -> Imported:
    """Takes in the pack of a file, and notes how far its desk had got; ``dry_run`` only says what would come."""
    with open_pack(path) as pack:
        _require_this_record(context, pack.header, path)
        if pack.selection.name == EXCERPT:
            raise UsageError(
                f"{path} is an excerpt: it serves judging only, and cannot be imported",
                hint="ask the other desk for a pack: workbench exchange --to FILE",
            )
        with acting(context) as said:
            taken = context.record.take_in(pack, author=said["author"], clock=said["clock"], dry_run=dry_run)
        if not dry_run:
            _note(context, pack)
            noted.heard_by_file(context, pack.header)
    own = pack.header.log.desk == context.record.info.desk
    return Imported(
        taken=taken,
        log=pack.header.log,
        frontier=pack.frontier,
        contested=context.record.count_contested(),
        lacking=0 if own else context.record.count_since(pack.frontier),
        forks=context.record.forks(),
        dry_run=dry_run,
    )


def _require_this_record(context: Context, header: Header, path: Path) -> None:
    info = context.record.info
    if header.record != info.record_id:
        raise UsageError(
            f"{path} is a pack of another record, of the project “{header.project}”",
            hint=f"nothing was imported; this record is of “{info.project}”",
        )


# --- who holds what -----------------------------------------------------------------------


def read_overview(context: Context) -> Overview:
    """The desks, what each holds, what waits, what is quarantined and contested."""
    record = context.record
    heard = {one.desk: one for one in known_desks(context)}
    kept = record.aside()
    return Overview(
        record=record.info.record_id,
        desk=record.info.desk,
        entries=record.head.seq,
        desks=tuple(
            DeskLine(
                seen=one,
                heard=heard[one.id].at if one.id in heard and not one.own else None,
                lacks=record.count_since(heard[one.id].frontier) if one.id in heard and not one.own else None,
            )
            for one in record.desks_seen()
        ),
        waiting=tuple(one for one in kept if one.state == "waiting"),
        quarantined=tuple(one for one in kept if one.state == "quarantined"),
        contested=record.count_contested(),
        absent=record.count_absent(),
        forks=record.forks(),
    )


def known_desks(context: Context) -> tuple[Heard, ...]:
    """What other desks said of themselves in their last packs; none where the note cannot be read."""
    path = _note_path(context)
    if path is None:
        return ()
    try:
        with open_regular(path) as file:
            kept = msgspec.json.decode(file.read(), type=_Kept)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return ()
    sound = kept.record_id == context.record.info.record_id and kept == kept.sealed()
    return kept.desks if sound else ()


def _note_path(context: Context) -> Path | None:
    with suppress(NoDataFolder):
        return context.data_folder / FOLDER / f"{context.record.info.record_id}.json"
    return None


def _note(context: Context, pack: PackFile) -> None:
    """Notes what a desk holds by its pack, unless a later one of it came before."""
    path, log, info = _note_path(context), pack.header.log, context.record.info
    if path is None or log.desk == info.desk:
        return
    known = {one.desk: one for one in known_desks(context)}
    if log.desk in known and known[log.desk].size > log.size:
        return
    known[log.desk] = Heard(log.desk, pack.frontier, log.size, context.record.moment(context.clock))
    kept = _Kept(info.record_id, tuple(sorted(known.values(), key=lambda one: one.desk))).sealed()
    try:
        make_private_folder(path.parent)
        write_whole(path, encode(msgspec.to_builtins(kept)) + b"\n", private=True)
    except OSError as error:
        soundness.remark(
            context,
            RecordUnavailable(
                f"what the other desk holds could not be noted ({error.strerror})",
                where=str(path),
                hint="exchange --since FILE names its pack instead",
            ),
        )
