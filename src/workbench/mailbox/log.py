"""What a desk has seen of a mailbox: the digests of its packs in their order, kept outside of the record.

A file of 32 bytes for each pack.  Chains and heads follow from it, so that a server which shows another past is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from workbench.model.errors import RecordUnavailable
from workbench.model.files import make_private_folder

GENESIS = bytes(32)
_WIDTH = 32


def next_chain(chain: bytes, digest: bytes) -> bytes:
    """SHA-256 of the chain before and the digest of a pack, 32 bytes each."""
    return hashlib.sha256(chain + digest).digest()


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

    def digests(self) -> list[bytes]:
        """The digests of packs 1, 2, 3 …; none where nothing was noted, or it cannot be read."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return []
        return [data[at : at + _WIDTH] for at in range(0, len(data) - len(data) % _WIDTH, _WIDTH)]

    def note(self, after: int, digests: Iterable[bytes]) -> None:
        """Notes the packs that come after number ``after``; what was noted beyond it is replaced."""
        try:
            make_private_folder(self.path.parent)
            with self.path.open("r+b" if self.path.exists() else "x+b") as file:
                file.truncate(after * _WIDTH)
                file.seek(after * _WIDTH)
                file.write(b"".join(digests))
            self.path.chmod(0o600)
        except OSError as error:
            raise RecordUnavailable(
                f"what was seen of the server could not be noted ({error.strerror})", where=str(self.path),
                hint="check the permissions of that folder",
            ) from error  # fmt: skip
