"""The list that a CI job writes beside its results: which files they are, and of which commit.

Most formats have no place for a commit.  A manifest names each file by its digest, so that what it says holds for
exactly these bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from workbench.model.errors import SourceError, UsageError
from workbench.model.text import safe_text

SCHEMA = "workbench.results.1"
_FULL_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MARK = re.compile(rb'"schema"\s*:\s*"workbench\.results\.')

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a manifest."""

    name: str
    sha256: Digest


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files of results, the commit that they are of, and the ``run`` that wrote them: an address or a name."""

    schema: str
    commit: Annotated[str, Meta(pattern="^[0-9a-f]{40}([0-9a-f]{24})?$")]
    run: str = ""
    files: list[Listed]


def is_manifest(data: bytes) -> bool:
    """Whether a file says that it is one, of whatever version."""
    return _MARK.search(data[:4096]) is not None


def read_manifest(data: bytes, name: str) -> Manifest:
    """A manifest; ``SourceError`` where it cannot be read or is of another version."""
    try:
        found = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise SourceError(f"{name} cannot be read as {SCHEMA}: {safe_text(error, 200)}", where=name) from None
    if found.schema != SCHEMA:
        raise SourceError(f"{name} says {safe_text(found.schema, 60)}, and this workbench reads {SCHEMA}")
    return found


def write_manifest(paths: Sequence[Path], commit: str, run: str = "") -> bytes:
    """The manifest of some files; ``UsageError`` where one cannot be read, or the commit is not whole."""
    if not _FULL_COMMIT.fullmatch(commit):
        raise UsageError(
            f"“{safe_text(commit, 60)}” is no full commit id",
            hint="give all 40 characters: git rev-parse HEAD",
        )
    files = []
    for path in paths:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}", hint="check the path") from None
        files.append(Listed(path.name, digest))
    manifest = Manifest(schema=SCHEMA, commit=commit, run=run, files=files)
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
