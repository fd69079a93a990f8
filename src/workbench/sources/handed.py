"""Files that somebody handed in for a candidate, as sources read them beside those of the project's folder."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was handed in.

    ``id`` names it in the fact ``handed`` of what is read from it.  ``sources`` are the keys of those that read it; ``written`` is when the file was last written. ``commit`` is
    the build that it is of as a manifest or a person says, and ``said_by`` who, with their reason; ``environment`` is the key of
    the one that it is of, where somebody says so.
    """

    id: str
    name: str
    data: bytes
    sources: tuple[str, ...]
    written: datetime
    commit: str = ""
    said_by: str = ""
    environment: str = ""
