"""Evidence that stayed at the server: the one door through which it is fetched, when somebody looks at it.

What is judged from comes along with the entries; a large raw answer or attachment stays *absent* here until it is
shown, exported or put into a bundle.  Where it cannot be fetched, the words say why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from workbench.mailbox import evidence as mailbox
from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.evidence import EvidenceLies
from workbench.mailbox.server import Server
from workbench.model.canonical import encode
from workbench.model.errors import UsageError, WorkbenchError
from workbench.record import Blob, Record
from workbench.record.sending import Sent
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import connected, require_shared, shared_of

ALONG = 8 * 2**20  # bytes of evidence in one pack, which may have 16 MB in all

_NOTE = "evidence"
_LOOKED_AGAIN = 500  # entries may be looked at again: a note for each sync would cost more

ELSEWHERE = "it is only at the desk that it came from"
NOT_SENT = "it stayed at another desk, which has not sent it yet"
PURGED = "it was purged at the server"
STOPPED = "fetching it was stopped"

Progress = Callable[[str, int, int, str], None]
"""Is told of each piece: its digest, how many bytes of how many came, and a note."""
Cancelled = Callable[[], bool]


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What came of fetching: the digests of what is here now, and of each that is not, why in words."""

    came: tuple[str, ...] = ()
    missing: dict[str, str] = {}


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence that somebody looks at; where there is nothing to look at, ``why`` says so."""

    blob: Blob | None = None
    why: str = ""


# --- looking ------------------------------------------------------------------------------


def look(
    context: Context, digest: str, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Looked:
    """A piece of evidence, fetched from the server where it stayed there; kept here from then on."""
    blob = context.record.blob(digest)
    if blob is not None and blob.purged:
        return Looked(why="it was purged; only its digest is left")
    if blob is not None and not blob.absent:
        return Looked(blob=blob)
    if blob is None:
        return Looked(why="it is not in the record")
    brought: dict[str, Blob] = {}
    found = _bring(context, [digest], brought.__setitem__, progress, cancelled)
    if digest in brought:
        return Looked(blob=brought[digest])
    return Looked(why=found.missing.get(digest, ELSEWHERE))


def bring(
    context: Context,
    digests: Iterable[str],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Brought:
    """Fetches those of these pieces of evidence that are absent here, for what needs them all: an export, a bundle."""
    absent = context.record.absent().intersection(digests)
    return (
        _bring(context, sorted(absent), lambda digest, blob: None, progress, cancelled)
        if absent
        else Brought()
    )


def bring_all(context: Context, progress: Progress | None = None) -> Brought:
    """Fetches all evidence that is absent here; ctrl+c ends it, and what came by then is kept."""
    absent = sorted(context.record.absent())
    try:
        return bring(context, absent, progress)
    except KeyboardInterrupt:
        left = context.record.absent()
        came = tuple(one for one in absent if one not in left)
        return Brought(came=came, missing=dict.fromkeys((one for one in absent if one in left), STOPPED))


def _bring(
    context: Context,
    digests: Sequence[str],
    keep: Callable[[str, Blob], None],
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> Brought:
    shared = shared_of(context.record)
    if shared is None:
        return Brought(missing=dict.fromkeys(digests, ELSEWHERE))
    try:
        with connected(shared) as server:
            return fetch(context, server, digests, keep, progress, cancelled)
    except WorkbenchError as error:
        return Brought(missing=dict.fromkeys(digests, offline(error)))


def offline(error: WorkbenchError) -> str:
    """Why evidence could not be fetched, where the server could not be asked, or did not let this desk in."""
    if isinstance(error, ServerUnavailable):
        return f"it stays at the server; this desk is off-line: {error.what}"
    return f"it stays at the server: {error.what}"


def fetch(
    context: Context,
    server: Server,
    digests: Sequence[str],
    keep: Callable[[str, Blob], None] = lambda digest, blob: None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Brought:
    """Fetches evidence over a connection that is open; each piece is kept as soon as it came."""
    there = mailbox.held(server, context.record.info.record_id, digests)
    came, missing, why = list[str](), dict[str, str](), ""
    for digest in digests:
        found = there.get(digest)
        if why or found is None or found.purged:
            missing[digest] = why or (PURGED if found else NOT_SENT)
            continue
        try:
            blob = mailbox.fetch(
                server, context.record.info.record_id, found, _teller(digest, progress), cancelled
            )
        except EvidenceLies as lies:
            missing[digest] = lies.what
            continue
        except WorkbenchError as error:
            missing[digest] = why = offline(error)
            continue
        if blob is None:
            missing[digest] = why = STOPPED
            continue
        keep(digest, blob)
        try:
            with _writable(context.record) as record:
                record.bring([blob])
        except WorkbenchError as error:
            missing[digest] = f"it came from the server and cannot be kept here: {error.what}"
            continue
        came.append(digest)
    return Brought(came=tuple(came), missing=missing)


@contextmanager
def _writable(record: Record) -> Iterator[Record]:
    """The record to keep what came in it, where whoever asks has opened it for reading only."""
    if not record.info.readonly:
        yield record
        return
    with Record.open(record.path, record.kinds) as own:
        yield own


def _teller(digest: str, progress: Progress | None) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(digest, done, total, "")

    return told


def where_it_is(context: Context, digest: str) -> str:
    """Where evidence is that is absent here, and how it is fetched; for what does not wait for a server."""
    if may_be_fetched(context):
        return f"it stays at the server: workbench evidence {digest[:12]} fetches it"
    return ELSEWHERE


def may_be_fetched(context: Context) -> bool:
    """Whether there is a server to ask for what is absent here."""
    return shared_of(context.record) is not None


# --- what goes along, and what stays ------------------------------------------------------


def along(context: Context, server: Server, entries: Sequence[Sent]) -> tuple[Blob, ...]:
    """The evidence for the pack of these entries.  Large pieces that stay at the server are sent there first."""
    record = context.record
    found = record.parted([(entry.body.change_id, entry.body.blobs or ()) for entry in entries], ALONG)
    fits = _that_fit(record, found.along)
    stays = [*found.stays, *(digest for digest in found.along if digest not in fits)]
    if stays:
        _send(context, server, stays)
    return record.evidence_of(digest for digest in found.along if digest in fits)


def _that_fit(record: Record, digests: Collection[str]) -> frozenset[str]:
    """Of these the smallest ones that fit into one pack together; those that are judged from are fetched otherwise."""
    sizes, room, fits = record.sizes_of(digests), ALONG, set[str]()
    for digest in sorted(digests, key=lambda one: (sizes.get(one, 0), one)):
        room -= sizes.get(digest, 0)
        if room < 0:
            break
        fits.add(digest)
    return frozenset(fits)


def _send(context: Context, server: Server, digests: Collection[str]) -> None:
    record, info = context.record, context.record.info
    there = mailbox.held(server, info.record_id, digests)
    missing = sorted(set(digests) - there.keys())
    mailbox.put(server, info.record_id, info.desk, _blobs(record, missing))


def _blobs(record: Record, digests: Iterable[str]) -> Iterator[Blob]:
    """One after the other: each may be large."""
    for digest in digests:
        yield from record.evidence_of([digest])


def fetch_needed(context: Context, server: Server, since: int) -> Brought:
    """After receiving: fetches what entries after a place of the ledger are judged from and was too large for its pack."""
    needed = context.record.needed(since)
    return fetch(context, server, needed) if needed else Brought()


class _LookedFor(msgspec.Struct, frozen=True):
    """Up to which place of the ledger it was looked for evidence that this desk or that ``mailbox``, in these ``tables``, lacked.

    ``missing`` is what entries up to there are judged from and did not come.
    """

    mailbox: str = ""
    tables: int = 0
    seq: int = 0
    missing: tuple[str, ...] = ()


def make_whole(context: Context, server: Server, tables: int, *, writes: bool) -> None:
    """Once for each connection: fetches what is judged from and did not come, and sends large pieces that the server lacks.

    Whoever has them brings them, where their role ``writes``.  What was looked for once is noted, so that only later
    entries are looked at; :func:`look_again` forgets that.
    """
    record, info, shared = context.record, context.record.info, require_shared(context)
    looked, seq = _looked_for(context, shared.mailbox, tables), record.head.seq
    needed = dict.fromkeys((*filter(record.lacks, looked.missing), *record.needed(looked.seq)))
    if needed:
        fetch(context, server, list(needed))
    missing = tuple(filter(record.lacks, needed))
    large = record.large(looked.seq) if writes else frozenset()
    if large:
        lacking = large - mailbox.held(server, info.record_id, large).keys()
        if lacking:
            _send(context, server, record.staying(lacking, ALONG))
    if missing != looked.missing or large or seq - looked.seq >= _LOOKED_AGAIN:
        now = _LookedFor(shared.mailbox, tables, seq, missing)
        record.keep_note(_NOTE, encode(msgspec.to_builtins(now)).decode())


def look_again(context: Context) -> None:
    """A server that was put back to an earlier day lacks evidence that it had."""
    if context.record.noted(_NOTE):
        context.record.keep_note(_NOTE, "")


def _looked_for(context: Context, mailbox: str, tables: int) -> _LookedFor:
    note = context.record.noted(_NOTE)
    found = msgspec.json.decode(note, type=_LookedFor) if note else _LookedFor()
    return found if (found.mailbox, found.tables) == (mailbox, tables) else _LookedFor(mailbox, tables)


# --- the record's whole evidence ----------------------------------------------------------


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence that stayed elsewhere: ``size`` as the server says, where it holds it."""

    digest: str
    media: str = ""
    size: int | None = None
    why: str = ""


def list_absent(context: Context) -> tuple[Absent, ...]:
    """The evidence that entries here name and that is not here, with what the server says of each."""
    digests, shared = sorted(context.record.absent()), shared_of(context.record)
    if not digests or shared is None:
        return tuple(Absent(digest=one, why=ELSEWHERE) for one in digests)
    try:
        with connected(shared) as server:
            there = mailbox.held(server, context.record.info.record_id, digests)
    except WorkbenchError as error:
        return tuple(Absent(digest=one, why=offline(error)) for one in digests)
    return tuple(
        Absent(digest=one, why=NOT_SENT)
        if one not in there
        else Absent(
            digest=one, media=there[one].media, size=there[one].size, why=PURGED if there[one].purged else ""
        )
        for one in digests
    )


def find(context: Context, ref: str) -> str:
    """The digest that ``ref`` begins; ``UsageError`` where it is none of a piece of evidence, or of several."""
    begins = ref.strip().lower()
    if len(begins) < 6 or not set(begins) <= set("0123456789abcdef"):
        raise UsageError(
            f"“{ref}” is not a digest",
            hint="at least 6 characters of one; workbench history --json has them, and workbench evidence lists what is not here",
        )
    rows = context.record.query("SELECT digest FROM blobs WHERE digest LIKE ? LIMIT 3", (f"{begins}%",))
    if len(rows) != 1:
        what = "begins several digests" if rows else "is the digest of no evidence here"
        hint = "; ".join(row[0][:16] for row in rows) or "workbench history --json has the digests"
        raise UsageError(f"{begins} {what}", hint=hint)
    return str(rows[0][0])
