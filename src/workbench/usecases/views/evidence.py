"""A piece of evidence as people read it, and what of the record's evidence is not here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from workbench.model.quantity import size_text
from workbench.model.text import number_of, safe_text
from workbench.record import Blob
from workbench.usecases.context import Context
from workbench.usecases.sharing import evidence
from workbench.usecases.sharing.evidence import Absent, Brought, Cancelled, Looked, Progress

SHOWN = 20_000  # characters
_ALL_HERE = "all evidence that the record names is here"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """How a piece of evidence begins, as ``text`` whose lines are safe, and what it is in words; ``stays``: at the server, until it is fetched."""

    text: str
    what: str
    stays: bool = False


def read_piece(context: Context, digest: str) -> Piece:
    """A piece of evidence as it is here; the server is not asked."""
    blob = context.record.blob(digest)
    if blob is not None and blob.absent:
        stays = evidence.may_be_fetched(context)
        why = "it stays at the server until somebody looks at it" if stays else evidence.ELSEWHERE
        return Piece(text="", what=why, stays=stays)
    return piece_of(evidence.look(context, digest))


def fetch_piece(
    context: Context, digest: str, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Piece:
    """The same, fetched from the server where it stayed there."""
    return piece_of(evidence.look(context, digest, progress, cancelled))


def piece_of(looked: Looked) -> Piece:
    """What was looked at as people read it: text as it is, of anything else what can be read of it."""
    if looked.blob is None:
        return Piece(text="", what=looked.why)
    text = looked.blob.data[: SHOWN * 4].decode("utf-8", errors="replace")
    cut = f", the first {SHOWN:,} characters are shown" if len(text) > SHOWN else ""
    lines = text[:SHOWN].replace("\r\n", "\n").split("\n")
    return Piece(text="\n".join(safe_text(line, SHOWN) for line in lines), what=f"{_kind(looked.blob)}{cut}")


def _kind(blob: Blob) -> str:
    return f"{safe_text(blob.media, 100)}, {len(blob.data):,} bytes"


def absent_lines(found: Sequence[Absent]) -> Iterator[str]:
    """Each piece that is not here, and where it is."""
    if not found:
        yield _ALL_HERE
        return
    yield f"{number_of(len(found), 'piece')} of evidence {'is' if len(found) == 1 else 'are'} not here"
    for one in found:
        size = f"{size_text(one.size)} at the server" if one.size is not None and not one.why else one.why
        media = f", {safe_text(one.media, 60)}" if one.media and not one.why else ""
        yield f"  {one.digest[:12]}  {size}{media}"


def brought_lines(found: Brought) -> Iterator[str]:
    """What came of fetching, and why the rest did not."""
    if not found.came and not found.missing:
        yield _ALL_HERE
        return
    yield f"{number_of(len(found.came), 'piece')} of evidence fetched"
    stopped = sum(why == evidence.STOPPED for why in found.missing.values())
    if stopped:
        yield f"{number_of(stopped, 'piece')} not fetched: it was ended"
    for digest, why in found.missing.items():
        if why == evidence.STOPPED:
            continue
        yield f"  {digest[:12]}  {safe_text(why, 300)}"
