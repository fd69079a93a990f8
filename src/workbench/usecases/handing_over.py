"""Handing the record over: a file with all of it and a page of what is open; then this desk writes no more."""

from __future__ import annotations

from pathlib import Path

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.files import write_whole
from workbench.model.reasons import readable_reason
from workbench.record import Blob, Change
from workbench.record.handovers import CANCELLED, HANDED_OVER, HANDOVER, Handover
from workbench.record.overview import DeskSeen
from workbench.usecases import exchanging, safekeeping, soundness
from workbench.usecases.context import Context, acting
from workbench.usecases.views.handover_page import page

PAGE = "text/markdown"


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """A handover: the file, the page beside it, and what the file holds."""

    value: Handover
    file: Path
    page: Path
    entries: int
    evidence: int
    digest: str


def hand_over(context: Context, to: str, file: Path) -> HandedOver:
    """Writes the whole record to a file, and the page of what is open beside it; then this desk writes no more.

    The file is written before the desk is closed, so that nothing stands in between; it holds the handover, too.
    """
    to = to.strip()
    if not to:
        raise UsageError("to whom?", hint="workbench handover --to FILE --for NAME")
    _require_free(context, file)
    report = safekeeping.verify(context)
    if not report.ok:
        raise NotAllowed(
            f"the record is not intact, so it is not handed over: {report.problem}", hint="workbench repair"
        )
    at = context.now
    text = page(context, to, at)
    blob = Blob.of(text.encode(), PAGE)
    value = Handover(to=to, by=context.author().actor, at=at, page=blob.digest)
    _write_page(page_of(file), text)
    exchanging.write_pack(context, file)  # that there is room for it is known before this desk is closed
    _commit(context, value, HANDED_OVER, None, blob)
    written = exchanging.write_pack(context, file)
    return HandedOver(
        value=value, file=file, page=page_of(file), entries=written.entries, evidence=written.blobs,
        digest=written.digest,
    )  # fmt: skip


def write_again(context: Context, file: Path) -> HandedOver:
    """The file of a handover that was made: where it was lost, or could not be written."""
    value = require_handed_over(context)
    _require_free(context, file)
    blob = context.record.blob(value.page)
    _write_page(page_of(file), blob.data.decode() if blob is not None else "")
    written = exchanging.write_pack(context, file)
    return HandedOver(
        value=value, file=file, page=page_of(file), entries=written.entries, evidence=written.blobs,
        digest=written.digest,
    )  # fmt: skip


def cancel(context: Context, reason: str) -> tuple[DeskSeen, ...]:
    """Takes the record up again here; refused where a desk that follows the handover is known.

    Nobody can tell whether somebody began elsewhere and never said so.  If so, both are desks that went on, and
    exchange joins them.
    """
    value = require_handed_over(context)
    reason = readable_reason(reason, "cancelling a handover")
    if began := followers(context):
        names = ", ".join(f"{exchanging.short(one.id)} ({', '.join(one.people)})" for one in began)
        raise NotAllowed(
            f"the handover to {value.to} cannot be cancelled: the desk {names} has begun with it",
            hint="ask for a pack that hands it back (workbench handover there), and restore it here",
        )
    _commit(context, msgspec.structs.replace(value, cancelled=True), CANCELLED, reason, None)
    return began


def followers(context: Context) -> tuple[DeskSeen, ...]:
    """The desks that began with this record after it was handed over, as far as they are known here."""
    stored = context.record.get(HANDOVER, context.record.info.desk)
    at = stored.recorded_at if stored is not None else None
    return tuple(
        one
        for one in context.record.desks_seen()
        if not one.own and one.follows is not None and one.follows.desk == context.record.info.desk
        and at is not None and one.began_at >= at
    )  # fmt: skip


def require_handed_over(context: Context) -> Handover:
    """The handover that this desk made."""
    value = context.record.handover()
    if value is None:
        raise UsageError("this record was not handed over", hint="workbench handover --to FILE --for NAME")
    return value


def last_handover(context: Context) -> tuple[Handover, str] | None:
    """The last handover that the record knows, of whichever desk, and its page."""
    found = [
        (stored, stored.decode(Handover))
        for stored in context.record.all(HANDOVER)
    ]  # fmt: skip
    if not found:
        return None
    _, value = max(found, key=lambda one: one[0].recorded_at)
    blob = context.record.blob(value.page) if value.page else None
    return value, blob.data.decode() if blob is not None else ""


def page_of(file: Path) -> Path:
    """The page beside a file of a handover."""
    return file.with_name(f"{file.name}.md")


def _require_free(context: Context, file: Path) -> None:
    if str(file) == "-":
        raise UsageError("a handover is written to a file", hint="workbench handover --to FILE --for NAME")
    for path in (file, page_of(file)):
        if path.exists():
            raise UsageError(f"{path} is there already", hint="choose a new name with --to")
    if not file.resolve().parent.is_dir():
        raise UsageError(f"there is no folder {file.resolve().parent}", hint="make it first")


def _write_page(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode(), private=True)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}; nothing was handed over",
            hint="choose another place with --to",
        ) from None


def _commit(context: Context, value: Handover, verb: str, reason: str | None, blob: Blob | None) -> None:
    with acting(context) as said:
        # Whether this file goes on as a new desk is known only now; the handover is that desk's.
        desk = context.record.writing_desk(context.author(), context.clock)
        now = context.record.get(HANDOVER, desk)
        change = Change(HANDOVER, desk, verb, value, now.base if now is not None else None, reason)
        context.record.commit(
            [change], blobs=[blob] if blob is not None else [], definitions=context.definitions.digest,
            handed_over=True, **said,
        )  # fmt: skip
    soundness.check_end(context)
