"""The body of an answer: one compression at most, undone in steps within a limit."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

from workbench.model.errors import SourceError
from workbench.model.text import safe_text

ACCEPTED = "gzip"  # what we say that we can undo
_UNDONE = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER = zlib.MAX_WBITS | 32  # with the head of gzip or of zlib, as it comes
_STEP = 256 * 1024  # bytes that are undone before others, a deadline among them, get their turn


class TooLarge(Exception):
    """The body is longer than the limit; nothing beyond it was kept."""


async def read(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """The whole body, decompressed.

    ``encoding`` is the answer's ``Content-Encoding``.  Raises :class:`TooLarge` where the body has
    more than ``limit`` bytes before or after it was decompressed, and ``SourceError`` for a
    compression that nobody asked for, several of them, or garbled data.
    """
    inflater = _inflater(encoding)
    whole = (
        bytearray()
    )  # not a list of pieces: when many small ones are let go, the system gets none of them back
    came = 0
    async for chunk in chunks:
        came += len(chunk)
        if came > limit:
            raise TooLarge
        for piece in inflater.feed(chunk) if inflater else (chunk,):
            whole += piece
            if len(whole) > limit:
                raise TooLarge
            if inflater:
                await asyncio.sleep(0)
    if inflater and came and not inflater.ended:
        raise SourceError("the answer cannot be decompressed: it was cut short")
    return bytes(whole)


def _inflater(encoding: str) -> _Inflater | None:
    codings = [word for part in encoding.lower().split(",") if (word := part.strip()) not in ("", "identity")]
    if not codings:
        return None
    if len(codings) > 1:
        raise SourceError(
            f"the answer is compressed {len(codings)} times, one over the other: refused",
            hint="something between here and the server compresses again what is compressed already",
        )
    if codings[0] not in _UNDONE:
        raise SourceError(
            f"the answer is encoded as {safe_text(codings[0], 40)}, which was not asked for",
            hint="the server, or a proxy before it, should honour Accept-Encoding: gzip",
        )
    return _Inflater()


class _Inflater:
    """Undoes one compression in steps."""

    def __init__(self) -> None:
        self.ended = False
        self._engine = zlib.decompressobj(_EITHER)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What becomes of the next bytes, at most ``_STEP`` at a time; ``SourceError`` for garbage."""
        while data and not self.ended:  # what follows the end is padding
            try:
                piece = self._engine.decompress(data, _STEP)
            except zlib.error:
                raise SourceError("the answer cannot be decompressed: it is garbled") from None
            data = self._engine.unconsumed_tail
            self.ended = self._engine.eof
            yield piece
