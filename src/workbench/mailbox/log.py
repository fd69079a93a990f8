"""What a desk has seen of a mailbox: its packs' digests and chains in their order, kept outside of the record.

A file of 64 bytes for each pack: its digest, and the chain there.  Heads follow from it, and a server which shows
another past is found.  It is no secret, and nobody has to believe it: its end has to be the one that the record notes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from workbench.model.errors import RecordUnavailable
from workbench.model.files import make_private_folder, open_regular

GENESIS = bytes(32)
"""The chain before the first pack."""
_DIGEST = 32
_WIDTH = 2 * _DIGEST


def next_chain(chain: bytes, digest: bytes) -> bytes:
    """SHA-256 of the chain before and the digest of a pack, 32 bytes each."""
    return hashlib.sha256(chain + digest).digest()


def chains(digests: Iterable[bytes], begin: bytes = GENESIS) -> list[bytes]:
    """The chain after each of these packs, the first of which follows ``begin``."""
    found, chain = [], begin
    for digest in digests:
        chain = next_chain(chain, digest)
        found.append(chain)
    return found


def chain_of(digests: Iterable[bytes], begin: bytes = GENESIS) -> bytes:
    """The chain at the end of these packs."""
    chain = begin
    for digest in digests:
        chain = next_chain(chain, digest)
    return chain


class MailboxLog:
    """The packs that were seen of one mailbox, from the first one on."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def size(self) -> int:
        """How many packs are noted; 0 where nothing is, or it cannot be read."""
        try:
            return self.path.stat().st_size // _WIDTH
        except OSError:
            return 0

    def digests(self, number: int | None = None) -> list[bytes]:
        """The digests of packs 1, 2, 3 … up to ``number``, or of all; none where it cannot be read."""
        data = self._read(0, self.size if number is None else number)
        return [data[at : at + _DIGEST] for at in range(0, len(data), _WIDTH)]

    def chain_at(self, number: int) -> bytes | None:
        """The chain at a pack; ``None`` where it is not noted, or what is noted there does not fit."""
        if number == 0:
            return GENESIS
        data = self._read(max(0, number - 2), number)
        if not data or len(data) // _WIDTH != min(number, 2):
            return None
        before = data[_DIGEST:_WIDTH] if number > 1 else GENESIS
        digest, chain = data[-_WIDTH:-_DIGEST], data[-_DIGEST:]
        return chain if next_chain(before, digest) == chain else None

    def _read(self, begin: int, end: int) -> bytes:
        """What is noted of the packs after ``begin``, up to ``end``, as far as it goes."""
        try:
            with open_regular(self.path) as file:
                file.seek(begin * _WIDTH)
                data = file.read(max(0, end - begin) * _WIDTH)
        except OSError:
            return b""
        return data[: len(data) - len(data) % _WIDTH]

    def note(self, after: int, digests: Iterable[bytes], chain: bytes = GENESIS) -> None:
        """Notes the packs that come after number ``after``, where the chain is ``chain``; again is harmless.

        Two processes that read the same mailbox write the same bytes at the same places.
        """
        chained, pieces = chain, []
        for digest in digests:
            chained = next_chain(chained, digest)
            pieces.append(digest + chained)
        if not pieces or (after and self.size < after):
            return  # what lies before is missing: all of it is asked for again
        try:
            make_private_folder(self.path.parent)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(handle, "r+b") as file:
                file.seek(after * _WIDTH)
                file.write(b"".join(pieces))
        except OSError as error:
            raise _not_noted(self.path, error) from error

    def cut(self, number: int) -> None:
        """Forgets what was noted beyond ``number``: the mailbox goes on otherwise from there.

        Who calls it has kept the rest beside (:func:`workbench.usecases.sharing.noted.found_changed`).
        """
        try:
            with suppress(FileNotFoundError), self.path.open("r+b") as file:
                file.truncate(min(number, self.size) * _WIDTH)
        except OSError as error:
            raise _not_noted(self.path, error) from error


def _not_noted(path: Path, error: OSError) -> RecordUnavailable:
    return RecordUnavailable(
        f"what was seen of the server could not be noted ({error.strerror})",
        where=str(path),
        hint="check the permissions of that folder",
    )
